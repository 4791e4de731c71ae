"""Workbooks into sheets, xlsx and xls: no cell becomes missing because its neighbours are of another type."""

import logging
import re
import zipfile
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from oryxforge.adapters.engine.dialect import first_record
from oryxforge.adapters.engine.duck import Connection, quoted, said
from oryxforge.adapters.engine.formulas import Formulas
from oryxforge.adapters.engine.headers import unique_headers
from oryxforge.adapters.engine.nearest import nearest
from oryxforge.adapters.engine.parquet import columns_of, copy_parquet
from oryxforge.adapters.engine.types import checked_type
from oryxforge.adapters.engine.values import shown_rows
from oryxforge.adapters.engine.workbook import (
    MergedCells,
    check_sheet,
    check_workbook,
    cut_workbook,
    sheet_blocks,
)
from oryxforge.domain.errors import Invalid
from oryxforge.domain.sources import ColumnReading, LoadSettings, SheetPreview, SheetReading

if TYPE_CHECKING:
    from fastexcel import ExcelReader, ExcelSheet

EXACT = 2**53
# For the header and empty rows above it.
MORE_ROWS = 100
LOOKED_AT = 50
TOP_ROWS, TOP_CELLS, TOP_CHARS = 20, 20, 60
VIEW = "excel_sheet"
WHY = {
    "BIGINT": "Every cell is a whole number.",
    "DOUBLE": "Every cell is a number.",
    "BOOLEAN": "Every cell is true or false.",
    "DATE": "Every cell is a date.",
    "TIMESTAMP": "Every cell is a date with a time.",
    "TIME": "Every cell is a time of day.",
    "VARCHAR": "Its cells are texts.",
}
NOTHING = "No cell of it holds a value."
SAVE_IT = "Open the file in Excel or LibreOffice and save it, then bring it again."
MIXED = "Its cells are of several kinds: kept as text, so that none is lost."


@dataclass(frozen=True)
class Loaded:
    """A sheet registered with a connection as VIEW: its columns c0, c1 …, the SELECT that gives it, its headers.

    `top`: its first rows as texts, which stand above the header and below. `places`: of its columns in the workbook.
    """

    select: str
    headers: list[str]
    places: list[int]
    converted_to_text: list[str]
    without_values: list[str]
    header_row: int
    top: list[list[str]]

    @property
    def found(self) -> dict[str, object]:
        """What was found out about the sheet."""
        above = self.top[: max(0, self.header_row)]
        lines = [" ".join(cell for cell in row if cell) for row in above]
        return {"header_row": self.header_row, "lines_above_header": [line for line in lines if line]}

    @property
    def header_place(self) -> int:
        """The header's row in the workbook, 0-based; the reader takes the first that holds anything for row 0."""
        return (
            next((i for i, row in enumerate(self.top) if any(row)), 0)
            if self.header_row == 0
            else self.header_row
        )

    def readings(self, types: Sequence[str], settings: LoadSettings) -> list[ColumnReading]:
        chosen = {column.lower() for column in settings.types}
        return [
            ColumnReading(header, kind, self._why(header, kind, chosen=header.lower() in chosen))
            for header, kind in zip(self.headers, types, strict=True)
        ]

    def _why(self, header: str, kind: str, *, chosen: bool) -> str:
        if chosen:
            return "You chose this type."
        if header in self.without_values:
            return NOTHING
        return MIXED if header in self.converted_to_text else WHY.get(kind, "Its cells say so.")


def open_workbook(path: Path) -> "ExcelReader":
    """Raises Invalid for a file that is no workbook, or is locked; Unprocessable for one that is too large."""
    import fastexcel

    # It warns of every empty column.
    logging.getLogger("fastexcel").setLevel(logging.ERROR)
    try:
        check_workbook(path)
        return fastexcel.read_excel(str(path))
    except zipfile.BadZipFile as error:
        raise _damaged() from error
    except fastexcel.FastExcelError as error:
        locked = "password" in str(error).lower() or "encrypt" in str(error).lower()
        if not locked:
            raise _damaged() from error
        raise Invalid(
            "The workbook is protected by a password. Save it without one, then upload it again.",
            code="workbook_locked",
        ) from error


def _damaged() -> Invalid:
    return Invalid(
        "The workbook can't be opened; it may be damaged. Open and save it in Excel, then try again.",
        code="workbook_damaged",
    )


def sheet_names(path: Path) -> list[str]:
    return list(open_workbook(path).sheet_names)


def load_sheet(
    connection: Connection, reader: "ExcelReader", name: str, settings: LoadSettings, limit: int | None = None
) -> Loaded | None:
    """One sheet, at most `limit` rows of it; None where it is empty. Raises Invalid where there is no such sheet."""
    if name not in reader.sheet_names:
        raise Invalid(
            f"There is no sheet `{name}` in the workbook; {nearest(name, reader.sheet_names)}.",
            code="sheet_unknown",
        )
    with _sheet_faults(name):
        top = _top(reader, name)
        header_row = _header_row(top, settings.header_row)
        sheet, as_text, empty = _register(connection, reader, name, header_row, limit)
        headers = _headers(reader, sheet, header_row)
    if not headers:
        return None
    select = _select(connection, headers, settings)
    places = [column.absolute_index for column in sheet.available_columns()]
    texts, without = [headers[i] for i in as_text], [headers[i] for i in empty]
    return Loaded(select, headers, places, texts, without, header_row, top)


def preview_workbook(
    connection: Connection, path: Path, copy: Path, settings: LoadSettings, limit: int
) -> dict[str, SheetPreview]:
    """The first rows of every sheet, none and no headers for an empty one; `copy` is a path for a smaller workbook."""
    reader, _ = _open_head(path, copy, settings, limit)
    return {
        name: preview_sheet(connection, reader, name, settings.of_sheet(name), limit)
        for name in reader.sheet_names
    }


def inspect_workbook(
    connection: Connection, path: Path, copy: Path, settings: LoadSettings, limit: int
) -> list[SheetReading]:
    """As the preview, with what was found out and why."""
    reader, head = _open_head(path, copy, settings, limit)
    return [
        _reading(connection, reader, head, name, settings.of_sheet(name), limit)
        for name in reader.sheet_names
    ]


def _reading(
    connection: Connection, reader: "ExcelReader", head: Path, name: str, settings: LoadSettings, limit: int
) -> SheetReading:
    loaded = load_sheet(connection, reader, name, settings, limit)
    _, lost = _marks(head, name, loaded)
    if loaded is None:
        return SheetReading(name, [], [], lost, 0, exact=True)
    types, data = _shown(connection, loaded)
    top = [[cell[:TOP_CHARS] for cell in row[:TOP_CELLS]] for row in loaded.top[:TOP_ROWS]]
    whole = len(data) < limit
    columns = loaded.readings(types, settings)
    return SheetReading(
        name, columns, data, {**loaded.found, **lost, "top": top}, len(data) if whole else None, whole
    )


def _open_head(path: Path, copy: Path, settings: LoadSettings, limit: int) -> tuple["ExcelReader", Path]:
    """The workbook's first rows, as far as a preview needs them, and where they are."""
    check_workbook(path)
    asked = [settings.header_row, *(s.header_row for s in settings.sheets.values())]
    rows = limit + max(0, *(row or 0 for row in asked)) + MORE_ROWS
    try:
        head = copy if cut_workbook(path, copy, rows) else path
        return open_workbook(head), head
    except zipfile.BadZipFile as error:
        raise _damaged() from error


def import_sheet(
    connection: Connection, path: Path, name: str, settings: LoadSettings, target: Path
) -> tuple[int, dict[str, object]]:
    """Writes a sheet as Parquet; how many rows, and the receipt. Raises Invalid, Unprocessable where it is too large."""
    reader = open_workbook(path)
    check_sheet(path, name)
    loaded = load_sheet(connection, reader, name, settings)
    merged, lost = _marks(path, name, loaded)
    if loaded is None:
        why = f"holds nothing but formulas without a stored result. {SAVE_IT}" if lost else "is empty."
        raise Invalid(f"The sheet `{name}` {why}", code="sheet_empty")
    with chosen_types():
        rows = copy_parquet(connection, loaded.select, target)
    types = [c.type for c in columns_of(connection, loaded.select)]
    receipt: dict[str, object] = {
        **loaded.found,
        **lost,
        "merged_cells": merged,
        "types": [asdict(reading) for reading in loaded.readings(types, settings)],
    }
    if loaded.converted_to_text:
        receipt["columns_kept_as_text"] = loaded.converted_to_text
    return rows, receipt


def _marks(path: Path, name: str, loaded: Loaded | None) -> tuple[int, dict[str, object]]:
    """How many areas of a sheet are merged, and what its formulas without a stored result make empty."""
    merged, formulas = MergedCells(), Formulas(loaded.header_place if loaded else -1)
    for block in sheet_blocks(path, name):
        merged.feed(block)
        formulas.feed(block)
    lost = formulas.found(dict(zip(loaded.places, loaded.headers, strict=True)) if loaded else {})
    return merged.count, {"formulas_without_result": lost} if lost else {}


def preview_sheet(
    connection: Connection, reader: "ExcelReader", name: str, settings: LoadSettings, limit: int
) -> SheetPreview:
    loaded = load_sheet(connection, reader, name, settings, limit)
    if loaded is None:
        return SheetPreview([], [], [])
    return SheetPreview(loaded.headers, *_shown(connection, loaded))


def _shown(connection: Connection, loaded: Loaded) -> tuple[list[str], list[list[object]]]:
    types = [c.type for c in columns_of(connection, loaded.select)]
    with chosen_types():
        return types, shown_rows(connection, loaded.headers, types, loaded.select)


@contextmanager
def chosen_types() -> Generator[None]:
    """Raises Invalid in place of a conversion that fails: only the types that a person chose can fail."""
    try:
        yield
    except duckdb.ConversionException as error:
        raise Invalid(
            f"A column holds values that are not of the type chosen for it. {said(error)}",
            code="type_does_not_fit",
        ) from error


@contextmanager
def _sheet_faults(name: str) -> Generator[None]:
    import fastexcel

    try:
        yield
    except fastexcel.FastExcelError as error:
        raise Invalid(
            f"The sheet `{name}` can't be read with these settings; check the header row.",
            code="sheet_unreadable",
        ) from error


def _top(reader: "ExcelReader", name: str) -> list[list[str]]:
    """The first rows as texts, whatever they are."""
    sheet = reader.load_sheet(
        name, header_row=None, skip_rows=0, n_rows=LOOKED_AT, schema_sample_rows=None, dtypes="string"
    )
    if sheet.width == 0:
        return []
    columns = [column.to_pylist() for column in sheet.to_arrow().columns]
    return [[str(cell or "") for cell in row] for row in zip(*columns, strict=True)]


def _header_row(top: Sequence[list[str]], asked: int | None) -> int:
    if asked is not None:
        return asked
    return first_record(top, len(top[0]), None) if top else 0


def _register(
    connection: Connection, reader: "ExcelReader", name: str, header_row: int, limit: int | None
) -> tuple["ExcelSheet", list[int], list[int]]:
    """Makes the rows known as VIEW; the sheet, which columns had to become texts to keep all cells, which are empty."""
    as_text: set[int] = set()
    while True:
        sheet = reader.load_sheet(
            name,
            header_row=None if header_row < 0 else header_row,
            n_rows=limit,
            schema_sample_rows=None,
            dtypes=dict.fromkeys(as_text, "string") or None,
        )
        if sheet.width == 0:
            return sheet, [], []
        batch, errors = sheet.to_arrow_with_errors()
        found = {error.offset_position[1] for error in errors.errors} if errors is not None else set[int]()
        if not found - as_text:
            connection.register(VIEW, batch)
            empty = [i for i, column in enumerate(batch.columns) if column.null_count == batch.num_rows]
            return sheet, sorted(as_text), empty
        as_text |= found


def _headers(reader: "ExcelReader", sheet: "ExcelSheet", header_row: int) -> list[str]:
    """Names of the columns, as they are in the sheet; none for an empty sheet."""
    columns = sheet.available_columns()
    names = [c.name if c.column_name_from == "looked_up" and header_row >= 0 else None for c in columns]
    if any(_may_be_doubled(name, names) for name in names):
        names = _header_cells(reader, sheet.name, header_row)
    return unique_headers(names)


def _may_be_doubled(name: str | None, names: Sequence[str | None]) -> bool:
    """Whether the reader may have put a number behind a name that it saw before."""
    match = re.fullmatch(r"(.+)_\d+", name or "", re.DOTALL)
    return match is not None and match[1] in names


def _header_cells(reader: "ExcelReader", name: str, header_row: int) -> list[str | None]:
    top = reader.load_sheet(
        name, header_row=None, skip_rows=0, n_rows=header_row + 1, schema_sample_rows=None, dtypes="string"
    ).to_arrow()
    return [column[top.num_rows - 1].as_py() for column in top.columns]


def _select(connection: Connection, headers: Sequence[str], settings: LoadSettings) -> str:
    described = connection.execute(f"DESCRIBE SELECT * FROM {VIEW}").fetchall()
    names = [str(row[0]) for row in described]
    kinds = [str(row[1]) for row in described]
    checks = ", ".join(_check(quoted(n), k) for n, k in zip(names, kinds, strict=True))
    _, *found = connection.execute(f"SELECT count(*), {checks} FROM {VIEW}").fetchall()[0]
    forced = {n.lower(): checked_type(k) for n, k in settings.types.items()}
    parts: list[str] = []
    for name, target, header in zip(names, found, headers, strict=True):
        kind = forced.get(header.lower(), target)
        value = f"CAST({quoted(name)} AS {kind})" if kind else quoted(name)
        parts.append(f"{value} AS {quoted(header)}")
    return f"SELECT {', '.join(parts)} FROM {VIEW}"


def _check(column: str, kind: str) -> str:
    """SQL for the type that a column's values all allow, NULL for the one it has."""
    if kind == "DOUBLE":
        return (
            f"CASE WHEN bool_and({column} = trunc({column}) AND abs({column}) <= {EXACT}) THEN 'BIGINT' END"
        )
    if kind.startswith("TIMESTAMP"):
        clock = f"CAST({column} AS DATE) IN (DATE '1899-12-30', DATE '1899-12-31')"
        midnight = f"{column} = date_trunc('day', {column})"
        return f"CASE WHEN bool_and({clock}) THEN 'TIME' WHEN bool_and({midnight}) THEN 'DATE' ELSE 'TIMESTAMP' END"
    return "'VARCHAR'" if kind in ('"NULL"', "NULL", "INTERVAL") else "NULL"
