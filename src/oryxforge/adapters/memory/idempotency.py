"""Idempotency keys in memory."""

from collections.abc import Mapping

from oryxforge.adapters.memory.tables import KeyRow, MemoryTables, plain
from oryxforge.domain.errors import Conflict
from oryxforge.domain.identity import Actor
from oryxforge.ports.repos import IdempotencyRepo, Remembered


class MemoryIdempotency(IdempotencyRepo):
    def __init__(self, tables: MemoryTables, actor: Actor) -> None:
        self._t = tables
        self._me = actor.user_id

    async def recall(self, key: str, route: str, request_hash: str) -> Remembered | None:
        row = self._t.answers.get((self._me, key, route))
        if row is None:
            return None
        if row.request_hash != request_hash:
            raise Conflict(
                "This Idempotency-Key was used with another request. Use a new key for a new request.",
                code="idempotency_key_reused",
            )
        return row.answer

    async def remember(
        self, key: str, route: str, request_hash: str, status: int, body: Mapping[str, object]
    ) -> None:
        self._t.answers[self._me, key, route] = KeyRow(request_hash, Remembered(status, plain(body)))
