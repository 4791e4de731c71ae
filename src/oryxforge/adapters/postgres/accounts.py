"""Accounts and sign-in links of the embedded mode, in GoTrue's own tables."""

import asyncio
import hashlib
import re
import secrets
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
from argon2 import PasswordHasher

from oryxforge.adapters.postgres.pool import Connection, Pool
from oryxforge.domain.errors import Conflict, NotFound, Unauthenticated, Unprocessable
from oryxforge.ports.accounts import Account, Session

OWNER_FLAG = "oryxforge_owner"
SELECT = f"""
select id, email, created_at, last_sign_in_at, coalesce((raw_app_meta_data ->> '{OWNER_FLAG}')::boolean, false) as is_owner
from auth.users where deleted_at is null
"""
SHORTEST = 8

Sign = Callable[[UUID, str | None, int, str], str]


class PgAccounts:
    """The Accounts port. `sign` makes an access token of a user's id, e-mail, lifetime in seconds and method."""

    def __init__(self, pool: Pool, sign: Sign) -> None:
        self._pool = pool
        self._sign = sign

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
        return self._session(account, ttl_s, "password")

    async def make_link(self, ttl_s: int) -> str:
        owner = await self._owner()
        secret = secrets.token_urlsafe(32)
        async with self._pool.connection() as db:
            await db.execute("delete from oryxforge.signin_links where expires_at < now()")
            await db.execute(
                "insert into oryxforge.signin_links (hash, user_id, expires_at) values ($1, $2, $3)",
                _hash(secret),
                owner.id,
                datetime.now(UTC) + timedelta(seconds=ttl_s),
            )
        return secret

    async def redeem_link(self, secret: str, ttl_s: int = 43_200) -> Session:
        async with self._pool.connection() as db, db.transaction():
            user_id = await db.fetchval(
                "delete from oryxforge.signin_links where hash = $1 and expires_at > now() returning user_id",
                _hash(secret),
            )
            if user_id is None:
                raise Unauthenticated(
                    "This sign-in link was used already or has expired. Start `oryxforge up` again for a new one.",
                    code="link_invalid",
                )
            account = await self._signed_in(db, user_id)
        return self._session(account, ttl_s, "magiclink")

    async def _signed_in(self, db: Connection, user_id: UUID) -> Account:
        await db.execute("update auth.users set last_sign_in_at = now() where id = $1", user_id)
        row = await db.fetchrow(SELECT + "and id = $1", user_id)
        if row is None:
            raise Unauthenticated("That account is gone.", code="user_not_found")
        return _account(row)

    async def _owner(self) -> Account:
        async with self._pool.connection() as db:
            row = await db.fetchrow(SELECT + f"and raw_app_meta_data ->> '{OWNER_FLAG}' = 'true' limit 1")
        if row is None:
            raise NotFound("There is no local owner yet; `oryxforge up` makes one.", code="user_not_found")
        return _account(row)

    async def _insert(self, email: str, password: str | None, flags: Mapping[str, object]) -> None:
        address = _checked_email(email)
        hashed = await _hashed(password) if password is not None else None
        meta = {"provider": "email", "providers": ["email"], **flags}
        async with self._pool.connection() as db:
            try:
                await db.execute(
                    """insert into auth.users
                      (id, aud, role, email, encrypted_password, email_confirmed_at, raw_app_meta_data,
                       raw_user_meta_data, created_at, updated_at)
                    values ($1, 'authenticated', 'authenticated', $2, $3, now(), $4, '{}', now(), now())""",
                    uuid4(),
                    address,
                    hashed,
                    meta,
                )
            except asyncpg.UniqueViolationError as error:
                raise Conflict(f"There is an account {address} already.", code="user_exists") from error

    def _session(self, account: Account, ttl_s: int, method: str) -> Session:
        token = self._sign(account.id, account.email, ttl_s, method)
        user: Mapping[str, object] = {
            "id": str(account.id),
            "aud": "authenticated",
            "role": "authenticated",
            "email": account.email,
            "app_metadata": {"provider": "email", "providers": ["email"]},
            "user_metadata": {},
            "created_at": account.created_at.isoformat(),
        }
        return Session(token, ttl_s, int(datetime.now(UTC).timestamp()) + ttl_s, user)


def _account(row: asyncpg.Record) -> Account:
    return Account(row["id"], row["email"], row["created_at"], row["last_sign_in_at"], row["is_owner"])


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _checked_email(email: str) -> str:
    address = email.strip().lower()
    if len(address) > 255 or not re.fullmatch(r"[^@\s\x00-\x1f]+@[^@\s\x00-\x1f]+", address):
        raise Unprocessable(f"{email!r} is no e-mail address.", code="email_invalid")
    return address


async def _hashed(password: str) -> str:
    if len(password) < SHORTEST:
        raise Unprocessable(f"A password has at least {SHORTEST} characters.", code="weak_password")
    return await asyncio.to_thread(PasswordHasher().hash, password)
