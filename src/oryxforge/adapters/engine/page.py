"""Pages of a sheet: filtered, sorted, in a stable order."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb

from oryxforge.adapters.engine.conditions import condition, searching
from oryxforge.adapters.engine.duck import Connection, quoted, said, text
from oryxforge.adapters.engine.nearest import nearest
from oryxforge.adapters.engine.parquet import columns_of, scan
from oryxforge.adapters.engine.values import ResultTooBig, is_float, shown_rows
from oryxforge.domain.errors import Invalid
from oryxforge.domain.sheets import Column, Page, PageRequest

MAX_ROWS = 10_000
MAX_ARROW = 128 << 20
ARROW_ROWS = 2048
ROW = "file_row_number"


@dataclass(frozen=True)
class Selection:
    """The SQL of a page and of its total, with the values bound to both."""

    columns: tuple[Column, ...]
    rows: str
    count: str
    parameters: list[object]


def read_page(connection: Connection, address: str, request: PageRequest) -> Page:
    selection = select_page(connection, address, request)
    headers = [c.name for c in selection.columns]
    types = [c.type for c in selection.columns]
    with _value_faults():
        data = shown_rows(connection, headers, types, selection.rows, selection.parameters)
        total = total_of(connection, selection)
    return Page(headers, types, data, total, truncated=request.limit > MAX_ROWS)


@contextmanager
def _value_faults() -> Generator[None]:
    try:
        yield
    except duckdb.ConversionException as error:
        raise Invalid(
            f"The value of a filter does not fit its column. {said(error)}", code="filter_value"
        ) from error


def total_of(connection: Connection, selection: Selection) -> int:
    row = connection.execute(selection.count, selection.parameters).fetchone()
    return int(row[0]) if row else 0


def select_page(connection: Connection, address: str, request: PageRequest) -> Selection:
    """Raises Invalid for a column, an operator or a value that makes no sense here."""
    if request.offset < 0 or request.limit < 0:
        raise Invalid("offset and limit start at 0.", code="page_invalid")
    columns = columns_of(connection, scan(address))
    parameters: list[object] = []
    where = [condition(f, column_named(columns, f.column), parameters) for f in request.filter]
    if request.search:
        where.append(searching(request.search, columns, parameters))
    limit = min(request.limit, MAX_ROWS)
    source, row = _numbered(address, columns)
    filtered = f" WHERE {' AND '.join(where)}" if where else ""
    names = ", ".join(quoted(c.name) for c in columns)
    count = f"SELECT count(*) FROM {source}{filtered}"
    if not where and not request.sort and row == ROW:
        span = f" WHERE {ROW} >= {request.offset} AND {ROW} < {request.offset + limit} ORDER BY {ROW}"
        return Selection(columns, f"SELECT {names} FROM {source}{span}", count, parameters)
    order = ", ".join([*(_sort_key(columns, k.column, k.descending) for k in request.sort), row])
    rows = f"SELECT {names} FROM {source}{filtered} ORDER BY {order} LIMIT {limit} OFFSET {request.offset}"
    return Selection(columns, rows, count, parameters)


def column_named(columns: Sequence[Column], name: str) -> Column:
    """The column of a name, without regard to case where only that differs. Raises Invalid that says the nearest."""
    for column in columns:
        if column.name == name:
            return column
    for column in columns:
        if column.name.lower() == name.lower():
            return column
    raise Invalid(
        f"There is no column `{name}`; {nearest(name, [c.name for c in columns])}.", code="column_unknown"
    )


def _numbered(address: str, columns: Sequence[Column]) -> tuple[str, str]:
    """The file as a table, and SQL for the number of a row in it."""
    if all(c.name.lower() != ROW for c in columns):
        return f"read_parquet({text(address)})", ROW
    number = "oryx_row"
    while any(c.name.lower() == number for c in columns):
        number += "_"
    return f"(SELECT *, row_number() OVER () AS {number} FROM read_parquet({text(address)}))", number


def _sort_key(columns: Sequence[Column], name: str, descending: bool) -> str:
    column = column_named(columns, name)
    key = quoted(column.name)
    if is_float(column.type):
        key = f"CASE WHEN isfinite({key}) THEN {key} END"
    return f"{key} {'DESC' if descending else 'ASC'} NULLS LAST"


def page_arrow(connection: Connection, address: str, request: PageRequest) -> tuple[bytes, int]:
    """The page as an Arrow IPC stream, and the total. Raises ResultTooBig beyond MAX_ARROW bytes."""
    import pyarrow as pa

    selection = select_page(connection, address, request)
    sink = pa.BufferOutputStream()
    with _value_faults():
        batches = connection.sql(selection.rows, params=selection.parameters).to_arrow_reader(ARROW_ROWS)
        with pa.ipc.new_stream(sink, batches.schema) as writer:
            for batch in batches:
                if sink.tell() + batch.nbytes > MAX_ARROW:
                    raise ResultTooBig(f"more than {MAX_ARROW >> 20} MB")
                writer.write_batch(batch)
        total = total_of(connection, selection)
    return sink.getvalue().to_pybytes(), total
