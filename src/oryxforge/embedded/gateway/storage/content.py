"""Bytes in: stored whole under a version of their own, then the row; what is freed is deleted after the commit."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from loguru import logger

from oryxforge.domain.errors import NotFound, OryxError
from oryxforge.embedded.gateway.callers import Caller
from oryxforge.embedded.gateway.storage.faults import Fault, too_large
from oryxforge.embedded.gateway.storage.names import key_of
from oryxforge.embedded.gateway.storage.objects import NewObject, Objects, StoredObject
from oryxforge.ports.files import FileStore


@dataclass(frozen=True)
class Placed:
    id: UUID
    key: str


class Bytes:
    """Objects' bytes in the file port; `limit` is the most that one may have."""

    def __init__(self, objects: Objects, files: FileStore, limit: int) -> None:
        self._objects = objects
        self._files = files
        self.limit = limit

    async def admit(self, caller: Caller, new: NewObject, size: int | None) -> int:
        """Whether it may come, and up to how many bytes. Raises Fault before any of them is read."""
        if size is not None and size > self.limit:
            raise too_large()
        of_bucket = await self._objects.reserve(caller, new, size)
        most = self.limit if of_bucket is None else min(of_bucket, self.limit)
        if size is not None and size > most:
            raise too_large()
        return most

    async def write(
        self, caller: Caller, new: NewObject, chunks: AsyncIterator[bytes], size: int | None, most: int
    ) -> Placed:
        """Stores what was admitted. Raises Fault; then nothing of it stays."""
        if size is not None and size > most:
            raise too_large()
        try:
            stored = await self._files.write(key_of(new.version), chunks, most)
            return await self._place(caller, new, stored.size_bytes)
        except BaseException:
            await self.discard(new)
            raise

    async def adopt(self, caller: Caller, new: NewObject, path: Path) -> Placed:
        """Stores a finished local file; asked twice for one version, it is there once."""
        before = await self._objects.placed(new)
        if before is not None:
            return Placed(before.id, f"{new.bucket}/{new.name}")
        size = path.stat().st_size
        await self.admit(caller, new, size)
        try:
            await self._files.adopt(path, key_of(new.version))
            return await self._place(caller, new, size)
        except BaseException:
            await self.discard(new)
            raise

    async def copy(self, caller: Caller, source: StoredObject, new: NewObject) -> Placed:
        most = await self.admit(caller, new, source.size)
        chunks = self._files.stream(key_of(source.version), 0, source.size)
        return await self.write(caller, new, chunks, source.size, most)

    async def remove(self, caller: Caller, bucket: str, names: Sequence[str]) -> list[StoredObject]:
        removed, freed = await self._objects.remove(caller, bucket, names)
        await self._delete(freed)
        return removed

    async def discard(self, new: NewObject) -> None:
        """Takes back what was not placed; where that can't be told or done now, it is swept later."""
        try:
            await self._delete(await self._objects.claim([new.version]))
        except (OryxError, Fault) as error:
            logger.warning("bytes are left for the sweep", cause=str(error))

    async def sweep(self, older_than_s: float) -> int:
        """Deletes what crashes left behind so long ago; how many versions that were."""
        stale = await self._objects.stale(older_than_s)
        await self._delete(stale)
        return len(stale)

    async def first(self, version: str, start: int, end: int) -> tuple[bytes, AsyncIterator[bytes]]:
        """The first block, and those that follow it. Raises NotFound where the bytes are gone by now."""
        if start >= end:
            if not await self._files.exists(key_of(version)):
                raise NotFound("The file is not there any more.", code="file_not_found")
            return b"", _none()
        blocks = self._files.stream(key_of(version), start, end)
        return await anext(blocks, b""), blocks

    async def _delete(self, versions: Sequence[str]) -> None:
        """Bytes that nobody has; what can't be deleted now is swept later."""
        if not versions:
            return
        try:
            for version in versions:
                await self._files.delete(key_of(version))
            await self._objects.forget(versions)
        except (OryxError, Fault) as error:
            logger.warning("bytes are left for the sweep", versions=len(versions), cause=str(error))

    async def _place(self, caller: Caller, new: NewObject, size: int) -> Placed:
        row, freed = await self._objects.place(caller, new, size)
        await self._delete(freed)
        return Placed(row, f"{new.bucket}/{new.name}")


async def _none() -> AsyncIterator[bytes]:
    for block in ():
        yield block
