"""GET and POST /verify: the link or the code of a mail becomes a session, or a code for who holds the verifier."""

from dataclasses import dataclass
from uuid import UUID

from starlette.responses import RedirectResponse, Response

from oryxforge.adapters.postgres.auth import flows, one_time, users
from oryxforge.adapters.postgres.auth.one_time import PKCE, Spent
from oryxforge.adapters.postgres.auth.users import User
from oryxforge.adapters.postgres.pool import Connection
from oryxforge.embedded.gateway.auth.asking import Ask
from oryxforge.embedded.gateway.auth.context import Auth, answer, banned, session_body
from oryxforge.embedded.gateway.auth.errors import AuthError, invalid, spent
from oryxforge.embedded.gateway.auth.redirects import with_fragment, with_query
from oryxforge.embedded.gateway.auth.signup import CONFIRMATION, RECOVERY
from oryxforge.embedded.gateway.auth.user import CURRENT, NEW
from oryxforge.ports.accounts import Session

KINDS = {
    "signup": [CONFIRMATION, RECOVERY],
    "invite": [CONFIRMATION],
    "magiclink": [RECOVERY, CONFIRMATION],
    "email": [CONFIRMATION, RECOVERY],
    "recovery": [RECOVERY],
    "email_change": [NEW, CURRENT],
}
METHODS = {"magiclink": "magiclink", "recovery": "recovery", "invite": "invite"}
HALFWAY = "Confirmation link accepted. Please proceed to confirm link sent to the other email"
# email_change_confirm_status: which of the two addresses has answered.
ANSWERED = {NEW: 1, CURRENT: 2}


@dataclass(frozen=True)
class Verified:
    """A user whose token counted, and the flow that waits for them; no session yet. Halfway: one more mail to go."""

    user: User
    flow_id: UUID | None
    halfway: bool = False


async def by_client(auth: Auth, ask: Ask) -> Response:
    """POST: `type` with `token_hash`, or with `email` and `token`."""
    kind, token_hash, code = ask.need("type", 40), ask.text("token_hash", 512), ask.text("token", 512)
    if kind not in KINDS:
        raise invalid(f"Verify requires a type: one of {', '.join(KINDS)}")
    auth.limits.take("verify address", ask.address)
    email = None
    if not token_hash:
        if not code:
            raise invalid("Verify requires a token or a token hash")
        email = ask.email()
        auth.limits.take("verify account", email)
    async with auth.transaction() as db:
        found = (
            await one_time.spend_link(db, token_hash, KINDS[kind])
            if email is None
            else await one_time.spend_code(db, email, code, KINDS[kind])
        )
    if found is None:
        raise spent()
    async with auth.transaction() as db:
        verified = await _verified(auth, db, found)
        if verified.halfway:
            return answer({"msg": HALFWAY, "code": "200"})
        session = await _start(auth, ask, db, verified, kind)
    return answer(session_body(session))


async def by_link(auth: Auth, ask: Ask) -> Response:
    """GET: redirects with the session in the fragment, or with a code where the mail was asked for with a challenge."""
    kind, token = ask.query("type"), ask.query("token") or ask.query("token_hash")
    landing = auth.landing(ask)
    try:
        if kind not in KINDS or not 0 < len(token) <= 512:
            raise invalid("Verify requires a type and a token")
        auth.limits.take("verify address", ask.address)
        return _to(await _landed(auth, ask, kind, token, landing))
    except AuthError as error:
        told = {"error": "access_denied", "error_code": error.code, "error_description": error.message}
        if token.startswith(PKCE):
            return _to(with_query(landing, **told))
        return _to(with_fragment(landing, **told))


async def _landed(auth: Auth, ask: Ask, kind: str, token: str, landing: str) -> str:
    async with auth.transaction() as db:
        found = await one_time.spend_link(db, token, KINDS[kind])
    if found is None:
        raise AuthError(403, "otp_expired", "Email link is invalid or has expired")
    async with auth.transaction() as db:
        verified = await _verified(auth, db, found)
        if verified.halfway:
            return with_fragment(landing, message=HALFWAY)
        if verified.flow_id is not None:
            code = await flows.give_code(db, verified.flow_id, verified.user.id)
            return with_query(landing, code=code)
        session = await _start(auth, ask, db, verified, kind)
    return with_session(landing, session, type=kind)


def with_session(landing: str, session: Session, **more: object) -> str:
    """An address whose fragment carries a session, which no server ever sees."""
    return with_fragment(
        landing,
        access_token=session.access_token,
        expires_at=session.expires_at,
        expires_in=session.expires_in,
        refresh_token=session.refresh_token,
        token_type="bearer",  # noqa: S106 - a scheme, no secret
        **more,
    )


async def _verified(auth: Auth, db: Connection, found: Spent) -> Verified:
    user = await users.by_id(db, found.user_id, lock=True)
    if user is None:
        raise spent()
    if user.banned:
        raise banned()
    if found.kind in ANSWERED:
        return await _email_changed(db, user, found)
    # A newer mail that waits has come with another password, in the moment since this one was used up.
    own = found.kind == CONFIRMATION and not await one_time.waits(db, user.id, CONFIRMATION)
    return Verified(await users.confirm(db, user, keep_password=own), found.flow_id)


async def _email_changed(db: Connection, user: User, found: Spent) -> Verified:
    """Both addresses have to answer, in any order; a user without one so far needs only the new one."""
    status, mine = user.row["email_change_confirm_status"], ANSWERED[found.kind]
    wanted = user.row["email_change"]
    if not wanted:
        raise spent()
    if user.email is not None and status in (0, mine):
        await users.change(db, user.id, email_change_confirm_status=mine)
        return Verified(user, None, halfway=True)
    changed = await users.set_email(db, user.id, wanted)
    if changed is None:
        raise AuthError(422, "email_exists", "A user with this email address has already been registered")
    return Verified(changed, found.flow_id)


async def _start(auth: Auth, ask: Ask, db: Connection, verified: Verified, kind: str) -> Session:
    return await auth.sessions.start(db, verified.user.id, METHODS.get(kind, "otp"), ask.client)


def _to(url: str) -> Response:
    return RedirectResponse(url, 303, {"cache-control": "no-store"})
