"""Users and their identities: rows of auth.users and auth.identities, and how they look on the wire."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from oryxforge.adapters.postgres.auth import one_time
from oryxforge.adapters.postgres.pool import Connection

OWNER_FLAG = "oryxforge_owner"
EMAIL = "email"
SELECT = """
select u.*, coalesce((
  select jsonb_agg(to_jsonb(i) order by i.created_at, i.id) from auth.identities i where i.user_id = u.id
), '[]') as identities
from auth.users u where u.deleted_at is null
"""
# What PUT and the admin calls may set; the names are columns.
SETTABLE = frozenset(
    {
        "email", "encrypted_password", "email_confirmed_at", "invited_at", "confirmation_sent_at",
        "recovery_sent_at", "email_change", "email_change_sent_at", "email_change_confirm_status",
        "last_sign_in_at", "raw_app_meta_data", "raw_user_meta_data", "banned_until",
        "reauthentication_sent_at", "is_anonymous", "role", "phone", "deleted_at",
    }
)  # fmt: skip


@dataclass(frozen=True)
class User:
    """A row of auth.users with its identities; `row` by column."""

    row: Mapping[str, Any]

    @property
    def id(self) -> UUID:
        return self.row["id"]

    @property
    def email(self) -> str | None:
        return self.row["email"] or None

    @property
    def password(self) -> str | None:
        return self.row["encrypted_password"] or None

    @property
    def confirmed(self) -> bool:
        return self.row["email_confirmed_at"] is not None

    @property
    def anonymous(self) -> bool:
        return self.row["is_anonymous"]

    @property
    def banned(self) -> bool:
        until = self.row["banned_until"]
        return until is not None and until > datetime.now(UTC)

    @property
    def app_metadata(self) -> dict[str, Any]:
        return self.row["raw_app_meta_data"] or {}

    @property
    def user_metadata(self) -> dict[str, Any]:
        return self.row["raw_user_meta_data"] or {}

    @property
    def is_owner(self) -> bool:
        """The local owner of an embedded installation."""
        return self.app_metadata.get(OWNER_FLAG) is True

    @property
    def identities(self) -> Sequence[Mapping[str, Any]]:
        return self.row["identities"]

    def wire(self) -> dict[str, Any]:
        """As GoTrue answers it; optional times only where they are set."""
        row = self.row
        told: dict[str, Any] = {
            "id": str(self.id),
            "aud": row["aud"] or "authenticated",
            "role": row["role"] or "authenticated",
            "email": self.email or "",
            "email_confirmed_at": stamp(row["email_confirmed_at"]),
            "phone": row["phone"] or "",
            "confirmed_at": stamp(row["email_confirmed_at"]),
            "last_sign_in_at": stamp(row["last_sign_in_at"]),
            "app_metadata": self.app_metadata,
            "user_metadata": self.user_metadata,
            "identities": [_identity(i) for i in self.identities],
            "created_at": stamp(row["created_at"]),
            "updated_at": stamp(row["updated_at"]),
            "is_anonymous": self.anonymous,
        }
        if row["email_change"]:
            told["new_email"] = row["email_change"]
        for name in ("invited_at", "confirmation_sent_at", "recovery_sent_at", "email_change_sent_at"):
            if row[name] is not None:
                told[name] = stamp(row[name])
        for name in ("banned_until", "reauthentication_sent_at"):
            if row[name] is not None:
                told[name] = stamp(row[name])
        return {k: v for k, v in told.items() if v is not None}


def stamp(at: datetime | None) -> str | None:
    """RFC 3339 in UTC with a Z."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at is not None else None


def _identity(row: Mapping[str, Any]) -> dict[str, Any]:
    times = {n: _stamp_of(row[n]) for n in ("last_sign_in_at", "created_at", "updated_at")}
    return {
        "identity_id": row["id"],
        "id": row["provider_id"],
        "user_id": row["user_id"],
        "identity_data": row["identity_data"],
        "provider": row["provider"],
        "email": row["email"],
        **times,
    }


def _stamp_of(text: str | None) -> str | None:
    return stamp(datetime.fromisoformat(text)) if text else None


async def by_id(db: Connection, user_id: UUID, *, lock: bool = False) -> User | None:
    return _found(await db.fetchrow(SELECT + "and u.id = $1" + (" for update of u" if lock else ""), user_id))


async def by_email(db: Connection, email: str, *, lock: bool = False) -> User | None:
    """`email` as `normal_email` gives it."""
    found = await db.fetchrow(
        SELECT + "and u.email = $1 and not u.is_sso_user" + (" for update of u" if lock else ""), email
    )
    return _found(found)


async def by_identity(db: Connection, provider: str, provider_id: str) -> User | None:
    found = await db.fetchrow(
        SELECT + "and u.id = (select user_id from auth.identities where provider = $1 and provider_id = $2)",
        provider,
        provider_id,
    )
    return _found(found)


async def page(db: Connection, number: int, size: int) -> tuple[list[User], int]:
    """One page of users, newest first, and how many there are."""
    total = await db.fetchval("select count(*) from auth.users where deleted_at is null")
    rows = await db.fetch(
        SELECT + "order by u.created_at desc, u.id limit $1 offset $2", size, (number - 1) * size
    )
    return [User(dict(r)) for r in rows], int(total)


async def add(
    db: Connection,
    email: str | None,
    *,
    password: str | None = None,
    confirmed: bool = False,
    app_metadata: Mapping[str, object] | None = None,
    user_metadata: Mapping[str, object] | None = None,
    anonymous: bool = False,
    user_id: UUID | None = None,
    identity: bool = True,
) -> User | None:
    """A new user, with their e-mail identity; None where the address or id is taken. `password` is a hash."""
    made = user_id or uuid4()
    known = {"provider": EMAIL, "providers": [EMAIL]} if email and identity else {}
    added = await db.fetchval(
        """insert into auth.users
          (id, aud, role, email, encrypted_password, email_confirmed_at, raw_app_meta_data, raw_user_meta_data,
           created_at, updated_at, is_anonymous)
        values ($1, 'authenticated', 'authenticated', $2, $3, case when $4 then now() end, $5, $6, now(), now(), $7)
        on conflict do nothing returning id""",
        made,
        email,
        password,
        confirmed,
        {**known, **(app_metadata or {})},
        {**(user_metadata or {})},
        anonymous,
    )
    if added is None:
        return None
    if email and identity:
        await add_identity(
            db, made, EMAIL, str(made), {"sub": str(made), "email": email, "email_verified": confirmed}
        )
    return await by_id(db, made)


async def made_up(db: Connection, email: str, *, password: str, user_metadata: Mapping[str, object]) -> User:
    """A user who isn't there, as a new one looks: made like one, under another address, and taken back."""
    attempt = db.transaction()
    await attempt.start()
    try:
        made = await add(db, f"{uuid4()}@nobody.invalid", password=password, user_metadata=user_metadata)
    finally:
        await attempt.rollback()
    assert made is not None
    identities = [
        {**i, "email": email, "identity_data": {**i["identity_data"], "email": email}}
        for i in made.identities
    ]
    return User({**made.row, "email": email, "identities": identities})


async def add_identity(
    db: Connection, user_id: UUID, provider: str, provider_id: str, data: Mapping[str, object]
) -> None:
    """An identity, or what is new of it; `app_metadata.providers` follows."""
    await db.execute(
        """insert into auth.identities
          (provider_id, user_id, identity_data, provider, last_sign_in_at, created_at, updated_at)
        values ($1, $2, $3, $4, now(), now(), now())
        on conflict (provider_id, provider) do update
          set identity_data = excluded.identity_data, last_sign_in_at = now(), updated_at = now()
          where identities.user_id = excluded.user_id""",
        provider_id,
        user_id,
        {"phone_verified": False, **data},
        provider,
    )
    await tell_providers(db, user_id)


async def tell_providers(db: Connection, user_id: UUID) -> None:
    """Brings `app_metadata.provider` and `.providers` up to date with the identities."""
    await db.execute(
        """update auth.users u set raw_app_meta_data = coalesce(u.raw_app_meta_data, '{}') || jsonb_build_object(
          'provider', coalesce(u.raw_app_meta_data ->> 'provider', found.names[1]), 'providers', to_jsonb(found.names))
        from (select array_agg(provider order by created_at, id) as names
              from auth.identities where user_id = $1) as found
        where u.id = $1 and found.names is not null""",
        user_id,
    )


async def drop_identity(db: Connection, user_id: UUID, identity_id: UUID) -> bool:
    gone = await db.fetchval(
        "delete from auth.identities where id = $1 and user_id = $2 returning id", identity_id, user_id
    )
    await tell_providers(db, user_id)
    return gone is not None


async def change(db: Connection, user_id: UUID, **columns: object) -> User | None:
    """Sets columns of a user. Returns the user as it is then; None where there is none, or the e-mail is taken."""
    assert columns.keys() <= SETTABLE, columns.keys()
    sets = "".join(f", {name} = ${number}" for number, name in enumerate(columns, 2))
    try:
        async with db.transaction():
            await db.execute(
                f"update auth.users set updated_at = now(){sets} where id = $1", user_id, *columns.values()
            )
    except asyncpg.UniqueViolationError:
        return None
    return await by_id(db, user_id)


async def set_email(db: Connection, user_id: UUID, email: str) -> User | None:
    """A new, confirmed address, in the e-mail identity too; None where it is another's.

    What was mailed before counts no more: it may have gone to the old address.
    """
    changed = await change(
        db,
        user_id,
        email=email,
        email_confirmed_at=datetime.now(UTC),
        email_change="",
        email_change_confirm_status=0,
        is_anonymous=False,
    )
    if changed is None:
        return None
    await one_time.forget(db, user_id)
    await add_identity(
        db, user_id, EMAIL, str(user_id), {"sub": str(user_id), "email": email, "email_verified": True}
    )
    return await by_id(db, user_id)


async def confirm(db: Connection, user: User, *, keep_password: bool) -> User:
    """Marks the address as theirs. A password set before by who knows whom goes, unless its own mail was answered."""
    if user.confirmed or user.email is None:
        return user
    columns: dict[str, object] = {"email_confirmed_at": datetime.now(UTC)}
    if not keep_password:
        columns["encrypted_password"] = None
    confirmed = await change(db, user.id, **columns)
    assert confirmed is not None
    await db.execute(
        """update auth.identities set updated_at = now(),
          identity_data = identity_data || '{"email_verified": true}' where user_id = $1 and provider = 'email'""",
        user.id,
    )
    again = await by_id(db, user.id)
    assert again is not None
    return again


async def delete(db: Connection, user_id: UUID, *, softly: bool = False) -> bool:
    """Deletes a user with all that hangs on them; softly: their name goes, the row stays for who refers to it."""
    if not softly:
        gone = await db.fetchval("delete from auth.users where id = $1 returning id", user_id)
        return gone is not None
    gone = await change(
        db,
        user_id,
        email=None,
        phone=None,
        encrypted_password=None,
        raw_user_meta_data={},
        deleted_at=datetime.now(UTC),
    )
    for table in ("identities", "sessions", "one_time_tokens"):
        await db.execute(f"delete from auth.{table} where user_id = $1", user_id)
    return gone is None


def _found(row: asyncpg.Record | None) -> User | None:
    return User(dict(row)) if row is not None else None
