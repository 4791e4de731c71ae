"""A few at a time, and those who want much no more often than those who want little."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Hashable
from contextlib import asynccontextmanager


class Crowded(Exception):
    """Somebody has as many waiting as they may."""


class Turns:
    """Lets so many in at a time; who waits is taken in turn, whoever has asked how often."""

    def __init__(self, at_once: int = 1, most_waiting: int | None = None) -> None:
        self._free = at_once
        self._most = most_waiting
        self._waiting: dict[Hashable, deque[asyncio.Future[None]]] = {}

    @asynccontextmanager
    async def turn(self, who: Hashable, within_s: float | None = None) -> AsyncGenerator[None]:
        """Raises Crowded; TimeoutError where the turn does not come within so long."""
        if self._free:
            self._free -= 1
        else:
            async with asyncio.timeout(within_s):
                await self._wait(who)
        try:
            yield
        finally:
            self._pass_on()

    async def _wait(self, who: Hashable) -> None:
        if self._most is not None and len(self._waiting.get(who, ())) >= self._most:
            raise Crowded
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(who, deque()).append(future)
        try:
            await future
        except asyncio.CancelledError:
            if future.done() and not future.cancelled():
                self._pass_on()
            raise

    def _pass_on(self) -> None:
        while self._waiting:
            who = next(iter(self._waiting))
            queue = self._waiting.pop(who)
            future = queue.popleft()
            if queue:
                self._waiting[who] = queue
            if not future.done():
                future.set_result(None)
                return
        self._free += 1
