"""Rows of the stream, laid out as the catalog has their table: each may be ahead of the other."""

from collections.abc import Iterable
from dataclasses import dataclass

from oryxforge.embedded.gateway.realtime.catalog import Table
from oryxforge.embedded.gateway.realtime.pgoutput import UNCHANGED, Change, Relation, Row

# Of each column of a table, where the stream has it, if it does.
Places = list[int | None]


@dataclass(slots=True)
class _Layout:
    columns: tuple[tuple[str, int], ...]
    table: Table | None = None
    places: Places | None = None


class Layouts:
    """How the stream lays out the rows of each table now."""

    def __init__(self) -> None:
        self._by_oid: dict[int, _Layout] = {}

    def know(self, relation: Relation) -> None:
        self._by_oid[relation.oid] = _Layout(relation.columns)

    def fit(self, change: Change, table: Table) -> None:
        """Puts the values of a change into the places of the table's columns; what the stream does not have is left out."""
        layout = self._by_oid[change.relation]
        if layout.table is not table:
            layout.table, layout.places = table, _places(layout.columns, table)
        if layout.places is not None:
            _lay(change, layout.places)


def relaid(change: Change, before: Table, after: Table) -> None:
    """A change that fits `before` fits `after` from now on."""
    places = _places(((c.name, c.type_oid) for c in before.columns), after)
    if places is not None:
        _lay(change, places)


def _places(columns: Iterable[tuple[str, int]], table: Table) -> Places | None:
    """None where all are the same. A column whose type differs is another one."""
    known = {column: n for n, column in enumerate(columns)}
    places: Places = [known.get((c.name, c.type_oid)) for c in table.columns]
    return None if places == list(range(len(known))) else places


def _lay(change: Change, places: Places) -> None:
    row, old = change.row, change.old
    change.row = _laid(row, places)
    if old is not None:
        change.old = change.row if old is row else _laid(old, places)
    change.holes = change.kind != "DELETE" and UNCHANGED in change.row


def _laid(row: Row, places: Places) -> Row:
    return [row[place] if place is not None else UNCHANGED for place in places]
