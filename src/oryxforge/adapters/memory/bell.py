"""Wakes everybody who waits for the next change."""

import asyncio


class Bell:
    """`rings` counts; to wait without missing one: read `rings`, look, then wait past it."""

    def __init__(self) -> None:
        self.rings = 0
        self._next = asyncio.Event()

    def ring(self) -> None:
        self.rings += 1
        heard, self._next = self._next, asyncio.Event()
        heard.set()

    async def wait_past(self, seen: int) -> None:
        while self.rings == seen:
            await self._next.wait()
