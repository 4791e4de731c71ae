"""The SQL of tokens for scripts."""

from datetime import datetime
from uuid import UUID

import asyncpg

from oryxforge.adapters.postgres.pool import AWAY, Connection, Pool, unavailable
from oryxforge.domain.errors import NotFound
from oryxforge.domain.identity import Actor
from oryxforge.domain.tokens import AccessToken, TokenOwner

COLUMNS = "id, name, last_four, created_at, expires_at, used_at"


def token(row: asyncpg.Record) -> AccessToken:
    return AccessToken(**dict(row))


class PgTokens:
    def __init__(self, connection: Connection, actor: Actor) -> None:
        self._db = connection
        self._me = actor.user_id

    async def create(self, name: str, token_hash: str, last_four: str, expires_at: datetime) -> AccessToken:
        row = await self._db.fetchrow(
            f"""insert into oryxforge.api_tokens (user_id, name, hash, last_four, expires_at)
            values ($1, $2, $3, $4, $5) returning {COLUMNS}""",
            self._me,
            name,
            token_hash,
            last_four,
            expires_at,
        )
        assert row is not None
        return token(row)

    async def all(self) -> list[AccessToken]:
        rows = await self._db.fetch(
            f"select {COLUMNS} from oryxforge.api_tokens where user_id = $1 order by created_at desc, id",
            self._me,
        )
        return [token(r) for r in rows]

    async def delete(self, token_id: UUID) -> None:
        gone = await self._db.fetchval(
            "delete from oryxforge.api_tokens where id = $1 and user_id = $2 returning id", token_id, self._me
        )
        if gone is None:
            raise NotFound("There is no such token; it may be revoked already.", code="token_not_found")


class PgTokenLookup:
    """The TokenLookup port; asks at each call, so that a token that was revoked opens nothing any more."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def owner_of(self, token_hash: str) -> TokenOwner | None:
        async with self._pool.connection() as db:
            try:
                row = await db.fetchrow("select * from oryxforge.use_token($1)", token_hash)
            except AWAY as error:
                raise unavailable(error) from error
        return TokenOwner(**dict(row)) if row is not None else None
