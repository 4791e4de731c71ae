"""What is published now: read for those who join, and watched for those who listen."""

import asyncio
import time
from collections.abc import Callable, Sequence

from loguru import logger

from oryxforge.embedded.gateway.realtime.asking import FAILURES, Asker
from oryxforge.embedded.gateway.realtime.catalog import Catalog, Table
from oryxforge.embedded.gateway.realtime.together import Together

MOMENT_S = 1.0
WATCH_S = 2.0


class Publication:
    """Keeps a catalog at what is published; `changed` is told the tables that came, and those that went.

    The log tells of a table only when a row of it changes, so a table that is dropped or taken out goes in silence.
    """

    def __init__(
        self, asker: Asker, catalog: Catalog, changed: Callable[[Sequence[Table], Sequence[Table]], None]
    ) -> None:
        self._asker = asker
        self._catalog = catalog
        self._changed = changed
        self._read_at = 0.0
        self._begun = 0
        self._reading = Together(self._read)

    async def begin(self) -> None:
        """Reads all anew. Raises what the driver raises."""
        self._begun += 1
        began = time.monotonic()
        async with self._asker.connection() as db:
            await self._catalog.load(db)
        self._read_at = began

    async def fresh(self) -> None:
        """Returns once the catalog was true a moment ago. Raises what the driver raises."""
        if time.monotonic() - self._read_at > MOMENT_S:
            await self.now()

    async def now(self) -> None:
        """Returns once the catalog was true after the call. Raises what the driver raises."""
        await self._reading.done()

    async def watch(self, wanted: Callable[[], bool]) -> None:
        """Until cancelled: looks while somebody wants it."""
        while True:
            await asyncio.sleep(WATCH_S)
            if not wanted():
                continue
            try:
                await self.fresh()
            except FAILURES as error:
                logger.debug("the publication can't be read", cause=str(error))
            except Exception:  # noqa: BLE001 - the edge of a loop that must go on
                logger.exception("the publication can't be read")

    async def _read(self) -> None:
        begun, began = self._begun, time.monotonic()
        catalog = self._catalog
        came: list[Table] = []
        async with self._asker.connection() as db:
            published = await catalog.published(db)
            for oid in [oid for oid in published if catalog.table(oid) is None]:
                table = await catalog.read(db, oid, published[oid])
                if table is not None:
                    came.append(table)
        if begun != self._begun:
            # All was read anew meanwhile.
            return
        self._read_at = began
        went = [table for table in catalog.all() if table.oid not in published]
        for table in went:
            catalog.drop(table.oid)
        for table in came:
            catalog.put(table)
        if came or went:
            self._changed(came, went)
