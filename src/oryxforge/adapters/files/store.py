"""Files of an fsspec filesystem below one root: a local folder, a bucket, or a store in memory."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO, TypeVar, cast
from uuid import uuid4

from fsspec.core import url_to_fs
from fsspec.implementations.local import LocalFileSystem
from fsspec.spec import AbstractFileSystem
from loguru import logger

from oryxforge.adapters.files.faults import store_faults
from oryxforge.adapters.files.writing import LocalTarget, ObjectTarget, Target
from oryxforge.domain.errors import NotFound, TooLarge
from oryxforge.domain.keys import checked_key
from oryxforge.ports.files import FileStore, StoredFile

BLOCK = 1 << 20
CHECKED = b"whether there is room " * 200
UNFINISHED = ".part"
T = TypeVar("T")


class FsspecFiles(FileStore):
    """A FileStore below `root_url`: `/some/folder`, `gs://bucket/prefix`, or whatever else fsspec speaks."""

    def __init__(self, root_url: str) -> None:
        filesystem, root = url_to_fs(root_url)
        self._fs: AbstractFileSystem = filesystem
        self._root = str(root).rstrip("/")
        self._local = isinstance(filesystem, LocalFileSystem)

    async def write(self, uri: str, chunks: AsyncIterator[bytes], limit_bytes: int) -> StoredFile:
        target = self._target(uri)
        digest = hashlib.sha256()
        size = 0
        try:
            await _threaded(target.open)
            block = bytearray()
            async for chunk in chunks:
                size += len(chunk)
                if size > limit_bytes:
                    raise TooLarge(f"The file is over the limit of {limit_bytes} bytes.")
                block += chunk
                if len(block) >= BLOCK:
                    digest.update(block)
                    await _threaded(target.append, bytes(block))
                    block.clear()
            digest.update(block)
            await _threaded(target.append, bytes(block))
            await _threaded(target.commit)
        except BaseException:
            await _threaded(target.discard)
            raise
        return StoredFile(uri=uri, size_bytes=size, content_hash=digest.hexdigest())

    async def read(self, uri: str) -> bytes:
        return await _threaded(self._read, self._path(uri))

    async def stream(self, uri: str, start: int, end: int) -> AsyncIterator[bytes]:
        file = await _threaded(self._open, self._path(uri), start)
        try:
            while start < end and (block := await _threaded(file.read, min(BLOCK, end - start))):
                start += len(block)
                yield block
        finally:
            await _threaded(file.close)

    async def adopt(self, path: Path, uri: str) -> int:
        return await _threaded(self._adopt, path, self._target(uri))

    async def exists(self, uri: str) -> bool:
        return await _threaded(self._fs.isfile, self._path(uri))

    async def delete(self, prefix: str) -> None:
        await _threaded(self._delete, self._path(prefix))

    async def sweep(self, older_than_s: float) -> int:
        return await _threaded(self._sweep, datetime.now(UTC) - timedelta(seconds=older_than_s))

    async def check(self) -> None:
        target = self._target(f".check-{uuid4().hex}")
        try:
            await _threaded(target.open)
            await _threaded(target.append, CHECKED)
            await _threaded(target.sync)
        finally:
            await _threaded(target.discard)

    def _path(self, key: str) -> str:
        return f"{self._root}/{checked_key(key)}"

    def _target(self, key: str) -> Target:
        path = self._path(key)
        return LocalTarget(Path(path)) if self._local else ObjectTarget(self._fs, path)

    def _read(self, path: str) -> bytes:
        try:
            return cast(bytes, self._fs.cat_file(path))
        except (FileNotFoundError, IsADirectoryError) as error:
            raise NotFound("The file is not there any more.", code="file_not_found") from error

    def _open(self, path: str, start: int) -> BinaryIO:
        try:
            file = cast(BinaryIO, self._fs.open(path, "rb"))
        except (FileNotFoundError, IsADirectoryError) as error:
            raise NotFound("The file is not there any more.", code="file_not_found") from error
        file.seek(start)
        return file

    def _adopt(self, source: Path, target: Target) -> int:
        size = source.stat().st_size
        if isinstance(target, LocalTarget):
            try:
                target.link(source)
            except OSError as error:
                logger.info("a file is copied where it can not be linked", error=str(error))
            else:
                return size
        self._copy(source, target)
        return size

    def _copy(self, source: Path, target: Target) -> None:
        try:
            target.open()
            with source.open("rb") as file:
                while block := file.read(BLOCK):
                    target.append(block)
            target.commit()
        except BaseException:
            target.discard()
            raise

    def _sweep(self, before: datetime) -> int:
        if not self._fs.exists(self._root):
            return 0
        swept = 0
        for path in self._fs.find(self._root):
            if path.endswith(UNFINISHED) and _as_utc(self._fs.modified(path)) < before:
                self._fs.rm_file(path)
                swept += 1
        return swept

    def _delete(self, path: str) -> None:
        if self._fs.exists(path):
            self._fs.rm(path, recursive=True)


def _as_utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


async def _threaded(call: Callable[..., T], *args: object) -> T:
    """Runs a blocking call in a thread and, when cancelled, still waits for its end: a file is never half open."""
    work = asyncio.ensure_future(asyncio.to_thread(_guarded, call, *args))
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        await asyncio.wait({work})
        raise


def _guarded(call: Callable[..., T], *args: object) -> T:
    with store_faults():
        return call(*args)
