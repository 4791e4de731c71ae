"""Values as JSON has them: SQL that casts in the engine, and what is left to do in Python.

NaN and infinities become null, integers beyond 2^53 and decimals texts, bytes base64, times ISO 8601.
"""

import base64
import math
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import cast

from oryxforge.adapters.engine.duck import Connection, quoted

SAFE_INTEGER = 2**53
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


def projection(headers: Sequence[str], types: Sequence[str]) -> str:
    """The select list that gives every column as JSON values, in order."""
    return ", ".join(
        f"{json_expression(quoted(h), t)} AS {quoted(h)}" for h, t in zip(headers, types, strict=True)
    )


def fetch_rows(connection: Connection, types: Sequence[str]) -> list[list[object]]:
    """The rows of an executed projection."""
    rows = [list(row) for row in cast(list[tuple[object, ...]], connection.fetchall())]
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
        return str(value)
    return str(value)


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
