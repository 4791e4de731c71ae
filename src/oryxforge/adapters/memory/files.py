"""Files in memory."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

from oryxforge.domain.errors import NotFound, TooLarge
from oryxforge.domain.keys import checked_key
from oryxforge.ports.files import FileStore, StoredFile


class MemoryFiles(FileStore):
    """A FileStore that keeps its bytes in `files`, by key."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    async def write(self, uri: str, chunks: AsyncIterator[bytes], limit_bytes: int) -> StoredFile:
        key = checked_key(uri)
        content = bytearray()
        async for chunk in chunks:
            content += chunk
            if len(content) > limit_bytes:
                raise TooLarge(f"The file is over the limit of {limit_bytes} bytes.")
        self.files[key] = bytes(content)
        return StoredFile(uri, len(content), hashlib.sha256(content).hexdigest())

    async def read(self, uri: str) -> bytes:
        key = checked_key(uri)
        if key not in self.files:
            raise NotFound("The file is not there any more.", code="file_not_found")
        return self.files[key]

    async def stream(self, uri: str, start: int, end: int) -> AsyncIterator[bytes]:
        yield (await self.read(uri))[start:end]

    async def adopt(self, path: Path, uri: str) -> int:
        content = await asyncio.to_thread(path.read_bytes)
        self.files[checked_key(uri)] = content
        return len(content)

    async def exists(self, uri: str) -> bool:
        return checked_key(uri) in self.files

    async def delete(self, prefix: str) -> None:
        key = checked_key(prefix)
        for name in [n for n in self.files if n == key or n.startswith(f"{key}/")]:
            del self.files[name]

    async def sweep(self, older_than_s: float) -> int:
        """A write here leaves nothing behind."""
        return 0

    async def check(self) -> None:
        return None
