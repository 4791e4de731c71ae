"""The first rows of a sheet as ready JSON, kept beside it."""

from collections.abc import Sequence

import duckdb
import orjson

from oryxforge.adapters.engine.duck import Connection, text
from oryxforge.adapters.engine.values import ResultTooBig, shown_rows
from oryxforge.domain.sheets import Column

HEAD_ROWS = 1000


def head_key(uri: str) -> str:
    return f"{uri}.head.json"


def head_bytes(connection: Connection, address: str, columns: Sequence[Column]) -> bytes:
    """`{"headers": [...], "data": [[...]]}` of the first rows of a Parquet file, fewer where they are large."""
    headers = [c.name for c in columns]
    types = [c.type for c in columns]
    rows = HEAD_ROWS
    while True:
        try:
            first = f"FROM read_parquet({text(address)}) LIMIT {rows}"
            return orjson.dumps({"headers": headers, "data": shown_rows(connection, headers, types, first)})
        except (ResultTooBig, duckdb.OutOfMemoryException):
            if rows == 1:
                raise
            rows = max(1, rows // 10)
