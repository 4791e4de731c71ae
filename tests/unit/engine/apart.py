"""The engine's own processes, among whatever else runs for the tests."""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

import psutil


def engine_processes() -> set[psutil.Process]:
    found: set[psutil.Process] = set()
    for child in psutil.Process().children():
        # One that has ended and was not waited for has no command line.
        with suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
            if "oryxforge.adapters.engine.apart_work" in child.cmdline():
                found.add(child)
    return found


@asynccontextmanager
async def watched() -> AsyncGenerator[dict[str, float]]:
    """The longest stall of the event loop, and the most memory that we gained or one child took."""
    seen = {"stall": 0.0, "memory": 0.0}
    ours = psutil.Process()
    before = ours.memory_info().rss

    async def watch() -> None:
        last = time.monotonic()
        while True:
            await asyncio.sleep(0.02)
            seen["stall"] = max(seen["stall"], time.monotonic() - last)
            taken = [ours.memory_info().rss - before]
            for child in engine_processes():
                with suppress(psutil.Error):
                    taken.append(child.memory_info().rss)
            seen["memory"] = max(seen["memory"], *taken)
            last = time.monotonic()

    watching = asyncio.create_task(watch())
    try:
        yield seen
    finally:
        watching.cancel()
