"""POST /signup: with an address and a password, or as nobody in particular."""

from datetime import UTC, datetime
from typing import Any

from starlette.responses import Response

from oryxforge.adapters.postgres.auth import flows, one_time, users
from oryxforge.adapters.postgres.auth.passwords import weaknesses
from oryxforge.adapters.postgres.auth.users import User
from oryxforge.adapters.postgres.pool import Connection
from oryxforge.embedded.gateway.auth.asking import Ask
from oryxforge.embedded.gateway.auth.context import Auth, answer, merged, session_body, steady
from oryxforge.embedded.gateway.auth.errors import AuthError, invalid, signups_off, weak

CONFIRMATION, RECOVERY = "confirmation_token", "recovery_token"
NOTE = (
    "Somebody has signed up with this address before, so no password counts for it so far. "
    "Set one once the link has signed you in."
)


async def sign_up(auth: Auth, ask: Ask) -> Response:
    if not any(ask.body.get(name) for name in ("email", "phone", "password")):
        return await _anonymous(auth, ask)
    if ask.body.get("phone"):
        raise AuthError(400, "phone_provider_disabled", "Phone signups are disabled")
    email, password = ask.email(), ask.need("password", 1024)
    auth.limits.take("signup address", ask.address)
    if not auth.config.signup:
        raise signups_off()
    if reasons := weaknesses(password, email):
        raise weak(reasons)
    data = merged({}, ask.table("data"))
    hashed = await auth.passwords.hash(password, ask.address)
    if auth.config.confirmed_at_once:
        return await _at_once(auth, ask, email, hashed, data)
    return await _by_mail(auth, ask, email, password, hashed, data)


async def _at_once(auth: Auth, ask: Ask, email: str, hashed: str, data: dict[str, Any]) -> Response:
    async with auth.transaction() as db:
        made = await users.add(db, email, password=hashed, confirmed=True, user_metadata=data)
        if made is None:
            raise AuthError(422, "user_already_exists", "User already registered")
        session = await auth.sessions.start(db, made.id, "password", ask.client)
    return answer(session_body(session))


async def _by_mail(
    auth: Auth, ask: Ask, email: str, password: str, hashed: str, data: dict[str, Any]
) -> Response:
    """The answer is the same whether the address is new, waits for its confirmation, or is somebody's."""
    auth.limits.take("mail account", email)
    ask.challenge()
    made, note = None, ""
    async with steady():
        kept = await _same_password(auth, ask, email, password)
        async with auth.transaction() as db:
            user = await users.add(db, email, password=hashed, user_metadata=data)
            told = user or await users.made_up(db, email, password=hashed, user_metadata=data)
            known = user or await users.by_email(db, email, lock=True)
            if known is not None and not known.confirmed:
                counts = user is not None or (known.password is not None and known.password == kept)
                made, note = await _asked_for(db, ask, known, counts=counts), "" if counts else NOTE
        if made is not None:
            await auth.mail(ask, "signup", email, made, note)
    return answer(User({**told.row, "confirmation_sent_at": told.row["created_at"]}).wire())


async def _same_password(auth: Auth, ask: Ask, email: str, password: str) -> str | None:
    """The hash that an address has kept, where it is of this password; as slow where there is none."""
    async with auth.pool.connection() as db:
        found = await users.by_email(db, email)
    kept = found.password if found else None
    return kept if await auth.passwords.matches(password, kept, ask.address) else None


async def _asked_for(db: Connection, ask: Ask, user: User, *, counts: bool) -> one_time.OneTime:
    """What to mail to an address that waits, whoever asks.

    Of two who sign an address up with different passwords nobody can tell whose it is, and their mails look alike:
    then neither's password nor words count, the mail says so, and its reader sets a password after the link.
    Who was invited has no password to wait for, and keeps the link of the invitation and its words.
    """
    invited = user.row["invited_at"] is not None
    flow, challenge = None, ask.challenge()
    if challenge is not None:
        flow = await flows.begin(db, challenge, provider="email", method="otp", user_id=user.id)
    columns: dict[str, object] = {"confirmation_sent_at": datetime.now(UTC)}
    if not counts and not invited:
        columns |= {"encrypted_password": None, "raw_user_meta_data": {}}
    await users.change(db, user.id, **columns)
    assert user.email is not None
    return await one_time.issue(db, user.id, RECOVERY if invited else CONFIRMATION, user.email, flow)


async def _anonymous(auth: Auth, ask: Ask) -> Response:
    if not auth.config.anonymous:
        raise AuthError(422, "anonymous_provider_disabled", "Anonymous sign-ins are disabled")
    if not auth.config.signup:
        raise signups_off()
    auth.limits.take("anonymous address", ask.address)
    data = merged({}, ask.table("data"))
    async with auth.transaction() as db:
        made = await users.add(db, None, user_metadata=data, anonymous=True)
        if made is None:
            raise invalid("Try again")
        session = await auth.sessions.start(db, made.id, "anonymous", ask.client)
    return answer(session_body(session))
