"""All that sockets share: rooms, changes, rights, limits."""

import asyncio
import time
from collections.abc import Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import asyncpg
from loguru import logger

from oryxforge.embedded.gateway.callers import Caller, Callers, Refused
from oryxforge.embedded.gateway.realtime.asking import AWAY, FAILURES, Asker, Subject
from oryxforge.embedded.gateway.realtime.changes import Changes
from oryxforge.embedded.gateway.realtime.keeping import Keeper
from oryxforge.embedded.gateway.realtime.outbox import Outbox
from oryxforge.embedded.gateway.realtime.private import Rights, rights_in
from oryxforge.embedded.gateway.realtime.rooms import Rooms
from oryxforge.embedded.gateway.realtime.sight import Scopes

if TYPE_CHECKING:
    from oryxforge.embedded.gateway.realtime.socket import Socket

# Filters, of which two are asked at a time, leave some to all else that changes need.
OF_CHANGES, OF_CLIENTS = 5, 2


@dataclass(frozen=True)
class Limits:
    """Bytes, counts and seconds; rates are of one socket, or of one person's (or address') broadcasts by HTTP."""

    buffer_bytes: int = 2_000_000
    frame_bytes: int = 1_000_000
    sockets: int = 20_000
    channels: int = 2_000
    joins_burst: int = 2_000
    joins_per_s: float = 200.0
    joins_waiting: int = 500
    messages_burst: int = 5_000
    messages_per_s: float = 1_000.0
    silence_s: float = 90.0
    asked_filters: int = 200
    presence_bytes: int = 4_096
    presence_of_socket_bytes: int = 65_536
    accounts_s: float = 2.0
    rights_s: float = 5.0


class Hub:
    """Open between `open` and `close`."""

    def __init__(self, url: str, callers: Callers, scopes: Scopes, limits: Limits) -> None:
        self.callers = callers
        self.limits = limits
        self.rooms = Rooms()
        self.outbox = Outbox()
        self.sockets: set[Socket] = set()
        self._asker, self._joining = Asker(url, OF_CHANGES), Asker(url, OF_CLIENTS)
        self.changes = Changes(url, self._asker, self._joining, self.outbox, scopes)
        self._keeper = Keeper(self.sockets, callers.living, self.rights_in, self.changes.settled)
        self.changes.on_rights = self._keeper.rights_changed
        self._running: list[asyncio.Task[None]] = []

    async def open(self) -> None:
        await self._asker.open()
        await self._joining.open()
        running = (
            self.changes.run(),
            self.changes.watch(),
            self._sweep(),
            self._keeper.keep_accounts(self.limits.accounts_s),
            self._keeper.keep_rights(self.limits.rights_s),
        )
        self._running = [asyncio.create_task(one) for one in running]
        for task in self._running:
            task.add_done_callback(_tell_of_failure)

    async def close(self) -> None:
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        for socket in list(self.sockets):
            socket.end(1012, "the server restarts")
        await self._asker.close()
        await self._joining.close()

    async def subject(self, token: str | None, caller: Caller) -> Subject:
        """Who a token speaks for; a key, or none, leaves it with the socket's own. Raises Refused."""
        if token is None:
            return Subject(caller)
        return Subject(await self.callers.of(token, token))

    async def rights_in(self, topic: str, subject: Subject, who: Hashable = None) -> Rights:
        """Waits its turn among all for whom somebody asks. Raises Refused where they can't be told: `unavailable` while the database is away."""
        try:
            return await rights_in(self._joining, topic, subject, who)
        except FAILURES as error:
            if isinstance(error, asyncpg.QueryCanceledError) or not isinstance(error, AWAY):
                logger.warning("a policy of private channels fails", cause=str(error))
                raise Refused("no_rights", "What you may do in this channel can't be told") from error
            logger.warning("rights in a private channel can't be told", cause=str(error))
            raise Refused("unavailable", "The database is away; try again") from error

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(self.limits.silence_s / 6)
            silent = time.monotonic() - self.limits.silence_s
            for socket in [s for s in self.sockets if s.heard_at < silent]:
                socket.end(1001, "no heartbeat")


def _tell_of_failure(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        logger.opt(exception=error).error("realtime stopped")
