"""What every handler works with, and what several of them do."""

import asyncio
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import orjson
from starlette.responses import Response

from oryxforge.adapters.postgres.auth import one_time, users
from oryxforge.adapters.postgres.auth.sessions import Sessions
from oryxforge.adapters.postgres.auth.users import User
from oryxforge.adapters.postgres.pool import Connection, Pool
from oryxforge.embedded.gateway.auth.asking import Ask
from oryxforge.embedded.gateway.auth.config import AuthConfig
from oryxforge.embedded.gateway.auth.errors import AuthError
from oryxforge.embedded.gateway.auth.hashing import PasswordsInTurn
from oryxforge.embedded.gateway.auth.limits import Limits
from oryxforge.embedded.gateway.auth.mail import Mailer, compose
from oryxforge.embedded.gateway.auth.providers import SignInElsewhere
from oryxforge.embedded.gateway.auth.redirects import Redirects, is_loopback
from oryxforge.embedded.gateway.callers import Callers, Refused
from oryxforge.ports.accounts import Session

STEADY_S = 0.1
METADATA_LIMIT = 8_192


@dataclass(frozen=True)
class Auth:
    """The parts of the auth surface."""

    pool: Pool
    config: AuthConfig
    sessions: Sessions
    passwords: PasswordsInTurn
    limits: Limits
    redirects: Redirects
    mailer: Mailer
    callers: Callers
    providers: Mapping[str, SignInElsewhere]

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[Connection]:
        async with self.pool.connection() as db, db.transaction():
            yield db

    def base(self, ask: Ask) -> str:
        """Where browsers reach this surface, without a path; a Host counts only where it names the socket that was asked."""
        if self.config.public_url:
            return self.config.public_url.rstrip("/")
        url, server = ask.request.url, ask.request.scope.get("server")
        if server and url.netloc in _names(*server):
            return f"{url.scheme}://{url.netloc}"
        return f"http://127.0.0.1:{self.config.port}"

    def site(self, ask: Ask) -> str:
        return self.config.site_url or self.base(ask)

    def landing(self, ask: Ask) -> str:
        """The address that a sign-in of this request leads to."""
        return self.redirects.safe(ask.redirect_to, self.site(ask))

    def mail_link(self, ask: Ask, kind: str, token: str) -> str:
        query = urlencode({"token": token, "type": kind, "redirect_to": self.landing(ask)})
        return f"{self.base(ask)}/auth/v1/verify?{query}"

    async def mail(self, ask: Ask, kind: str, to: str, made: one_time.OneTime, note: str = "") -> None:
        """Sends what was issued. Call it after the commit: a mail must not be faster than its row."""
        url = self.mail_link(ask, kind, made.token)
        await self.mailer.send(compose(kind, to, url, made.code, note))


@dataclass(frozen=True)
class SignedIn:
    """A user, their session, and when it began."""

    user: User
    session_id: UUID
    since: datetime


async def signed_in(auth: Auth, ask: Ask, db: Connection) -> SignedIn:
    """Who sent the request. Raises AuthError: 401 without a token, 403 for one that doesn't count (any more)."""
    token = ask.bearer
    if not token or token.startswith("sb_"):
        raise AuthError(401, "no_authorization", "This endpoint requires a valid Bearer token")
    try:
        claims = auth.callers.of_token(token).claims
    except Refused as error:
        raise AuthError(403, "bad_jwt", f"invalid JWT: {error}") from error
    try:
        user_id = UUID(str(claims.get("sub")))
    except ValueError as error:
        raise AuthError(403, "bad_jwt", "invalid claim: missing sub claim") from error
    user = await users.by_id(db, user_id)
    if user is None:
        raise AuthError(403, "user_not_found", "User from sub claim in JWT does not exist")
    session_id = str(claims.get("session_id", ""))
    since = await auth.sessions.since(db, session_id, user_id)
    if since is None:
        raise AuthError(403, "session_not_found", "Session from session_id claim in JWT does not exist")
    if user.banned:
        raise banned()
    return SignedIn(user, UUID(session_id), since)


def _names(host: str, port: int | None) -> set[str]:
    """What a Host may call a socket of this machine; any other name or port may be another program's."""
    if not is_loopback(host):
        return set()
    address = f"[{host}]" if ":" in host else host
    names = {address, "localhost"} if host in ("127.0.0.1", "::1") else {address}
    return {f"{name}:{port}" for name in names} | (names if port == 80 else set())


def banned() -> AuthError:
    return AuthError(403, "user_banned", "User is banned")


def answer(body: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """JSON that no cache keeps."""
    told = {"cache-control": "no-store", **(headers or {})}
    return Response(orjson.dumps(body), status, told, "application/json")


def session_body(session: Session, **more: object) -> dict[str, Any]:
    """As GoTrue answers a session."""
    return {
        "access_token": session.access_token,
        "token_type": "bearer",
        "expires_in": session.expires_in,
        "expires_at": session.expires_at,
        "refresh_token": session.refresh_token,
        "user": dict(session.user),
        **more,
    }


def merged(before: Mapping[str, Any], given: Mapping[str, Any] | None) -> dict[str, Any]:
    """Metadata after an update: null takes a key away. Raises AuthError where it would not fit into a token."""
    found = {k: v for k, v in {**before, **(given or {})}.items() if v is not None}
    if len(orjson.dumps(found, default=str)) > METADATA_LIMIT:
        raise AuthError(422, "validation_failed", "The metadata of a user may have 8 KB at most")
    return found


@asynccontextmanager
async def steady() -> AsyncGenerator[None]:
    """Ends no sooner than a tenth of a second after it began, so that time doesn't tell whether an account is there."""
    until = time.monotonic() + STEADY_S
    try:
        yield
    finally:
        await asyncio.sleep(max(0.0, until - time.monotonic()))
