"""What a login role may do that ours must not."""

from dataclasses import dataclass

import asyncpg

from oryxforge.adapters.postgres.pool import AWAY, unavailable


@dataclass(frozen=True)
class Rights:
    """A login role, whether row-level security binds it, and the server's version."""

    role: str
    superuser: bool
    bypasses_rls: bool
    server_version: int


async def rights_of(url: str) -> Rights:
    """Of the role that a URL signs in as. Raises Unavailable where it can't."""
    try:
        db = await asyncpg.connect(url, timeout=10, statement_cache_size=0)
    except asyncpg.InvalidAuthorizationSpecificationError as error:
        raise unavailable(error) from error
    except (asyncpg.PostgresError, *AWAY) as error:
        raise unavailable(error) from error
    try:
        row = await db.fetchrow(
            "select rolname, rolsuper, rolbypassrls, current_setting('server_version_num')::int as version "
            "from pg_roles where rolname = current_user"
        )
    finally:
        await db.close(timeout=5)
    assert row is not None
    return Rights(row["rolname"], row["rolsuper"], row["rolbypassrls"], row["version"])
