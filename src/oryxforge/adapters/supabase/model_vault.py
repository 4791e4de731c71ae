"""The model's key in a file of the install that its owner alone reads."""

import asyncio
import json
from datetime import datetime
from pathlib import Path

from oryxforge.adapters.supabase.secret_files import write_secrets
from oryxforge.domain.models import ModelAccess, Provider

Stamp = tuple[int, int, int]


class FileModelVault:
    """The ModelVault port; the file is read anew only after it has changed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp: Stamp | None = None
        self._kept: ModelAccess | None = None

    def read(self) -> ModelAccess | None:
        try:
            found = self._path.stat()
            stamp = (found.st_mtime_ns, found.st_size, found.st_ino)
            if stamp != self._stamp:
                self._kept, self._stamp = _parsed(self._path.read_text()), stamp
        except FileNotFoundError:
            self._kept = self._stamp = None
        return self._kept

    async def save(self, access: ModelAccess) -> None:
        await asyncio.to_thread(write_secrets, self._path, _content(access))

    async def remove(self) -> None:
        await asyncio.to_thread(self._path.unlink, missing_ok=True)


def _content(access: ModelAccess) -> dict[str, str | None]:
    return {
        "provider": access.provider.value,
        "secret": access.secret,
        "model": access.model,
        "base_url": access.base_url,
        "saved_at": access.saved_at.isoformat() if access.saved_at else None,
    }


def _parsed(text: str) -> ModelAccess:
    stored = json.loads(text)
    saved_at = stored.get("saved_at")
    return ModelAccess(
        Provider(stored["provider"]),
        stored["secret"],
        stored.get("model"),
        stored.get("base_url"),
        datetime.fromisoformat(saved_at) if saved_at else None,
    )
