"""POST /otp, /recover and /resend: a mail where there is an account, and the same answer where there is none."""

from datetime import UTC, datetime

from starlette.responses import Response

from oryxforge.adapters.postgres.auth import flows, one_time, users
from oryxforge.adapters.postgres.auth.users import User
from oryxforge.adapters.postgres.pool import Connection
from oryxforge.embedded.gateway.auth.asking import Ask
from oryxforge.embedded.gateway.auth.context import Auth, answer, merged, steady
from oryxforge.embedded.gateway.auth.errors import AuthError, invalid
from oryxforge.embedded.gateway.auth.signup import CONFIRMATION, RECOVERY
from oryxforge.embedded.gateway.auth.user import mail_change


async def one_time_password(auth: Auth, ask: Ask) -> Response:
    """A link and a code that sign in; an account is made where sign-up is open and the client does not forbid it."""
    if ask.body.get("phone"):
        raise AuthError(400, "phone_provider_disabled", "Unsupported phone provider")
    email, data = ask.email(), merged({}, ask.table("data"))
    may_create = ask.flag("create_user", default=True) and auth.config.signup
    ask.challenge()
    _count(auth, ask, email)
    async with steady():
        async with auth.transaction() as db:
            user = await users.by_email(db, email, lock=True)
            if user is None and may_create:
                user = await users.add(db, email, user_metadata=data)
            made = await _issue(db, ask, user, RECOVERY, "magiclink") if user else None
        if made is not None:
            await auth.mail(ask, "magiclink", email, made)
    return answer({})


async def recover(auth: Auth, ask: Ask) -> Response:
    email = ask.email()
    ask.challenge()
    _count(auth, ask, email)
    async with steady():
        async with auth.transaction() as db:
            user = await users.by_email(db, email, lock=True)
            made = await _issue(db, ask, user, RECOVERY, "recovery") if user else None
        if made is not None:
            await auth.mail(ask, "recovery", email, made)
    return answer({})


async def resend(auth: Auth, ask: Ask) -> Response:
    kind, email = ask.need("type", 40), ask.email()
    if kind not in ("signup", "email_change"):
        raise invalid("Unsupported resend type; one of signup, email_change")
    ask.challenge()
    _count(auth, ask, email)
    mails: list[tuple[str, one_time.OneTime]] = []
    async with steady():
        async with auth.transaction() as db:
            user = await users.by_email(db, email, lock=True)
            if user is not None and kind == "signup" and not user.confirmed:
                mails = [(email, await _issue(db, ask, user, CONFIRMATION, "otp"))]
            elif user is not None and kind == "email_change" and user.row["email_change"]:
                mails = await mail_change(ask, db, user, user.row["email_change"])
        for to, made in mails:
            await auth.mail(ask, kind, to, made)
    return answer({})


async def _issue(db: Connection, ask: Ask, user: User, kind: str, method: str) -> one_time.OneTime:
    challenge, flow = ask.challenge(), None
    if challenge is not None:
        flow = await flows.begin(db, challenge, provider="email", method=method, user_id=user.id)
    sent = "recovery_sent_at" if kind == RECOVERY else "confirmation_sent_at"
    await users.change(db, user.id, **{sent: datetime.now(UTC)})
    assert user.email is not None
    return await one_time.issue(db, user.id, kind, user.email, flow)


def _count(auth: Auth, ask: Ask, email: str) -> None:
    """Before it is known whether there is an account, so that a refusal tells nothing."""
    auth.limits.take("mail address", ask.address)
    auth.limits.take("mail account", email)
