"""Rows into an Excel workbook: the engine writes each row's XML, so that no cell passes through Python."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from oryxforge.adapters.engine.duck import Connection, quoted
from oryxforge.adapters.engine.profile import is_number
from oryxforge.adapters.engine.taken import text_expression
from oryxforge.adapters.engine.values import is_float
from oryxforge.adapters.engine.work import Stop
from oryxforge.adapters.engine.xlsx_parts import END, HEADER_STYLE, SHEET, STYLES, beginning, parts
from oryxforge.domain.errors import Unprocessable
from oryxforge.domain.sheets import Column

MAX_ROWS = 1_048_575
MAX_COLUMNS = 16_384
# Excel keeps 15 digits of a number: longer ones stay texts.
EXACT_DIGITS = 15
EXACT = 10**EXACT_DIGITS
MAX_TEXT = 32_767
KEPT_TEXT = 32_000
# Excel's calendar has a 29 February 1900: before it, days count otherwise.
FIRST_DAY, LAST_DAY, DAY_ZERO = "DATE '1900-03-01'", "DATE '9999-12-31'", "DATE '1899-12-30'"
DAY_US = 86_400_000_000
ILLEGAL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x{fffe}\x{ffff}]"
ASTRAL = r"[^\x{10000}-\x{10ffff}]"
EMPTY = "'<c/>'"
BATCH_ROWS = 2048
FASTEST = 1


def check_size(rows: int, columns: int) -> None:
    """Raises Unprocessable for more than Excel holds."""
    if rows > MAX_ROWS:
        raise Unprocessable(
            f"Excel holds {MAX_ROWS:,} rows and these are {rows:,}. Filter them, or take Parquet or CSV.",
            code="too_many_rows",
        )
    if columns > MAX_COLUMNS:
        raise Unprocessable(
            f"Excel holds {MAX_COLUMNS:,} columns and these are {columns:,}. Hide some, or take Parquet or CSV.",
            code="too_many_columns",
        )


def write_xlsx(
    connection: Connection,
    stop: Stop,
    select: str,
    parameters: Sequence[object],
    columns: Sequence[Column],
    title: str,
    target: Path,
) -> None:
    """Writes a SELECT of these columns as the only sheet of a workbook."""
    names = "SELECT unnest(CAST(? AS VARCHAR[])) AS name"
    header = f"SELECT {_text_cell('name', HEADER_STYLE)} FROM ({names})"
    rows = f"SELECT concat('<row>', {', '.join(map(_cell, columns))}, '</row>') FROM ({select})"
    with ZipFile(target, "w", ZIP_DEFLATED, compresslevel=FASTEST) as book:
        for name, content in parts(title).items():
            book.writestr(name, content)
        with book.open(SHEET, "w", force_zip64=True) as part:
            part.write(beginning(columns).encode() + b"<row>")
            for block in _texts(connection, header, [[c.name for c in columns]]):
                part.write(block)
            part.write(b"</row>")
            for block in _texts(connection, rows, parameters):
                stop.check()
                part.write(block)
            part.write(END.encode())


def _texts(connection: Connection, sql: str, parameters: Sequence[object]) -> Iterator[memoryview]:
    """The texts of a query's only column one after the other, in blocks, as they lie in memory."""
    import pyarrow as pa

    for batch in connection.sql(sql, params=list(parameters)).to_arrow_reader(BATCH_ROWS):
        texts: Any = batch.column(0).cast(pa.large_utf8())
        _, offsets, content = texts.buffers()
        if content is not None:
            bounds = memoryview(offsets).cast("B").cast("q")
            yield memoryview(content)[bounds[texts.offset] : bounds[texts.offset + len(texts)]]


def _cell(column: Column) -> str:
    """SQL of a cell. What Excel can't hold as itself (long numbers, early dates) is a text."""
    name, kind = quoted(column.name), column.type
    as_text = text_expression(name, kind)
    if kind == "BOOLEAN":
        flag = f"'<c t=\"b\"><v>' || CAST(CAST({name} AS INTEGER) AS VARCHAR) || '</v></c>'"
        return f"coalesce({flag}, {EMPTY})"
    if is_number(kind):
        number = f"CAST({name} AS VARCHAR)"
        return _number_cell(name, _is_exact(name, kind), number, 0, as_text)
    if kind in STYLES:
        return _number_cell(name, *_serial(name, kind), STYLES[kind], as_text)
    return _text_cell(as_text)


def _number_cell(name: str, fits: str, number: str, style: int, as_text: str) -> str:
    cell = f"'<c s=\"{style}\"><v>' || {number} || '</v></c>'"
    return f"CASE WHEN {name} IS NULL THEN {EMPTY} WHEN {fits} THEN {cell} ELSE {_text_cell(as_text)} END"


def _is_exact(name: str, kind: str) -> str:
    if is_float(kind):
        return f"isfinite({name})"
    if kind.startswith("DECIMAL"):
        return f"strlen(translate(CAST({name} AS VARCHAR), '-.', '')) <= {EXACT_DIGITS}"
    return f"{name} BETWEEN -{EXACT} AND {EXACT}"


def _serial(name: str, kind: str) -> tuple[str, str]:
    """Whether Excel's calendar has a date or time, and its number there."""
    if kind == "TIME":
        return "true", f"CAST(epoch_us({name}) / {DAY_US} AS VARCHAR)"
    fits = f"{name} >= {FIRST_DAY} AND {name} < {LAST_DAY} + 1"
    if kind == "DATE":
        return fits, f"CAST({name} - {DAY_ZERO} AS VARCHAR)"
    return fits, f"CAST((epoch_us({name}) - epoch_us({DAY_ZERO})) / {DAY_US} AS VARCHAR)"


def _text_cell(value: str, style: int = 0) -> str:
    # A character outside the first 65,536 is two of those that Excel counts, and at least as many bytes.
    units = f"length({value}) + length(regexp_replace({value}, '{ASTRAL}', '', 'g'))"
    is_long = f"strlen({value}) > {MAX_TEXT} AND {units} > {MAX_TEXT}"
    cut = f"left({value}, {KEPT_TEXT // 2}) || ' … (cut: ' || strlen({value}) || ' bytes)'"
    kept = _escaped(f"CASE WHEN {is_long} THEN {cut} ELSE {value} END")
    begin = f'\'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">\''
    return f"coalesce({begin} || {kept} || '</t></is></c>', {EMPTY})"


def _escaped(value: str) -> str:
    """SQL of a text as XML has it; what Excel would read as an escape of its own is escaped too."""
    legal = f"regexp_replace({value}, '{ILLEGAL}', '', 'g')"
    apart = rf"regexp_replace({legal}, '_(x[0-9A-Fa-f]{{4}}_)', '_x005F_\1', 'g')"
    return f"replace(replace(replace({apart}, '&', '&amp;'), '<', '&lt;'), '>', '&gt;')"
