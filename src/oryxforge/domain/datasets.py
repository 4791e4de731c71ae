"""A dataset: a named group of sheets."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from oryxforge.domain.sheets import KEPT


@dataclass(frozen=True)
class Dataset:
    id: UUID
    project_id: UUID
    user_owner: UUID
    name: str
    name_python: str
    created_at: datetime
    deleted_at: datetime | None = None

    @property
    def kept_until(self) -> datetime | None:
        """Until when a deleted dataset can be brought back."""
        return self.deleted_at + KEPT if self.deleted_at else None
