"""Tables: reading files, writing sheets, paging and SQL. Every uri is a key of the file store, never an outside path."""

from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from oryxforge.domain.exports import ExportRequest
from oryxforge.domain.profiles import Distribution
from oryxforge.domain.sheets import Column, Page, PageRequest, Written
from oryxforge.domain.sources import LoadSettings, SheetPreview, SheetReading, SourceType


@dataclass(frozen=True)
class ImportProgress:
    """Progress of one sheet: `bytes_total` is the file's size, `rows_done` what has been written so far (0 if not known)."""

    stage: str
    rows_done: int
    bytes_done: int
    bytes_total: int


@dataclass(frozen=True)
class QueryResult:
    """The first rows of a query as JSON-ready values; `total` counts all of them; `tables` are those that it read."""

    headers: list[str]
    types: list[str]
    data: list[list[object]]
    total: int
    tables: tuple[str, ...]
    duration_ms: int


@dataclass(frozen=True)
class WrittenQuery:
    """What a query's result was written as, the sheets that it read, and the time that it took (ms)."""

    written: Written
    tables: tuple[str, ...]
    duration_ms: int


@dataclass(frozen=True)
class ColumnProfile:
    """One column measured: counts, extremes as text, and its most frequent values with their counts."""

    name: str
    type: str
    missing: int
    distinct: int
    minimum: str | None
    maximum: str | None
    mean: float | None
    top: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Exported:
    """A finished file of so many rows; its bytes can be read once. Closing `chunks` lets go of it."""

    rows: int
    size_bytes: int
    chunks: AsyncGenerator[bytes]


class Reader(Protocol):
    """Reads uploaded files. Raises Invalid with a sentence that helps for a file that can't be read."""

    async def detect(self, uri: str, name: str) -> SourceType: ...

    async def sheet_names(self, uri: str, kind: SourceType) -> list[str]:
        """The names that `preview` and `import_sheet` know a file's sheets by, without reading their rows."""
        ...

    async def preview(
        self, uri: str, kind: SourceType, settings: LoadSettings, limit: int = 100
    ) -> dict[str, SheetPreview]:
        """Every sheet of the file by name, at most `limit` rows each; a CSV or Parquet file has one, named `data`."""
        ...

    async def inspect(
        self, uri: str, kind: SourceType, settings: LoadSettings, limit: int = 100
    ) -> list[SheetReading]:
        """As `preview`, with what was found out about each sheet and why its columns have their types."""
        ...

    async def import_sheet(
        self,
        uri: str,
        kind: SourceType,
        sheet: str,
        target_uri: str,
        settings: LoadSettings,
        on_progress: Callable[[ImportProgress], None],
    ) -> Written:
        """Writes one sheet of a file as Parquet at `target_uri`, whole or not at all; cancelling the task stops it."""
        ...


class Engine(Protocol):
    """Reads and writes stored sheets. `tables` maps `dataset.Sheet` to the uri of the version to read."""

    async def head(self, uri: str) -> bytes:
        """`{"headers": [...], "data": [[...]]}` of the first 1000 rows as JSON bytes, kept beside the sheet."""
        ...

    async def page(self, uri: str, request: PageRequest) -> Page: ...

    async def page_arrow(self, uri: str, request: PageRequest) -> tuple[bytes, int]:
        """The same page as an Arrow IPC stream, and the total number of rows."""
        ...

    async def query(
        self, sql: str, tables: Mapping[str, str], limit: int = 1000, timeout_s: float = 60
    ) -> QueryResult:
        """Runs one read-only statement. Raises Invalid with the engine's own message where the SQL is wrong."""
        ...

    async def write_query(self, sql: str, tables: Mapping[str, str], target_uri: str) -> WrittenQuery:
        """Writes a query's whole result as Parquet at `target_uri`, whole or not at all. Raises Invalid as `query` does."""
        ...

    async def write_arrow(self, stream: bytes, target_uri: str) -> Written:
        """Writes an Arrow IPC stream as Parquet at `target_uri`."""
        ...

    async def profile(self, uri: str, columns: tuple[Column, ...]) -> list[ColumnProfile]: ...

    async def distribution(self, uri: str, column: str, request: PageRequest) -> Distribution:
        """One column over all rows that the request's filter and search leave. Raises Invalid as `page` does."""
        ...

    async def export(self, uri: str, request: ExportRequest) -> Exported:
        """All rows of a view as a file. Raises Invalid as `page` does, Unprocessable for more than Excel holds."""
        ...

    async def read_parquet_bytes(self, uri: str) -> bytes: ...
