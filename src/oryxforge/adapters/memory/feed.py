"""Chats as they happen, in memory."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress
from uuid import UUID

from oryxforge.adapters.memory.store import MemoryStore
from oryxforge.adapters.memory.tables import MemoryTables
from oryxforge.domain.chats import ChatMessage, ChatStatus
from oryxforge.domain.identity import Actor
from oryxforge.ports.feed import ChatEnded, ChatFeed

PAGE = 500


class MemoryFeed(ChatFeed):
    def __init__(self, tables: MemoryTables) -> None:
        self._changed = tables.changed
        self._store = MemoryStore(tables)

    async def follow(
        self, actor: Actor, chat_id: UUID, after: int = 0
    ) -> AsyncGenerator[ChatMessage | ChatEnded]:
        last = after
        while True:
            seen = self._changed.rings
            async with self._store.transaction(actor) as tx:
                chat = await tx.chats.get(chat_id)
                rows = await tx.chats.messages(chat_id, last, PAGE)
            for row in rows:
                last = row.seq
                yield row
            if rows:
                continue
            if chat.status is not ChatStatus.PROCESSING:
                yield ChatEnded(chat)
                return
            await self._changed.wait_past(seen)

    async def wait_run(self, actor: Actor, run_id: UUID, timeout_s: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                await self._run_ended(actor, run_id)

    async def _run_ended(self, actor: Actor, run_id: UUID) -> None:
        while True:
            seen = self._changed.rings
            async with self._store.transaction(actor) as tx:
                if (await tx.runs.get(run_id)).status.ended:
                    return
            await self._changed.wait_past(seen)
