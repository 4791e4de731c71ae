"""Values as JSON has them: SQL that casts in the engine, and what is left to do in Python.

NaN and infinities become null, integers beyond 2^53 and decimals texts, bytes base64, times ISO 8601.
"""

import base64
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import cast

import duckdb
import orjson

from oryxforge.adapters.engine.duck import Connection, quoted
from oryxforge.domain.errors import Invalid

SAFE_INTEGER = 2**53
MAX_CELL = 1 << 20
# Cells of stored sheets may be longer than those of answers.
MAX_SHOWN = 4 << 20
MAX_BYTES = 32 << 20
# What is shown of a stored cell that is longer than may be.
CUT_CHARS = 1000
BLOCK_ROWS = 100
UNBOUNDED = frozenset({"VARCHAR", "BLOB", "JSON", "BIT", "BIGNUM", "GEOMETRY"})
TOO_BIG = "the cell is too big"
WIDE_INTEGERS = frozenset({"BIGINT", "UBIGINT", "HUGEINT", "UHUGEINT", "BIGNUM"})
PLAIN = frozenset(
    {"BOOLEAN", "VARCHAR", "TINYINT", "SMALLINT", "INTEGER", "UTINYINT", "USMALLINT", "UINTEGER"}
)

Finish = Callable[[object], object]


def is_nested(kind: str) -> bool:
    return kind.endswith("]") or kind.startswith(("STRUCT", "MAP", "UNION", "VARIANT"))


def is_float(kind: str) -> bool:
    return kind in ("DOUBLE", "FLOAT")


def json_expression(column: str, kind: str) -> str:
    """SQL for a column (already quoted) of a type, as near to JSON as the engine can bring it."""
    if kind in PLAIN or kind in WIDE_INTEGERS or is_nested(kind):
        return column
    if kind == "DOUBLE":
        return f"CASE WHEN isfinite({column}) THEN {column} END"
    if kind == "FLOAT":
        return f"CASE WHEN isfinite({column}) THEN CAST(CAST({column} AS VARCHAR) AS DOUBLE) END"
    if kind == "BLOB":
        return f"to_base64({column})"
    if kind == "TIMESTAMP WITH TIME ZONE":
        local = f"CAST(make_timestamp(epoch_us({column})) AS VARCHAR)"
        return f"CASE WHEN isfinite({column}) THEN replace({local}, ' ', 'T') || '+00:00' END"
    if kind == "TIMESTAMPTZ_NS":
        return f"replace(CAST(make_timestamp_ns(epoch_ns({column})) AS VARCHAR), ' ', 'T') || '+00:00'"
    if kind.startswith("TIMESTAMP"):
        return f"CASE WHEN isfinite({column}) THEN replace(CAST({column} AS VARCHAR), ' ', 'T') END"
    if kind == "DATE":
        return f"CASE WHEN isfinite({column}) THEN CAST({column} AS VARCHAR) END"
    return f"CAST({column} AS VARCHAR)"


@dataclass(frozen=True)
class Bounds:
    """What becomes of a cell of more than `longest` bytes: cut, or an error that says TOO_BIG.

    Lists and structures can't be cut; `nested_as_text` shows them all as texts, which can.
    """

    longest: int = MAX_SHOWN
    cut: bool = True
    nested_as_text: bool = False


SHORTER = Bounds(longest=4096, nested_as_text=True)
WHOLE = Bounds(longest=MAX_CELL, cut=False)


def projection(headers: Sequence[str], types: Sequence[str], bounds: Bounds) -> str:
    """The select list that gives every column as JSON values, in order, none of them larger than the bounds."""
    columns = ((quoted(h), t) for h, t in zip(headers, types, strict=True))
    return ", ".join(f"{_bounded(c, t, bounds)} AS {c}" for c, t in columns)


def _bounded(column: str, kind: str, bounds: Bounds) -> str:
    value = json_expression(column, kind)
    if not (is_nested(kind) or kind in UNBOUNDED or kind.startswith("ENUM")):
        return value
    as_text = column if kind == "VARCHAR" else f"CAST({column} AS VARCHAR)"
    size = f"octet_length({column})" if kind == "BLOB" else f"strlen({as_text})"
    whole = as_text if is_nested(kind) and bounds.nested_as_text else value
    long = f"error('{TOO_BIG}')"
    if bounds.cut and (bounds.nested_as_text or not is_nested(kind)):
        long = f"left({as_text}, {CUT_CHARS}) || ' … (cut: ' || {size} || ' bytes)'"
    return f"CASE WHEN {size} > {bounds.longest} THEN {long} ELSE {whole} END"


def shown_rows(
    connection: Connection,
    headers: Sequence[str],
    types: Sequence[str],
    source: str,
    parameters: Sequence[object] | Mapping[str, object] = (),
) -> list[list[object]]:
    """The rows of a SELECT, its long cells cut. Raises Invalid (code `result_too_big`) where even that is too much."""
    try:
        connection.execute(f"SELECT {projection(headers, types, Bounds())} FROM ({source})", parameters)
        return fetch_rows(connection, types)
    except duckdb.InvalidInputException as error:
        if TOO_BIG not in str(error):
            raise
    except ResultTooBig:
        pass
    connection.execute(f"SELECT {projection(headers, types, SHORTER)} FROM ({source})", parameters)
    return fetch_rows(connection, types)


class ResultTooBig(Invalid):
    """More, in cells or in bytes, than one answer may hold."""

    code = "result_too_big"

    def __init__(self, what: str) -> None:
        super().__init__(
            f"The result is too big: {what}. Ask for fewer rows or columns, shorten long texts, or aggregate first."
        )


def fetch_rows(connection: Connection, types: Sequence[str]) -> list[list[object]]:
    """The rows of an executed projection. Raises ResultTooBig where they are larger than MAX_BYTES as JSON."""
    rows: list[list[object]] = []
    size = 0
    while block := cast(list[tuple[object, ...]], connection.fetchmany(BLOCK_ROWS)):
        try:
            finished = _finished(block, types)
            size += len(orjson.dumps(finished))
        except (RecursionError, orjson.JSONEncodeError) as error:
            raise ResultTooBig("its cells are nested too deeply") from error
        if size > MAX_BYTES:
            raise ResultTooBig(f"more than {MAX_BYTES >> 20} MB")
        rows += finished
    return rows


def _finished(raw: list[tuple[object, ...]], types: Sequence[str]) -> list[list[object]]:
    rows = [list(row) for row in raw]
    for position, kind in enumerate(types):
        finish = _finish(kind)
        if finish is not None:
            for row in rows:
                row[position] = finish(row[position])
    return rows


def _finish(kind: str) -> Finish | None:
    if kind in WIDE_INTEGERS:
        return _integer
    return plain if is_nested(kind) else None


def _integer(value: object) -> object:
    if isinstance(value, int) and not -SAFE_INTEGER <= value <= SAFE_INTEGER:
        return str(value)
    return value


def plain(value: object) -> object:
    """Any value of the engine's Python interface as JSON has it, lists, structs and maps included."""
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int):
        return _integer(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        mapping = cast(Mapping[object, object], value)
        return {_key(k): plain(v) for k, v in mapping.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in cast(Sequence[object], value)]
    return _scalar(value)


def _scalar(value: object) -> object:
    if isinstance(value, bytes | bytearray | memoryview):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, datetime | time):
        return _trimmed(value.isoformat())
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, timedelta):
        return _clock(value)
    return str(value)


def _clock(value: timedelta) -> str:
    """Hours, minutes and seconds, as a column of durations has them."""
    size = abs(value)
    hours, seconds = divmod(size.days * 86_400 + size.seconds, 3_600)
    clock = f"{hours:02d}:{seconds // 60:02d}:{seconds % 60:02d}"
    fraction = f".{size.microseconds:06d}".rstrip("0") if size.microseconds else ""
    return f"{'-' if value < timedelta(0) else ''}{clock}{fraction}"


def _trimmed(iso: str) -> str:
    """Without the zeros at the end of a fraction, as the engine writes it."""
    clock, dot, rest = iso.partition(".")
    if not dot:
        return iso
    digits, zone = rest[:6], rest[6:]
    fraction = digits.rstrip("0")
    return f"{clock}.{fraction}{zone}" if fraction else f"{clock}{zone}"


def _key(value: object) -> str:
    json_value = plain(value)
    return json_value if isinstance(json_value, str) else str(json_value)
