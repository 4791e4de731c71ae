"""Whether those who are connected still may be: asked again and again, and at once when rights change."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Iterable
from typing import Protocol
from uuid import UUID

from loguru import logger

from oryxforge.adapters.supabase.living import Living
from oryxforge.domain.errors import Unavailable
from oryxforge.embedded.gateway.callers import Refused, gone
from oryxforge.embedded.gateway.realtime.asking import Subject
from oryxforge.embedded.gateway.realtime.channel import Channel
from oryxforge.embedded.gateway.realtime.private import Rights
from oryxforge.embedded.gateway.realtime.replication import Lost

PAUSE_S = 0.1
POLICY = 1008


class Kept(Protocol):
    """A socket."""

    @property
    def channels(self) -> Iterable[Channel]: ...
    def end(self, code: int, reason: str) -> None: ...


class Keeper:
    """Cuts off whose account is gone or banned, and who lost their rights in a private channel.

    `rights_in` raises Refused; `settled` returns once queries see what the log has told, and raises Lost.
    """

    def __init__(
        self,
        sockets: Collection[Kept],
        living: Living | None,
        rights_in: Callable[[str, Subject], Awaitable[Rights]],
        settled: Callable[[], Awaitable[None]],
    ) -> None:
        self._sockets = sockets
        self._living = living
        self._rights_in = rights_in
        self._settled = settled
        self._changed = asyncio.Event()

    def rights_changed(self) -> None:
        """What policies answered may be wrong now."""
        self._changed.set()

    async def keep_accounts(self, every_s: float) -> None:
        """Until cancelled."""
        while self._living is not None:
            await asyncio.sleep(every_s)
            try:
                await self._check_accounts(self._living)
            except Unavailable as error:
                logger.debug("accounts can't be asked about", cause=str(error))
            except Exception:  # noqa: BLE001 - the edge of a loop that must go on
                logger.exception("accounts can't be asked about")

    async def keep_rights(self, every_s: float) -> None:
        """Until cancelled; rests as long as it asked, so that many channels are asked about less often."""
        while True:
            try:
                async with asyncio.timeout(every_s):
                    await self._changed.wait()
                await self._settled()
            except (TimeoutError, Lost):
                # It is asked all the same, and again the next time.
                pass
            self._changed.clear()
            began = time.monotonic()
            try:
                await self._check_rights()
            except Exception:  # noqa: BLE001 - the edge of a loop that must go on
                logger.exception("rights can't be asked about")
            await asyncio.sleep(max(PAUSE_S, time.monotonic() - began))

    async def _check_accounts(self, living: Living) -> None:
        by_user: dict[UUID, dict[Kept, list[Channel]]] = {}
        for socket in self._sockets:
            for channel in socket.channels:
                user = channel.subject.caller.user
                if user is not None:
                    by_user.setdefault(user, {}).setdefault(socket, []).append(channel)
        if not by_user:
            return
        for user, fault in (await living.faults_of(by_user.keys())).items():
            reason = str(gone(fault))
            for socket, channels in by_user[user].items():
                for channel in channels:
                    channel.close(reason)
                socket.end(POLICY, reason)

    async def _check_rights(self) -> None:
        private: dict[tuple[str, str], list[Channel]] = {}
        for socket in self._sockets:
            for channel in socket.channels:
                if channel.join.private:
                    private.setdefault((channel.name, channel.subject.lasting), []).append(channel)
        for (topic, lasting), channels in private.items():
            try:
                rights = await self._rights_in(topic, channels[0].subject)
            except Refused as error:
                for channel in channels:
                    if error.code != "unavailable":
                        channel.fail(str(error))
                continue
            for channel in channels:
                if channel.subject.lasting == lasting:
                    channel.allow(rights)
