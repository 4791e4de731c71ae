"""GET and PUT /user, the code for a change that needs one, and sign-out."""

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from starlette.responses import Response

from oryxforge.adapters.postgres.auth import flows, one_time, users
from oryxforge.adapters.postgres.auth.passwords import weaknesses
from oryxforge.adapters.postgres.auth.users import User
from oryxforge.adapters.postgres.pool import Connection
from oryxforge.embedded.gateway.auth.asking import Ask
from oryxforge.embedded.gateway.auth.context import Auth, SignedIn, answer, merged, signed_in, steady
from oryxforge.embedded.gateway.auth.errors import AuthError, invalid, weak
from oryxforge.embedded.gateway.auth.mail import compose

SCOPES = ("global", "local", "others")
NEW, CURRENT = "email_change_token_new", "email_change_token_current"
REAUTHENTICATION = "reauthentication_token"
RECENT = timedelta(hours=24)


async def show(auth: Auth, ask: Ask) -> Response:
    async with auth.pool.connection() as db:
        who = await signed_in(auth, ask, db)
    return answer(who.user.wire())


async def sign_out(auth: Auth, ask: Ask) -> Response:
    scope = ask.query("scope") or "global"
    if scope not in SCOPES:
        raise invalid(f"Unsupported logout scope; one of {', '.join(SCOPES)}")
    async with auth.transaction() as db:
        who = await signed_in(auth, ask, db)
        if scope == "local":
            await auth.sessions.end(db, who.session_id)
        else:
            but = who.session_id if scope == "others" else None
            await auth.sessions.end_all(db, who.user.id, but=but)
    return Response(status_code=204)


async def update(auth: Auth, ask: Ask) -> Response:
    if ask.body.get("phone"):
        raise AuthError(422, "phone_provider_disabled", "Phone numbers are not kept here")
    email = ask.email() if ask.body.get("email") else None
    password, data, nonce = ask.text("password", 1024), ask.table("data"), ask.text("nonce", 20)
    async with auth.pool.connection() as db:
        who = await signed_in(auth, ask, db)
    hashed = await _checked_password(auth, ask, who.user, password, email) if password else None
    if hashed is not None:
        await _check_nonce(auth, who, nonce)
    async with steady() if email is not None else nullcontext():
        return answer((await _changed(auth, ask, email, data, hashed)).wire())


async def _changed(
    auth: Auth, ask: Ask, email: str | None, data: dict[str, Any] | None, hashed: str | None
) -> User:
    mails: list[tuple[str, one_time.OneTime]] = []
    async with auth.transaction() as db:
        who = await signed_in(auth, ask, db)
        user = await users.by_id(db, who.user.id, lock=True)
        assert user is not None
        if data is not None:
            await users.change(db, user.id, raw_user_meta_data=merged(user.user_metadata, data))
        # Before the address, whose change mails what must count afterwards.
        if hashed is not None:
            await _change_password(auth, db, who, hashed)
        if email is not None and email != user.email:
            mails = await _change_email(auth, ask, db, user, email)
        changed = await users.by_id(db, user.id)
    assert changed is not None
    for to, made in mails:
        await auth.mail(ask, "email_change", to, made)
    return changed


async def _checked_password(auth: Auth, ask: Ask, user: User, password: str, email: str | None) -> str:
    """The hash of a password that will do, beside the address that comes with it or the present one."""
    address = email or user.email
    if address is None:
        raise AuthError(
            422, "validation_failed", "An anonymous user needs an e-mail address before a password"
        )
    if reasons := weaknesses(password, address):
        raise weak(reasons)
    if user.password and await auth.passwords.matches(password, user.password, ask.address):
        raise AuthError(422, "same_password", "New password should be different from the old password.")
    return await auth.passwords.hash(password, ask.address)


async def _check_nonce(auth: Auth, who: SignedIn, nonce: str) -> None:
    """Who has signed in within a day, such as by the link of a recovery, needs no code, and nobody without an address.

    A transaction of its own: a wrong try has to be counted.
    """
    user = who.user
    if not nonce:
        recent = who.since > datetime.now(UTC) - RECENT
        if auth.config.reauthenticate and user.email is not None and not recent:
            raise AuthError(400, "reauthentication_needed", "Password update requires reauthentication")
        return
    auth.limits.take("verify account", str(user.id))
    async with auth.transaction() as db:
        found = await one_time.spend_code(db, str(user.id), nonce, [REAUTHENTICATION])
    if found is None or found.user_id != user.id:
        raise AuthError(422, "reauthentication_not_valid", "Nonce has expired or is invalid")


async def _change_password(auth: Auth, db: Connection, who: SignedIn, hashed: str) -> None:
    """Whoever else was signed in is no more: the old password may have been somebody's."""
    await users.change(db, who.user.id, encrypted_password=hashed)
    await one_time.forget(db, who.user.id)
    await auth.sessions.end_all(db, who.user.id, but=who.session_id)


async def _change_email(
    auth: Auth, ask: Ask, db: Connection, user: User, email: str
) -> list[tuple[str, one_time.OneTime]]:
    """At once, or after the answers to a mail to either address; these are returned.

    Counted before it is known whether the address is somebody's: nobody asks for many.
    """
    auth.limits.take("change account", str(user.id))
    if not auth.config.confirmed_at_once:
        auth.limits.take("mail account", email)
        return await mail_change(ask, db, user, email)
    if await users.set_email(db, user.id, email) is None:
        raise AuthError(422, "email_exists", "A user with this email address has already been registered")
    return []


async def mail_change(ask: Ask, db: Connection, user: User, email: str) -> list[tuple[str, one_time.OneTime]]:
    """What to mail to the new address, and to the present one where there is one.

    An address that is another's gets none, and nothing tells the asker so: the change just never comes about.
    """
    challenge, flow = ask.challenge(), None
    if challenge is not None:
        flow = await flows.begin(db, challenge, provider="email", method="otp", user_id=user.id)
    await users.change(
        db, user.id, email_change=email, email_change_sent_at=datetime.now(UTC), email_change_confirm_status=0
    )
    mails: list[tuple[str, one_time.OneTime]] = []
    new = await one_time.issue(db, user.id, NEW, email, flow)
    if await users.by_email(db, email) is None:
        mails.append((email, new))
    if user.email is not None:
        mails.append((user.email, await one_time.issue(db, user.id, CURRENT, user.email, flow)))
    return mails


async def reauthenticate(auth: Auth, ask: Ask) -> Response:
    async with auth.transaction() as db:
        who = await signed_in(auth, ask, db)
        if who.user.email is None:
            raise AuthError(422, "validation_failed", "Reauthentication needs an e-mail address")
        auth.limits.take("mail account", who.user.email)
        made = await one_time.issue(db, who.user.id, REAUTHENTICATION, str(who.user.id))
        await users.change(db, who.user.id, reauthentication_sent_at=datetime.now(UTC))
    await auth.mailer.send(compose("reauthentication", who.user.email, None, made.code))
    return answer({})


async def unlink(auth: Auth, ask: Ask) -> Response:
    """DELETE /user/identities/{id}."""
    try:
        identity_id = UUID(ask.request.path_params["identity_id"])
    except ValueError as error:
        raise AuthError(404, "identity_not_found", "Identity doesn't exist") from error
    async with auth.transaction() as db:
        who = await signed_in(auth, ask, db)
        await users.by_id(db, who.user.id, lock=True)
        if len(who.user.identities) <= 1:
            raise AuthError(
                422, "single_identity_not_deletable", "User must have at least 1 identity after unlinking"
            )
        if not await users.drop_identity(db, who.user.id, identity_id):
            raise AuthError(404, "identity_not_found", "Identity doesn't exist")
    return answer({})
