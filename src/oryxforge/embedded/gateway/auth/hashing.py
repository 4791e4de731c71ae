"""Passwords of those who call: one address that tries many holds up nobody else."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from oryxforge.adapters.postgres.auth.passwords import Passwords
from oryxforge.embedded.gateway.auth.errors import AuthError
from oryxforge.embedded.gateway.auth.limits import REQUEST_CODE
from oryxforge.embedded.gateway.turns import Crowded, Turns

# Each takes tens of megabytes and a core while it is worked on.
AT_ONCE = 2
MOST_WAITING = 20


class PasswordsInTurn:
    """Hashes and checks passwords a few at once, addresses in turn. Raises AuthError 429 where one has too many waiting."""

    def __init__(self, passwords: Passwords) -> None:
        self._passwords = passwords
        self._turns = Turns(AT_ONCE, MOST_WAITING)

    async def hash(self, password: str, address: str) -> str:
        async with self._turn(address):
            return await self._passwords.hash(password)

    async def matches(self, password: str, kept: str | None, address: str) -> bool:
        """Whether it is the password; False, as slowly, where none is kept."""
        async with self._turn(address):
            return await self._passwords.matches(password, kept)

    async def takes(self, foreign: str, address: str) -> bool:
        """Whether a hash of another server's can be checked here."""
        async with self._turn(address):
            return await self._passwords.takes(foreign)

    def is_current(self, kept: str) -> bool:
        """Whether a hash is one that would be made today."""
        return self._passwords.is_current(kept)

    @asynccontextmanager
    async def _turn(self, address: str) -> AsyncGenerator[None]:
        try:
            async with self._turns.turn(address):
                yield
        except Crowded as error:
            raise AuthError(
                429, REQUEST_CODE, "Too many requests at once. Try again in 5 seconds.", {"retry_after": 5}
            ) from error
