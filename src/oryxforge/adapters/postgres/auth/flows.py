"""Sign-ins that are under way elsewhere: at a provider, or in a mail whose link ends in a code (PKCE)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from oryxforge.adapters.postgres.auth.secret import hashed, new_secret
from oryxforge.adapters.postgres.pool import Connection

CODE_LIFE = timedelta(minutes=5)
FLOW_LIFE = timedelta(minutes=10)
KEPT = timedelta(days=1)


@dataclass(frozen=True)
class Challenge:
    """What a PKCE client keeps the verifier of; `method` s256 or plain."""

    text: str
    method: str


@dataclass(frozen=True)
class Flow:
    """A row of auth.flow_state."""

    id: UUID
    user_id: UUID | None
    challenge: Challenge | None
    provider: str
    method: str
    referrer: str
    linking: UUID | None
    browser_hash: str | None
    nonce: str | None
    provider_verifier: str | None
    provider_access_token: str | None
    person: Mapping[str, Any] | None
    expired: bool


async def begin(
    db: Connection,
    challenge: Challenge | None,
    *,
    provider: str,
    method: str,
    referrer: str = "",
    user_id: UUID | None = None,
    linking: UUID | None = None,
    state: str | None = None,
    browser: str | None = None,
    nonce: str | None = None,
    verifier: str | None = None,
) -> UUID:
    """A new flow; `method` is what the session will say it was started by (`amr`)."""
    flow_id = uuid4()
    await db.execute("delete from auth.flow_state where created_at < now() - $1::interval", KEPT)
    await db.execute(
        """insert into auth.flow_state
          (id, user_id, auth_code, code_challenge_method, code_challenge, provider_type, authentication_method,
           referrer, linking_target_id, state_hash, browser_hash, nonce, provider_verifier, created_at, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, now(), now())""",
        flow_id,
        user_id,
        hashed(new_secret()),
        challenge.method if challenge else None,
        challenge.text if challenge else None,
        provider,
        method,
        referrer,
        linking,
        hashed(state) if state else None,
        hashed(browser) if browser else None,
        nonce,
        verifier,
    )
    return flow_id


async def take_state(db: Connection, state: str) -> Flow | None:
    """The flow that a provider answers to; a state counts once."""
    row = await db.fetchrow(
        """update auth.flow_state set state_hash = null, updated_at = now()
        where state_hash = $1 returning *""",
        hashed(state),
    )
    return _flow(row, FLOW_LIFE, "created_at")


async def give_code(
    db: Connection,
    flow_id: UUID,
    user_id: UUID,
    access_token: str | None = None,
    person: Mapping[str, object] | None = None,
) -> str:
    """The code that a client exchanges for a session, with the verifier that only it has; `person` waits for it."""
    code = str(uuid4())
    await db.execute(
        """update auth.flow_state set auth_code = $2, auth_code_issued_at = now(), user_id = $3,
          provider_access_token = $4, provider_person = $5, updated_at = now() where id = $1""",
        flow_id,
        hashed(code),
        user_id,
        access_token,
        person,
    )
    return code


async def take_code(db: Connection, code: str) -> Flow | None:
    """The flow of a code, which counts once."""
    row = await db.fetchrow(
        "delete from auth.flow_state where auth_code = $1 and auth_code_issued_at is not null returning *",
        hashed(code),
    )
    return _flow(row, CODE_LIFE, "auth_code_issued_at")


async def by_id(db: Connection, flow_id: UUID) -> Flow | None:
    row = await db.fetchrow("select * from auth.flow_state where id = $1", flow_id)
    return _flow(row, FLOW_LIFE, "created_at")


def _flow(row: asyncpg.Record | None, life: timedelta, since: str) -> Flow | None:
    if row is None:
        return None
    text = row["code_challenge"]
    return Flow(
        id=row["id"],
        user_id=row["user_id"],
        challenge=Challenge(text, row["code_challenge_method"]) if text else None,
        provider=row["provider_type"],
        method=row["authentication_method"],
        referrer=row["referrer"] or "",
        linking=row["linking_target_id"],
        browser_hash=row["browser_hash"],
        nonce=row["nonce"],
        provider_verifier=row["provider_verifier"],
        provider_access_token=row["provider_access_token"],
        person=row["provider_person"],
        expired=row[since] + life < datetime.now(UTC),
    )
