"""From how Postgres prints a value to how its to_jsonb would write it."""

from collections.abc import Callable

import orjson

Encoder = Callable[[bytes], bytes]


def _text(value: bytes) -> bytes:
    return orjson.dumps(value.decode())


def _plain(value: bytes) -> bytes:
    return b'"' + value + b'"'


def _bare(value: bytes) -> bytes:
    return value


def _bool(value: bytes) -> bytes:
    return b"true" if value == b"t" else b"false"


def _number(value: bytes) -> bytes:
    """NaN and the infinities are no JSON numbers."""
    return b'"' + value + b'"' if value[-1:] in (b"N", b"y") else value


def _instant(value: bytes) -> bytes:
    if value.endswith(b"+00"):
        return b'"' + value.replace(b" ", b"T", 1) + b':00"'
    if value.endswith(b"+00 BC"):
        return b'"' + value[:-3].replace(b" ", b"T", 1) + b':00 BC"'
    return b'"' + value + b'"'


def _local(value: bytes) -> bytes:
    return b'"' + value.replace(b" ", b"T", 1) + b'"'


_BY_TYPE: dict[str, Encoder] = {
    "uuid": _plain,
    "int2": _bare,
    "int4": _bare,
    "int8": _bare,
    "oid": _plain,
    "bool": _bool,
    "float4": _number,
    "float8": _number,
    "numeric": _number,
    "json": _bare,
    "jsonb": _bare,
    "timestamptz": _instant,
    "timestamp": _local,
}
ARRAY, COMPOSITE = "A", "c"


def encoder_of(base: str, category: str, sort: str) -> Encoder | None:
    """For a type by its base type's name, category and sort; None where only Postgres knows (arrays, rows, its own casts)."""
    if category == ARRAY or sort == COMPOSITE or base == "hstore":
        return None
    return _BY_TYPE.get(base, _text)
