"""What begins with a prefix, page after page by a cursor; with a delimiter, what lies deeper is a folder each."""

import base64
import binascii
import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from oryxforge.adapters.postgres.pool import Connection
from oryxforge.embedded.gateway.callers import Caller
from oryxforge.embedded.gateway.storage import walks
from oryxforge.embedded.gateway.storage.access import Access
from oryxforge.embedded.gateway.storage.faults import invalid
from oryxforge.embedded.gateway.storage.listing import Sort, number_of, sort_of, text_of

SORTS = frozenset({"name", "created_at", "updated_at"})
MOST = 1_000
LONGEST_CURSOR = 8_192
Entry = dict[str, Any]


@dataclass(frozen=True)
class Cursor:
    """The last entry of a page: its name, and its time where times sort."""

    name: str
    at: datetime | None = None

    @property
    def text(self) -> str:
        told = [self.name, self.at.isoformat() if self.at else None]
        return base64.urlsafe_b64encode(orjson.dumps(told)).decode()


@dataclass(frozen=True)
class Asked:
    """One page: `limit` entries after the cursor of what begins with the prefix."""

    bucket: str
    prefix: str
    limit: int
    sort: Sort
    after: Cursor | None
    exact: bool

    @property
    def folder(self) -> str:
        """The folder that the prefix is in: up to its last slash."""
        return self.prefix[: self.prefix.rfind("/") + 1]

    @property
    def range(self) -> tuple[str, str | None]:
        """From and before which name; what the cursor has passed is out where names sort."""
        low = self.prefix if self.prefix > self.folder else self.folder + walks.AFTER
        high = self.prefix + walks.AFTER if self.exact else walks.past(self.prefix)
        if self.after is None or self.sort.column != "name":
            return low, high
        name = self.after.name
        if self.sort.order == "desc":
            return low, name if high is None else min(name, high)
        beyond = name[:-1] + walks.PAST_FOLDER if name.endswith("/") else name + walks.AFTER
        return max(low, beyond), high


class ListingV2:
    def __init__(self, access: Access) -> None:
        self._access = access

    async def page(self, caller: Caller, bucket: str, body: Mapping[str, object]) -> Mapping[str, Any]:
        """`body` as storage-js sends it: prefix, cursor, limit, with_delimiter, sortBy. Raises Fault InvalidRequest."""
        asked = _asked(bucket, body)
        delimited = body.get("with_delimiter") is True and not asked.exact
        async with self._access.acting(caller, "storage.object.list_v2") as db:
            read = _by_name if asked.sort.column == "name" else _by_time
            found = await read(db, asked, delimited)
        return _answer(asked, found, delimited)


def _asked(bucket: str, body: Mapping[str, object]) -> Asked:
    sort = sort_of(body.get("sortBy"), SORTS)
    return Asked(
        bucket,
        text_of(body, "prefix"),
        min(number_of(body, "limit", MOST, least=1), MOST),
        sort,
        _cursor(text_of(body, "cursor"), sort),
        body.get("exactMatch") is True,
    )


def _cursor(text: str, sort: Sort) -> Cursor | None:
    if not text:
        return None
    try:
        name, at = orjson.loads(base64.urlsafe_b64decode(text[:LONGEST_CURSOR].encode()))
        when = datetime.fromisoformat(at) if at is not None else None
        if not isinstance(name, str) or not name or "\0" in name:
            raise ValueError(name)
    except (ValueError, TypeError, binascii.Error) as error:
        raise invalid("cursor is the nextCursor of the page before") from error
    if (when is None) is not (sort.column == "name") or (when is not None and when.tzinfo is None):
        raise invalid("cursor is of a list in another order")
    return Cursor(name, when)


async def _by_name(db: Connection, asked: Asked, delimited: bool) -> Sequence[Entry]:
    """One more than the page has, where there is one."""
    low, high = asked.range
    if not delimited:
        return await _fetch(db, *walks.everything(asked.bucket, low, high), asked)
    query, values = walks.folders(asked.bucket, asked.folder, low, high, asked.sort.order)
    rows = await db.fetch(f"{query} limit ${len(values) + 1}", *values, asked.limit + 1)
    folders = [{"name": f"{asked.folder}{row['part']}/", "id": None} for row in rows]
    files = await _fetch(db, *walks.files(asked.bucket, asked.folder, low, high), asked)
    # Code points sort as their bytes do.
    merged = heapq.merge(folders, files, key=lambda e: str(e["name"]), reverse=asked.sort.order == "desc")
    return list(merged)


async def _by_time(db: Connection, asked: Asked, delimited: bool) -> Sequence[Entry]:
    low, high = asked.range
    if not delimited:
        query, values = walks.everything(asked.bucket, low, high)
        return await _fetch(db, query, values, asked)
    column = asked.sort.column
    of_folders, values = walks.first_seen(asked.bucket, asked.folder, low, high, column)
    of_files, _ = walks.files(asked.bucket, asked.folder, low, high)
    query = f"select {walks.FIELDS} from ({of_folders} union all {of_files}) found where true"
    return await _fetch(db, query, values, asked)


async def _fetch(db: Connection, query: str, values: Sequence[object], asked: Asked) -> list[Entry]:
    given, more = list(values), ""
    if asked.after is not None and asked.after.at is not None:
        sign = ">" if asked.sort.order == "asc" else "<"
        given += [asked.after.at, asked.after.name]
        more = f'and ({asked.sort.column}, name collate "C") {sign} (${len(given) - 1}, ${len(given)})'
    given.append(asked.limit + 1)
    return [
        dict(row)
        for row in await db.fetch(f"{query} {more} order by {asked.sort.sql} limit ${len(given)}", *given)
    ]


def _answer(asked: Asked, found: Sequence[Entry], delimited: bool) -> Mapping[str, Any]:
    shown, more = found[: asked.limit], len(found) > asked.limit
    told: dict[str, Any] = {"hasNext": more, "folders": [], "objects": []}
    for entry in shown:
        key = {"key": entry["name"][len(asked.folder) :].rstrip("/")} if delimited else {}
        if entry["id"] is None:
            told["folders"].append({"name": entry["name"], **key})
        else:
            told["objects"].append({**entry, **key})
    if more:
        last = shown[-1]
        at = None if asked.sort.column == "name" else last[asked.sort.column]
        told["nextCursor"] = Cursor(last["name"], at).text
    return told
