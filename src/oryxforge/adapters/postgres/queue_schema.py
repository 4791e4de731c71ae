"""The job queue's own tables, from its package, in a schema of their own."""

from importlib.util import find_spec
from pathlib import Path

import asyncpg

from oryxforge.adapters.postgres.owner import change
from oryxforge.domain.errors import Conflict, Failed

SCHEMA = "procrastinate"
RECORD = """
create schema if not exists oryxforge;
create table if not exists oryxforge.queue_migrations (name text primary key, applied_at timestamptz not null default now());
alter table oryxforge.queue_migrations enable row level security;
"""
# A fixed search path in each function: its triggers also fire in transactions that have another one, or none.
FINISH = f"""
do $$
declare
  routine regprocedure;
  reader text;
begin
  for routine in select p.oid::regprocedure from pg_proc p where p.pronamespace = '{SCHEMA}'::regnamespace loop
    execute format('alter routine %s set search_path = {SCHEMA}, pg_temp', routine);
  end loop;
  revoke all on schema {SCHEMA} from public;
  revoke all on all routines in schema {SCHEMA} from public;
  for reader in select rolname from pg_roles where rolname in ('oryxforge_api', 'oryxforge_worker') loop
    execute format('grant usage on schema oryxforge to %I', reader);
    execute format('grant select on oryxforge.queue_migrations to %I', reader);
    if not exists (
      select from pg_policies where schemaname = 'oryxforge' and tablename = 'queue_migrations' and policyname = reader
    ) then
      execute format('create policy %1$I on oryxforge.queue_migrations for select to %1$I using (true)', reader);
    end if;
  end loop;
  if exists (select from pg_roles where rolname = 'oryxforge_worker') then
    grant usage on schema {SCHEMA} to oryxforge_worker;
    grant select, insert, update, delete on all tables in schema {SCHEMA} to oryxforge_worker;
    grant usage, select on all sequences in schema {SCHEMA} to oryxforge_worker;
    grant execute on all routines in schema {SCHEMA} to oryxforge_worker;
  end if;
end
$$;
"""


async def pending_queue_migrations(db: asyncpg.Connection) -> list[str]:
    """Files of the queue's package that the database lacks. Raises Conflict where the database is newer."""
    known = [path.name for path in _migrations()]
    if not await db.fetchval("select to_regclass('oryxforge.queue_migrations') is not null"):
        return known
    recorded = {row["name"] for row in await db.fetch("select name from oryxforge.queue_migrations")}
    if unknown := recorded - set(known):
        raise Conflict(
            f"The database's job queue is newer ({max(unknown)}) than this oryxforge's. Upgrade oryxforge.",
            code="database_newer",
        )
    return [name for name in known if name not in recorded]


async def update_queue(db: asyncpg.Connection) -> list[str]:
    """Installs the queue, or applies its package's newer files; returns what was recorded."""
    pending = await pending_queue_migrations(db)
    if not pending:
        return []
    is_there = await db.fetchval(f"select to_regclass('{SCHEMA}.procrastinate_jobs') is not null")
    if not await db.fetchval("select to_regclass('oryxforge.queue_migrations') is not null"):
        if is_there:
            raise Conflict(
                f"The schema {SCHEMA} exists, but was not made by oryxforge. Drop or rename it, and run this again.",
                code="queue_of_another",
            )
        await _apply(db, (_folder() / "schema.sql").read_text(encoding="utf-8"), pending, create=True)
        return pending
    for path in _migrations():
        if path.name in pending:
            await _apply(db, path.read_text(encoding="utf-8"), [path.name])
    return pending


async def _apply(db: asyncpg.Connection, script: str, names: list[str], *, create: bool = False) -> None:
    rows = ", ".join(f"('{name}')" for name in names)
    first = f"create schema if not exists {SCHEMA};{RECORD}" if create else ""
    await change(
        db,
        f"{first}set local search_path = {SCHEMA};\n{script}\n;set local search_path = pg_catalog;\n"
        f"{FINISH}insert into oryxforge.queue_migrations (name) values {rows};",
    )


def _migrations() -> list[Path]:
    return sorted((_folder() / "migrations").glob("*.sql"))


def _folder() -> Path:
    spec = find_spec("procrastinate")
    for place in (spec.submodule_search_locations or []) if spec else []:
        folder = Path(place) / "sql"
        if (folder / "schema.sql").is_file():
            return folder
    raise Failed(
        "The job queue's package (procrastinate) is missing. Reinstall oryxforge.", code="queue_missing"
    )
