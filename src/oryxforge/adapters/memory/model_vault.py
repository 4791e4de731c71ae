"""The model's key in memory."""

from oryxforge.domain.models import ModelAccess


class MemoryModelVault:
    def __init__(self, kept: ModelAccess | None = None) -> None:
        self._kept = kept

    def read(self) -> ModelAccess | None:
        return self._kept

    async def save(self, access: ModelAccess) -> None:
        self._kept = access

    async def remove(self) -> None:
        self._kept = None
