"""Text files into sheets: every row is kept, and no value is changed by its conversion."""

import re
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
from loguru import logger

from oryxforge.adapters.engine.dialect import Dialect, Sample, read_sample
from oryxforge.adapters.engine.duck import Connection, quoted, said, text
from oryxforge.adapters.engine.headers import unique_headers
from oryxforge.adapters.engine.kinds import GUARD_MARK, Kind, Plan, conversion, plan_column, refusal
from oryxforge.adapters.engine.mending import Mended, mend
from oryxforge.adapters.engine.parquet import copy_parquet
from oryxforge.adapters.engine.place import Draft, Place
from oryxforge.adapters.engine.text import (
    as_utf8,
    detect_encoding,
    first_bad_block,
    guess_encoding,
    known_encoding,
)
from oryxforge.adapters.engine.values import fetch_rows, projection
from oryxforge.adapters.engine.work import Stop
from oryxforge.domain.errors import Failed, Invalid
from oryxforge.domain.sources import LoadSettings, SheetPreview

SAMPLE_BYTES = 1 << 20
SAMPLE_ROWS = 10_000
TYPE = re.compile(r"[A-Za-z][A-Za-z0-9_ ]*(\(\s*\d+\s*(,\s*\d+\s*)?\))?")
ATTEMPTS = 8
REFUSED = 1000
MAX_LINE = 1 << 26


@dataclass(frozen=True)
class CsvSource:
    """A text file in UTF-8 with what was found out about it."""

    path: Path
    encoding: str
    sample: Sample
    plans: tuple[Plan, ...]
    settings: LoadSettings
    mended: Mended | None = None
    max_line: int = 1 << 21

    @property
    def dialect(self) -> Dialect:
        return self.sample.dialect


@contextmanager
def open_csv(
    place: Place, path: Path, settings: LoadSettings, stop: Stop, encoding: str = ""
) -> Generator[CsvSource]:
    """Finds encoding, dialect and the columns' plans. Raises Invalid for what can't be read as text."""
    name = encoding or _encoding(path, settings)
    with as_utf8(place, path, name, stop) as utf8:
        sample = _sample(utf8, settings)
        plans = tuple(_plans(sample, settings))
        yield CsvSource(utf8, name, sample, plans, settings)


def preview_csv(connection: Connection, source: CsvSource, limit: int) -> SheetPreview:
    headers = list(source.dialect.headers)
    rows = source.sample.rows[:limit]
    select = ", ".join(
        f"{conversion(p, f'r[{i}]', i)} AS {quoted(h)}"
        for i, (p, h) in enumerate(zip(source.plans, headers, strict=True), 1)
    )
    statement = f"SELECT {select} FROM (SELECT unnest(CAST($rows AS VARCHAR[][])) AS r)"
    types = [p.type for p in source.plans]
    shown = f"SELECT {projection(headers, types)} FROM ({statement})"
    try:
        connection.execute(shown, {"rows": rows})
        return SheetPreview(headers, types, fetch_rows(connection, types))
    except duckdb.InvalidInputException as error:
        raise _forced_type_error(error, source) from error


def write_csv(
    connection: Connection, place: Place, source: CsvSource, draft: Draft, stop: Stop
) -> tuple[int, dict[str, object]]:
    """Writes every row to the draft, with wider types where the file turns out to need them; rows and receipt."""
    if not source.dialect.irregular:
        try:
            return _write(connection, source, draft, stop)
        except Irregular as error:
            logger.info("text file is irregular", reason=str(error))
    with place.scratch() as copy:
        mended = mend(source.path, copy, source.dialect, stop)
        clean = _with_mended(source, copy, mended)
        rows, receipt = _write(connection, clean, draft, stop)
        if rows != mended.rows:
            raise Failed(
                f"Of {mended.rows} rows {rows} could be read; nothing was imported.", code="rows_lost"
            )
        return rows, receipt


class Irregular(Exception):
    """The engine's reader refuses a line of the file."""


def _write(
    connection: Connection, source: CsvSource, draft: Draft, stop: Stop
) -> tuple[int, dict[str, object]]:
    for _ in range(ATTEMPTS):
        stop.check()
        try:
            return copy_parquet(connection, _select(source), draft), _receipt(source)
        except duckdb.InvalidInputException as error:
            source = _amended(connection, source, error)
        except duckdb.InterruptException:
            raise
        except duckdb.Error as error:
            if "CSV" not in str(error):
                raise
            raise Irregular(said(error)) from error
    raise Invalid(
        "The types of the columns change too often to be found. Choose VARCHAR for them in the import settings.",
        code="types_irregular",
    )


def _with_mended(source: CsvSource, copy: Path, mended: Mended) -> CsvSource:
    extra = mended.width - len(source.dialect.headers)
    headers = unique_headers([*source.dialect.headers, *[""] * extra])
    dialect = replace(
        source.dialect, delimiter=",", has_header=False, skip=0, headers=tuple(headers), padded=True
    )
    rows = [[*row, *[None] * extra] for row in source.sample.rows]
    plans = (*source.plans, *[Plan(Kind.VARCHAR, unseen=True)] * extra)
    return replace(
        source, path=copy, sample=Sample(dialect, rows), plans=plans, mended=mended, max_line=MAX_LINE
    )


def _receipt(source: CsvSource) -> dict[str, object]:
    dialect = source.dialect
    columns = zip(dialect.headers, source.plans, strict=True)
    odd = {h: _said_of(p) for h, p in columns if _said_of(p)}
    return {
        "encoding": source.encoding,
        "delimiter": dialect.delimiter,
        "header": dialect.has_header,
        "lines_above_header": list(dialect.skipped),
        "columns": odd,
        "rejects": 0,
        **(source.mended.receipt() if source.mended else {}),
    }


def _said_of(plan: Plan) -> dict[str, object]:
    said_of: dict[str, object] = {}
    if plan.style:
        said_of["written_as"] = {",": "decimal comma", "grouped": "grouped thousands"}.get(
            plan.style, plan.style
        )
    if plan.missing:
        said_of["words_for_missing"] = sorted(plan.missing)
    if plan.note:
        said_of["note"] = plan.note
    return said_of


class NotUtf8(Exception):
    """The file stops being UTF-8 somewhere behind its sample."""


def later_encoding(path: Path, stop: Stop) -> str:
    """The encoding of a file whose first bytes looked like UTF-8."""
    block = first_bad_block(path, stop)
    return guess_encoding(block) if block else "cp1252"


def _encoding(path: Path, settings: LoadSettings) -> str:
    with path.open("rb") as file:
        sample = file.read(SAMPLE_BYTES)
        whole = not file.read(1)
    if settings.encoding is not None:
        return known_encoding(settings.encoding)
    return detect_encoding(sample, whole)


def _sample(path: Path, settings: LoadSettings) -> Sample:
    size = SAMPLE_BYTES
    while True:
        with path.open("rb") as file:
            content = file.read(size)
            whole = not file.read(1)
        decoded = content.decode("utf-8-sig", errors="ignore")
        sample = read_sample(decoded, whole, settings)
        if whole or len(sample.rows) >= 10 or size >= MAX_LINE:
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
            yield plan_column(column, settings.decimal, sample.dialect.delimiter)


def checked_type(kind: str) -> str:
    """A type that a person chose, in the engine's spelling. Raises Invalid where it is no name of a type."""
    if not TYPE.fullmatch(kind.strip()):
        raise Invalid(
            f"`{kind}` is no column type. Choose VARCHAR, BIGINT, DOUBLE, DECIMAL(18,2), DATE, TIMESTAMP "
            "or BOOLEAN.",
            code="type_unknown",
        )
    return kind.strip().upper()


def _select(source: CsvSource) -> str:
    columns = ", ".join(
        f"{conversion(plan, f'c{i}', i)} AS {quoted(header)}"
        for i, (plan, header) in enumerate(zip(source.plans, source.dialect.headers, strict=True), 1)
    )
    return f"SELECT {columns} FROM {_scan(source)}"


def _scan(source: CsvSource) -> str:
    dialect = source.dialect
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
        f"max_line_size={source.max_line}",
        f"columns={{{columns}}}",
    ]
    return f"read_csv({', '.join(options)})"


def _amended(connection: Connection, source: CsvSource, error: duckdb.Error) -> CsvSource:
    """The source as it must be read after an attempt failed. Raises NotUtf8 or Irregular."""
    message = str(error)
    if GUARD_MARK in message:
        return _widened(connection, source, error)
    if "unicode" in message or "utf-8" in message:
        raise NotUtf8 from error
    raise Irregular(said(error)) from error


def _widened(connection: Connection, source: CsvSource, error: duckdb.Error) -> CsvSource:
    """Plans that also fit the values which the ones before refused, wherever in the file they are."""
    checks = [refusal(plan, f"c{i}") for i, plan in enumerate(source.plans, 1)]
    counts = ", ".join(f"count(*) FILTER (WHERE {check})" for check in checks)
    row = connection.execute(f"SELECT {counts} FROM {_scan(source)}").fetchone()
    plans = list(source.plans)
    rows = source.sample.rows
    for position, refused in enumerate(row or ()):
        if not refused:
            continue
        plan = plans[position]
        if plan.forced:
            raise _forced_type_error(error, source)
        values = _refused_values(connection, source, position, checks[position])
        seen = [r[position] for r in rows]
        wider = plan_column([*seen, *values], source.settings.decimal, source.dialect.delimiter)
        plans[position] = Plan(Kind.VARCHAR) if wider == plan else wider
        rows = _with_values(rows, position, values, len(plans))
    return replace(source, plans=tuple(plans), sample=replace(source.sample, rows=rows))


def _refused_values(connection: Connection, source: CsvSource, position: int, check: str) -> list[str]:
    column = f"c{position + 1}"
    found = connection.execute(
        f"SELECT DISTINCT {column} FROM {_scan(source)} WHERE {check} LIMIT {REFUSED}"
    ).fetchall()
    return [str(row[0]) for row in found]


def _with_values(
    rows: list[list[str | None]], position: int, values: Sequence[str], width: int
) -> list[list[str | None]]:
    extra: list[list[str | None]] = [[v if i == position else None for i in range(width)] for v in values]
    return [*rows, *extra]


def _forced_type_error(error: duckdb.Error, source: CsvSource) -> Invalid:
    match = re.search(re.escape(GUARD_MARK) + r": (\d+)", str(error))
    if match is None:
        return Invalid(said(error), code="file_unreadable")
    position = int(match[1]) - 1
    column, kind = source.dialect.headers[position], source.plans[position].type
    return Invalid(
        f"Column `{column}` holds values that are not {kind}. Choose VARCHAR, or leave the type to be found.",
        code="type_does_not_fit",
    )
