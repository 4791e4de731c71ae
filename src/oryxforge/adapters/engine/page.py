"""Pages of a sheet: filtered, sorted, in a stable order."""

from dataclasses import dataclass

from oryxforge.adapters.engine.duck import Connection, quoted
from oryxforge.adapters.engine.values import ResultTooBig, shown_rows
from oryxforge.adapters.engine.view import ROW, value_faults, view_of
from oryxforge.domain.errors import Invalid
from oryxforge.domain.sheets import Column, Page, PageRequest

MAX_ROWS = 10_000
MAX_ARROW = 128 << 20
ARROW_ROWS = 2048


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
    with value_faults():
        data = shown_rows(connection, headers, types, selection.rows, selection.parameters)
        total = total_of(connection, selection)
    return Page(headers, types, data, total, truncated=request.limit > MAX_ROWS)


def total_of(connection: Connection, selection: Selection) -> int:
    row = connection.execute(selection.count, selection.parameters).fetchone()
    return int(row[0]) if row else 0


def select_page(connection: Connection, address: str, request: PageRequest) -> Selection:
    """Raises Invalid for a column, an operator or a value that makes no sense here."""
    if request.offset < 0 or request.limit < 0:
        raise Invalid("offset and limit start at 0.", code="page_invalid")
    view = view_of(connection, address, request)
    limit = min(request.limit, MAX_ROWS)
    names = ", ".join(quoted(c.name) for c in view.columns)
    source = f"{view.numbered}{view.where}"
    count = f"SELECT count(*) FROM {source}"
    if not view.where and not request.sort and view.row == ROW:
        span = f" WHERE {ROW} >= {request.offset} AND {ROW} < {request.offset + limit} ORDER BY {ROW}"
        return Selection(view.columns, f"SELECT {names} FROM {source}{span}", count, view.parameters)
    rows = f"SELECT {names} FROM {source} ORDER BY {view.order} LIMIT {limit} OFFSET {request.offset}"
    return Selection(view.columns, rows, count, view.parameters)


def page_arrow(connection: Connection, address: str, request: PageRequest) -> tuple[bytes, int]:
    """The page as an Arrow IPC stream, and the total. Raises ResultTooBig beyond MAX_ARROW bytes."""
    import pyarrow as pa

    selection = select_page(connection, address, request)
    sink = pa.BufferOutputStream()
    with value_faults():
        batches = connection.sql(selection.rows, params=selection.parameters).to_arrow_reader(ARROW_ROWS)
        with pa.ipc.new_stream(sink, batches.schema) as writer:
            for batch in batches:
                if sink.tell() + batch.nbytes > MAX_ARROW:
                    raise ResultTooBig(f"more than {MAX_ARROW >> 20} MB")
                writer.write_batch(batch)
        total = total_of(connection, selection)
    return sink.getvalue().to_pybytes(), total
