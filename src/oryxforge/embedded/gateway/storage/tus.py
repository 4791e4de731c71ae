"""Resumable uploads (TUS 1.0.0), wherever the finished file goes: begun, gone on with, finished once."""

import asyncio
import hashlib
import shutil
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Protocol, TypeVar
from uuid import UUID, uuid4

from loguru import logger

from oryxforge.embedded.gateway.storage.tus_files import Busy, Part, Shelf, Upload, threaded

BLOCK = 1 << 20
IDLE_S = 60.0
# A sender whose connection is half open holds an upload until another request for it comes.
LETS_GO_S = 10.0
LOOKS_EVERY_S = 0.25
LASTS_S = 86_400.0
SWEEP_S = 3_600.0
MOST_AT_ONCE = 256
ROOM_LEFT = 64 << 20
CHECKSUMS = ("sha1", "sha256")
Who = TypeVar("Who")
Sender_contra = TypeVar("Sender_contra", contravariant=True)


class TusRefused(Exception):
    """An HTTP status, a word for it, and a message for people."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


class Destination(Protocol[Sender_contra]):
    """Where finished files go; what it raises goes to the sender as it is."""

    async def admit(self, who: Sender_contra, upload: Upload) -> None:
        """Raises where this sender may not put such a file there."""
        ...

    async def finish(self, who: Sender_contra, upload: Upload, path: Path) -> Mapping[str, str]:
        """Takes the file and tells what became of it. Asked again for one upload (after a crash), it does it once."""
        ...


@dataclass(frozen=True)
class Checksum:
    """What the bytes of one request are said to be."""

    algorithm: str
    digest: bytes


class Tus(Generic[Who]):
    """`limit` is the most that a file may have, in bytes."""

    def __init__(
        self, folder: Path, destination: Destination[Who], limit: int, lasts_s: float = LASTS_S
    ) -> None:
        self._folder = folder
        self._shelf = Shelf(folder)
        self._destination = destination
        self.limit = limit
        self._lasts_s = lasts_s
        self._swept_at = 0.0

    async def create(
        self, who: Who, owner: str, length: int, metadata: Mapping[str, str], options: Mapping[str, str]
    ) -> Upload:
        """Begins an upload. Raises TusRefused, or what the destination has against it."""
        if length > self.limit:
            raise TusRefused(413, "EntityTooLarge", "The object exceeded the maximum allowed size")
        if time.monotonic() - self._swept_at > SWEEP_S or not self._swept_at:
            await self.sweep()
        if await self._shelf.count(owner) >= MOST_AT_ONCE:
            raise TusRefused(429, "SlowDown", "Too many uploads are under way. Finish or end some of them.")
        upload = Upload(str(uuid4()), owner, length, time.time() + self._lasts_s, metadata, options)
        await self._destination.admit(who, upload)
        if await threaded(self._room) < length + ROOM_LEFT:
            raise TusRefused(507, "InsufficientStorage", "There is no room left for a file of this size.")
        await self._shelf.add(upload)
        return upload if length else await self._finished_of(who, upload)

    async def look(self, who: Who, owner: str, upload_id: UUID) -> tuple[Upload, int]:
        """The upload and its offset; one that has all its bytes is finished first, so that its offset tells the truth."""
        upload = await self._need(owner, upload_id)
        if upload.result is not None:
            return upload, upload.length
        size = await self._shelf.size(upload)
        if size is None:
            raise _gone()
        if size < upload.length:
            return upload, size
        return await self._finished_of(who, upload), upload.length

    async def resume(self, who: Who, owner: str, upload_id: UUID) -> tuple[Upload, int]:
        """As `look`, for who is about to go on: what another request was writing is kept and counted, and it is ended."""
        upload = await self._need(owner, upload_id)
        if upload.result is not None:
            return upload, upload.length
        try:
            async with self._shelf.held(upload, LETS_GO_S) as part:
                await threaded(part.sync)
                if part.size < upload.length:
                    return upload, part.size
                return await self._finish(who, upload), upload.length
        except Busy as error:
            raise _locked() from error
        except FileNotFoundError:
            return await self._ended(owner, upload_id)

    async def patch(
        self,
        who: Who,
        owner: str,
        upload_id: UUID,
        offset: int,
        chunks: AsyncIterator[bytes],
        checksum: Checksum | None = None,
    ) -> tuple[Upload, int]:
        """Adds bytes at the offset, after whoever was writing; what came of them before a cut stays. Raises TusRefused, and what `chunks` raises."""
        upload = await self._need(owner, upload_id)
        if upload.result is not None:
            raise _finished()
        try:
            async with self._shelf.held(upload, LETS_GO_S) as part:
                if part.size != offset:
                    raise TusRefused(
                        409, "InvalidUploadOffset", f"The upload is at {part.size}, not at {offset}."
                    )
                await self._write(upload, part, chunks, checksum)
                if part.size == upload.length:
                    return await self._finish(who, upload), upload.length
                return upload, part.size
        except Busy as error:
            raise _locked() from error
        except FileNotFoundError as error:
            await self._ended(owner, upload_id)
            raise _finished() from error

    async def remove(self, owner: str, upload_id: UUID) -> None:
        """Ends an upload and forgets it; what it became stays."""
        upload = await self._need(owner, upload_id)
        try:
            async with self._shelf.held(upload, LETS_GO_S):
                await self._shelf.remove(upload)
        except Busy as error:
            raise _locked() from error
        except FileNotFoundError:
            await self._shelf.remove(upload)

    async def sweep(self) -> int:
        """Forgets what has expired; how many uploads that were."""
        self._swept_at = time.monotonic()
        swept = await self._shelf.sweep(time.time())
        if swept:
            logger.info("expired uploads swept", uploads=swept)
        return swept

    async def _write(
        self, upload: Upload, part: Part, chunks: AsyncIterator[bytes], checksum: Checksum | None
    ) -> None:
        start = part.size
        if checksum is None:
            await self._append(upload, part, chunks, None)
            return
        digest = hashlib.new(checksum.algorithm, usedforsecurity=False)
        await threaded(part.begin_doubt)
        try:
            await self._append(upload, part, chunks, digest.update)
            if digest.digest() != checksum.digest:
                raise TusRefused(460, "ChecksumMismatch", "The bytes are not those that the checksum names.")
        except BaseException:
            await threaded(part.cut, start)
            await threaded(part.end_doubt)
            raise
        await threaded(part.end_doubt)

    async def _append(
        self, upload: Upload, part: Part, chunks: AsyncIterator[bytes], seen: Callable[[bytes], object] | None
    ) -> None:
        block = bytearray()
        try:
            async for chunk in _lively(chunks, part):
                if part.size + len(block) + len(chunk) > upload.length:
                    raise TusRefused(413, "EntityTooLarge", "These are more bytes than Upload-Length said.")
                block += chunk
                if seen is not None:
                    seen(chunk)
                if len(block) >= BLOCK:
                    await threaded(part.append, bytes(block))
                    block.clear()
        finally:
            await threaded(_put, part, bytes(block))

    async def _finished_of(self, who: Who, upload: Upload) -> Upload:
        try:
            async with self._shelf.held(upload, 0) as part:
                if part.size != upload.length:
                    raise _locked()
                return await self._finish(who, upload)
        except Busy as error:
            raise _locked() from error
        except FileNotFoundError as error:
            raise _locked() from error

    async def _finish(self, who: Who, upload: Upload) -> Upload:
        result = await self._destination.finish(who, upload, self._shelf.bytes_of(upload))
        await self._shelf.finish(upload, result)
        return await self._need(upload.owner, UUID(upload.id))

    async def _ended(self, owner: str, upload_id: UUID) -> tuple[Upload, int]:
        """One that another request has finished meanwhile. Raises TusRefused where its bytes are gone instead."""
        upload = await self._need(owner, upload_id)
        if upload.result is None:
            raise _gone()
        return upload, upload.length

    async def _need(self, owner: str, upload_id: UUID) -> Upload:
        upload = await self._shelf.get(owner, upload_id)
        if upload is None:
            raise TusRefused(404, "NoSuchUpload", "There is no such upload; begin a new one.")
        if upload.expires_at < time.time():
            raise _gone()
        return upload

    def _room(self) -> int:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return shutil.disk_usage(self._folder).free


async def _lively(chunks: AsyncIterator[bytes], part: Part) -> AsyncIterator[bytes]:
    """Gives up on a sender that has gone silent, or whose upload another request goes on with: a lock doesn't outlive its use."""
    now = time.monotonic
    heard_at = looked_at = now()
    coming: asyncio.Future[bytes | None] | None = None
    try:
        while True:
            if now() - looked_at >= LOOKS_EVERY_S:
                looked_at = now()
                if await threaded(part.is_wanted):
                    raise TusRefused(423, "ResourceLocked", "Another request goes on with this upload.")
            coming = coming or asyncio.ensure_future(anext(chunks, None))
            await asyncio.wait({coming}, timeout=LOOKS_EVERY_S)
            if coming.done():
                chunk, coming, heard_at = coming.result(), None, now()
                if chunk is None:
                    return
                yield chunk
            elif now() - heard_at >= IDLE_S:
                raise TusRefused(408, "RequestTimeout", "Nothing came for a minute. Go on from the offset.")
    finally:
        if coming is not None:
            coming.cancel()


def _put(part: Part, block: bytes) -> None:
    part.append(block)
    part.sync()


def _locked() -> TusRefused:
    return TusRefused(423, "ResourceLocked", "Another request is writing to this upload. Try again soon.")


def _finished() -> TusRefused:
    return TusRefused(409, "InvalidUploadOffset", "The upload is finished already.")


def _gone() -> TusRefused:
    return TusRefused(410, "UploadExpired", "The upload has expired; begin a new one.")
