"""A dataset: a named group of sheets."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class Dataset:
    id: UUID
    project_id: UUID
    user_owner: UUID
    name: str
    name_python: str
    created_at: datetime
