"""Tokens of people for their scripts."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

PREFIX = "oryx_"
SHOWN = 4


@dataclass(frozen=True)
class AccessToken:
    """What is known of a token; its secret was shown once, when it was made."""

    id: UUID
    name: str
    last_four: str
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None


@dataclass(frozen=True)
class TokenOwner:
    """Whom a token speaks for."""

    token_id: UUID
    user_id: UUID
    email: str | None
    expires_at: datetime


def new_secret() -> str:
    """A token of 256 random bits, which none of another kind begins like."""
    return PREFIX + secrets.token_urlsafe(32)


def hash_of(secret: str) -> str:
    """What is kept of a token: of that many random bits a plain hash can't be turned back."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
