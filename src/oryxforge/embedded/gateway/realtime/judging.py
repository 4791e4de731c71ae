"""Filters that only Postgres can decide: each asked once for all who share it, and charged to whoever made it."""

import time
from collections.abc import Sequence
from weakref import WeakValueDictionary

import asyncpg
from loguru import logger

from oryxforge.embedded.gateway.realtime.asking import AWAY, Asker
from oryxforge.embedded.gateway.realtime.filters import Condition, Filter, Payer
from oryxforge.embedded.gateway.realtime.pgoutput import Change
from oryxforge.embedded.gateway.realtime.questions import filtered
from oryxforge.embedded.gateway.turns import Turns

# What one question may take.
ASKED_S = 0.2
BARRED_S = 60.0
KEPT_MOST = 10_000
TOO_SLOW = "patterns of yours take too long; wait a minute, and use simpler ones"


class Unfit(Exception):
    """A filter that can't be used; `str()` says why."""


class Judge:
    """Asks filters; those that are known to be quick wait for no others, and payers are taken in turn."""

    def __init__(self, asker: Asker) -> None:
        self._asker = asker
        self._filters: WeakValueDictionary[tuple[int, tuple[Condition, ...]], Filter] = WeakValueDictionary()
        self._refused: dict[Filter, float] = {}
        self._barred: dict[Payer, float] = {}
        self._quick, self._slow = Turns(), Turns()

    def filter_of(self, table: int, conditions: tuple[Condition, ...]) -> Filter:
        """The same for the same conditions, as long as somebody has it."""
        key = table, conditions
        found = self._filters.get(key)
        if found is None:
            found = self._filters[key] = Filter(table, conditions)
        return found

    def is_barred(self, payer: Payer) -> bool:
        """Whether it may send no patterns now."""
        return self._barred.get(payer, 0.0) > time.monotonic()

    async def holding(self, filter_: Filter, changes: Sequence[Change], payer: Payer) -> set[int]:
        """The ids of the changes that it holds for. Raises Unfit, or what the driver raises where the database is away."""
        if filter_.is_refused(payer) or (filter_.has_pattern and self.is_barred(payer)):
            raise Unfit(TOO_SLOW)
        if _untold(filter_, changes):
            gate = self._quick if filter_.is_trusted(payer) else self._slow
            async with gate.turn(payer):
                # Others who have the same filter may have asked meanwhile.
                if untold := _untold(filter_, changes):
                    await self._ask(filter_, untold, payer)
        return {id(c) for c in changes if c.told is not None and c.told[filter_]}

    async def _ask(self, filter_: Filter, changes: Sequence[Change], payer: Payer) -> None:
        async with self._asker.connection() as db:
            began = time.monotonic()
            try:
                holds = await filtered(db, filter_.conditions, changes, ASKED_S)
            except (TimeoutError, asyncpg.QueryCanceledError) as error:
                self._give_up(filter_, payer)
                raise Unfit("it takes too long") from error
            except AWAY:
                raise
            except asyncpg.PostgresError as error:
                raise Unfit(str(error)) from error
        filter_.took(time.monotonic() - began, payer)
        for change in changes:
            if change.told is None:
                change.told = {}
            change.told[filter_] = id(change) in holds

    def _give_up(self, filter_: Filter, payer: Payer) -> None:
        now = time.monotonic()
        logger.warning("a filter is given up", cause="it takes too long")
        filter_.refused = {p: until for p, until in filter_.refused.items() if until > now}
        filter_.refused[payer] = now + BARRED_S
        self._refused = {f: until for f, until in self._refused.items() if until > now}
        if len(self._refused) < KEPT_MOST:
            # Held, so that who sends it again gets the same.
            self._refused[filter_] = now + BARRED_S
        if filter_.has_pattern:
            self._bar(payer)

    def _bar(self, payer: Payer) -> None:
        now = time.monotonic()
        if len(self._barred) >= KEPT_MOST:
            self._barred = {p: until for p, until in self._barred.items() if until > now}
        self._barred[payer] = now + BARRED_S


def _untold(filter_: Filter, changes: Sequence[Change]) -> list[Change]:
    return [c for c in changes if c.told is None or filter_ not in c.told]
