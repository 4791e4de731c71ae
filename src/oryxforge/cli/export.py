"""All rows of a sheet, page by page, into a file."""

import re
from collections.abc import Collection, Generator, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import Protocol, cast

from rich.progress import Progress

from oryxforge.cli.client import Client
from oryxforge.domain.errors import Failed

PAGE = 10_000
ARROW = "application/vnd.apache.arrow.stream"
FORMATS = (".csv", ".parquet", ".xlsx")
XLSX_ROWS = 1_048_575
EXACT = 10**15
CELL_LIMIT = 32_767
FORMULA = frozenset("=+-@")
NUMBER = re.compile(r"[+-]?[\d.,\s]*\d[\d.,\s]*(?:[eE][+-]?\d+)?%?")
TEXTS = frozenset({"string", "large_string", "string_view"})
ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


class Column(Protocol):
    @property
    def type(self) -> object: ...

    def to_pylist(self) -> list[object]: ...


class Schema(Protocol):
    names: list[str]


class Table(Protocol):
    """What we use of an Arrow table."""

    num_rows: int
    schema: Schema
    columns: Sequence[Column]


class Pages:
    """The pages of a query as Arrow tables; there is one even where there are no rows."""

    def __init__(self, client: Client, body: Mapping[str, object]) -> None:
        self._client = client
        self._body = body

    def __iter__(self) -> Iterator[Table]:
        import pyarrow as pa

        offset = 0
        while True:
            body = {**self._body, "offset": offset, "limit": PAGE}
            page: Table = pa.ipc.open_stream(self._client.fetch("/data/query", body, ARROW)).read_all()
            yield page
            offset += page.num_rows
            if page.num_rows < PAGE:
                return


class _Writer(Protocol):
    def write_table(self, table: Table) -> object: ...


@dataclass(frozen=True)
class Written:
    """How many rows, and (in a CSV) the columns with texts that a spreadsheet would run as formulas."""

    rows: int
    formulas: tuple[str, ...] = ()


def write(pages: Pages, file: Path, progress: Progress) -> Written:
    """Writes whole or not at all. Raises Failed where the format can't hold the rows."""
    draft = file.with_name(f".{file.name}.part")
    task = progress.add_task(file.name, total=None)
    suffix = file.suffix.lower()
    rows, formulas = 0, set[str]()
    try:
        tables = iter(pages)
        first = next(tables)
        with _writer(draft, suffix, first.schema) as writer:
            for table in chain([first], tables):
                writer.write_table(table)
                rows += table.num_rows
                formulas |= formula_columns(table, formulas) if suffix == ".csv" else set()
                progress.update(task, completed=draft.stat().st_size if draft.exists() else 0)
        draft.replace(file)
    except OSError as error:
        why = error.strerror or str(error)
        raise Failed(f"{file} can't be written: {why}. Name another place.", code="not_saved") from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
    return Written(rows, tuple(name for name in first.schema.names if name in formulas))


def formula_columns(table: Table, known: Collection[str] = ()) -> set[str]:
    """Columns, besides those known, with a text that begins as a formula does and is no plain number."""
    found: set[str] = set()
    for name, column in zip(table.schema.names, table.columns, strict=True):
        if name in known or str(column.type) not in TEXTS:
            continue
        texts = cast("list[str | None]", column.to_pylist())
        if any(t and t[0] in FORMULA and not NUMBER.fullmatch(t) for t in (name, *texts)):
            found.add(name)
    return found


def _writer(draft: Path, suffix: str, schema: Schema) -> AbstractContextManager[_Writer]:
    if suffix == ".parquet":
        from pyarrow.parquet import ParquetWriter

        return cast("AbstractContextManager[_Writer]", ParquetWriter(draft, schema, compression="zstd"))
    if suffix == ".csv":
        from pyarrow.csv import CSVWriter

        return cast("AbstractContextManager[_Writer]", CSVWriter(draft, schema))
    return _excel(draft, schema.names)


class _Excel:
    def __init__(self, headers: Sequence[str]) -> None:
        from openpyxl import Workbook

        self.book = Workbook(write_only=True)
        self._sheet = self.book.create_sheet("Data")
        self._sheet.append([self._cell(name) for name in headers])
        self._rows = 0

    def write_table(self, table: Table) -> None:
        self._rows += table.num_rows
        if self._rows > XLSX_ROWS:
            raise Failed(
                f"Excel holds {XLSX_ROWS:,} rows at most. Export as .csv or .parquet, or filter with --where.",
                code="too_many_rows",
            )
        for row in zip(*(column.to_pylist() for column in table.columns), strict=True):
            self._sheet.append([self._cell(_held(value)) for value in row])

    def _cell(self, value: object) -> object:
        """A text that looks like a formula or an error stays a text."""
        if not isinstance(value, str) or not value.startswith(("=", "#")):
            return value
        from openpyxl.cell import WriteOnlyCell

        cell = WriteOnlyCell(self._sheet, value)
        cell.data_type = "s"
        return cell


@contextmanager
def _excel(draft: Path, headers: Sequence[str]) -> Generator[_Writer]:
    with draft.open("wb") as file:
        writer = _Excel(headers)
        yield writer
        writer.book.save(file)


def _held(value: object) -> object:
    """What Excel can hold: no time zones, no binary or nested values, no integers that it would round."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
    if value is None or isinstance(value, bool | float | date | time | timedelta):
        return value
    if isinstance(value, int):
        return value if abs(value) <= EXACT else str(value)
    if isinstance(value, Decimal):
        return float(value) if len(value.as_tuple().digits) <= 15 else str(value)
    return ILLEGAL.sub("", str(value))[:CELL_LIMIT]
