"""Whether those who are connected still may be: asked again and again, and at once when rights change."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Iterable
from contextlib import suppress
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
AT_ONCE = 20
POLICY = 1008


# A topic, and who is in it.
_Place = tuple[str, str]


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
        self._asked_at: dict[_Place, float] = {}

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
        more = False
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(0 if more else every_s):
                    await self._changed.wait()
            if self._changed.is_set():
                self._changed.clear()
                # Where that can't be told, it is asked all the same, and again the next time.
                with suppress(Lost):
                    await self._settled()
            began = time.monotonic()
            try:
                more = await self._check_rights()
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

    async def _check_rights(self) -> bool:
        """Whether some must still be asked about: of each person only some at a time, so that nobody holds up the others."""
        private: dict[_Place, list[Channel]] = {}
        for socket in self._sockets:
            for channel in socket.channels:
                if channel.join.private:
                    private.setdefault((channel.name, channel.subject.lasting), []).append(channel)
        self._asked_at = {place: self._asked_at.get(place, 0.0) for place in private}
        due: dict[tuple[str, str], list[_Place]] = {}
        for place in sorted(private, key=self._asked_at.__getitem__):
            due.setdefault(private[place][0].payer, []).append(place)
        for places in due.values():
            for place in places[:AT_ONCE]:
                self._asked_at[place] = time.monotonic()
                await self._check(place, private[place])
        return any(len(places) > AT_ONCE for places in due.values())

    async def _check(self, place: _Place, channels: Iterable[Channel]) -> None:
        joined = [c for c in channels if not c.has_left and c.subject.lasting == place[1]]
        if not joined:
            return
        try:
            rights = await self._rights_in(place[0], joined[0].subject)
        except Refused as error:
            # While the database is away, nothing changes in it.
            if error.code != "unavailable":
                for channel in joined:
                    channel.fail(str(error))
            return
        for channel in joined:
            if channel.subject.lasting == place[1]:
                channel.allow(rights)
