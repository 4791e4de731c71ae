"""A text file as a table: its encoding, its dialect, the plan of each column, and the SQL that reads it."""

import re
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from oryxforge.adapters.engine.dialect import Dialect, Sample, read_sample
from oryxforge.adapters.engine.duck import Connection, quoted, text
from oryxforge.adapters.engine.kinds import GUARD_MARK, Kind, Plan, bare_conversion, conversion, plan_column
from oryxforge.adapters.engine.mending import Mended
from oryxforge.adapters.engine.reasons import decimal_of, reason
from oryxforge.adapters.engine.text import (
    SAMPLE_BYTES,
    decoded,
    encoding_of,
    first_bad_block,
    guess_encoding,
    known_encoding,
)
from oryxforge.adapters.engine.types import checked_type
from oryxforge.adapters.engine.values import shown_rows
from oryxforge.adapters.engine.work import Stop
from oryxforge.domain.errors import Invalid
from oryxforge.domain.sheets import Column
from oryxforge.domain.sources import ColumnReading, LoadSettings, SheetPreview, SheetReading

SAMPLE_ROWS = 10_000
MAX_SAMPLE = 1 << 26
GROUP = 100
TOP_CELLS = 20
TOP_CHARS = 60
USUAL_LINE = 1 << 21
USUAL_BUFFER = 1 << 25


@dataclass(frozen=True)
class CsvSource:
    """A text file (to be read by the engine it must be in UTF-8) with what was found out about it."""

    path: Path
    encoding: str
    sample: Sample
    plans: tuple[Plan, ...]
    settings: LoadSettings
    mended: Mended | None = None

    @property
    def dialect(self) -> Dialect:
        return self.sample.dialect

    @property
    def is_wide(self) -> bool:
        """Whether so many guarded conversions at once would take too much memory and planning."""
        return len(self.plans) > GROUP

    @property
    def columns(self) -> tuple[Column, ...]:
        pairs = zip(self.dialect.headers, self.plans, strict=True)
        return tuple(Column(header, plan.type) for header, plan in pairs)


def open_csv(path: Path, settings: LoadSettings, encoding: str = "") -> CsvSource:
    """Finds encoding, dialect and the columns' plans. Raises Invalid for what can't be read as text."""
    if settings.decimal not in (None, ".", ","):
        raise Invalid(
            "The decimal sign is `.` or `,`. Leave it out to have it found.", code="decimal_invalid"
        )
    name = encoding or _encoding(path, settings)
    sample = _sample(path, name, settings)
    return CsvSource(path, name, sample, tuple(_plans(sample, settings)), settings)


def preview_csv(connection: Connection, source: CsvSource, limit: int) -> SheetPreview:
    """The first rows, read from the sample alone."""
    rows = source.sample.rows[:limit]
    parts: list[list[list[object]]] = []
    types: list[str] = []
    for start in range(0, len(source.plans), GROUP):
        columns = range(start, min(start + GROUP, len(source.plans)))
        found, data = _converted(connection, source, [[row[c] for c in columns] for row in rows], columns)
        types += found
        parts.append(data)
    data = [[value for part in parts for value in part[r]] for r in range(len(rows))]
    return SheetPreview(list(source.dialect.headers), types, data)


def inspect_csv(connection: Connection, source: CsvSource, name: str, limit: int) -> SheetReading:
    """As the preview, with what was found out and why."""
    preview = preview_csv(connection, source, limit)
    readings = zip(preview.headers, preview.types, reasons(source), strict=True)
    total = source.sample.total
    return SheetReading(
        name,
        [ColumnReading(*reading) for reading in readings],
        preview.data,
        detected(source),
        _rows_by_size(source) if total is None else total,
        total is not None,
    )


def reasons(source: CsvSource) -> Generator[str]:
    """Why each column has its type."""
    for position, plan in enumerate(source.plans):
        chosen = source.dialect.headers[position].lower() in {n.lower() for n in source.settings.types}
        yield reason(plan, (row[position] for row in source.sample.rows), chosen=chosen)


def detected(source: CsvSource) -> dict[str, object]:
    dialect = source.dialect
    return {
        "encoding": source.encoding,
        "delimiter": dialect.delimiter,
        "decimal": source.settings.decimal or decimal_of(source.plans),
        "header_row": dialect.skip if dialect.has_header else -1,
        "lines_above_header": list(dialect.skipped),
        "top": [[cell[:TOP_CHARS] for cell in row[:TOP_CELLS]] for row in source.sample.top],
    }


def _rows_by_size(source: CsvSource) -> int:
    """How many rows the whole file has, judged by those of the sample."""
    rows = source.sample.rows
    size = sum(len(cell.encode()) if cell else 0 for row in rows for cell in row)
    each = size / max(1, len(rows)) + len(source.plans)
    return round(source.path.stat().st_size / max(1.0, each))


def _converted(
    connection: Connection, source: CsvSource, rows: list[list[str | None]], columns: range
) -> tuple[list[str], list[list[object]]]:
    """Types and values of some columns; one whose plan does not hold stays text."""
    headers = [source.dialect.headers[c] for c in columns]
    plans = [source.plans[c] for c in columns]
    while True:
        types = [p.type for p in plans]
        select = f"SELECT {_conversions(plans, headers, 'r[{}]')} FROM (SELECT unnest(CAST($rows AS VARCHAR[][])) AS r)"
        try:
            return types, shown_rows(connection, headers, types, select, {"rows": rows})
        except duckdb.InvalidInputException as error:
            position = refused_column(error)
            if position is None:
                raise
            if plans[position].forced:
                raise type_does_not_fit(headers[position], plans[position]) from error
            plans[position] = Plan(Kind.VARCHAR)


def refused_column(error: duckdb.Error) -> int | None:
    """The position of the column whose plan refused a value, None where the error is another."""
    match = re.search(re.escape(GUARD_MARK) + r": (\d+)", str(error))
    return int(match[1]) - 1 if match else None


def type_does_not_fit(column: str, plan: Plan) -> Invalid:
    return Invalid(
        f"Column `{column}` holds values that are not {plan.type}. Choose VARCHAR, or leave the type to be found.",
        code="type_does_not_fit",
    )


def later_encoding(path: Path, stop: Stop) -> str:
    """The encoding of a file whose first bytes looked like UTF-8."""
    block = first_bad_block(path, stop)
    return guess_encoding(block) if block else "cp1252"


def _encoding(path: Path, settings: LoadSettings) -> str:
    return encoding_of(path) if settings.encoding is None else known_encoding(settings.encoding)


def _sample(path: Path, encoding: str, settings: LoadSettings) -> Sample:
    size = SAMPLE_BYTES
    while True:
        with path.open("rb") as file:
            content = file.read(size)
            whole = not file.read(1)
        letters = decoded(content, encoding, whole=whole, chosen=settings.encoding is not None)
        sample = read_sample(letters, whole, settings)
        if whole or len(sample.rows) >= 10 or size >= MAX_SAMPLE:
            return replace(sample, rows=sample.rows[:SAMPLE_ROWS])
        size *= 8


def _plans(sample: Sample, settings: LoadSettings) -> Generator[Plan]:
    forced = {name.lower(): checked_type(kind) for name, kind in settings.types.items()}
    unknown = [n for n in settings.types if n.lower() not in {h.lower() for h in sample.dialect.headers}]
    if unknown:
        raise Invalid(
            f"There is no column `{unknown[0]}`; there are {', '.join(sample.dialect.headers[:20])}.",
            code="column_unknown",
        )
    for position, header in enumerate(sample.dialect.headers):
        column = (row[position] for row in sample.rows)
        kind = forced.get(header.lower())
        if kind == "VARCHAR":
            yield Plan(Kind.VARCHAR)
        elif kind:
            style = "," if settings.decimal == "," and kind.startswith(("DOUBLE", "DECIMAL", "FLOAT")) else ""
            yield Plan(Kind.VARCHAR, style, forced=kind)
        else:
            yield plan_column(column, settings.decimal, sample.dialect.delimiter, settings.dates)


def select_csv(source: CsvSource) -> str:
    """SQL of the converted rows; it fails where a plan does not hold, except for a wide source."""
    if source.is_wide:
        pairs = zip(source.plans, source.dialect.headers, strict=True)
        values = ", ".join(
            f"{bare_conversion(p, f'c{i}')} AS {quoted(h)}" for i, (p, h) in enumerate(pairs, 1)
        )
    else:
        values = _conversions(source.plans, source.dialect.headers, "c{}")
    return f"SELECT {values} FROM {scan_csv(source)}"


def _conversions(plans: Sequence[Plan], headers: Sequence[str], column: str) -> str:
    return ", ".join(
        f"{conversion(plan, column.format(i), i)} AS {quoted(header)}"
        for i, (plan, header) in enumerate(zip(plans, headers, strict=True), 1)
    )


def scan_csv(source: CsvSource) -> str:
    """SQL of the rows as texts, c1, c2 …"""
    dialect = source.dialect
    longest = max(USUAL_LINE, source.mended.longest if source.mended else 0)
    columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(1, len(dialect.headers) + 1))
    options = [
        text(str(source.path)),
        "auto_detect=false",
        f"delim={text(dialect.delimiter)}",
        "quote='\"'",
        "escape='\"'",
        f"header={str(dialect.has_header).lower()}",
        f"skip={dialect.skip}",
        f"null_padding={str(dialect.padded).lower()}",
        f"parallel={str(source.mended is None).lower()}",
        f"max_line_size={longest}",
        f"buffer_size={max(USUAL_BUFFER, longest * 2)}",
        f"columns={{{columns}}}",
    ]
    return f"read_csv({', '.join(options)})"
