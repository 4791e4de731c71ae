"""Where the engine's files are: keys below one root, as paths that DuckDB opens."""

import errno
import hashlib
import os
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast
from uuid import uuid4

from fsspec.core import url_to_fs
from fsspec.implementations.local import LocalFileSystem
from fsspec.implementations.memory import MemoryFileSystem
from fsspec.spec import AbstractFileSystem
from loguru import logger

from oryxforge.domain.errors import NotFound, Unavailable
from oryxforge.domain.keys import checked_key

BLOCK = 1 << 20


FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@contextmanager
def place_faults() -> Generator[None]:
    """Raises Unavailable in place of an OSError."""
    try:
        yield
    except OSError as error:
        logger.warning("engine's files failed", error=str(error))
        if error.errno in FULL:
            raise Unavailable(
                "The disk is full. Free some space, then try again.", code="store_full"
            ) from error
        raise Unavailable(
            "The stored data can't be used at the moment. Try again; `oryxforge doctor` says more.",
            code="store_unavailable",
        ) from error


@dataclass(frozen=True)
class Draft:
    """A local file being written for a key; `seal` measures it."""

    uri: str
    path: Path

    def seal(self) -> tuple[int, str]:
        """Its size in bytes and sha256 in hex, once it is safely on disk."""
        with self.path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            os.fsync(file.fileno())
        return self.path.stat().st_size, digest


class Place:
    """The root of all keys, local or remote, and the folder for temporary files.

    `shared`: other processes see the same files there.
    """

    def __init__(self, root_url: str, temp_folder: Path) -> None:
        filesystem, root = url_to_fs(root_url)
        self.filesystem: AbstractFileSystem = filesystem
        self.temp_folder = temp_folder
        self.local = isinstance(filesystem, LocalFileSystem)
        self.shared = not isinstance(filesystem, MemoryFileSystem)
        self._root = str(root).rstrip("/")

    def address(self, uri: str) -> str:
        """What DuckDB opens for a key. Raises NotFound where there is no such file."""
        path = self._path(uri)
        there = Path(path).is_file() if self.local else self.filesystem.isfile(path)
        if not there:
            raise NotFound("The stored data of this sheet is not there any more.", code="file_not_found")
        return path if self.local else self.filesystem.unstrip_protocol(path)

    def read(self, uri: str) -> bytes | None:
        """The bytes of a key, None where there is no such file."""
        try:
            if self.local:
                return Path(self._path(uri)).read_bytes()
            return cast(bytes, self.filesystem.cat_file(self._path(uri)))
        except FileNotFoundError:
            return None

    @contextmanager
    def source(self, uri: str) -> Generator[Path]:
        """A local copy of an uploaded file, the file itself where the root is local."""
        self.address(uri)
        if self.local:
            yield Path(self._path(uri))
            return
        with self.scratch() as copy:
            self.filesystem.get_file(self._path(uri), str(copy))
            yield copy

    @contextmanager
    def scratch(self) -> Generator[Path]:
        """A path for a temporary file, taken away afterwards."""
        self.temp_folder.mkdir(parents=True, exist_ok=True)
        path = self.temp_folder / f"{uuid4().hex}.part"
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)

    @contextmanager
    def draft(self, uri: str) -> Generator[Draft]:
        """A draft of a key beside it (or, for a remote root, in the temporary folder); nothing of it stays behind."""
        if not self.local:
            with self.scratch() as path:
                yield Draft(uri, path)
            return
        target = Path(self._path(uri))
        target.parent.mkdir(parents=True, exist_ok=True)
        path = target.with_name(f".{uuid4().hex}.part")
        try:
            yield Draft(uri, path)
        finally:
            path.unlink(missing_ok=True)

    def publish(self, draft: Draft) -> None:
        """Puts a draft in the place of its key, in one step."""
        target = self._path(draft.uri)
        if self.local:
            draft.path.replace(target)
            return
        self.filesystem.put_file(str(draft.path), target)

    def put(self, uri: str, content: bytes) -> None:
        with self.draft(uri) as draft:
            draft.path.write_bytes(content)
            self.publish(draft)

    def free_bytes(self) -> int:
        """Free space for temporary files."""
        self.temp_folder.mkdir(parents=True, exist_ok=True)
        return shutil.disk_usage(self.temp_folder).free

    def _path(self, uri: str) -> str:
        return f"{self._root}/{checked_key(uri)}"
