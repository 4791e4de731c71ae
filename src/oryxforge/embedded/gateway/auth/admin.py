"""The admin calls, for the secret key: users listed, made, changed and deleted; invitations; links."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from starlette.responses import Response

from oryxforge.adapters.postgres.auth import one_time, users
from oryxforge.adapters.postgres.auth.passwords import weaknesses
from oryxforge.adapters.postgres.auth.users import OWNER_FLAG, User
from oryxforge.adapters.postgres.pool import Connection
from oryxforge.embedded.gateway.auth.asking import Ask
from oryxforge.embedded.gateway.auth.context import Auth, answer, merged
from oryxforge.embedded.gateway.auth.errors import AuthError, invalid, weak
from oryxforge.embedded.gateway.auth.signup import CONFIRMATION, RECOVERY

MOST = 1000
DURATION = re.compile(r"(?:(\d{1,7})h)?(?:(\d{1,7})m)?(?:(\d{1,9})s)?")
FOREIGN = "password_hash must be of bcrypt ($2a$, $2b$, $2y$; cost 14 at most) or argon2 (256 MiB, 11 passes at most)"
ROLES = frozenset({"", "authenticated"})


async def index(auth: Auth, ask: Ask) -> Response:
    number, size = _count(ask.query("page"), 1), min(_count(ask.query("per_page"), 50), MOST)
    async with auth.pool.connection() as db:
        found, total = await users.page(db, number, size)
    headers = {"x-total-count": str(total), "link": _links(ask, number, size, total)}
    return answer({"users": [u.wire() for u in found], "aud": "authenticated"}, headers=headers)


async def show(auth: Auth, ask: Ask) -> Response:
    async with auth.pool.connection() as db:
        return answer((await _there(db, ask)).wire())


async def create(auth: Auth, ask: Ask) -> Response:
    email = ask.email()
    columns = await _columns(auth, ask, email)
    made_id = _id(ask.text("id", 40)) if ask.body.get("id") else None
    async with auth.transaction() as db:
        user = await users.add(
            db,
            email,
            password=str(columns.pop("encrypted_password")) if "encrypted_password" in columns else None,
            confirmed=ask.flag("email_confirm"),
            app_metadata=_app_metadata({}, ask),
            user_metadata=merged({}, ask.table("user_metadata")),
            user_id=made_id,
        )
        if user is None:
            raise _taken()
        changed = await users.change(db, user.id, **columns)
    assert changed is not None
    return answer(changed.wire())


async def change(auth: Auth, ask: Ask) -> Response:
    email = ask.email() if ask.body.get("email") else None
    columns = await _columns(auth, ask, email)
    async with auth.transaction() as db:
        user = await _there(db, ask, lock=True)
        if ask.body.get("user_metadata") is not None:
            columns["raw_user_meta_data"] = merged(user.user_metadata, ask.table("user_metadata"))
        if ask.body.get("app_metadata") is not None:
            columns["raw_app_meta_data"] = _app_metadata(user.app_metadata, ask)
        if email is not None and email != user.email and await users.set_email(db, user.id, email) is None:
            raise _taken()
        if ask.flag("email_confirm"):
            await users.confirm(db, user, keep_password=True)
        if "encrypted_password" in columns or columns.get("banned_until") is not None:
            await auth.sessions.end_all(db, user.id)
        changed = await users.change(db, user.id, **columns)
    assert changed is not None
    return answer(changed.wire())


async def delete(auth: Auth, ask: Ask) -> Response:
    async with auth.transaction() as db:
        user = await _there(db, ask, lock=True)
        if user.is_owner:
            raise AuthError(422, "validation_failed", "The local owner can't be deleted")
        await users.delete(db, user.id, softly=ask.flag("should_soft_delete"))
    return answer(user.wire())


async def invite(auth: Auth, ask: Ask) -> Response:
    """POST /invite: a new account, and a mail whose link signs in for the first time."""
    email, data = ask.email(), merged({}, ask.table("data"))
    async with auth.transaction() as db:
        user, made = await _invited(db, email, data)
    await auth.mail(ask, "invite", email, made)
    return answer(user.wire())


async def generate_link(auth: Auth, ask: Ask) -> Response:
    """POST /admin/generate_link: what a mail would carry, for who sends it by other means."""
    kind, email = ask.need("type", 40), ask.email()
    data = merged({}, ask.table("data"))
    issue = LINKS.get(kind)
    if issue is None:
        raise invalid(f"type must be one of {', '.join(LINKS)}")
    async with auth.transaction() as db:
        user, made = await issue(auth, ask, db, email, data)
    verification = "email_change" if kind.startswith("email_change") else kind
    links = {
        "action_link": auth.mail_link(ask, verification, made.token),
        "email_otp": made.code,
        "hashed_token": made.token,
        "verification_type": kind,
        "redirect_to": auth.landing(ask),
    }
    return answer({**user.wire(), **links})


async def _invited(db: Connection, email: str, data: dict[str, Any]) -> tuple[User, one_time.OneTime]:
    return await _welcomed(db, email, data, invited_at=datetime.now(UTC), encrypted_password=None)


async def _welcomed(
    db: Connection, email: str, data: dict[str, Any], **columns: object
) -> tuple[User, one_time.OneTime]:
    """A new account, or one that waits: whatever somebody has signed up with under this address counts no more."""
    user = await users.by_email(db, email, lock=True) or await users.add(db, email, user_metadata=data)
    if user is None or user.confirmed:
        raise _taken()
    await one_time.forget(db, user.id)
    changed = await users.change(
        db, user.id, confirmation_sent_at=datetime.now(UTC), raw_user_meta_data=data, **columns
    )
    assert changed is not None
    return changed, await one_time.issue(db, user.id, CONFIRMATION, email)


async def _invite_link(
    auth: Auth, ask: Ask, db: Connection, email: str, data: dict[str, Any]
) -> tuple[User, one_time.OneTime]:
    return await _invited(db, email, data)


async def _signup_link(
    auth: Auth, ask: Ask, db: Connection, email: str, data: dict[str, Any]
) -> tuple[User, one_time.OneTime]:
    password = ask.need("password", 1024)
    if reasons := weaknesses(password, email):
        raise weak(reasons)
    hashed = await auth.passwords.hash(password, ask.address)
    return await _welcomed(db, email, data, encrypted_password=hashed)


async def _sign_in_link(
    auth: Auth, ask: Ask, db: Connection, email: str, data: dict[str, Any]
) -> tuple[User, one_time.OneTime]:
    user = await users.by_email(db, email, lock=True)
    if user is None and ask.text("type") == "magiclink":
        user = await users.add(db, email, user_metadata=data)
    if user is None:
        raise AuthError(404, "user_not_found", "User with this email not found")
    return user, await one_time.issue(db, user.id, RECOVERY, email)


async def _change_link(
    auth: Auth, ask: Ask, db: Connection, email: str, data: dict[str, Any]
) -> tuple[User, one_time.OneTime]:
    user = await users.by_email(db, email, lock=True)
    if user is None:
        raise AuthError(404, "user_not_found", "User with this email not found")
    wanted = ask.email("new_email")
    if await users.by_email(db, wanted) is not None:
        raise _taken()
    if wanted != user.row["email_change"]:
        await users.change(db, user.id, email_change=wanted, email_change_confirm_status=0)
    new = ask.text("type") == "email_change_new"
    kind = "email_change_token_new" if new else "email_change_token_current"
    return user, await one_time.issue(db, user.id, kind, wanted if new else email)


LINKS = {
    "signup": _signup_link,
    "invite": _invite_link,
    "magiclink": _sign_in_link,
    "recovery": _sign_in_link,
    "email_change_current": _change_link,
    "email_change_new": _change_link,
}


async def _there(db: Connection, ask: Ask, *, lock: bool = False) -> User:
    user = await users.by_id(db, _id(ask.request.path_params["user_id"]), lock=lock)
    if user is None:
        raise AuthError(404, "user_not_found", "User not found")
    return user


async def _columns(auth: Auth, ask: Ask, email: str | None) -> dict[str, object]:
    """What the body says of a user's own columns."""
    if ask.text("role", 40) not in ROLES:
        raise invalid("role can only be authenticated")
    if ask.body.get("phone"):
        raise AuthError(422, "phone_provider_disabled", "Phone numbers are not kept here")
    columns: dict[str, object] = {}
    password, foreign = ask.text("password", 1024), ask.text("password_hash", 512)
    if password and foreign:
        raise invalid("Only a password or a password hash should be provided")
    if password:
        if reasons := weaknesses(password, email):
            raise weak(reasons)
        columns["encrypted_password"] = await auth.passwords.hash(password, ask.address)
    if foreign:
        if not await auth.passwords.takes(foreign, ask.address):
            raise AuthError(422, "validation_failed", FOREIGN)
        columns["encrypted_password"] = foreign
    if ban := ask.text("ban_duration", 40):
        columns["banned_until"] = _until(ban)
    return columns


def _app_metadata(before: dict[str, Any], ask: Ask) -> dict[str, Any]:
    """Whether somebody is the local owner is told by the installation alone."""
    given = {k: v for k, v in (ask.table("app_metadata") or {}).items() if k != OWNER_FLAG}
    return merged(before, given)


def _until(duration: str) -> datetime | None:
    if duration == "none":
        return None
    found = DURATION.fullmatch(duration)
    if found is None or not any(found.groups()):
        raise invalid("ban_duration must be none, or a time such as 24h or 1h30m")
    hours, minutes, seconds = (int(n or 0) for n in found.groups())
    return datetime.now(UTC) + timedelta(hours=hours, minutes=minutes, seconds=seconds)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise AuthError(404, "validation_failed", "user_id must be an UUID") from error


def _count(text: str, default: int) -> int:
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 7 and int(text) > 0):
        raise invalid("page and per_page must be numbers from 1")
    return int(text)


def _links(ask: Ask, number: int, size: int, total: int) -> str:
    last = max(1, -(-total // size))
    pages = [(n, rel) for n, rel in ((number + 1, "next"), (last, "last")) if n <= last]
    return ", ".join(f'</admin/users?page={n}&per_page={size}>; rel="{rel}"' for n, rel in pages)


def _taken() -> AuthError:
    return AuthError(422, "email_exists", "A user with this email address has already been registered")
