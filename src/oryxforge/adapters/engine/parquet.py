"""Writing a sheet: Parquet of moderate row groups, its kept head beside it, both there whole or not at all."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from oryxforge.adapters.engine.duck import Connection, quoted, text
from oryxforge.adapters.engine.head import head_bytes, head_key
from oryxforge.adapters.engine.place import Draft, Place
from oryxforge.domain.errors import Invalid
from oryxforge.domain.sheets import Column, Written

ROW_GROUP = 122_880
# Version 2 takes a third off the bytes of version 1 at no cost; zstd would halve them, but for a twentieth of the
# time of an import.
OPTIONS = f"FORMAT parquet, PARQUET_VERSION v2, COMPRESSION snappy, ROW_GROUP_SIZE {ROW_GROUP}"
# A tenth off the time of an import, for half a megabyte a column.
SMALL_DICTIONARY = "DICTIONARY_SIZE_LIMIT 10000"
FEW_COLUMNS = 100
MAX_DEPTH = 200
HUGE = re.compile(r"U?HUGEINT|BIGNUM")
STORED_AS = {
    "BIT": "VARCHAR",
    "TIME WITH TIME ZONE": "VARCHAR",
    "INTERVAL": "VARCHAR",
    "NULL": "VARCHAR",
    '"NULL"': "VARCHAR",
}


def columns_of(connection: Connection, select: str) -> tuple[Column, ...]:
    """What a SELECT gives, by name and type."""
    rows = connection.execute(f"DESCRIBE {select}").fetchall()
    return tuple(Column(str(row[0]), str(row[1])) for row in rows)


def scan(address: str) -> str:
    """A SELECT of a whole Parquet file."""
    return f"SELECT * FROM read_parquet({text(address)})"


def copy_parquet(
    connection: Connection,
    select: str,
    target: Path,
    columns: Sequence[Column] | None = None,
    parameters: Sequence[object] = (),
) -> int:
    """Writes a SELECT's rows to a local file; how many. Integers too wide for Parquet become decimals or texts.

    `columns`: what the SELECT gives, where that is known already; `parameters` are bound to it.
    """
    given = columns_of(connection, select) if columns is None else columns
    for column in given:
        if column.type.count("[") + column.type.count("(") > MAX_DEPTH:
            raise Invalid(
                f"Column `{column.name}` is nested too deeply to be stored. Take it apart first.",
                code="nested_too_deeply",
            )
    options = f"{OPTIONS}, {SMALL_DICTIONARY}" if len(given) <= FEW_COLUMNS else OPTIONS
    wide = any(HUGE.fullmatch(c.type) for c in given)
    for stored_as in ("BIGINT", "DECIMAL(38,0)", "VARCHAR") if wide else ("BIGINT",):
        try:
            source = _storable(given, select, stored_as)
            copy = f"COPY ({source}) TO {text(str(target))} ({options})"
            row = connection.execute(copy, list(parameters)).fetchone()
            return int(row[0]) if row else 0
        except duckdb.ConversionException:
            if not wide or stored_as == "VARCHAR":
                raise
    raise AssertionError("unreachable")


def _storable(columns: Sequence[Column], select: str, wide_as: str) -> str:
    parts: list[str] = []
    for column in columns:
        name = quoted(column.name)
        target = wide_as if HUGE.fullmatch(column.type) else STORED_AS.get(column.type)
        parts.append(f"CAST({name} AS {target}) AS {name}" if target else name)
    if not any(part.startswith("CAST") for part in parts):
        return select
    return f"SELECT {', '.join(parts)} FROM (\n{select}\n)"


def finish_sheet(
    connection: Connection, place: Place, draft: Draft, rows: int, receipt: Mapping[str, object]
) -> Written:
    """Keeps the head of a written draft, then puts both in place."""
    columns = columns_of(connection, scan(str(draft.path)))
    head = head_bytes(connection, str(draft.path), columns)
    size, digest = draft.seal()
    place.put(head_key(draft.uri), head)
    place.publish(draft)
    return Written(draft.uri, rows, columns, size, digest, receipt)
