"""A sheet as somebody looks at it: which rows, in which order."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb

from oryxforge.adapters.engine.conditions import condition, searching
from oryxforge.adapters.engine.duck import Connection, quoted, said, text
from oryxforge.adapters.engine.nearest import nearest
from oryxforge.adapters.engine.parquet import columns_of, scan
from oryxforge.adapters.engine.values import is_float
from oryxforge.domain.errors import Invalid
from oryxforge.domain.sheets import Column, PageRequest

ROW = "file_row_number"


@dataclass(frozen=True)
class View:
    """SQL of the file, of the file with numbered rows, of the condition (with WHERE, or empty) and of the order.

    `parameters` are bound to the condition; the order ends with `row`, the number of a row in the file.
    """

    columns: tuple[Column, ...]
    file: str
    numbered: str
    row: str
    where: str
    order: str
    parameters: list[object]


def view_of(connection: Connection, address: str, request: PageRequest) -> View:
    """Raises Invalid for a column, an operator or a value that makes no sense here."""
    columns = columns_of(connection, scan(address))
    parameters: list[object] = []
    parts = [condition(f, column_named(columns, f.column), parameters) for f in request.filter]
    if request.search:
        parts.append(searching(request.search, columns, parameters))
    where = f" WHERE {' AND '.join(parts)}" if parts else ""
    file = f"read_parquet({text(address)})"
    numbered, row = _numbered(file, columns)
    order = ", ".join([*(_sort_key(columns, k.column, k.descending) for k in request.sort), row])
    return View(columns, file, numbered, row, where, order, parameters)


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


@contextmanager
def value_faults() -> Generator[None]:
    """Raises Invalid where a filter's value does not fit its column."""
    try:
        yield
    except duckdb.ConversionException as error:
        raise Invalid(
            f"The value of a filter does not fit its column. {said(error)}", code="filter_value"
        ) from error


def _numbered(file: str, columns: Sequence[Column]) -> tuple[str, str]:
    """The file as a table, and SQL for the number of a row in it."""
    if all(c.name.lower() != ROW for c in columns):
        return file, ROW
    number = "oryx_row"
    while any(c.name.lower() == number for c in columns):
        number += "_"
    return f"(SELECT *, row_number() OVER () AS {number} FROM {file})", number


def _sort_key(columns: Sequence[Column], name: str, descending: bool) -> str:
    column = column_named(columns, name)
    key = quoted(column.name)
    if is_float(column.type):
        key = f"CASE WHEN isfinite({key}) THEN {key} END"
    return f"{key} {'DESC' if descending else 'ASC'} NULLS LAST"
