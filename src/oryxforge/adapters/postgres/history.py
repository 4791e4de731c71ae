"""Migration files, and the table where the Supabase CLI and we record which of them a database has."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import asyncpg

from oryxforge.adapters.postgres.statements import same_text, split_statements
from oryxforge.domain.errors import Conflict, Failed

FILE_NAME = re.compile(r"(\d+)_(.*)\.sql")
TABLE = """
create schema if not exists supabase_migrations;
create table if not exists supabase_migrations.schema_migrations (version text not null primary key);
alter table supabase_migrations.schema_migrations add column if not exists statements text[];
alter table supabase_migrations.schema_migrations add column if not exists name text;
"""
# A process may look whether the schema is the one it was written for.
READERS = """
do $$
declare
  reader text;
begin
  for reader in select rolname from pg_roles where rolname in ('oryxforge_api', 'oryxforge_worker') loop
    execute format('grant usage on schema supabase_migrations to %I', reader);
    execute format('grant select (version) on supabase_migrations.schema_migrations to %I', reader);
  end loop;
end
$$;
"""


@dataclass(frozen=True)
class Migration:
    """One file: its digits, the rest of its name, its text."""

    version: str
    name: str
    text: str


def known_migrations(folder: Path | None = None) -> list[Migration]:
    """The program's migrations in order: of a folder, else of the wheel, else of the checkout. Raises Failed for none."""
    place = folder or _own_folder()
    matches = [(path, FILE_NAME.fullmatch(path.name)) for path in sorted(place.glob("*.sql"))]
    found = [Migration(m[1], m[2], path.read_text(encoding="utf-8")) for path, m in matches if m is not None]
    if not found:
        raise Failed("The migrations of oryxforge are missing. Reinstall it.", code="migrations_missing")
    if len({migration.version for migration in found}) != len(found):
        raise Failed(f"Two migrations in {place} have the same number.", code="migrations_ambiguous")
    return sorted(found, key=lambda migration: migration.version)


async def pending_migrations(db: asyncpg.Connection, known: Sequence[Migration]) -> list[Migration]:
    """What the database lacks. Raises Conflict where it is newer than the program, or was made by other texts."""
    if not await db.fetchval("select to_regclass('supabase_migrations.schema_migrations') is not null"):
        return list(known)
    rows = await db.fetch("select version, statements from supabase_migrations.schema_migrations")
    recorded: dict[str, list[str] | None] = {row["version"]: row["statements"] for row in rows}
    refuse_newer(list(recorded), known)
    for migration in known:
        statements = recorded.get(migration.version)
        if statements and not same_text(migration.text, statements):
            raise Conflict(
                f"The migration {migration.version}_{migration.name} was changed after it was applied to this database. "
                "Restore its text and put the change in a new file.",
                code="migration_changed",
            )
    return [migration for migration in known if migration.version not in recorded]


def refuse_newer(recorded: Sequence[str], known: Sequence[Migration]) -> None:
    """Raises Conflict where the database has a later migration than the program knows."""
    latest, last = max(recorded, default=""), known[-1].version
    if latest > last:
        raise Conflict(
            f"The database is newer ({latest}) than this oryxforge ({last}). Upgrade oryxforge.",
            code="database_newer",
        )


async def record(db: asyncpg.Connection, migration: Migration) -> None:
    """To be called in the transaction that applied it."""
    await db.execute(
        "insert into supabase_migrations.schema_migrations (version, name, statements) values ($1, $2, $3)",
        migration.version,
        migration.name,
        split_statements(migration.text),
    )


def _own_folder() -> Path:
    package = Path(str(files("oryxforge")))
    packed = package / "migrations"
    return packed if packed.is_dir() else package.parents[1] / "supabase" / "migrations"
