"""Sessions: started at a sign-in, gone on with by refresh tokens, ended by sign-out or by an old token used again."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import asyncpg

from oryxforge.adapters.postgres.auth import users
from oryxforge.adapters.postgres.auth.secret import hashed, new_secret, successor
from oryxforge.adapters.postgres.auth.users import User
from oryxforge.adapters.postgres.pool import Connection
from oryxforge.ports.accounts import Session

REUSE_WINDOW = timedelta(seconds=10)
REMEMBERED = timedelta(days=7)
LONGEST_CHAIN = 100
KNOWN_ROW = """select t.id, t.token, t.session_id, t.revoked, t.updated_at, t.successor_salt, now() as now
from auth.refresh_tokens t where t.token = $1"""

Methods = Sequence[Mapping[str, object]]
Sign = Callable[[User, UUID, Methods, int], str]


@dataclass(frozen=True)
class Refused:
    """Why a refresh token does not count; `code` is GoTrue's."""

    code: str


@dataclass(frozen=True)
class Client:
    """What a session is remembered by."""

    agent: str = ""
    ip: str | None = None


class Sessions:
    """Starts, refreshes and ends sessions. `sign` makes an access token; every call is part of the caller's transaction."""

    def __init__(self, sign: Sign, ttl_s: int) -> None:
        self._sign = sign
        self._ttl_s = ttl_s

    async def start(
        self,
        db: Connection,
        user_id: UUID,
        method: str,
        client: Client = Client(),
        *,
        ttl_s: int | None = None,
    ) -> Session:
        """A new session of a user who is there; `ttl_s` is the life of its first access token in seconds."""
        session_id = await self._open(db, user_id, method, client, None)
        token = new_secret()
        await _add_token(db, token, user_id, session_id, None)
        await db.execute("update auth.users set last_sign_in_at = now() where id = $1", user_id)
        return await self._session(db, user_id, session_id, token, ttl_s or self._ttl_s)

    async def start_short(self, db: Connection, user_id: UUID, method: str, ttl_s: int) -> Session:
        """A session that ends with its only access token, for scripts."""
        ends = datetime.now(UTC) + timedelta(seconds=ttl_s)
        session_id = await self._open(db, user_id, method, Client("oryxforge token"), ends)
        return await self._session(db, user_id, session_id, "", ttl_s)

    async def refresh(self, db: Connection, token: str) -> Session | Refused:
        """The session with its next refresh token.

        A token that was used is answered with the active one where it came right before that (the answer may have been
        lost) or within the reuse window; an older one ends the session: somebody else has it.
        """
        found = await db.fetchrow(KNOWN_ROW, hashed(token))
        if found is None:
            return Refused("refresh_token_not_found")
        session = await db.fetchrow(
            "select id, user_id, not_after from auth.sessions where id = $1 for update", found["session_id"]
        )
        if session is None:
            return Refused("session_not_found")
        user = await users.by_id(db, session["user_id"])
        if user is None or user.banned:
            return Refused("user_not_found" if user is None else "user_banned")
        if session["not_after"] is not None and session["not_after"] < datetime.now(UTC):
            await self.end(db, session["id"])
            return Refused("session_expired")
        following = await self._following(db, token, user.id)
        if following is None:
            await self.end(db, session["id"])
            return Refused("refresh_token_already_used")
        return await self._session(db, user.id, session["id"], following, self._ttl_s)

    async def since(self, db: Connection, session_id: str, user_id: UUID) -> datetime | None:
        """When a token's session began; None where it stands no more."""
        try:
            known = UUID(session_id)
        except ValueError:
            return None
        return await db.fetchval(
            "select created_at from auth.sessions where id = $1 and user_id = $2 and (not_after is null or not_after > now())",
            known,
            user_id,
        )

    async def end(self, db: Connection, session_id: UUID) -> None:
        await db.execute("delete from auth.sessions where id = $1", session_id)

    async def end_all(self, db: Connection, user_id: UUID, *, but: UUID | None = None) -> None:
        """Ends all sessions of a user, or all but one."""
        await db.execute(
            "delete from auth.sessions where user_id = $1 and id is distinct from $2", user_id, but
        )

    async def _open(
        self, db: Connection, user_id: UUID, method: str, client: Client, ends: datetime | None
    ) -> UUID:
        session_id = uuid4()
        await db.execute("delete from auth.sessions where not_after < now()")
        await db.execute(
            """insert into auth.sessions (id, user_id, created_at, updated_at, aal, not_after, user_agent, ip)
            values ($1, $2, now(), now(), 'aal1', $3, $4, $5)""",
            session_id,
            user_id,
            ends,
            client.agent[:300],
            client.ip,
        )
        await db.execute(
            "insert into auth.mfa_amr_claims (session_id, authentication_method) values ($1, $2)",
            session_id,
            method,
        )
        return session_id

    async def _following(self, db: Connection, token: str, user_id: UUID) -> str | None:
        row = await db.fetchrow(KNOWN_ROW, hashed(token))
        if row is None:
            return None
        if not row["revoked"]:
            return await self._rotate(db, row, token, user_id)
        reusable = row["updated_at"] + REUSE_WINDOW >= row["now"]
        for _ in range(LONGEST_CHAIN if reusable else 1):
            if row["successor_salt"] is None:
                return None
            token = successor(token, row["successor_salt"])
            row = await db.fetchrow(KNOWN_ROW, hashed(token))
            if row is None:
                return None
            if not row["revoked"]:
                return token
        return None

    async def _rotate(self, db: Connection, row: asyncpg.Record, token: str, user_id: UUID) -> str:
        salt = secrets.token_hex(16)
        following = successor(token, salt)
        await db.execute(
            "update auth.refresh_tokens set revoked = true, updated_at = now(), successor_salt = $2 where id = $1",
            row["id"],
            salt,
        )
        await db.execute(
            "delete from auth.refresh_tokens where session_id = $1 and revoked and updated_at < now() - $2::interval",
            row["session_id"],
            REMEMBERED,
        )
        await _add_token(db, following, user_id, row["session_id"], row["token"])
        await db.execute(
            "update auth.sessions set refreshed_at = now() at time zone 'utc', updated_at = now() where id = $1",
            row["session_id"],
        )
        return following

    async def _session(
        self, db: Connection, user_id: UUID, session_id: UUID, refresh_token: str, ttl_s: int
    ) -> Session:
        user = await users.by_id(db, user_id)
        assert user is not None
        rows = await db.fetch(
            "select authentication_method, created_at from auth.mfa_amr_claims where session_id = $1 order by created_at",
            session_id,
        )
        methods = [
            {"method": r["authentication_method"], "timestamp": int(r["created_at"].timestamp())}
            for r in rows
        ]
        access = self._sign(user, session_id, methods, ttl_s)
        expires_at = int(datetime.now(UTC).timestamp()) + ttl_s
        return Session(access, ttl_s, expires_at, user.wire(), refresh_token)


async def _add_token(db: Connection, token: str, user_id: UUID, session_id: UUID, parent: str | None) -> None:
    await db.execute(
        """insert into auth.refresh_tokens (token, user_id, revoked, created_at, updated_at, parent, session_id)
        values ($1, $2, false, now(), now(), $3, $4)""",
        hashed(token),
        str(user_id),
        parent,
        session_id,
    )
