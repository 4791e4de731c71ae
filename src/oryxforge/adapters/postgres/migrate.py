"""Brings a database's schema up to what this program was written for."""

from pathlib import Path

import asyncpg
from loguru import logger

from oryxforge.adapters.postgres.history import (
    READERS,
    TABLE,
    Migration,
    known_migrations,
    pending_migrations,
    record,
    refuse_newer,
)
from oryxforge.adapters.postgres.owner import (
    STATEMENT_LOCK_TIMEOUT,
    as_owner,
    change,
    explained,
    retried,
    set_password,
)
from oryxforge.adapters.postgres.queue_schema import pending_queue_migrations, update_queue
from oryxforge.domain.errors import Failed


async def migrate(
    owner_url: str,
    *,
    api_password: str | None = None,
    worker_password: str | None = None,
    folder: Path | None = None,
) -> list[str]:
    """Applies what is missing and returns its versions; gives our login roles the passwords. Safe twice and side by side.

    `owner_url` names the schema's owner over a session, not a transaction pooler. Raises Conflict (the database is
    newer, or an applied file was changed), Failed (a file does not run), Unavailable, NotAllowed, Invalid.
    """
    known = known_migrations(folder)
    async with as_owner(owner_url) as db:
        pending = await pending_migrations(db, known)
        if pending:
            await change(db, TABLE)
        for migration in pending:
            await _apply(db, migration)
            logger.info("migration applied", version=migration.version, name=migration.name)
        if queue := await update_queue(db):
            logger.info("job queue updated", latest=queue[-1])
        if pending or queue:
            await change(db, READERS)
        for role, password in (("oryxforge_api", api_password), ("oryxforge_worker", worker_password)):
            if password is not None:
                await set_password(db, role, password)
    return [migration.version for migration in pending]


async def pending(url: str, folder: Path | None = None) -> list[str]:
    """What `migrate` would apply, queue included; any of our roles may ask. Raises Conflict where the database is newer."""
    known = known_migrations(folder)
    with explained():
        db = await asyncpg.connect(url, timeout=15, statement_cache_size=0)
        try:
            recorded: list[str] = []
            if await db.fetchval("select to_regnamespace('supabase_migrations') is not null"):
                rows = await db.fetch("select version from supabase_migrations.schema_migrations")
                recorded = [row["version"] for row in rows]
            refuse_newer(recorded, known)
            missing = [migration.version for migration in known if migration.version not in recorded]
            return missing + await pending_queue_migrations(db)
        finally:
            await db.close(timeout=5)


async def is_current(url: str, folder: Path | None = None) -> bool:
    """Whether the database has all that this program knows."""
    return not await pending(url, folder)


async def _apply(db: asyncpg.Connection, migration: Migration) -> None:
    async def once() -> None:
        async with db.transaction():
            await db.execute(migration.text)
            await record(db, migration)
        await db.execute(f"reset all; set lock_timeout = '{STATEMENT_LOCK_TIMEOUT}'")

    try:
        await retried(once)
    except (asyncpg.InsufficientPrivilegeError, asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError):
        raise
    except asyncpg.PostgresError as error:
        raise Failed(
            f"The migration {migration.version}_{migration.name} failed and changed nothing; the database said: {error}",
            code="migration_failed",
        ) from error
