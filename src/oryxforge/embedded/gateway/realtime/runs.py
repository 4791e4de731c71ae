"""Changed rows that wait for what Postgres says of them; those of one table that are for the same are kept together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from oryxforge.embedded.gateway.realtime.bindings import Match, Matched
from oryxforge.embedded.gateway.realtime.catalog import Table
from oryxforge.embedded.gateway.realtime.pgoutput import Change

# What it is to hold a row beside its values.
ROW_BYTES = 500
# Values that the log left out may be large: so many bytes are reckoned with, and so many rows read at a time.
HOLE_BYTES, HOLES_AT_ONCE = 64_000, 64
Key = tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A changed row; `key` is None where it has none, `holes` where the log left out values that are to be delivered."""

    change: Change
    key: Key | None
    holes: bool
    weight: int


@dataclass(slots=True)
class Run:
    """Rows in their order, and who may get all of them."""

    table: Table
    to: list[Match]
    rows: list[Row] = field(default_factory=list[Row])

    @property
    def weight(self) -> int:
        """The bytes that it holds."""
        return sum(row.weight for row in self.rows)

    @property
    def cost(self) -> int:
        """The bytes that it may hold once what was left out has been read."""
        return self.weight + HOLE_BYTES * sum(row.holes for row in self.rows)


def row_of(item: Matched) -> Row:
    return Row(item.change, key_of(item.table, item.change), item.has_holes, ROW_BYTES + item.change.size)


def add(runs: list[Run], row: Row, table: Table, to: list[Match]) -> None:
    """Into the last one, or a new one."""
    if not runs or runs[-1].to != to or (row.holes and len(runs[-1].rows) >= HOLES_AT_ONCE):
        runs.append(Run(table, to))
    runs[-1].rows.append(row)


def rows_in(runs: Iterable[Run]) -> int:
    return sum(len(run.rows) for run in runs)


def key_of(table: Table, change: Change) -> Key | None:
    """The printed values of a row's key; None where there is none."""
    row, key = change.row, list[bytes]()
    for column in table.key:
        value = row[column.place]
        if not isinstance(value, bytes):
            return None
        key.append(value)
    return tuple(key) or None


def keys_of(rows: Sequence[Row]) -> dict[Key, bool]:
    """And whether something of the row was left out."""
    keys: dict[Key, bool] = {}
    for row in rows:
        if row.key is not None:
            keys[row.key] = row.holes or keys.get(row.key, False)
    return keys
