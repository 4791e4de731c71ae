"""Chats as they happen: one listener, one read for all who wait, membership checked at each read."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import UUID

import asyncpg
from loguru import logger

from oryxforge.adapters.postgres.chats import message
from oryxforge.adapters.postgres.listener import Listener
from oryxforge.adapters.postgres.pool import AWAY, Pool
from oryxforge.adapters.postgres.store import PgStore
from oryxforge.domain.chats import ChatMessage, ChatStatus
from oryxforge.domain.errors import Unavailable
from oryxforge.domain.identity import Actor
from oryxforge.ports.feed import ChatEnded

READ = "select * from oryxforge.read_pieces($1, $2, $3, $4)"
SETTLED = "select n from oryxforge.settled($1, $2) n"
PAGE = 500
RECHECK_S = 15.0
WAIT_S = 5.0


@dataclass(eq=False)
class _Viewer:
    actor: Actor
    chat_id: UUID
    after: int
    fresh: bool = True
    rows: asyncio.Queue[ChatMessage | None] = field(
        default_factory=lambda: asyncio.Queue[ChatMessage | None]()
    )


class PgFeed:
    """The ChatFeed port over Postgres. `run` must be running for anything to arrive."""

    def __init__(self, pool: Pool, store: PgStore, session_url: str) -> None:
        self._pool = pool
        self._store = store
        self._viewers: dict[UUID, set[_Viewer]] = {}
        self._runs: dict[UUID, set[asyncio.Event]] = {}
        self._dirty: set[_Viewer] = set()
        self._recheck_due = False
        self._wake = asyncio.Event()
        channels = {
            "oryxforge_messages": self._grew,
            "oryxforge_chats": self._changed,
            "oryxforge_runs": self._ended,
        }
        self._listener = Listener(session_url, channels, self._all_dirty)

    async def run(self) -> None:
        """Reads for those who wait until cancelled."""
        beside = [asyncio.create_task(self._listener.run()), asyncio.create_task(self._recheck())]
        try:
            while True:
                await self._wake.wait()
                self._wake.clear()
                if self._recheck_due:
                    await self._settle()
                dirty, self._dirty = list(self._dirty), set()
                if dirty:
                    await self._read(dirty)
        finally:
            for task in beside:
                task.cancel()

    async def follow(
        self, actor: Actor, chat_id: UUID, after: int = 0
    ) -> AsyncGenerator[ChatMessage | ChatEnded]:
        viewer = _Viewer(actor, chat_id, after)
        self._viewers.setdefault(chat_id, set()).add(viewer)
        last = after
        try:
            async with self._store.transaction(actor) as tx:
                chat = await tx.chats.get(chat_id)
            if chat.status is ChatStatus.PROCESSING:
                self._mark(viewer)
            else:
                viewer.rows.put_nowait(None)
            while True:
                row = await viewer.rows.get()
                if row is not None:
                    if row.seq > last:
                        last = row.seq
                        yield row
                    continue
                ended = await self._end(viewer, last)
                while not isinstance(ended, ChatEnded) and ended:
                    for late in ended:
                        last = late.seq
                        yield late
                    ended = await self._end(viewer, last)
                if isinstance(ended, ChatEnded):
                    yield ended
                    return
        finally:
            self._forget(viewer)

    async def wait_run(self, actor: Actor, run_id: UUID, timeout_s: float) -> None:
        event = asyncio.Event()
        self._runs.setdefault(run_id, set()).add(event)
        deadline = asyncio.get_running_loop().time() + timeout_s
        try:
            while True:
                async with self._store.transaction(actor) as tx:
                    if (await tx.runs.get(run_id)).status.ended:
                        return
                left = deadline - asyncio.get_running_loop().time()
                if left <= 0:
                    return
                with suppress(TimeoutError):
                    await asyncio.wait_for(event.wait(), min(left, WAIT_S))
        finally:
            waiting = self._runs[run_id]
            waiting.discard(event)
            if not waiting:
                del self._runs[run_id]

    async def _end(self, viewer: _Viewer, last: int) -> ChatEnded | list[ChatMessage]:
        """The chat's end once every row was yielded, else the rows that are there: status first, rows after it."""
        try:
            async with self._store.transaction(viewer.actor) as tx:
                chat = await tx.chats.get(viewer.chat_id)
                rows = await tx.chats.messages(viewer.chat_id, last, PAGE)
        except Unavailable:
            return []
        if not rows and chat.status is not ChatStatus.PROCESSING:
            return ChatEnded(chat)
        return rows

    async def _fetch(self, sql: str, viewers: list[_Viewer], *more: object) -> list[asyncpg.Record] | None:
        """The rows of one read for many viewers; nothing, after a moment, while the database is away."""
        try:
            async with self._pool.connection() as connection:
                return await connection.fetch(
                    sql, [v.actor.user_id for v in viewers], [v.chat_id for v in viewers], *more
                )
        except (asyncpg.PostgresError, Unavailable, *AWAY) as error:
            logger.warning("feed can't read", cause=type(error).__name__)
            await asyncio.sleep(0.3)
            return None

    async def _settle(self) -> None:
        """Sends to their end those whose chat ended while no notification came."""
        viewers = [v for there in self._viewers.values() for v in there]
        rows = await self._fetch(SETTLED, viewers)
        if rows is None:
            self._wake.set()
            return
        self._recheck_due = False
        for row in rows:
            viewers[row["n"] - 1].rows.put_nowait(None)

    async def _read(self, dirty: list[_Viewer]) -> None:
        rows = await self._fetch(READ, dirty, [v.after for v in dirty], PAGE)
        if rows is None:
            for viewer in dirty:
                self._mark(viewer)
            return
        counts: dict[int, int] = {}
        for row in rows:
            viewer = dirty[row["n"] - 1]
            counts[row["n"]] = counts.get(row["n"], 0) + 1
            viewer.after = row["seq"]
            viewer.rows.put_nowait(message(row))
        for n, viewer in enumerate(dirty, 1):
            if counts.get(n) == PAGE:
                self._mark(viewer)
            elif viewer.fresh:
                viewer.fresh = False
                viewer.rows.put_nowait(None)

    async def _recheck(self) -> None:
        """A notification that was lost costs seconds, not the end of the chat."""
        while True:
            await asyncio.sleep(RECHECK_S)
            self._all_dirty()

    def _grew(self, payload: str) -> None:
        for part in payload.split(","):
            chat_id, _, seq = part.partition(":")
            for viewer in self._viewers.get(UUID(chat_id), ()):
                if viewer.after < int(seq):
                    self._mark(viewer)

    def _changed(self, payload: str) -> None:
        for viewer in self._viewers.get(UUID(payload), ()):
            viewer.rows.put_nowait(None)

    def _ended(self, payload: str) -> None:
        for event in self._runs.get(UUID(payload.partition(":")[0]), ()):
            event.set()

    def _all_dirty(self) -> None:
        for viewers in self._viewers.values():
            for viewer in viewers:
                self._mark(viewer)
        self._recheck_due = True
        self._wake.set()
        for waiting in self._runs.values():
            for event in waiting:
                event.set()

    def _mark(self, viewer: _Viewer) -> None:
        self._dirty.add(viewer)
        self._wake.set()

    def _forget(self, viewer: _Viewer) -> None:
        there = self._viewers.get(viewer.chat_id)
        if there is not None:
            there.discard(viewer)
            if not there:
                del self._viewers[viewer.chat_id]
        self._dirty.discard(viewer)
