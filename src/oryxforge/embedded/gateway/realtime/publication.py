"""What is published now: read for those who join, and watched for those who listen."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import asyncpg
from loguru import logger

from oryxforge.embedded.gateway.realtime.asking import FAILURES, Asker
from oryxforge.embedded.gateway.realtime.catalog import Catalog, Published, Table
from oryxforge.embedded.gateway.realtime.together import Together

MOMENT_S = 1.0
WATCH_S = 2.0


@dataclass(frozen=True)
class Difference:
    """Tables that came, that went, and that were altered (before, after)."""

    came: Sequence[Table]
    went: Sequence[Table]
    altered: Sequence[tuple[Table, Table]]


class Publication:
    """Keeps a catalog at what is published; `changed` is told what differs, once the catalog has it.

    The log tells of a table only when a row of it changes: what is dropped, renamed, granted or added goes in silence.
    """

    def __init__(self, asker: Asker, catalog: Catalog, changed: Callable[[Difference], None]) -> None:
        self._asker = asker
        self._catalog = catalog
        self._changed = changed
        self._read_at = 0.0
        self._reading = Together(self._read)
        # What was read later is never overwritten by what was read earlier.
        self._one = asyncio.Lock()

    async def begin(self) -> None:
        """Reads all anew. Raises what the driver raises."""
        async with self._one:
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

    async def know(self, oid: int) -> None:
        """Reads one table anew, whatever is known of it. Raises what the driver raises."""
        async with self._one:
            async with self._asker.connection() as db:
                published = await self._catalog.published(db, oid)
                tables = await self._tables(db, published)
            self._apply(tables, [])

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
        catalog = self._catalog
        async with self._one:
            began = time.monotonic()
            async with self._asker.connection() as db:
                published = await catalog.published(db)
                tables = await self._tables(
                    db, {oid: one for oid, one in published.items() if self._differs(oid, one)}
                )
            self._read_at = began
            self._apply(tables, [table for table in catalog.all() if table.oid not in published])

    def _differs(self, oid: int, published: Published) -> bool:
        known = self._catalog.table(oid)
        return known is None or known.version != published.version

    async def _tables(self, db: asyncpg.Connection, published: dict[int, Published]) -> list[Table]:
        found = [await self._catalog.read(db, oid, one) for oid, one in published.items()]
        return [table for table in found if table is not None]

    def _apply(self, tables: Sequence[Table], went: Sequence[Table]) -> None:
        catalog = self._catalog
        before = {table.oid: catalog.table(table.oid) for table in tables}
        for table in went:
            catalog.drop(table.oid)
        for table in tables:
            catalog.put(table)
        difference = Difference(
            came=[table for table in tables if before[table.oid] is None],
            went=went,
            altered=[(was, table) for table in tables if (was := before[table.oid]) is not None],
        )
        if tables or went:
            self._changed(difference)
