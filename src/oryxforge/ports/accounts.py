"""Accounts and tokens of the embedded mode; hosted, only `verify` is needed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from oryxforge.domain.identity import Actor
from oryxforge.domain.tokens import TokenOwner


@dataclass(frozen=True)
class Account:
    id: UUID
    email: str
    created_at: datetime
    last_sign_in_at: datetime | None
    is_owner: bool


@dataclass(frozen=True)
class Session:
    """An access token as GoTrue answers it; `expires_at` in Unix seconds. `refresh_token` is empty where it has none."""

    access_token: str
    expires_in: int
    expires_at: int
    user: Mapping[str, object]
    refresh_token: str = ""


class TokenVerifier(Protocol):
    async def verify(self, token: str) -> Actor:
        """Raises Unauthenticated for a token that is forged, expired, or not for us."""
        ...


class TokenLookup(Protocol):
    async def owner_of(self, token_hash: str) -> TokenOwner | None:
        """Whom a token for scripts speaks for; None where it is unknown, revoked or has run out, or its person is gone."""
        ...


class Accounts(Protocol):
    async def all(self) -> list[Account]: ...
    async def get(self, email: str) -> Account: ...
    async def ensure_owner(self, email: str) -> Account:
        """The local owner, made at first use."""
        ...

    async def is_owner(self, user_id: UUID) -> bool: ...
    async def create(self, email: str, password: str | None) -> Account:
        """Raises Conflict where there is one, Unprocessable for a bad address or a weak password."""
        ...

    async def delete(self, email: str) -> None: ...
    async def token(self, email: str | None, ttl_s: int) -> Session:
        """A signed access token; without an e-mail, the local owner's."""
        ...

    async def make_link(self, ttl_s: int) -> str:
        """A one-time sign-in secret of the local owner; only its hash is kept."""
        ...

    async def redeem_link(self, secret: str) -> Session:
        """Consumes a sign-in secret. Raises Unauthenticated where it is unknown, used or expired."""
        ...
