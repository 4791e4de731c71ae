"""The changes of a publication as Postgres writes them to its log, in commit order, whoever wrote them."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

from loguru import logger

from oryxforge.embedded.gateway.realtime.replication import Lost, Replication

READ_AT_ONCE = 512
HAND_OVER = 256
PENDING_MOST = 20_000
CONFIRM_S = 2.0
RETRY_S = (0.05, 0.1, 0.25, 0.5, 1.0)


class ChangeStream:
    """Hands messages of the log to `take`, a batch at a time.

    A temporary slot keeps no log of Postgres when this process dies. What is written while nobody reads is never seen,
    so `begin` comes before each new connection is live, and `lost` after each loss.
    """

    def __init__(
        self,
        url: str,
        publication: str,
        begin: Callable[[], Awaitable[None]],
        take: Callable[[list[bytes]], Awaitable[None]],
        lost: Callable[[], None],
    ) -> None:
        self._url = url
        self._publication = publication
        self._begin = begin
        self._take = take
        self._lost = lost
        self._live = asyncio.Event()
        self._wanted = asyncio.Event()

    async def live(self) -> None:
        """Returns once all that is committed from now on will be seen."""
        self._wanted.set()
        await self._live.wait()

    async def run(self) -> None:
        """Reads until cancelled; connects when somebody first asks for `live`, and again after each loss."""
        await self._wanted.wait()
        failures = 0
        while True:
            try:
                with await asyncio.to_thread(Replication, self._url, self._publication) as replication:
                    await self._begin()
                    failures = 0
                    await self._follow(replication)
            except (Lost, OSError, ValueError) as error:
                if failures == 0:
                    logger.warning("changes can't be read", cause=f"{error.__class__.__name__}: {error}")
            await asyncio.sleep(RETRY_S[min(failures, len(RETRY_S) - 1)])
            failures += 1

    async def _follow(self, replication: Replication) -> None:
        reader = _Reader(replication)
        confirming = asyncio.create_task(reader.confirm_often())
        self._live.set()
        logger.info("changes are read", publication=self._publication)
        try:
            while batch := await reader.batch():
                await self._take(batch)
        finally:
            self._live.clear()
            confirming.cancel()
            reader.close()
            self._lost()


class _Reader:
    """Empties the socket as it fills, so that a batch is what came while the last one was worked on."""

    def __init__(self, replication: Replication) -> None:
        self._replication = replication
        self._loop = asyncio.get_running_loop()
        self._pending: deque[bytes] = deque()
        self._ready = asyncio.Event()
        self._broken: Lost | None = None
        self._reading = False
        self._resume()

    async def batch(self) -> list[bytes]:
        """What has arrived, at least one message. Raises Lost once all that came before the loss was handed out."""
        pending = self._pending
        if pending:
            await asyncio.sleep(0)
        else:
            self._ready.clear()
            if self._broken is None:
                await self._ready.wait()
        if not pending and self._broken is not None:
            raise self._broken
        batch = [pending.popleft() for _ in range(min(HAND_OVER, len(pending)))]
        if not self._reading and self._broken is None and len(pending) < PENDING_MOST // 2:
            self._resume()
        return batch

    async def confirm_often(self) -> None:
        """Until cancelled, or the connection is lost."""
        while self._broken is None:
            await asyncio.sleep(CONFIRM_S)
            try:
                self._replication.confirm()
            except Lost as error:
                self._fail(error)

    def close(self) -> None:
        self._pause()

    def _resume(self) -> None:
        self._reading = True
        self._loop.add_reader(self._replication.fd, self._read)
        self._loop.call_soon(self._read)

    def _pause(self) -> None:
        if self._reading:
            self._reading = False
            self._loop.remove_reader(self._replication.fd)

    def _read(self) -> None:
        if not self._reading:
            return
        try:
            for _ in range(READ_AT_ONCE):
                message = self._replication.read()
                if message is None:
                    break
                self._pending.append(message)
            else:
                # The library may hold more than the socket shows.
                self._loop.call_soon(self._read)
        except Lost as error:
            self._fail(error)
        if self._pending:
            self._ready.set()
        if len(self._pending) > PENDING_MOST:
            self._pause()

    def _fail(self, error: Lost) -> None:
        self._broken = error
        self._pause()
        self._ready.set()
