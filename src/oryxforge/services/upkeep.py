"""What a process clears away every hour: what was begun and never finished, and what was deleted long enough ago."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from loguru import logger

from oryxforge.domain.errors import OryxError
from oryxforge.domain.sheets import KEPT
from oryxforge.ports.clock import Clock
from oryxforge.ports.files import FileStore
from oryxforge.ports.purges import Purges

DAY_S = 86_400.0
HOUR_S = 3_600.0
BATCH = 200


@dataclass(frozen=True)
class Chore:
    """Something to clear away; `do` tells how many of `what` it has."""

    what: str
    do: Callable[[], Awaitable[int]]


class Upkeep:
    """Does its chores at once and then every hour."""

    def __init__(self, chores: Sequence[Chore], every_s: float = HOUR_S) -> None:
        self._chores = chores
        self._every_s = every_s

    async def run(self) -> None:
        """Goes on until cancelled; what is away is left for the next time."""
        while True:
            for chore in self._chores:
                try:
                    done = await chore.do()
                except (OryxError, OSError) as error:
                    logger.warning("could not clear away", what=chore.what, cause=str(error))
                    continue
                if done:
                    logger.info("cleared away", what=chore.what, count=done)
            await asyncio.sleep(self._every_s)


def unfinished(store: FileStore, older_than_s: float = DAY_S) -> Chore:
    """Files of a store as a kill leaves them; one that was written to within a day may still be under way."""
    return Chore("unfinished files", lambda: store.sweep(older_than_s))


class DeletedSheets:
    """Sheets that were deleted more than thirty days ago: rows, versions, and then the files."""

    def __init__(self, purges: Purges, files: FileStore, clock: Clock) -> None:
        self._purges = purges
        self._files = files
        self._clock = clock

    @property
    def chore(self) -> Chore:
        return Chore("files of deleted sheets", self.purge)

    async def purge(self) -> int:
        """How many files went. Raises Unavailable; what is left then goes the next time."""
        before, count = self._clock.now() - KEPT, 0
        while uris := await self._purges.purge(before, BATCH):
            for uri in uris:
                await self._files.delete(uri)
            await self._purges.forget(uris)
            count += len(uris)
        return count
