"""Bytes by key: uploads and sheets, in a local folder or a bucket."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True)
class StoredFile:
    """A file as stored; `content_hash` is sha256 in hex."""

    uri: str
    size_bytes: int
    content_hash: str


class FileStore(Protocol):
    async def write(self, uri: str, chunks: AsyncIterator[bytes], limit_bytes: int) -> StoredFile:
        """Writes whole or not at all. Raises TooLarge over the limit, Unavailable where the store is full or away."""
        ...

    async def read(self, uri: str) -> bytes:
        """Raises NotFound."""
        ...

    def stream(self, uri: str, start: int, end: int) -> AsyncIterator[bytes]:
        """The bytes from `start` up to `end` (or the file's own end) in blocks. Raises NotFound with the first."""
        ...

    async def adopt(self, path: Path, uri: str) -> int:
        """Stores a finished local file, by a link where it can, so that its size costs nothing; its bytes.

        The file itself stays the caller's to delete. Raises Unavailable where the store is full or away.
        """
        ...

    async def exists(self, uri: str) -> bool: ...

    async def delete(self, prefix: str) -> None:
        """Deletes a key and everything below it; no error where there is nothing."""
        ...

    async def sweep(self, older_than_s: float) -> int:
        """Deletes what writes that were cut off left behind, last touched so long ago; how many files that were."""
        ...

    async def check(self) -> None:
        """Raises Unavailable with the reason if the store can't be written."""
        ...
