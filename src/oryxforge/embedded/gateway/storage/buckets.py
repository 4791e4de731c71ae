"""Rows of storage.buckets, in the caller's name."""

import re
from collections.abc import Mapping
from typing import Any

import asyncpg

from oryxforge.embedded.gateway.callers import Caller
from oryxforge.embedded.gateway.storage.access import SERVICE, Access
from oryxforge.embedded.gateway.storage.faults import Fault, invalid, no_such_bucket
from oryxforge.embedded.gateway.storage.kinds import ALLOWED
from oryxforge.embedded.gateway.storage.names import checked_bucket

COLUMNS = """id, name, coalesce(owner_id, '') as owner, public, file_size_limit, allowed_mime_types,
  created_at, updated_at"""
SORTS = {"id", "name", "created_at", "updated_at"}
SIZE = re.compile(r"(\d{1,15})\s*([KMGT]?)B?", re.I)
UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}
LARGEST = 1 << 53


class Buckets:
    """`limit` is what an object may have in any bucket, in bytes."""

    def __init__(self, access: Access, limit: int) -> None:
        self._access = access
        self._limit = limit

    async def all(self, caller: Caller, asked: Mapping[str, str]) -> list[dict[str, Any]]:
        """The buckets that the caller may see; `asked` are the query's limit, offset, sortColumn, sortOrder, search."""
        column = asked.get("sortColumn", "id")
        if column not in SORTS:
            raise invalid("sortColumn is id, name, created_at or updated_at")
        order = "desc" if asked.get("sortOrder") == "desc" else "asc"
        sql = f"""select {COLUMNS} from storage.buckets where strpos(lower(name), lower($1)) > 0 or $1 = ''
          order by {column} {order}, id limit $2 offset $3"""
        limit, offset = number(asked.get("limit", "1000")), number(asked.get("offset", "0"))
        async with self._access.acting(caller, "storage.bucket.list") as db:
            return [dict(row) for row in await db.fetch(sql, asked.get("search", ""), limit, offset)]

    async def get(self, caller: Caller, bucket: str) -> dict[str, Any]:
        async with self._access.acting(caller, "storage.bucket.get") as db:
            row = await db.fetchrow(f"select {COLUMNS} from storage.buckets where id = $1", bucket)
        if row is None:
            raise no_such_bucket()
        return dict(row)

    async def is_public(self, bucket: str) -> bool:
        async with self._access.acting(SERVICE, "storage.bucket.get") as db:
            return bool(await db.fetchval("select public from storage.buckets where id = $1", bucket))

    async def create(self, caller: Caller, body: Mapping[str, object]) -> str:
        """Raises Fault BucketAlreadyExists, InvalidBucketName, AccessDenied."""
        bucket = checked_bucket(body.get("id") or body.get("name"))
        checked_bucket(body.get("name") or bucket)
        settings = self._settings(body)
        owner = caller.claims.get("sub")
        async with self._access.acting(caller, "storage.bucket.create") as db:
            await db.execute(
                """insert into storage.buckets (id, name, owner_id, public, file_size_limit, allowed_mime_types)
                values ($1, $2, $3, $4, $5, $6)""",
                bucket,
                str(body.get("name") or bucket),
                str(owner) if owner else None,
                settings.get("public", False),
                settings.get("file_size_limit"),
                settings.get("allowed_mime_types"),
            )
        return bucket

    async def update(self, caller: Caller, bucket: str, body: Mapping[str, object]) -> None:
        """Changes what the body names and nothing else."""
        settings = self._settings(body)
        sets = ", ".join(f"{name} = ${number}" for number, name in enumerate(settings, 2))
        sql = f"update storage.buckets set updated_at = now(){', ' + sets if sets else ''} where id = $1"
        async with self._access.acting(caller, "storage.bucket.update") as db:
            if await db.execute(sql, bucket, *settings.values()) == "UPDATE 0":
                raise no_such_bucket()

    async def delete(self, caller: Caller, bucket: str) -> None:
        """Raises Fault BucketNotEmpty."""
        async with self._access.acting(caller, "storage.bucket.delete") as db:
            try:
                done = await db.execute("delete from storage.buckets where id = $1", bucket)
            except asyncpg.ForeignKeyViolationError as error:
                message = "The bucket you tried to delete is not empty"
                raise Fault(409, "BucketNotEmpty", message) from error
        if done == "DELETE 0":
            raise no_such_bucket()

    async def names(self, caller: Caller, bucket: str, at_most: int) -> list[str]:
        """Some names of its objects that the caller may see."""
        async with self._access.acting(caller, "storage.bucket.empty") as db:
            rows = await db.fetch(
                "select name from storage.objects where bucket_id = $1 limit $2", bucket, at_most
            )
        return [row["name"] for row in rows]

    def _settings(self, body: Mapping[str, object]) -> dict[str, object]:
        found: dict[str, object] = {}
        if body.get("public") is not None:
            if not isinstance(body["public"], bool):
                raise invalid("public is true or false")
            found["public"] = body["public"]
        if "file_size_limit" in body:
            found["file_size_limit"] = self._size(body["file_size_limit"])
        if "allowed_mime_types" in body:
            found["allowed_mime_types"] = _types(body["allowed_mime_types"])
        return found

    def _size(self, given: object) -> int | None:
        """Bytes of `52428800`, `"50MB"` or null."""
        if given is None:
            return None
        match = SIZE.fullmatch(str(given)) if isinstance(given, int | str) else None
        if match is None or isinstance(given, bool):
            raise invalid("file_size_limit is a number of bytes, or a text such as 50MB")
        size = int(match[1]) * UNITS[match[2].upper()]
        if size > min(self._limit, LARGEST):
            raise Fault(413, "EntityTooLarge", "The limit of a bucket can't be over the install's own")
        return size or None


def number(text: str, most: int = 1_000_000) -> int:
    """Raises Fault InvalidRequest for what is no whole number up to a million."""
    if not (text.isascii() and text.isdigit() and len(text) <= 9 and int(text) <= most):
        raise invalid("limit and offset are whole numbers")
    return int(text)


def _types(given: object) -> list[str] | None:
    if given is None:
        return None
    if not isinstance(given, list) or len(given) > 100:
        raise invalid("allowed_mime_types is a list of types such as image/png or image/*")
    for kind in given:
        if not isinstance(kind, str) or not ALLOWED.fullmatch(kind):
            raise Fault(422, "InvalidMimeType", f"mime type {str(kind)[:100]} is not supported")
    return list(given) or None
