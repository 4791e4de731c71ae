"""Tokens for scripts in memory."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

from oryxforge.adapters.memory.tables import MemoryTables, TokenRow
from oryxforge.domain.errors import NotFound
from oryxforge.domain.identity import Actor
from oryxforge.domain.tokens import AccessToken, TokenOwner
from oryxforge.ports.repos import TokenRepo


class MemoryTokens(TokenRepo):
    def __init__(self, tables: MemoryTables, actor: Actor) -> None:
        self._t = tables
        self._me = actor.user_id

    async def create(self, name: str, token_hash: str, last_four: str, expires_at: datetime) -> AccessToken:
        made = AccessToken(uuid4(), name, last_four, self._t.clock.now(), expires_at, None)
        self._t.tokens[made.id] = TokenRow(made, self._me, token_hash)
        return made

    async def all(self) -> list[AccessToken]:
        mine = sorted((r.token for r in self._t.tokens.values() if r.user_id == self._me), key=lambda t: t.id)
        return sorted(mine, key=lambda t: t.created_at, reverse=True)

    async def delete(self, token_id: UUID) -> None:
        row = self._t.tokens.get(token_id)
        if row is None or row.user_id != self._me:
            raise NotFound("There is no such token; it may be revoked already.", code="token_not_found")
        del self._t.tokens[token_id]


class MemoryTokenLookup:
    def __init__(self, tables: MemoryTables) -> None:
        self._t = tables

    async def owner_of(self, token_hash: str) -> TokenOwner | None:
        now = self._t.clock.now()
        async with self._t.transaction():
            for row in self._t.tokens.values():
                if row.token_hash == token_hash and row.token.expires_at > now:
                    self._t.tokens[row.token.id] = replace(row, token=replace(row.token, used_at=now))
                    email = self._t.emails.get(row.user_id)
                    return TokenOwner(row.token.id, row.user_id, email, row.token.expires_at)
        return None
