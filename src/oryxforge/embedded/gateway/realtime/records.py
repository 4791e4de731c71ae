"""The data of a change as clients get it, written once for all who see the same columns."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache

import orjson

from oryxforge.embedded.gateway.realtime.catalog import Column, Table, View
from oryxforge.embedded.gateway.realtime.pgoutput import Change, Row, Unchanged

LARGEST = 1_048_576
KEPT_OF_LARGE = 64
TOO_LARGE = b'["Error 413: Payload Too Large"]'
UNKEYED = b'["Error 400: Bad Request, no primary key"]'
# JSON that Postgres made of values, by the row's id and place.
Asked = Mapping[tuple[int, int], bytes]


def data_of(change: Change, table: Table, view: View, asked: Asked) -> bytes:
    """The `data` of a postgres_changes message."""
    if not table.key and change.kind != "DELETE":
        head = _head(table.schema, table.name, change.kind, change.committed_us)
        return b'%b[],"errors":%b}' % (head, UNKEYED)
    data = _data(change, table, view, asked, None)
    return data if len(data) <= LARGEST else _data(change, table, view, asked, KEPT_OF_LARGE)


def _data(change: Change, table: Table, view: View, asked: Asked, most: int | None) -> bytes:
    old = change.old if change.old is not None else change.row
    # What an old row held can't be checked: only of tables that all may read it is told.
    told = view.columns if change.whole and not table.walled else table.key
    parts = [_head(table.schema, table.name, change.kind, change.committed_us), view.described]
    if change.kind == "INSERT" and most is None and not change.holes and (encoders := view.encoders):
        row = change.row
        values = [
            label + (encode(value) if isinstance(value := row[place], bytes) else b"null")
            for place, label, encode in encoders
        ]
        parts.append(b',"record":{%b}' % b",".join(values))
    elif change.kind != "DELETE":
        parts += [b',"record":', _record(change.row, view.columns, asked, most)]
    if change.kind != "INSERT":
        parts += [b',"old_record":', _record(old, told, asked, most)]
    parts.append(b',"errors":%b}' % (b"null" if most is None else TOO_LARGE))
    return b"".join(parts)


@lru_cache(maxsize=512)
def _head(schema: str, table: str, kind: str, committed_us: int) -> bytes:
    seconds, micros = divmod(committed_us, 1_000_000)
    moment = datetime.fromtimestamp(seconds, UTC).replace(microsecond=micros, tzinfo=None)
    said = {
        "schema": schema,
        "table": table,
        "type": kind,
        "commit_timestamp": f"{moment.isoformat(timespec='milliseconds')}Z",
    }
    return orjson.dumps(said)[:-1] + b',"columns":'


def _record(row: Row, columns: tuple[Column, ...], asked: Asked, most: int | None) -> bytes:
    parts: list[bytes] = []
    for column in columns:
        value = row[column.place]
        if value is None:
            parts.append(column.label + b"null")
        elif isinstance(value, Unchanged) or (most is not None and len(value) > most and not column.key):
            continue
        elif column.encode is not None:
            parts.append(column.label + column.encode(value))
        elif (made := asked.get((id(row), column.place))) is not None:
            parts.append(column.label + made)
    return b"{%b}" % b",".join(parts)
