"""The SQL of idempotency keys."""

from collections.abc import Mapping

from oryxforge.adapters.postgres.pool import Connection
from oryxforge.domain.errors import Conflict
from oryxforge.domain.identity import Actor
from oryxforge.ports.repos import Remembered


class PgIdempotency:
    def __init__(self, connection: Connection, actor: Actor) -> None:
        self._db = connection
        self._me = actor.user_id

    async def recall(self, key: str, route: str, request_hash: str) -> Remembered | None:
        await self._db.execute(
            "select pg_advisory_xact_lock(hashtextextended($1, 7))", f"{self._me} {route} {key}"
        )
        row = await self._db.fetchrow(
            """select request_hash, status, body from oryxforge.idempotency
            where user_id = $1 and key = $2 and route = $3""",
            self._me,
            key,
            route,
        )
        if row is None:
            return None
        if row["request_hash"] != request_hash:
            raise Conflict(
                "This Idempotency-Key was used with another request. Use a new key for a new request.",
                code="idempotency_key_reused",
            )
        return Remembered(row["status"], row["body"])

    async def remember(
        self, key: str, route: str, request_hash: str, status: int, body: Mapping[str, object]
    ) -> None:
        await self._db.execute(
            "insert into oryxforge.idempotency (user_id, key, route, request_hash, status, body) values ($1, $2, $3, $4, $5, $6)",
            self._me,
            key,
            route,
            request_hash,
            status,
            dict(body),
        )
