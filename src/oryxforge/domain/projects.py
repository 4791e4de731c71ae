"""A project and the people in it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from oryxforge.domain.identity import Role

SOURCES = "Sources"
EXPLORATION = "Exploration"


@dataclass(frozen=True)
class Project:
    id: UUID
    name: str
    user_owner: UUID
    name_git: str
    git_path: str | None
    created_at: datetime
    role: Role


@dataclass(frozen=True)
class Member:
    project_id: UUID
    user_id: UUID
    email: str | None
    role: Role
    created_at: datetime
