"""Who asked for which changes: the bindings of channels, found by a changed row's values."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Protocol
from zlib import crc32

import orjson

from oryxforge.embedded.gateway.realtime.asking import Subject
from oryxforge.embedded.gateway.realtime.catalog import NOTHING, Table, View
from oryxforge.embedded.gateway.realtime.filters import Filter
from oryxforge.embedded.gateway.realtime.pgoutput import Change, Kind, Value

ALL: frozenset[Kind] = frozenset(("INSERT", "UPDATE", "DELETE"))
ID_MOST = 2**27 - 1


class Listener(Protocol):
    """A channel that gets changes."""

    @property
    def subject(self) -> Subject: ...
    @property
    def payer(self) -> tuple[str, str]:
        """Whom costly filters are charged to: a person, or a socket of nobody in particular."""
        ...

    def send_change(self, ids: tuple[int, ...], data: bytes) -> None: ...
    def fail(self, reason: str) -> None:
        """Some changes may be missed: the client must join anew."""
        ...

    def close(self, reason: str) -> None:
        """What it asked for can't be served: the client stays out."""
        ...


@dataclass(frozen=True)
class Wish:
    """One element of a join's `postgres_changes`, as it was sent."""

    raw: dict[str, object]
    event: str
    schema: str
    table: str
    filter: str
    select: tuple[str, ...] | None

    @property
    def id(self) -> int:
        """The same for the same wish, as upstream has it."""
        return crc32(orjson.dumps(self.raw, option=orjson.OPT_SORT_KEYS)) % ID_MOST + 1

    @property
    def kinds(self) -> frozenset[Kind]:
        return ALL if self.event == "*" else frozenset(k for k in ALL if k == self.event)


@dataclass(frozen=True, eq=False, slots=True)
class Binding:
    """A wish on one table; `printed` are the equalities that are compared in memory, `asked` is what Postgres decides."""

    channel: Listener
    id: int
    kinds: frozenset[Kind]
    select: tuple[str, ...] | None
    printed: tuple[tuple[int, bytes], ...] = ()
    asked: Filter | None = None
    filtered: frozenset[str] = frozenset()
    # Whether only key columns are filtered by: of a deleted row no others count, though the log may hold them.
    keyed: bool = True


Match = tuple[Binding, Subject, View]


@dataclass(slots=True)
class Matched:
    """A changed row, and who may still get it."""

    change: Change
    table: Table
    to: list[Match]

    @property
    def has_holes(self) -> bool:
        """Whether the log left out values that are to be delivered."""
        return self.change.holes and len(self.table.key) > 0


def _empty() -> dict[int, dict[bytes, list[Binding]]]:
    return {}


@dataclass(slots=True)
class _OfTable:
    plain: list[Binding] = field(default_factory=list[Binding])
    by_value: dict[int, dict[bytes, list[Binding]]] = field(default_factory=_empty)
    # How many compare the value at a place.
    places: Counter[int] = field(default_factory=Counter[int])


class Bindings:
    """Bindings by table and by the first value that each wants."""

    def __init__(self) -> None:
        self._tables: dict[int, _OfTable] = {}

    def add(self, table: int, binding: Binding) -> None:
        of_table = self._tables.setdefault(table, _OfTable())
        of_table.places.update(place for place, _ in binding.printed)
        if binding.printed:
            place, value = binding.printed[0]
            of_table.by_value.setdefault(place, {}).setdefault(value, []).append(binding)
        else:
            of_table.plain.append(binding)

    def drop(self, table: int, binding: Binding) -> None:
        of_table = self._tables[table]
        for place, _ in binding.printed:
            of_table.places[place] -= 1
            if not of_table.places[place]:
                del of_table.places[place]
        if not binding.printed:
            of_table.plain.remove(binding)
            return
        place, value = binding.printed[0]
        by_value = of_table.by_value[place]
        by_value[value].remove(binding)
        if not by_value[value]:
            del by_value[value]
            if not by_value:
                del of_table.by_value[place]

    def of(self, table: int) -> Iterable[Binding]:
        of_table = self._tables.get(table)
        if of_table is None:
            return
        yield from of_table.plain
        for by_value in of_table.by_value.values():
            for found in by_value.values():
                yield from found

    def places(self, table: int) -> Collection[int]:
        """Where values are compared in memory."""
        of_table = self._tables.get(table)
        return of_table.places if of_table is not None else ()

    def matching(self, change: Change) -> list[Binding]:
        """Those whose equalities hold; what else they ask is still to be decided."""
        of_table = self._tables.get(change.relation)
        if of_table is None:
            return []
        row, kind = change.row, change.kind
        matched = [b for b in of_table.plain if kind in b.kinds]
        for place, by_value in of_table.by_value.items():
            value = row[place]
            if isinstance(value, bytes) and (found := by_value.get(value)):
                matched += [b for b in found if kind in b.kinds and _holds(b, row)]
        return matched


def _holds(binding: Binding, row: list[Value]) -> bool:
    return all(row[place] == value for place, value in binding.printed[1:])


class Views:
    """For whom bindings are, and which columns they get: as it is at the first look, for use within one."""

    def __init__(self) -> None:
        self._table: Table | None = None
        self._known: dict[Binding, Match | None] = {}

    def of(self, binding: Binding, table: Table) -> Match | None:
        """None where they get none."""
        if table is not self._table:
            self._table, self._known = table, {}
        if binding in self._known:
            return self._known[binding]
        subject = binding.channel.subject
        view = table.view(subject.role, binding.select)
        found = None if view is NOTHING or not view.allows(binding.filtered) else (binding, subject, view)
        self._known[binding] = found
        return found
