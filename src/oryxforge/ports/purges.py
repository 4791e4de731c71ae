"""Sheets that go for good, some time after they were deleted."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol


class Purges(Protocol):
    async def purge(self, before: datetime, most: int) -> Sequence[str]:
        """Purges up to `most` sheets that were deleted before; the keys of files that nothing names any more.

        A key comes again until `forget` is told, so that none outlives a crash in between. Raises Unavailable.
        """
        ...

    async def forget(self, uris: Sequence[str]) -> None:
        """Their files are gone. Raises Unavailable."""
        ...
