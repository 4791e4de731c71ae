"""POST /token: a session for a password, a refresh token, a provider's ID token, or a code with its verifier."""

import base64
import hashlib

from starlette.responses import Response

from oryxforge.adapters.postgres.auth import flows, users
from oryxforge.adapters.postgres.auth.emails import normal_email
from oryxforge.adapters.postgres.auth.flows import Challenge
from oryxforge.adapters.postgres.auth.secret import same
from oryxforge.adapters.postgres.auth.sessions import Refused
from oryxforge.embedded.gateway.auth.asking import Ask
from oryxforge.embedded.gateway.auth.context import Auth, answer, banned, session_body
from oryxforge.embedded.gateway.auth.errors import AuthError, invalid, wrong_credentials
from oryxforge.embedded.gateway.auth.id_token import by_id_token
from oryxforge.embedded.gateway.auth.linking import linked_after_all, waits_for_verifier
from oryxforge.ports.accounts import Session

REFUSALS = {
    "refresh_token_not_found": "Invalid Refresh Token: Refresh Token Not Found",
    "refresh_token_already_used": "Invalid Refresh Token: Already Used",
    "session_not_found": "Invalid Refresh Token: Session Not Found",
    "session_expired": "Invalid Refresh Token: Session Expired",
    "user_not_found": "Invalid Refresh Token: User Not Found",
    "user_banned": "Invalid Refresh Token: User Banned",
}


async def grant(auth: Auth, ask: Ask) -> Response:
    kind = ask.query("grant_type")
    if kind == "password":
        return await _password(auth, ask)
    if kind == "refresh_token":
        return await _refresh(auth, ask)
    if kind == "pkce":
        return await _code(auth, ask)
    if kind == "id_token":
        return await by_id_token(auth, ask)
    raise invalid("unsupported_grant_type")


async def _password(auth: Auth, ask: Ask) -> Response:
    if ask.body.get("phone"):
        raise AuthError(400, "phone_provider_disabled", "Phone logins are disabled")
    given, password = ask.need("email", 320), ask.need("password", 1024)
    email = normal_email(given)
    auth.limits.take("password address", ask.address)
    if email is None:
        raise wrong_credentials()
    auth.limits.take("password account", f"{email} {ask.address}")
    # Of two first sign-ins at once with a hash of another server's, the second finds it replaced.
    for _ in range(2):
        session = await _by_password(auth, ask, email, password)
        if session is not None:
            return answer(session_body(session))
    raise wrong_credentials()


async def _by_password(auth: Auth, ask: Ask, email: str, password: str) -> Session | None:
    """None where the password was changed meanwhile. Raises AuthError."""
    async with auth.pool.connection() as db:
        user = await users.by_email(db, email)
    kept = user.password if user else None
    if not await auth.passwords.matches(password, kept, ask.address) or user is None:
        raise wrong_credentials()
    if user.banned:
        raise banned()
    if not user.confirmed:
        raise AuthError(400, "email_not_confirmed", "Email not confirmed")
    current = auth.passwords.is_current(kept or "")
    anew = {} if current else {"encrypted_password": await auth.passwords.hash(password, ask.address)}
    async with auth.transaction() as db:
        again = await users.by_id(db, user.id, lock=True)
        if again is None or again.password != kept:
            return None
        if anew:
            await users.change(db, user.id, **anew)
        return await auth.sessions.start(db, user.id, "password", ask.client)


async def _refresh(auth: Auth, ask: Ask) -> Response:
    token = ask.need("refresh_token", 512)
    auth.limits.take("refresh address", ask.address)
    async with auth.transaction() as db:
        found = await auth.sessions.refresh(db, token)
    # Raised after the commit: an old token that is used again has ended its session by then.
    if isinstance(found, Refused):
        raise AuthError(400, found.code, REFUSALS[found.code])
    return answer(session_body(found))


async def _code(auth: Auth, ask: Ask) -> Response:
    code, verifier = ask.need("auth_code", 512), ask.need("code_verifier", 512)
    auth.limits.take("verify address", ask.address)
    async with auth.transaction() as db:
        # Raising takes the taking back: only who has the verifier uses a code up.
        flow = await flows.take_code(db, code)
        if flow is None or flow.user_id is None or flow.challenge is None:
            raise AuthError(404, "flow_state_not_found", "invalid flow state, no valid flow state found")
        if flow.expired:
            raise AuthError(422, "flow_state_expired", "invalid flow state, flow state has expired")
        if not _fits(verifier, flow.challenge):
            raise AuthError(
                400, "bad_code_verifier", "code challenge does not match previously saved code verifier"
            )
        user = await users.by_id(db, flow.user_id, lock=True)
        if user is None:
            raise AuthError(404, "user_not_found", "User not found")
        if user.banned:
            raise banned()
        if waits_for_verifier(flow):
            await linked_after_all(db, flow)
        session = await auth.sessions.start(db, user.id, flow.method, ask.client)
    more = {"provider_token": flow.provider_access_token} if flow.provider_access_token else {}
    return answer(session_body(session, **more))


def _fits(verifier: str, challenge: Challenge) -> bool:
    if challenge.method == "plain":
        return same(verifier, challenge.text)
    digest = hashlib.sha256(verifier.encode()).digest()
    return same(base64.urlsafe_b64encode(digest).rstrip(b"=").decode(), challenge.text)
