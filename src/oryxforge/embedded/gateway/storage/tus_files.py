"""Unfinished uploads on disk: bytes in a file whose length is the offset, and beside it what was said of them."""

import asyncio
import contextlib
import fcntl
import json
import os
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import BinaryIO, TypeVar
from uuid import UUID

T = TypeVar("T")
ASK_S = 0.1


class Busy(Exception):
    """Another request writes to this upload."""


@dataclass(frozen=True)
class Upload:
    """`owner` is a word for who began it and alone may go on; times are unix seconds; `result` once it is finished."""

    id: str
    owner: str
    length: int
    expires_at: float
    metadata: Mapping[str, str] = field(default_factory=dict[str, str])
    options: Mapping[str, str] = field(default_factory=dict[str, str])
    result: Mapping[str, str] | None = None


class Part:
    """The bytes so far, held by one writer; each call blocks, so it is made from a thread."""

    def __init__(self, file: BinaryIO, doubt: Path, wanted: Path) -> None:
        self._file = file
        self._doubt = doubt
        self._wanted = wanted
        self.size = file.seek(0, os.SEEK_END)

    def append(self, block: bytes) -> None:
        self._file.write(block)
        self.size += len(block)

    def sync(self) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())

    def begin_doubt(self) -> None:
        """From here on the bytes count only after `end_doubt`, even if this process is killed before."""
        _write(self._doubt, str(self.size).encode())

    def is_wanted(self) -> bool:
        """Whether another request waits for these bytes."""
        return self._wanted.exists()

    def end_doubt(self) -> None:
        self._doubt.unlink(missing_ok=True)

    def cut(self, size: int) -> None:
        self._file.flush()
        self._file.truncate(size)
        self.size = self._file.seek(0, os.SEEK_END)
        self.sync()


class Shelf:
    """A folder of unfinished uploads, by owner and id; safe between processes and after a kill."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def add(self, upload: Upload) -> None:
        await threaded(self._add, upload)

    async def get(self, owner: str, upload_id: UUID) -> Upload | None:
        return await threaded(self._get, self._path(owner, upload_id, "json"))

    async def size(self, upload: Upload) -> int | None:
        """How many bytes are there for good; None where they are not there any more."""
        return await threaded(self._size, upload)

    async def count(self, owner: str) -> int:
        """How many an owner has under way."""
        return await threaded(lambda: len(list((self._folder / owner).glob("*.bytes"))))

    @asynccontextmanager
    async def held(self, upload: Upload, within_s: float) -> AsyncGenerator[Part]:
        """The bytes, for one at a time; who holds them is asked to let go, in whatever process. Raises Busy, and FileNotFoundError where they are gone."""
        file = await self._taken(upload, time.monotonic() + within_s)
        try:
            yield Part(file, self._doubt(upload), self._wanted(upload))
        finally:
            await threaded(_closed, file)

    async def finish(self, upload: Upload, result: Mapping[str, str]) -> None:
        """Keeps the result and lets the bytes go."""
        await threaded(self._finish, replace(upload, result=result))

    async def remove(self, upload: Upload) -> None:
        await threaded(self._remove, upload)

    async def sweep(self, now: float) -> int:
        """Removes what has expired and is not being written; how many that were."""
        return await threaded(self._sweep, now)

    def bytes_of(self, upload: Upload) -> Path:
        return self._path(upload.owner, UUID(upload.id), "bytes")

    def _path(self, owner: str, upload_id: UUID, suffix: str) -> Path:
        return self._folder / owner / f"{upload_id}.{suffix}"

    async def _taken(self, upload: Upload, until: float) -> BinaryIO:
        while True:
            try:
                return await threaded(self._hold, upload)
            except Busy:
                if time.monotonic() >= until:
                    raise
            await threaded(self._wanted(upload).touch)
            await asyncio.sleep(ASK_S)

    def _doubt(self, upload: Upload) -> Path:
        return self.bytes_of(upload).with_suffix(".doubt")

    def _wanted(self, upload: Upload) -> Path:
        """There while somebody waits for the bytes."""
        return self.bytes_of(upload).with_suffix(".wanted")

    def _add(self, upload: Upload) -> None:
        path = self.bytes_of(upload)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600, exist_ok=False)
        _write(path.with_suffix(".json"), json.dumps(asdict(upload)).encode())

    def _get(self, path: Path) -> Upload | None:
        try:
            return Upload(**json.loads(path.read_bytes()))
        except (FileNotFoundError, NotADirectoryError):
            return None

    def _size(self, upload: Upload) -> int | None:
        try:
            with self.bytes_of(upload).open("rb") as file:
                os.fsync(file.fileno())
                size = os.fstat(file.fileno()).st_size
        except FileNotFoundError:
            return None
        return min(size, _number(self._doubt(upload), size))

    def _hold(self, upload: Upload) -> BinaryIO:
        path, wanted = self.bytes_of(upload), self._wanted(upload)
        try:
            file = path.open("r+b")
        except FileNotFoundError:
            wanted.unlink(missing_ok=True)
            raise
        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Others who still wait for it say so again.
            wanted.unlink(missing_ok=True)
            # Between opening and locking somebody may have finished it.
            if not os.path.samestat(os.fstat(file.fileno()), path.stat()):
                raise FileNotFoundError(path)
            doubt = self._doubt(upload)
            if doubt.exists():
                file.truncate(_number(doubt, 0))
                doubt.unlink()
        except BlockingIOError as error:
            file.close()
            raise Busy from error
        except BaseException:
            file.close()
            raise
        return file

    def _finish(self, upload: Upload) -> None:
        path = self.bytes_of(upload)
        _write(path.with_suffix(".json"), json.dumps(asdict(upload)).encode())
        path.unlink(missing_ok=True)

    def _remove(self, upload: Upload) -> None:
        path = self.bytes_of(upload)
        path.with_suffix(".json").unlink(missing_ok=True)
        path.unlink(missing_ok=True)
        self._doubt(upload).unlink(missing_ok=True)
        self._wanted(upload).unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            path.parent.rmdir()

    def _sweep(self, now: float) -> int:
        swept = 0
        for path in self._folder.glob("*/*.json"):
            upload = self._get(path)
            if upload is None or upload.expires_at > now:
                continue
            try:
                self._hold(upload).close()
            except Busy:
                continue
            except FileNotFoundError:
                pass
            self._remove(upload)
            swept += 1
        return swept


async def threaded(call: Callable[..., T], *args: object) -> T:
    """Runs a blocking call in a thread and, when cancelled, still waits for its end: a lock is never lost."""
    work = asyncio.ensure_future(asyncio.to_thread(call, *args))
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        await asyncio.wait({work})
        raise


def _closed(file: BinaryIO) -> None:
    file.close()


def _number(path: Path, otherwise: int) -> int:
    try:
        return int(path.read_text() or 0)
    except FileNotFoundError:
        return otherwise


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, and for good."""
    temporary = path.with_name(f".{path.name}")
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
