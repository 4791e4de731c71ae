"""What a login role may do that ours must not."""

from dataclasses import dataclass

import asyncpg

from oryxforge.adapters.postgres.places import reached

API_LOGIN, WORKER_LOGIN = "oryxforge_api", "oryxforge_worker"


@dataclass(frozen=True)
class Rights:
    """A login role, which of ours it may act as, whether row-level security binds it, and the server's version."""

    role: str
    acts_as: frozenset[str]
    superuser: bool
    bypasses_rls: bool
    server_version: int


async def rights_of(url: str) -> Rights:
    """Of the role that a URL signs in as. Raises Unavailable where it can't."""
    [row] = await _asked(
        url,
        "select rolname, rolsuper, rolbypassrls, current_setting('server_version_num')::int as version, "
        "array(select o.rolname::text from pg_roles o where o.rolname = any($1) and pg_has_role(o.oid, 'usage')) "
        "as acts_as from pg_roles where rolname = current_user",
        [API_LOGIN, WORKER_LOGIN],
    )
    acts_as = frozenset[str](row["acts_as"])
    return Rights(row["rolname"], acts_as, row["rolsuper"], row["rolbypassrls"], row["version"])


async def log_level(url: str) -> str:
    """The server's wal_level: changes can be read where it is `logical`. Raises Unavailable."""
    [row] = await _asked(url, "select current_setting('wal_level') as level")
    return str(row["level"])


async def _asked(url: str, sql: str, *values: object) -> list[asyncpg.Record]:
    async with reached(url) as db:
        return await db.fetch(sql, *values)
