"""What a worker clears away: files that were begun and never finished, as a kill leaves them."""

import asyncio
from collections.abc import Sequence

from loguru import logger

from oryxforge.domain.errors import Unavailable
from oryxforge.ports.files import FileStore

DAY_S = 86_400.0
HOUR_S = 3_600.0


class Upkeep:
    """Sweeps at once and then every hour; what was written to within a day may still be under way."""

    def __init__(
        self, stores: Sequence[FileStore], older_than_s: float = DAY_S, every_s: float = HOUR_S
    ) -> None:
        self._stores = stores
        self._older_than_s = older_than_s
        self._every_s = every_s

    async def run(self) -> None:
        """Sweeps until cancelled; a store that is away is left for the next time."""
        while True:
            for store in self._stores:
                try:
                    swept = await store.sweep(self._older_than_s)
                except Unavailable as error:
                    logger.warning("could not sweep", cause=error.detail)
                    continue
                if swept:
                    logger.info("unfinished files swept", files=swept)
            await asyncio.sleep(self._every_s)
