"""Projects and members on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from oryxforge.api.schemas.body import Body, Out, Text
from oryxforge.domain.identity import Role

Name = Annotated[Text, Field(description="As a person types it.", examples=["Sales 2026"])]
Email = Annotated[Text, Field(max_length=320, examples=["ada@example.org"])]
SharedRole = Annotated[Role, Field(description="viewer reads, editor also works; a project has one owner.")]


class ProjectBody(Body):
    name: Name


class ProjectOut(Out):
    id: UUID
    name: str
    user_owner: UUID
    name_git: str
    role: Role
    created_at: datetime


class ProjectList(Out):
    projects: list[ProjectOut]
    count: int


class SuggestionOut(Out):
    prompt: Annotated[str, Field(examples=["Total amount by region"])]


class SuggestionList(Out):
    suggestions: list[SuggestionOut]


class MemberBody(Body):
    email: Email
    role: SharedRole


class MemberOut(Out):
    project_id: UUID
    user_id: UUID
    email: str | None
    role: Role
    created_at: datetime


class MemberList(Out):
    members: list[MemberOut]
    count: int
