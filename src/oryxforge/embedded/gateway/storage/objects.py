"""Rows of storage.objects: read and written in the caller's name, and the versions that they free."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from oryxforge.adapters.postgres.pool import Connection, fields, to_json
from oryxforge.embedded.gateway.callers import Caller
from oryxforge.embedded.gateway.requests import is_deeper
from oryxforge.embedded.gateway.storage.access import SERVICE, Access, become
from oryxforge.embedded.gateway.storage.faults import no_such_bucket, no_such_key, too_large
from oryxforge.embedded.gateway.storage.kinds import check_allowed

DEEPEST = 100
COLUMNS = """id, bucket_id, name, version, metadata, user_metadata, owner, owner_id,
  created_at, updated_at, last_accessed_at"""
FIND = f"select {COLUMNS} from storage.objects where bucket_id = $1 and name = $2"
PUBLIC = f"{FIND} and exists (select from storage.buckets b where b.id = $1 and b.public)"
ADD = """insert into storage.objects (bucket_id, name, owner, owner_id, version, metadata, user_metadata)
  values ($1, $2, $3, $4, $5, $6, $7)"""
PUT = f"""{ADD} on conflict (bucket_id, name collate "C") do update set version = excluded.version,
  metadata = excluded.metadata, user_metadata = excluded.user_metadata, owner = excluded.owner,
  owner_id = excluded.owner_id, updated_at = now(), last_accessed_at = now()"""
REMOVE = f"delete from storage.objects where bucket_id = $1 and name = any($2) returning {COLUMNS}"
MOVE = """update storage.objects set bucket_id = $3, name = $4, updated_at = now()
  where bucket_id = $1 and name = $2"""
RESERVE = """insert into storage.leftovers (version)
  select $1 where not exists (select from storage.objects where version = $1)
  on conflict (version) do update set since = now() where not leftovers.gone"""
STALE = """update storage.leftovers l set gone = true where version in (
    select version from storage.leftovers where since < now() - make_interval(secs => $1)
    limit $2 for update skip locked)
  and not exists (select from storage.objects o where o.version = l.version) returning version"""
CLAIM = "update storage.leftovers set gone = true where version = any($1)"
NOBODYS = """select version from unnest($1::text[]) as wanted (version)
  where not exists (select from storage.objects o where o.version = wanted.version)"""
FREED = "select version from storage.leftovers where made_by = pg_current_xact_id()"


@dataclass(frozen=True)
class StoredObject:
    """An object as its row has it; `metadata` is what we found out, `user_metadata` what the uploader said."""

    id: UUID
    bucket_id: str
    name: str
    version: str
    metadata: Mapping[str, Any]
    user_metadata: Mapping[str, Any] | None
    owner: UUID | None
    owner_id: str | None
    created_at: datetime
    updated_at: datetime
    last_accessed_at: datetime

    @property
    def size(self) -> int:
        return int(self.metadata.get("size", 0))


@dataclass(frozen=True)
class NewObject:
    """An object to be; `version` is a fresh id under which its bytes are kept."""

    bucket: str
    name: str
    version: str
    mimetype: str
    cache_control: str
    upsert: bool = False
    encoding: str | None = None
    user_metadata: Mapping[str, object] = field(default_factory=dict[str, object])
    owner: str | None = None

    def metadata(self, size: int | None, at: datetime | None = None) -> dict[str, object]:
        found: dict[str, object] = {
            "eTag": f'"{self.version}"',
            "mimetype": self.mimetype,
            "cacheControl": self.cache_control,
            "httpStatusCode": 200,
        }
        if self.encoding:
            found["contentEncoding"] = self.encoding
        if size is not None:
            found |= {"size": size, "contentLength": size}
        if at is not None:
            found["lastModified"] = at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return found


class Objects:
    def __init__(self, access: Access) -> None:
        self._access = access

    async def reserve(self, caller: Caller, new: NewObject, size: int | None) -> int | None:
        """Asks whether the caller may write this, and marks its version as being written; the bucket's limit in bytes.

        Raises Fault: no such bucket, type not allowed there, exists already, or refused by a policy.
        """
        async with self._access.acting(SERVICE, "storage.object.upload") as db:
            bucket = await _limits(db, new.bucket)
            check_allowed(new.mimetype, bucket["allowed_mime_types"])
            await db.execute(RESERVE, new.version)
            await self._try(db, caller, new, size)
            return bucket["file_size_limit"]

    async def may_write(self, caller: Caller, new: NewObject) -> None:
        """As `reserve`, with nothing marked, whatever the type: raises Fault where the caller may not write it."""
        async with self._access.acting(SERVICE, "storage.object.sign_upload_url") as db:
            if not await db.fetchval("select true from storage.buckets where id = $1", new.bucket):
                raise no_such_bucket()
            marked = db.transaction()
            await marked.start()
            try:
                await db.execute(RESERVE, new.version)
                await self._try(db, caller, new, None)
            finally:
                await marked.rollback()

    async def place(self, caller: Caller, new: NewObject, size: int) -> tuple[UUID, list[str]]:
        """Makes or replaces the row in the caller's name; its id, and the versions whose bytes nobody has any more."""
        async with self._access.acting(caller, "storage.object.upload") as db:
            now = await db.fetchval("select now()")
            await db.execute(PUT if new.upsert else ADD, *_values(caller, new, new.metadata(size, now)))
            await become(db, SERVICE, "storage.object.upload")
            row = await db.fetchval(f"{FIND} and version = $3", new.bucket, new.name, new.version)
            return row, await _freed(db)

    async def placed(self, new: NewObject) -> StoredObject | None:
        """The row of a version that was placed before, if it was."""
        async with self._access.acting(SERVICE, "storage.object.upload") as db:
            row = await db.fetchrow(f"{FIND} and version = $3", new.bucket, new.name, new.version)
            return _object(row) if row else None

    async def find(self, caller: Caller, bucket: str, name: str) -> StoredObject:
        """Raises Fault NoSuchKey where there is none that the caller may see."""
        async with self._access.acting(caller, "storage.object.get") as db:
            row = await db.fetchrow(FIND, bucket, name)
        return _found(row)

    async def find_public(self, bucket: str, name: str) -> StoredObject:
        """An object of a public bucket. Raises Fault NoSuchKey, also where the bucket isn't public."""
        async with self._access.acting(SERVICE, "storage.object.get_public") as db:
            row = await db.fetchrow(PUBLIC, bucket, name)
        return _found(row)

    async def visible(self, caller: Caller, bucket: str, names: Sequence[str]) -> set[str]:
        async with self._access.acting(caller, "storage.object.sign_many") as db:
            rows = await db.fetch(
                "select name from storage.objects where bucket_id = $1 and name = any($2)", bucket, names
            )
        return {row["name"] for row in rows}

    async def remove(
        self, caller: Caller, bucket: str, names: Sequence[str]
    ) -> tuple[list[StoredObject], list[str]]:
        """What was removed of what the caller may see and remove, and the versions that this freed."""
        async with self._access.acting(caller, "storage.object.delete_many") as db:
            rows = await db.fetch(REMOVE, bucket, list(names))
            await become(db, SERVICE, "storage.object.delete_many")
            return [_object(row) for row in rows], await _freed(db)

    async def move(self, caller: Caller, source: tuple[str, str], target: tuple[str, str]) -> None:
        """Another name for the same bytes. Raises Fault: not there, taken, refused, or not allowed in another bucket."""
        async with self._access.acting(caller, "storage.object.move") as db:
            if await db.execute(MOVE, *source, *target) == "UPDATE 0":
                raise no_such_key()
            if source[0] != target[0]:
                await become(db, SERVICE, "storage.object.move")
                moved = _found(await db.fetchrow(FIND, *target))
                bucket = await _limits(db, target[0])
                check_allowed(str(moved.metadata.get("mimetype", "")), bucket["allowed_mime_types"])
                if bucket["file_size_limit"] is not None and moved.size > bucket["file_size_limit"]:
                    raise too_large()

    async def claim(self, versions: Sequence[str]) -> list[str]:
        """Those of them that no object has, and from now on none will."""
        async with self._access.acting(SERVICE, "storage.sweep") as db:
            # Waits for a commit in flight, whose outcome the second statement sees.
            await db.execute(CLAIM, versions)
            return [row["version"] for row in await db.fetch(NOBODYS, versions)]

    async def forget(self, versions: Sequence[str]) -> None:
        """Their bytes are gone."""
        async with self._access.acting(SERVICE, "storage.sweep") as db:
            await db.execute("delete from storage.leftovers where version = any($1)", versions)

    async def stale(self, older_than_s: float, at_most: int = 1000) -> list[str]:
        """Versions that nobody has for so long; whoever was writing them can't place them any more."""
        async with self._access.acting(SERVICE, "storage.sweep") as db:
            rows = await db.fetch(STALE, older_than_s, at_most)
        return [row["version"] for row in rows]

    async def _try(self, db: Connection, caller: Caller, new: NewObject, size: int | None) -> None:
        tried = db.transaction()
        await tried.start()
        try:
            await become(db, caller, "storage.object.upload")
            await db.execute(PUT if new.upsert else ADD, *_values(caller, new, new.metadata(size)))
        finally:
            await tried.rollback()


async def _limits(db: Connection, bucket: str) -> asyncpg.Record:
    """What may be in a bucket. Raises Fault where there is none."""
    found = await db.fetchrow(
        "select file_size_limit, allowed_mime_types from storage.buckets where id = $1", bucket
    )
    if found is None:
        raise no_such_bucket()
    return found


def _values(caller: Caller, new: NewObject, metadata: Mapping[str, object]) -> tuple[object, ...]:
    owner = new.owner or caller.claims.get("sub")
    owner = str(owner) if owner else None
    return (new.bucket, new.name, _uuid(owner), owner, new.version, dict(metadata), dict(new.user_metadata))


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


async def _freed(db: Connection) -> list[str]:
    return [row["version"] for row in await db.fetch(FREED)]


def _found(row: asyncpg.Record | None) -> StoredObject:
    if row is None:
        raise no_such_key()
    return _object(row)


def _object(row: asyncpg.Record) -> StoredObject:
    return StoredObject(**fields(row, metadata=row["metadata"] or {}))


def fits(user_metadata: Mapping[str, object]) -> bool:
    """Whether metadata is small and flat enough to be kept in a row, and to be told in a list of rows."""
    found = dict(user_metadata)
    return not is_deeper(found, DEEPEST) and len(to_json(found)) <= 65_536
