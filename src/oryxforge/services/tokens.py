"""Tokens for scripts: made and shown once, listed, revoked; and who comes with one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from oryxforge.domain.errors import Conflict, NotAllowed, Unauthenticated, Unprocessable
from oryxforge.domain.identity import SCRIPT_CLAIM, Actor
from oryxforge.domain.names import clean_name
from oryxforge.domain.tokens import PREFIX, SHOWN, AccessToken, TokenOwner, hash_of, new_secret
from oryxforge.ports.accounts import TokenLookup, TokenVerifier
from oryxforge.ports.repos import Store

LONGEST_DAYS = 366
MOST = 50


@dataclass(frozen=True)
class NewToken:
    """A token and its secret, which nobody can be shown again."""

    token: AccessToken
    secret: str


class Tokens:
    def __init__(self, store: Store, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._store = store
        self._now = now

    async def create(self, actor: Actor, name: str, days: int) -> NewToken:
        """Raises Unprocessable for a name or a time that can't be, NotAllowed for a script, Conflict for too many."""
        if actor.by_token:
            raise NotAllowed(
                "A token makes no other tokens. Sign in on the page to make one.", code="token_needs_person"
            )
        clean = clean_name(name, "token")
        if not 1 <= days <= LONGEST_DAYS:
            raise Unprocessable(
                f"A token is good for 1 to {LONGEST_DAYS} days. Choose a number of days in between.",
                code="token_days_invalid",
            )
        secret = new_secret()
        until = self._now() + timedelta(days=days)
        async with self._store.transaction(actor) as tx:
            if len(await tx.tokens.all()) >= MOST:
                raise Conflict(
                    f"You have {MOST} tokens. Revoke one that you don't use.", code="too_many_tokens"
                )
            return NewToken(await tx.tokens.create(clean, hash_of(secret), secret[-SHOWN:], until), secret)

    async def all(self, actor: Actor) -> list[AccessToken]:
        async with self._store.transaction(actor) as tx:
            return await tx.tokens.all()

    async def delete(self, actor: Actor, token_id: UUID) -> None:
        """From now on it opens nothing. Raises NotFound."""
        async with self._store.transaction(actor) as tx:
            await tx.tokens.delete(token_id)


class ScriptVerifier:
    """A TokenVerifier of tokens for scripts, each looked up anew; others are left to `verifier`."""

    def __init__(self, verifier: TokenVerifier, lookup: TokenLookup) -> None:
        self._verifier = verifier
        self._lookup = lookup

    async def verify(self, token: str) -> Actor:
        if not token.startswith(PREFIX):
            return await self._verifier.verify(token)
        owner = await self._lookup.owner_of(hash_of(token))
        if owner is None:
            raise Unauthenticated(
                "This token is not known: it was revoked, has run out, or was cut off. Make a new one in the settings.",
                code="token_invalid",
            )
        return _actor(owner)


def _actor(owner: TokenOwner) -> Actor:
    claims: dict[str, object] = {
        "sub": str(owner.user_id),
        "role": "authenticated",
        "aud": "authenticated",
        "email": owner.email or "",
        "exp": int(owner.expires_at.timestamp()),
        SCRIPT_CLAIM: str(owner.token_id),
    }
    return Actor(owner.user_id, owner.email, claims=claims)
