"""Accounts that tokens name: a signature outlives the account, and the time in which it may be used."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Mapping
from enum import StrEnum
from uuid import UUID

from oryxforge.domain.errors import Unauthenticated
from oryxforge.domain.identity import Actor
from oryxforge.ports.accounts import TokenVerifier

KEPT_S = 5.0
KEPT_MOST = 50_000


class Fault(StrEnum):
    """Why tokens of an account count no more, in GoTrue's words."""

    GONE = "user_not_found"
    BANNED = "user_banned"


Faults = Mapping[UUID, Fault]


class Living:
    """Whether accounts are there and not banned; `ask` is told ids and answers those that are not.

    An answer holds for `kept_s` seconds. All that is asked for while a question is under way goes into the next one.
    """

    def __init__(self, ask: Callable[[Collection[UUID]], Awaitable[Faults]], kept_s: float = KEPT_S) -> None:
        self._ask = ask
        self._kept_s = kept_s
        self._known: dict[UUID, tuple[Fault | None, float]] = {}
        self._waiting: dict[UUID, asyncio.Future[Fault | None]] = {}
        self._asking: asyncio.Task[None] | None = None

    async def fault_of(self, user: UUID) -> Fault | None:
        """None where the account may act. Raises what `ask` raises."""
        known = self._known.get(user)
        if known is not None and time.monotonic() < known[1]:
            return known[0]
        future = self._waiting.get(user)
        if future is None:
            future = self._waiting[user] = asyncio.get_running_loop().create_future()
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._answer())
        return await asyncio.shield(future)

    async def faults_of(self, users: Collection[UUID]) -> Faults:
        """Asks now, whatever is known. Raises what `ask` raises."""
        faults = await self._ask(users)
        now = time.monotonic()
        if len(self._known) + len(users) > KEPT_MOST:
            self._known = {u: known for u, known in self._known.items() if known[1] > now}
        for user in users:
            self._known[user] = faults.get(user), now + self._kept_s
        return faults

    async def _answer(self) -> None:
        while self._waiting:
            waiting, self._waiting = self._waiting, {}
            try:
                faults = await self.faults_of(waiting.keys())
            except Exception as error:  # noqa: BLE001 - it is those who wait that it is raised for
                for future in waiting.values():
                    future.set_exception(error)
                    # Whoever waited may have gone away.
                    future.exception()
            else:
                for user, future in waiting.items():
                    future.set_result(faults.get(user))


class LivingVerifier:
    """A TokenVerifier that refuses what another one takes where the account may not act."""

    def __init__(self, verifier: TokenVerifier, living: Living) -> None:
        self._verifier = verifier
        self._living = living

    async def verify(self, token: str) -> Actor:
        actor = await self._verifier.verify(token)
        fault = await self._living.fault_of(actor.user_id)
        if fault is Fault.GONE:
            raise Unauthenticated("This account is gone. Sign in with another one.", code="user_gone")
        if fault is Fault.BANNED:
            raise Unauthenticated(
                "This account is banned. Ask who runs this installation, or sign in with another one.",
                code=fault.value,
            )
        return actor
