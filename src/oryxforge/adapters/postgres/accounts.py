"""Accounts and sign-in links of the embedded mode, in GoTrue's own tables."""

import secrets
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg

from oryxforge.adapters.postgres.auth import users
from oryxforge.adapters.postgres.auth.emails import normal_email
from oryxforge.adapters.postgres.auth.passwords import LONGEST, SHORTEST, Passwords, weaknesses
from oryxforge.adapters.postgres.auth.secret import hashed
from oryxforge.adapters.postgres.auth.sessions import Sessions
from oryxforge.adapters.postgres.auth.users import OWNER_FLAG
from oryxforge.adapters.postgres.pool import AWAY, Pool, unavailable
from oryxforge.domain.errors import Conflict, NotFound, Unauthenticated, Unprocessable
from oryxforge.ports.accounts import Account, Session

SELECT = f"""
select id, email, created_at, last_sign_in_at, coalesce((raw_app_meta_data ->> '{OWNER_FLAG}')::boolean, false) as is_owner
from auth.users where deleted_at is null
"""

BANNED = """
select g.id, coalesce(u.banned_until > now(), false) as banned
from unnest($1::uuid[]) as g (id) left join auth.users u on u.id = g.id and u.deleted_at is null
where u.id is null or u.banned_until > now()
"""


class PgAccounts:
    """The Accounts port, over the sessions that the surface's clients have too."""

    def __init__(self, pool: Pool, sessions: Sessions) -> None:
        self._pool = pool
        self._sessions = sessions
        self._passwords = Passwords()

    async def all(self) -> list[Account]:
        async with self._pool.connection() as db:
            return [_account(r) for r in await db.fetch(SELECT + "order by created_at, id")]

    async def get(self, email: str) -> Account:
        async with self._pool.connection() as db:
            row = await db.fetchrow(SELECT + "and lower(email) = lower($1)", email)
        if row is None:
            raise NotFound(
                f"There is no account {email}. `oryxforge users list` shows them.", code="user_not_found"
            )
        return _account(row)

    async def banned_of(self, users: Collection[UUID]) -> dict[UUID, bool]:
        """Those of the ids that may not act: True where they are banned, False where there is no such account (any more)."""
        async with self._pool.connection() as db:
            try:
                return {r["id"]: r["banned"] for r in await db.fetch(BANNED, list(users))}
            except AWAY as error:
                raise unavailable(error) from error

    async def is_owner(self, user_id: UUID) -> bool:
        """Whether that is the local owner."""
        async with self._pool.connection() as db:
            try:
                row = await db.fetchrow(SELECT + "and id = $1", user_id)
            except AWAY as error:
                raise unavailable(error) from error
        return row is not None and row["is_owner"]

    async def create(self, email: str, password: str | None) -> Account:
        await self._insert(email, password, {})
        return await self.get(email)

    async def ensure_owner(self, email: str) -> Account:
        """The local owner, made at first use."""
        async with self._pool.connection() as db:
            row = await db.fetchrow(SELECT + f"and raw_app_meta_data ->> '{OWNER_FLAG}' = 'true' limit 1")
        if row is not None:
            return _account(row)
        try:
            await self._insert(email, None, {OWNER_FLAG: True})
        except Conflict:
            return await self.get(email)
        return await self.get(email)

    async def delete(self, email: str) -> None:
        account = await self.get(email)
        if account.is_owner:
            raise Conflict("The local owner can't be deleted.", code="owner_stays")
        async with self._pool.connection() as db:
            await db.execute("delete from auth.users where id = $1", account.id)

    async def token(self, email: str | None, ttl_s: int) -> Session:
        account = await (self.get(email) if email else self._owner())
        async with self._pool.connection() as db, db.transaction():
            return await self._sessions.start_short(db, account.id, "password", ttl_s)

    async def make_link(self, ttl_s: int) -> str:
        owner = await self._owner()
        secret = secrets.token_urlsafe(32)
        async with self._pool.connection() as db:
            await db.execute("delete from oryxforge.signin_links where expires_at < now()")
            await db.execute(
                "insert into oryxforge.signin_links (hash, user_id, expires_at) values ($1, $2, $3)",
                hashed(secret),
                owner.id,
                datetime.now(UTC) + timedelta(seconds=ttl_s),
            )
        return secret

    async def redeem_link(self, secret: str) -> Session:
        async with self._pool.connection() as db, db.transaction():
            user_id = await db.fetchval(
                "delete from oryxforge.signin_links where hash = $1 and expires_at > now() returning user_id",
                hashed(secret),
            )
            if user_id is None:
                raise Unauthenticated(
                    "This sign-in link was used already or has expired. Start `oryxforge up` again for a new one.",
                    code="link_invalid",
                )
            return await self._sessions.start(db, user_id, "magiclink")

    async def _owner(self) -> Account:
        async with self._pool.connection() as db:
            row = await db.fetchrow(SELECT + f"and raw_app_meta_data ->> '{OWNER_FLAG}' = 'true' limit 1")
        if row is None:
            raise NotFound("There is no local owner yet; `oryxforge up` makes one.", code="user_not_found")
        return _account(row)

    async def _insert(self, email: str, password: str | None, flags: Mapping[str, object]) -> None:
        address = _checked_email(email)
        kept = None if password is None else await self._passwords.hash(_strong(password))
        async with self._pool.connection() as db, db.transaction():
            made = await users.add(db, address, password=kept, confirmed=True, app_metadata=flags)
        if made is None:
            raise Conflict(f"There is an account {address} already.", code="user_exists")


def _account(row: asyncpg.Record) -> Account:
    return Account(row["id"], row["email"] or "", row["created_at"], row["last_sign_in_at"], row["is_owner"])


def _checked_email(email: str) -> str:
    address = normal_email(email)
    if address is None:
        raise Unprocessable(f"{email!r} is no e-mail address.", code="email_invalid")
    return address


def _strong(password: str) -> str:
    if "length" in weaknesses(password):
        raise Unprocessable(f"A password has {SHORTEST} to {LONGEST} characters.", code="weak_password")
    return password
