"""A text file into Parquet: every row is kept, and no value is changed by its conversion."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import duckdb
from loguru import logger

from oryxforge.adapters.engine.csv import (
    GROUP,
    CsvSource,
    reasons,
    refused_column,
    scan_csv,
    select_csv,
    type_does_not_fit,
)
from oryxforge.adapters.engine.dialect import Sample
from oryxforge.adapters.engine.duck import Connection, said
from oryxforge.adapters.engine.headers import unique_headers
from oryxforge.adapters.engine.kinds import Kind, Plan, plan_column, refusal
from oryxforge.adapters.engine.mending import Mended, mend
from oryxforge.adapters.engine.parquet import copy_parquet
from oryxforge.adapters.engine.place import Draft, Place
from oryxforge.adapters.engine.reasons import decimal_of
from oryxforge.adapters.engine.text import as_utf8
from oryxforge.adapters.engine.work import Stop
from oryxforge.domain.errors import Failed, Invalid

ATTEMPTS = 8
REFUSED = 1000
Receipt = dict[str, object]


class NotUtf8(Exception):
    """The file stops being UTF-8 somewhere behind its sample."""


class Irregular(Exception):
    """The engine's reader refuses a line of the file."""


def write_csv(
    connection: Connection, place: Place, source: CsvSource, draft: Draft, stop: Stop
) -> tuple[int, Receipt]:
    """Writes every row to the draft, with wider types where the file turns out to need them; rows and receipt.

    Raises NotUtf8 where the file must be opened again in another encoding.
    """
    with as_utf8(place, source.path, source.encoding, stop) as path:
        utf8 = replace(source, path=path)
        if not source.dialect.irregular:
            try:
                rows, final = _write(connection, utf8, draft, stop)
                if source.sample.total in (None, rows):
                    return rows, _receipt(source, final)
            except Irregular as error:
                logger.info("text file is irregular", reason=str(error))
        rows, final = _write_mended(connection, place, utf8, draft, stop)
        return rows, _receipt(source, final)


def _write_mended(
    connection: Connection, place: Place, source: CsvSource, draft: Draft, stop: Stop
) -> tuple[int, CsvSource]:
    with place.scratch() as copy:
        mended = mend(source.path, copy, source.dialect, stop)
        try:
            rows, final = _write(connection, _with_mended(source, copy, mended), draft, stop)
        except Irregular as error:
            raise Invalid(
                f"The file can't be read as a table. Set its delimiter in the import settings. {error}",
                code="file_irregular",
            ) from error
    if rows != mended.rows:
        raise Failed(f"Of {mended.rows} rows {rows} could be read; nothing was imported.", code="rows_lost")
    return rows, final


def _write(connection: Connection, source: CsvSource, draft: Draft, stop: Stop) -> tuple[int, CsvSource]:
    """The number of rows written, and the source as it was read in the end."""
    for _ in range(ATTEMPTS):
        stop.check()
        with reader_faults():
            refused = _refused(connection, source) if source.is_wide else {}
            if not refused:
                try:
                    return copy_parquet(connection, select_csv(source), draft.path, source.columns), source
                except (duckdb.InvalidInputException, duckdb.ConversionException) as error:
                    if refused_column(error) is None and not isinstance(error, duckdb.ConversionException):
                        raise
                refused = _refused(connection, source)
            source = _widened(source, refused)
    raise Invalid(
        "The types of the columns change too often to be found. Choose VARCHAR for them in the import settings.",
        code="types_irregular",
    )


@contextmanager
def reader_faults() -> Generator[None]:
    """Raises NotUtf8 or Irregular in place of what the engine's reader of text files says."""
    try:
        yield
    except duckdb.Error as error:
        message = str(error)
        if "unicode" in message or "utf-8" in message:
            raise NotUtf8 from error
        if "CSV" in message:
            raise Irregular(said(error)) from error
        raise


def _with_mended(source: CsvSource, copy: Path, mended: Mended) -> CsvSource:
    extra = mended.width - len(source.dialect.headers)
    headers = unique_headers([*source.dialect.headers, *[""] * extra])
    dialect = replace(
        source.dialect, delimiter=",", has_header=False, skip=0, headers=tuple(headers), padded=True
    )
    rows = [[*row, *[None] * extra] for row in source.sample.rows]
    plans = (*source.plans, *[Plan(Kind.VARCHAR, unseen=True)] * extra)
    return replace(source, path=copy, sample=Sample(dialect, rows, None), plans=plans, mended=mended)


def _receipt(source: CsvSource, final: CsvSource) -> Receipt:
    dialect = source.dialect
    columns = zip(final.dialect.headers, final.plans, strict=True)
    readings = zip(final.dialect.headers, final.plans, reasons(final), strict=True)
    odd = {h: _said_of(p) for h, p in columns if _said_of(p)}
    return {
        "encoding": source.encoding,
        "delimiter": dialect.delimiter,
        "header": dialect.has_header,
        "lines_above_header": list(dialect.skipped),
        "header_row": dialect.skip if dialect.has_header else -1,
        "decimal": source.settings.decimal or decimal_of(final.plans),
        "columns": odd,
        "types": [{"name": h, "type": p.type, "why": why} for h, p, why in readings],
        "rejects": 0,
        **(final.mended.receipt() if final.mended else {}),
    }


def _said_of(plan: Plan) -> Receipt:
    said_of: Receipt = {}
    if plan.style:
        said_of["written_as"] = {",": "decimal comma", "grouped": "grouped thousands"}.get(
            plan.style, plan.style
        )
    if plan.missing:
        said_of["words_for_missing"] = sorted(plan.missing)
    if plan.note:
        said_of["note"] = plan.note
    return said_of


def _refused(connection: Connection, source: CsvSource) -> dict[int, list[str]]:
    """Values, wherever in the file they are, that the plan of their column does not keep whole; by position."""
    refused: dict[int, list[str]] = {}
    for start in range(0, len(source.plans), GROUP):
        checks = {
            i: refusal(plan, f"c{i + 1}") for i, plan in enumerate(source.plans) if start <= i < start + GROUP
        }
        counts = ", ".join(f"count(*) FILTER (WHERE {check})" for check in checks.values())
        row = connection.execute(f"SELECT {counts} FROM {scan_csv(source)}").fetchall()[0]
        for (position, check), count in zip(checks.items(), row, strict=True):
            if count:
                refused[position] = _refused_values(connection, source, position, check)
    return refused


def _widened(source: CsvSource, refused: dict[int, list[str]]) -> CsvSource:
    """Plans that also fit the values which the ones before refused."""
    plans = list(source.plans)
    rows = source.sample.rows
    for position, values in refused.items():
        plan = plans[position]
        if plan.forced:
            raise type_does_not_fit(source.dialect.headers[position], plan)
        seen = [r[position] for r in rows]
        settings = source.settings
        wider = plan_column([*seen, *values], settings.decimal, source.dialect.delimiter, settings.dates)
        plans[position] = Plan(Kind.VARCHAR) if wider == plan else wider
        rows = _with_values(rows, position, values, len(plans))
    return replace(source, plans=tuple(plans), sample=replace(source.sample, rows=rows))


def _refused_values(connection: Connection, source: CsvSource, position: int, check: str) -> list[str]:
    column = f"c{position + 1}"
    found = connection.execute(
        f"SELECT DISTINCT {column} FROM {scan_csv(source)} WHERE {check} LIMIT {REFUSED}"
    ).fetchall()
    return [str(row[0]) for row in found]


def _with_values(
    rows: list[list[str | None]], position: int, values: Sequence[str], width: int
) -> list[list[str | None]]:
    extra: list[list[str | None]] = [[v if i == position else None for i in range(width)] for v in values]
    return [*rows, *extra]
