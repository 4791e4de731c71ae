"""Filters that only Postgres can decide, within a time that all can spare."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg
from loguru import logger

from oryxforge.embedded.gateway.realtime.asking import AWAY, Asker, Subject
from oryxforge.embedded.gateway.realtime.bindings import Binding
from oryxforge.embedded.gateway.realtime.catalog import Table, View
from oryxforge.embedded.gateway.realtime.filters import MATCHED, Condition
from oryxforge.embedded.gateway.realtime.pgoutput import Change
from oryxforge.embedded.gateway.realtime.questions import PATTERN_S, filtered

# What all filters of a batch may take together, one filter without patterns, and all patterns of one person.
BATCH_S = 0.25
FILTER_S = 0.2
PERSON_S = 0.1
BARRED_S = 60.0
BARRED_MOST = 10_000
TOO_SLOW = "patterns of yours take too long; wait a minute, and use simpler ones"


@dataclass(slots=True)
class Matched:
    """A changed row, and who may still get it."""

    change: Change
    table: Table
    to: list[tuple[Binding, Subject, View]]


_Key = tuple[int, tuple[Condition, ...]]
_Person = tuple[str, str]


class Judge:
    """Takes out what doesn't match; who sends patterns that take too long may send none for a minute."""

    def __init__(self, asker: Asker) -> None:
        self._asker = asker
        self._barred: dict[_Person, float] = {}

    def is_barred(self, person: tuple[str, str]) -> bool:
        return self._barred.get(person, 0.0) > time.monotonic()

    async def judge(self, work: Sequence[Matched]) -> None:
        """Channels whose filters can't be used are closed. Raises what the driver raises where the database is away."""
        asked = _asked(work)
        if not asked:
            return
        holds: dict[_Key, set[int]] = {}
        spent: dict[_Person, float] = {}
        async with self._asker.connection() as db:
            end = time.monotonic() + BATCH_S
            for key in sorted(asked, key=lambda k: has_pattern(k[1])):
                holds[key] = await self._ask(db, work, key, asked[key], end, spent)
        for item in work:
            place = id(item.change)
            item.to = [m for m in item.to if not m[0].asked or place in holds[item.table.oid, m[0].asked]]

    async def _ask(
        self,
        db: asyncpg.Connection,
        work: Sequence[Matched],
        key: _Key,
        changes: Sequence[Change],
        end: float,
        spent: dict[_Person, float],
    ) -> set[int]:
        bindings, pattern = _of(work, key), has_pattern(key[1])
        if pattern:
            bindings = self._without_barred(bindings)
        began, most = time.monotonic(), PATTERN_S if pattern else FILTER_S
        if bindings and end - began < most:
            for binding in bindings:
                binding.channel.fail("too many filters had to be asked at once")
            return set()
        holds = await self._held(db, bindings, key[1], changes, most) if bindings else set[int]()
        if pattern:
            took = time.monotonic() - began
            for person in {b.channel.subject.person for b in bindings}:
                spent[person] = spent.get(person, 0.0) + took
                if spent[person] > PERSON_S:
                    self._bar(person)
        return holds

    async def _held(
        self,
        db: asyncpg.Connection,
        bindings: Sequence[Binding],
        conditions: Sequence[Condition],
        changes: Sequence[Change],
        most: float,
    ) -> set[int]:
        try:
            return await filtered(db, conditions, changes, most)
        except (TimeoutError, asyncpg.QueryCanceledError):
            _give_up(bindings, "it takes too long")
            if has_pattern(conditions):
                for binding in bindings:
                    self._bar(binding.channel.subject.person)
        except AWAY:
            raise
        except asyncpg.PostgresError as error:
            _give_up(bindings, str(error))
        return set()

    def _without_barred(self, bindings: Sequence[Binding]) -> list[Binding]:
        barred = [b for b in bindings if self.is_barred(b.channel.subject.person)]
        _give_up(barred, TOO_SLOW)
        return [b for b in bindings if b not in barred]

    def _bar(self, person: _Person) -> None:
        now = time.monotonic()
        if len(self._barred) >= BARRED_MOST:
            self._barred = {p: until for p, until in self._barred.items() if until > now}
        self._barred[person] = now + BARRED_S


def has_pattern(conditions: Sequence[Condition]) -> bool:
    """Whether one of them can be made to take for ever."""
    return any(c.operator in MATCHED for c in conditions)


def _asked(work: Sequence[Matched]) -> dict[_Key, list[Change]]:
    asked: dict[_Key, list[Change]] = {}
    for item in work:
        for binding, _, _ in item.to:
            if binding.asked:
                changes = asked.setdefault((item.table.oid, binding.asked), [])
                if not changes or changes[-1] is not item.change:
                    changes.append(item.change)
    return asked


def _of(work: Sequence[Matched], key: _Key) -> list[Binding]:
    return list(
        dict.fromkeys(
            b for item in work if item.table.oid == key[0] for b, _, _ in item.to if b.asked == key[1]
        )
    )


def _give_up(bindings: Sequence[Binding], cause: str) -> None:
    if bindings:
        logger.warning("a filter is given up", cause=cause)
    for binding in bindings:
        binding.channel.close(f"The filter can't be used: {cause}")
