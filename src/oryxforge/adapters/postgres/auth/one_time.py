"""One-time tokens that go out by mail: a link and a code of six digits; either signs in once."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

import asyncpg

from oryxforge.adapters.postgres.auth.secret import hashed, hashed_code, new_code, new_secret, same
from oryxforge.adapters.postgres.pool import Connection

LIFE = timedelta(hours=1)
TRIES = 5
PKCE = "pkce_"
FRESH = "expires_at > now()"


@dataclass(frozen=True)
class OneTime:
    """What a mail carries; `token` is for the link."""

    token: str
    code: str


@dataclass(frozen=True)
class Spent:
    """A token that counted: whose it was, what for, and the flow that waits for it."""

    user_id: UUID
    kind: str
    flow_id: UUID | None


async def issue(
    db: Connection, user_id: UUID, kind: str, relates_to: str, flow_id: UUID | None = None
) -> OneTime:
    """A new token of a kind (`auth.one_time_token_type`); the user's last one of that kind counts no more."""
    made = OneTime((PKCE if flow_id else "") + new_secret(), new_code())
    token_hash = hashed(made.token)
    await db.execute(
        """insert into auth.one_time_tokens
          (id, user_id, token_type, token_hash, relates_to, code_hash, flow_id, expires_at)
        values ($1, $2, $3, $4, $5, $6, $7, now() + $8::interval)
        on conflict (user_id, token_type) do update set token_hash = excluded.token_hash,
          relates_to = excluded.relates_to, code_hash = excluded.code_hash, flow_id = excluded.flow_id,
          expires_at = excluded.expires_at, tries = 0, updated_at = now() at time zone 'utc'""",
        uuid4(),
        user_id,
        kind,
        token_hash,
        relates_to,
        hashed_code(token_hash, made.code),
        flow_id,
        LIFE,
    )
    return made


async def spend_link(db: Connection, token: str, kinds: list[str]) -> Spent | None:
    """Uses a link's token up; None where it is unknown, used or expired."""
    row = await db.fetchrow(
        f"""delete from auth.one_time_tokens where token_hash = $1
          and token_type = any($2::text[]::auth.one_time_token_type[]) and {FRESH}
        returning user_id, token_type::text, flow_id""",
        hashed(token),
        kinds,
    )
    return _spent(row)


async def spend_code(db: Connection, relates_to: str, code: str, kinds: list[str]) -> Spent | None:
    """Uses up the code sent to an address; after five wrong tries only the link counts still.

    A wrong try is counted: the caller's transaction has to be committed.
    """
    rows = await db.fetch(
        f"""select id, token_hash, code_hash from auth.one_time_tokens where relates_to = $1
          and token_type = any($2::text[]::auth.one_time_token_type[]) and {FRESH} and tries < $3 for update""",
        relates_to,
        kinds,
        TRIES,
    )
    for row in rows:
        if row["code_hash"] and same(hashed_code(row["token_hash"], code), row["code_hash"]):
            spent = await db.fetchrow(
                "delete from auth.one_time_tokens where id = $1 returning user_id, token_type::text, flow_id",
                row["id"],
            )
            return _spent(spent)
    await db.execute(
        "update auth.one_time_tokens set tries = tries + 1 where id = any($1::uuid[])",
        [row["id"] for row in rows],
    )
    return None


async def waits(db: Connection, user_id: UUID, kind: str) -> bool:
    """Whether a token of a kind is out that has not been used."""
    found = await db.fetchval(
        "select true from auth.one_time_tokens where user_id = $1 and token_type = $2", user_id, kind
    )
    return found is True


async def forget(db: Connection, user_id: UUID) -> None:
    """Drops what was mailed to a user: their address or password is another now."""
    await db.execute("delete from auth.one_time_tokens where user_id = $1", user_id)


def _spent(row: asyncpg.Record | None) -> Spent | None:
    return Spent(row["user_id"], row["token_type"], row["flow_id"]) if row is not None else None
