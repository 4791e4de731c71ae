"""The table engine: DuckDB over Parquet files below one root."""

import tempfile
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from oryxforge.adapters.engine.apart import ApartQueries, Workbooks
from oryxforge.adapters.engine.arrow import register_stream
from oryxforge.adapters.engine.distribution import distribution
from oryxforge.adapters.engine.duck import Duck
from oryxforge.adapters.engine.export import Exports
from oryxforge.adapters.engine.head import head_bytes, head_key
from oryxforge.adapters.engine.page import page_arrow, read_page
from oryxforge.adapters.engine.parquet import columns_of, copy_parquet, finish_sheet, scan
from oryxforge.adapters.engine.place import Place, place_faults
from oryxforge.adapters.engine.processes import Processes
from oryxforge.adapters.engine.profile import profile_columns
from oryxforge.adapters.engine.query import Queries, WriteLimits, time_limit
from oryxforge.adapters.engine.sources import Progress, Sources
from oryxforge.adapters.engine.work import Stop, Workers
from oryxforge.domain.errors import NotFound
from oryxforge.domain.exports import ExportRequest
from oryxforge.domain.profiles import Distribution
from oryxforge.domain.sheets import Column, Page, PageRequest, Written
from oryxforge.domain.sources import LoadSettings, SheetPreview, SheetReading, SourceType
from oryxforge.ports.engine import (
    ColumnProfile,
    Engine,
    Exported,
    ImportProgress,
    QueryResult,
    Reader,
    WrittenQuery,
)

HEAVY_AT_ONCE = 2
LIGHT_AT_ONCE = 8
EXPORTS_AT_ONCE = 2
PROFILE_S = 30.0
# A workbook's sheet has to be loaded whole: about 100 bytes a cell.
WORKBOOK_BYTES = 1 << 30


class DuckEngine(Engine, Reader):
    """An Engine and a Reader over the keys below `root_url`, which the FileStore of the same root also holds."""

    def __init__(
        self,
        root_url: str,
        *,
        memory_limit: str = "512MB",
        threads: int = 2,
        temp_folder: Path | None = None,
        write_timeout_s: float = 600,
        max_written_bytes: int = 8 << 30,
    ) -> None:
        folder = temp_folder or Path(tempfile.gettempdir()) / "oryxforge-engine"
        self._place = Place(root_url, folder)
        self._duck = Duck(self._place, memory_limit, threads)
        self._workers = Workers(HEAVY_AT_ONCE, LIGHT_AT_ONCE, place_faults)
        # Files of minutes leave the threads of seconds alone.
        self._exporters = Workers(EXPORTS_AT_ONCE, 1, place_faults)
        self._processes = Processes(root_url, self._place, memory_limit, threads)
        self._books = Processes(root_url, self._place, memory_limit, threads, WORKBOOK_BYTES)
        queries = Queries(self._duck, self._place)
        self._queries = ApartQueries(self._processes) if self._place.shared else queries
        self._limits = WriteLimits(write_timeout_s, max_written_bytes)
        self._exports = Exports(self._duck, self._place, self._limits)
        self._sources = Sources(self._duck, self._place, Workbooks(self._books))

    def close(self) -> None:
        """Lets go of threads and memory; what still runs is stopped."""
        self._workers.close()
        self._exporters.close()
        self._processes.close()
        self._books.close()
        self._duck.close()

    async def detect(self, uri: str, name: str) -> SourceType:
        return await self._workers.light(lambda _: self._sources.detect(uri, name))

    async def sheet_names(self, uri: str, kind: SourceType) -> list[str]:
        return await self._workers.light(lambda stop: self._sources.sheet_names(stop, uri, kind))

    async def preview(
        self, uri: str, kind: SourceType, settings: LoadSettings, limit: int = 100
    ) -> dict[str, SheetPreview]:
        return await self._workers.light(lambda stop: self._sources.preview(stop, uri, kind, settings, limit))

    async def inspect(
        self, uri: str, kind: SourceType, settings: LoadSettings, limit: int = 100
    ) -> list[SheetReading]:
        return await self._workers.light(lambda stop: self._sources.inspect(stop, uri, kind, settings, limit))

    async def import_sheet(
        self,
        uri: str,
        kind: SourceType,
        sheet: str,
        target_uri: str,
        settings: LoadSettings,
        on_progress: Callable[[ImportProgress], None],
    ) -> Written:
        progress = Progress()
        written = await self._workers.heavy(
            lambda stop: self._sources.write(stop, uri, kind, sheet, target_uri, settings, progress),
            lambda: on_progress(progress.snapshot()),
        )
        on_progress(progress.finished(written.rows))
        return written

    async def head(self, uri: str) -> bytes:
        return await self._workers.light(partial(self._head, uri=uri))

    async def page(self, uri: str, request: PageRequest) -> Page:
        def job(stop: Stop) -> Page:
            address = self._place.address(uri)
            with self._duck.connection(stop) as connection:
                return read_page(connection, address, request)

        return await self._workers.light(job)

    async def page_arrow(self, uri: str, request: PageRequest) -> tuple[bytes, int]:
        def job(stop: Stop) -> tuple[bytes, int]:
            address = self._place.address(uri)
            with self._duck.connection(stop) as connection:
                return page_arrow(connection, address, request)

        return await self._workers.light(job)

    async def query(
        self, sql: str, tables: Mapping[str, str], limit: int = 1000, timeout_s: float = 60
    ) -> QueryResult:
        return await self._workers.heavy(lambda stop: self._queries.run(stop, sql, tables, limit, timeout_s))

    async def write_query(self, sql: str, tables: Mapping[str, str], target_uri: str) -> WrittenQuery:
        return await self._workers.heavy(lambda stop: self._write_query(stop, sql, tables, target_uri))

    async def write_arrow(self, stream: bytes, target_uri: str) -> Written:
        return await self._workers.heavy(lambda stop: self._write_arrow(stop, stream, target_uri))

    async def profile(self, uri: str, columns: tuple[Column, ...]) -> list[ColumnProfile]:
        def job(stop: Stop) -> list[ColumnProfile]:
            address = self._place.address(uri)
            with self._duck.connection(stop) as connection:
                return profile_columns(connection, address, columns)

        return await self._workers.heavy(job)

    async def distribution(self, uri: str, column: str, request: PageRequest) -> Distribution:
        def job(stop: Stop) -> Distribution:
            address = self._place.address(uri)
            with self._duck.connection(stop) as connection, time_limit(connection, PROFILE_S):
                return distribution(connection, address, column, request)

        return await self._workers.heavy(job)

    async def export(self, uri: str, request: ExportRequest) -> Exported:
        return await self._exporters.heavy(lambda stop: self._exports.make(stop, uri, request))

    async def read_parquet_bytes(self, uri: str) -> bytes:
        return await self._workers.light(lambda _: self._required(uri))

    def _head(self, stop: Stop, uri: str) -> bytes:
        kept = self._place.read(head_key(uri))
        if kept is not None:
            return kept
        address = self._place.address(uri)
        with self._duck.connection(stop) as connection:
            made = head_bytes(connection, address, columns_of(connection, scan(address)))
        self._place.put(head_key(uri), made)
        return made

    def _required(self, uri: str) -> bytes:
        content = self._place.read(uri)
        if content is None:
            raise NotFound("The stored data of this sheet is not there any more.", code="file_not_found")
        return content

    def _write_query(self, stop: Stop, sql: str, tables: Mapping[str, str], target_uri: str) -> WrittenQuery:
        started = time.monotonic()
        with self._place.draft(target_uri) as draft:
            rows, read = self._queries.write(stop, sql, tables, draft.path, self._limits)
            took_ms = round((time.monotonic() - started) * 1000)
            with self._duck.connection(stop) as connection:
                written = finish_sheet(connection, self._place, draft, rows, {"tables": list(read)})
        return WrittenQuery(written, read, took_ms)

    def _write_arrow(self, stop: Stop, stream: bytes, target_uri: str) -> Written:
        with self._place.draft(target_uri) as draft, self._duck.connection(stop) as connection:
            rows = copy_parquet(connection, register_stream(connection, stream), draft.path)
            return finish_sheet(connection, self._place, draft, rows, {})
