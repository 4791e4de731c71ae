"""Writing one file so that it is there whole or not at all."""

import contextlib
import os
from pathlib import Path
from typing import BinaryIO, Protocol, cast
from uuid import uuid4

from fsspec.spec import AbstractBufferedFile, AbstractFileSystem


class Target(Protocol):
    def open(self) -> None: ...
    def append(self, block: bytes) -> None: ...
    def sync(self) -> None:
        """Makes sure, where that costs little, that what was appended could be stored."""
        ...

    def commit(self) -> None: ...
    def discard(self) -> None:
        """Takes away what was not committed; no error where there is nothing."""
        ...


class LocalTarget:
    """A temporary file beside the target, synced and renamed over it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._temporary = path.with_name(f".{uuid4().hex}.part")
        self._file: BinaryIO | None = None

    def open(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self._temporary.open("wb")

    def append(self, block: bytes) -> None:
        assert self._file is not None
        self._file.write(block)

    def sync(self) -> None:
        assert self._file is not None
        self._file.flush()
        os.fsync(self._file.fileno())

    def commit(self) -> None:
        assert self._file is not None
        self.sync()
        self._file.close()
        self._put()

    def link(self, source: Path) -> None:
        """Puts a file there that is on the same filesystem. Raises OSError where it isn't, or has no links."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        os.link(source, self._temporary)
        self._put()
        # To rename a link over another link of the same file does nothing.
        self._temporary.unlink(missing_ok=True)

    def _put(self) -> None:
        self._temporary.replace(self._path)
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def discard(self) -> None:
        if self._file is None:
            return
        with contextlib.suppress(OSError):
            self._file.close()
        self._temporary.unlink(missing_ok=True)


class ObjectTarget:
    """An object under a temporary key, moved by the store itself once its upload is closed."""

    def __init__(self, filesystem: AbstractFileSystem, path: str) -> None:
        folder, _, name = path.rpartition("/")
        self._fs = filesystem
        self._path = path
        self._temporary = f"{folder}/.{name}-{uuid4().hex}.part"
        self._file: AbstractBufferedFile | None = None

    def open(self) -> None:
        self._file = cast(AbstractBufferedFile, self._fs.open(self._temporary, "wb"))

    def append(self, block: bytes) -> None:
        assert self._file is not None
        self._file.write(block)

    def sync(self) -> None:
        """An object is stored at its end only."""

    def commit(self) -> None:
        assert self._file is not None
        self._file.close()
        self._fs.mv(self._temporary, self._path)

    def discard(self) -> None:
        if self._file is None:
            return
        self._file.close()
        if self._fs.exists(self._temporary):
            self._fs.rm(self._temporary)
