"""Questions to begin with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from oryxforge.domain.sheets import Sheet


@dataclass(frozen=True)
class Seen:
    """What a column holds in a sheet's first rows: how many different values, and how many are missing."""

    distinct: int
    missing: int


@dataclass(frozen=True)
class Glimpse:
    """A sheet, how many of its rows were looked at, and its columns in them by name (none where nothing is known)."""

    sheet: Sheet
    rows: int = 0
    columns: Mapping[str, Seen] = field(default_factory=dict[str, Seen])


class Suggester(Protocol):
    async def questions(self, sheets: Sequence[Glimpse], most: int) -> list[str]:
        """At most so many questions that the sheets can answer, those about the first sheet first."""
        ...
