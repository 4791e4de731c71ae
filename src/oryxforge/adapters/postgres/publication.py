"""What a publication carries of our tables."""

from collections.abc import Mapping
from dataclasses import dataclass

from oryxforge.adapters.postgres.places import reached

# By the migration that puts them there.
FOLLOWED = frozenset(
    {
        "projects",
        "project_members",
        "data_sources",
        "datasets",
        "datasheets",
        "datasheet_versions",
        "chats",
        "chat_messages",
        "artifacts",
    }
)
KINDS = "select pubinsert, pubupdate, pubdelete from pg_publication where pubname = $1"
TABLES = """
select t.tablename, t.rowfilter is not null as filtered, array(
  select a.attname::text from pg_attribute a
  where a.attrelid = format('%I.%I', t.schemaname, t.tablename)::regclass
    and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' and a.attname <> all(t.attnames)
  order by a.attnum
) as lacking
from pg_publication_tables t where t.pubname = $1 and t.schemaname = 'public'
"""


@dataclass(frozen=True)
class Publication:
    """The kinds of changes that it does not carry, and of our tables those not (wholly) in it."""

    kinds_missing: tuple[str, ...]
    tables_missing: frozenset[str]
    columns_missing: Mapping[str, tuple[str, ...]]
    filtered: frozenset[str]


async def publication_of(url: str, name: str) -> Publication | None:
    """None where the database has none of that name. Raises Unavailable."""
    async with reached(url) as db:
        kinds = await db.fetchrow(KINDS, name)
        if kinds is None:
            return None
        tables = {row["tablename"]: row for row in await db.fetch(TABLES, name)}
    ours = {table: row for table, row in tables.items() if table in FOLLOWED}
    return Publication(
        tuple(kind for kind in ("insert", "update", "delete") if not kinds[f"pub{kind}"]),
        FOLLOWED - tables.keys(),
        {table: tuple(row["lacking"]) for table, row in ours.items() if row["lacking"]},
        frozenset(table for table, row in ours.items() if row["filtered"]),
    )
