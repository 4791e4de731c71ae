"""The first rows of a sheet as ready JSON, kept beside it."""

from collections.abc import Sequence

import orjson

from oryxforge.adapters.engine.duck import Connection, text
from oryxforge.adapters.engine.values import fetch_rows, projection
from oryxforge.domain.sheets import Column

HEAD_ROWS = 1000


def head_key(uri: str) -> str:
    return f"{uri}.head.json"


def head_bytes(connection: Connection, address: str, columns: Sequence[Column]) -> bytes:
    """`{"headers": [...], "data": [[...]]}` of the first rows of a Parquet file."""
    headers = [c.name for c in columns]
    types = [c.type for c in columns]
    select = projection(headers, types)
    connection.execute(f"SELECT {select} FROM read_parquet({text(address)}) LIMIT {HEAD_ROWS}")
    return orjson.dumps({"headers": headers, "data": fetch_rows(connection, types)})
