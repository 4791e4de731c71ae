"""POST /signup: with an address and a password, or as nobody in particular."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from starlette.responses import Response

from oryxforge.adapters.postgres.auth import flows, one_time, users
from oryxforge.adapters.postgres.auth.passwords import weaknesses
from oryxforge.adapters.postgres.auth.users import User
from oryxforge.embedded.gateway.auth.asking import Ask
from oryxforge.embedded.gateway.auth.context import Auth, answer, merged, session_body
from oryxforge.embedded.gateway.auth.errors import AuthError, invalid, signups_off, weak

CONFIRMATION = "confirmation_token"


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
    hashed = await auth.passwords.hash(password)
    if auth.config.confirmed_at_once:
        return await _at_once(auth, ask, email, hashed, data)
    return await _by_mail(auth, ask, email, hashed, data)


async def _at_once(auth: Auth, ask: Ask, email: str, hashed: str, data: dict[str, Any]) -> Response:
    async with auth.transaction() as db:
        made = await users.add(db, email, password=hashed, confirmed=True, user_metadata=data)
        if made is None:
            raise AuthError(422, "user_already_exists", "User already registered")
        session = await auth.sessions.start(db, made.id, "password", ask.client)
    return answer(session_body(session))


async def _by_mail(auth: Auth, ask: Ask, email: str, hashed: str, data: dict[str, Any]) -> Response:
    """The answer is the same whether the address is new, waits for its confirmation, or is somebody's."""
    auth.limits.take("mail account", email)
    challenge = ask.challenge()
    made: one_time.OneTime | None = None
    async with auth.transaction() as db:
        user = await users.add(db, email, password=hashed, user_metadata=data)
        known = user or await users.by_email(db, email, lock=True)
        if known is not None and not known.confirmed:
            flow = None
            if challenge is not None:
                flow = await flows.begin(db, challenge, provider="email", method="otp", user_id=known.id)
            made = await one_time.issue(db, known.id, CONFIRMATION, email, flow)
            told = await users.change(db, known.id, confirmation_sent_at=datetime.now(UTC))
            user = told if user is not None else None
    if made is not None:
        await auth.mail(ask, "signup", email, made)
    return answer((user or made_up(email, data)).wire())


def made_up(email: str, data: dict[str, Any]) -> User:
    """A user who isn't there, as a new one looks."""
    made, now = uuid4(), datetime.now(UTC)
    identity = {
        "id": str(uuid4()),
        "provider_id": str(made),
        "user_id": str(made),
        "identity_data": {
            "sub": str(made),
            "email": email,
            "email_verified": False,
            "phone_verified": False,
        },
        "provider": "email",
        "email": email,
        "last_sign_in_at": now.isoformat(),
        "created_at": now.isoformat(),
        "updated_at": now.isoformat(),
    }
    empty = dict.fromkeys(
        ("email_confirmed_at", "phone", "last_sign_in_at", "email_change", "invited_at", "recovery_sent_at",
         "email_change_sent_at", "banned_until", "reauthentication_sent_at")
    )  # fmt: skip
    return User(
        {
            **empty,
            "id": made,
            "aud": "authenticated",
            "role": "authenticated",
            "email": email,
            "confirmation_sent_at": now,
            "raw_app_meta_data": {"provider": "email", "providers": ["email"]},
            "raw_user_meta_data": data,
            "identities": [identity],
            "created_at": now,
            "updated_at": now,
            "is_anonymous": False,
        }
    )


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
