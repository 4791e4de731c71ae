"""Chores are done again and again, whatever one of them comes upon."""

import asyncio

from oryxforge.domain.errors import Unavailable
from oryxforge.services.upkeep import Chore, Upkeep


async def test_what_is_away_holds_up_no_other() -> None:
    done: list[str] = []
    twice = asyncio.Event()

    async def away() -> int:
        done.append("away")
        raise Unavailable("The store is away.", code="store_away")

    async def full() -> int:
        raise OSError("no space")

    async def well() -> int:
        done.append("well")
        if len(done) >= 4:
            twice.set()
        return 1

    upkeep = Upkeep([Chore("a", away), Chore("b", full), Chore("c", well)], every_s=0.01)
    running = asyncio.create_task(upkeep.run())
    async with asyncio.timeout(5):
        await twice.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert done[:4] == ["away", "well", "away", "well"]
