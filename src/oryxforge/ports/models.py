"""Where the model's key is kept, and how it is tried."""

from typing import Protocol

from oryxforge.domain.models import ModelAccess


class ModelVault(Protocol):
    """The one key of an install that its owner saved; every process of the install reads the same."""

    def read(self) -> ModelAccess | None:
        """Quick enough to be asked at each question."""
        ...

    async def save(self, access: ModelAccess) -> None: ...
    async def remove(self) -> None:
        """No error where there is none."""
        ...


class ModelProbe(Protocol):
    async def check(self, access: ModelAccess) -> None:
        """Asks the model for one token. Raises Unprocessable or Failed with what to change."""
        ...
