"""What attempts cost that do not end as they should: stopped, taken away, cut off."""

import asyncio

from loguru import logger

from oryxforge.domain.errors import Unavailable
from oryxforge.domain.runs import Fence
from oryxforge.ports.runs import RunKeeper

STOPPED_S = 3.0


class Bills:
    def __init__(self, keeper: RunKeeper) -> None:
        self._keeper = keeper

    async def settle(self, fence: Fence, cost_usd: float, within_s: float | None = None) -> None:
        """Has a cost counted as soon as the database is there; without `within_s` it waits for that."""
        now = asyncio.get_running_loop().time
        started, delay, owed = now(), 0.1, cost_usd > 0
        while owed:
            try:
                await self._keeper.bill(fence, cost_usd)
                owed = False
            except Unavailable:
                if within_s is not None and now() - started + delay > within_s:
                    logger.error("a cost was not counted: the database is away", cost_usd=cost_usd)
                    return
                await asyncio.sleep(delay)
                delay = min(delay * 2, 1)
