"""Tokens of accounts that are still there: a signature outlives the account that it names."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from oryxforge.domain.errors import Unauthenticated
from oryxforge.domain.identity import Actor
from oryxforge.ports.accounts import TokenVerifier


class LivingVerifier:
    """A TokenVerifier that refuses what another one takes where `is_there` says that the account is gone."""

    def __init__(self, verifier: TokenVerifier, is_there: Callable[[UUID], Awaitable[bool]]) -> None:
        self._verifier = verifier
        self._is_there = is_there

    async def verify(self, token: str) -> Actor:
        actor = await self._verifier.verify(token)
        if not await self._is_there(actor.user_id):
            raise Unauthenticated("This account is gone. Sign in with another one.", code="user_gone")
        return actor
