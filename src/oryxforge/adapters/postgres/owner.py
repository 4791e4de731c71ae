"""The schema owner's connection: for migrations and first starts, never for requests."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import asynccontextmanager, contextmanager

import asyncpg

from oryxforge.adapters.postgres.pool import AWAY
from oryxforge.adapters.postgres.scram import scram_verifier
from oryxforge.domain.errors import Conflict, Failed, Invalid, NotAllowed, OryxError, Unavailable

LOCK = 7_305_841_902
LOCK_TIMEOUT_S = 300
LOCK_STEP_S = 0.1
STATEMENT_LOCK_TIMEOUT = "5s"
TRIES = 6
RACES = (
    asyncpg.LockNotAvailableError,
    asyncpg.DeadlockDetectedError,
    asyncpg.DuplicateObjectError,
    asyncpg.InternalServerError,
    asyncpg.UniqueViolationError,
)
# Roles belong to the whole server, and a lock only to one database of it.
ROLE_RACE = ("concurrently updated", "pg_authid_rolname_index", "pg_auth_members_")


@asynccontextmanager
async def as_owner(url: str) -> AsyncGenerator[asyncpg.Connection]:
    """A connection that holds the one lock for changes of the schema.

    Raises Unavailable (no server, or another change takes too long), NotAllowed (no sign-in, or not the right), Invalid.
    """
    with explained():
        db = await asyncpg.connect(
            url,
            timeout=15,
            statement_cache_size=0,
            server_settings={"application_name": "oryxforge-migrate", "statement_timeout": "0"},
        )
        try:
            await db.execute(f"set lock_timeout = '{STATEMENT_LOCK_TIMEOUT}'")
            await _lock(db)
            yield db
        finally:
            await _close(db)


@contextmanager
def explained() -> Generator[None]:
    """Turns what Postgres or the network says into errors that say what to do."""
    try:
        yield
    except OryxError:
        raise
    except asyncpg.InvalidAuthorizationSpecificationError as error:
        raise NotAllowed(
            f"The database refused the sign-in: {error}. Check its URL.", code="database_refused"
        ) from error
    except asyncpg.InvalidCatalogNameError as error:
        raise Invalid(f"{error}. Create that database, or check the URL.", code="database_missing") from error
    except asyncpg.InsufficientPrivilegeError as error:
        raise NotAllowed(
            f"The database said: {error}. Use the URL of a role that owns the schema and may create roles "
            "(DATABASE_OWNER_URL).",
            code="database_owner_needed",
        ) from error
    except (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError) as error:
        raise Unavailable(
            "Other connections hold the tables that have to change. Stop what uses the database and try again.",
            code="database_busy",
        ) from error
    except (asyncpg.ClientConfigurationError, ValueError) as error:
        raise Invalid(f"The database URL can't be read: {error}", code="database_url") from error
    except AWAY as error:
        raise Unavailable(
            f"The database can't be reached ({type(error).__name__}). Check its URL and whether it runs.",
            code="database_unavailable",
        ) from error
    except asyncpg.PostgresError as error:
        raise Failed(
            f"The database's schema can't be changed; it said: {error}", code="migration_failed"
        ) from error


async def change(db: asyncpg.Connection, script: str) -> None:
    """Runs statements in one transaction, again where another connection was in the way."""

    async def once() -> None:
        async with db.transaction():
            await db.execute(script)

    await retried(once)


async def retried(step: Callable[[], Awaitable[None]]) -> None:
    """Does a step that leaves nothing when it fails, again where another connection was in the way."""
    for attempt in range(TRIES):
        try:
            await step()
            return
        except RACES as error:
            if attempt == TRIES - 1 or not _was_race(error):
                raise
        await asyncio.sleep(0.05 * 2**attempt)


async def set_password(db: asyncpg.Connection, role: str, password: str) -> None:
    """Lets the role sign in with the password. Raises Conflict where there is no such role, Invalid for odd letters."""
    if not password.isascii() or not password.isprintable():
        raise Invalid(
            f"The password of {role} may have plain ASCII characters only.", code="password_invalid"
        )
    statement = await db.fetchval(
        "select format('alter role %I with login password %L', rolname, $2::text) from pg_roles where rolname = $1",
        role,
        scram_verifier(password),
    )
    if statement is None:
        raise Conflict(f"The database has no role {role}; run the migrations first.", code="role_missing")
    await change(db, statement)


async def _lock(db: asyncpg.Connection) -> None:
    for _ in range(int(LOCK_TIMEOUT_S / LOCK_STEP_S)):
        if await db.fetchval("select pg_try_advisory_lock($1)", LOCK):
            return
        await asyncio.sleep(LOCK_STEP_S)
    raise Unavailable(
        f"Another process has been changing the database's schema for {LOCK_TIMEOUT_S} s. Wait for it and try again.",
        code="migration_running",
    )


def _was_race(error: asyncpg.PostgresError) -> bool:
    if isinstance(error, asyncpg.LockNotAvailableError | asyncpg.DeadlockDetectedError):
        return True
    if isinstance(error, asyncpg.DuplicateObjectError):
        return str(error).startswith("role ")
    return any(sign in str(error) for sign in ROLE_RACE)


async def _close(db: asyncpg.Connection) -> None:
    try:
        await db.close(timeout=5)
    except (asyncpg.PostgresError, *AWAY):
        db.terminate()
