"""Tokens for scripts on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from oryxforge.api.schemas.body import Body, Out, Text


class TokenBody(Body):
    name: Annotated[Text, Field(description="What it is for.", examples=["Nightly report"])]
    days: Annotated[int, Field(default=90, ge=1, le=366, description="How long it is good for.")]


class TokenOut(Out):
    id: UUID
    name: str
    last_four: str
    created_at: datetime
    expires_at: datetime
    used_at: Annotated[datetime | None, Field(description="To the minute; null where it never was.")]


class NewTokenOut(TokenOut):
    token: Annotated[str, Field(description="The token itself: shown now and never again.")]


class TokenList(Out):
    tokens: list[TokenOut]
    count: int
