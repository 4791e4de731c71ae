"""Makes of a bare Postgres one that looks like hosted Supabase to the migrations and to clients."""

import hashlib
from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType

from loguru import logger

from oryxforge.adapters.postgres.owner import as_owner, change, set_password
from oryxforge.domain.errors import Conflict

NONE: Mapping[str, str] = MappingProxyType({})
MARK = "oryxforge bootstrap "


async def bootstrap_roles(owner_url: str, passwords: Mapping[str, str] = NONE) -> bool:
    """Runs bootstrap.sql where it, or this version of it, was not run yet (then True); sets passwords, given by role.

    Raises Unavailable, NotAllowed (the role may not create roles) or Conflict (this is hosted Supabase).
    """
    script = files("oryxforge.embedded").joinpath("bootstrap.sql").read_text(encoding="utf-8")
    mark = MARK + hashlib.sha256(script.encode()).hexdigest()[:16]
    async with as_owner(owner_url) as db:
        if await db.fetchval("select exists (select from pg_roles where rolname = 'supabase_auth_admin')"):
            raise Conflict(
                "This database is Supabase's own and has these roles already. Use `oryxforge migrate` alone.",
                code="database_is_supabase",
            )
        run_before = (
            await db.fetchval("select obj_description(to_regnamespace('auth'), 'pg_namespace')") == mark
        )
        if not run_before:
            await change(db, f"{script}\ncomment on schema auth is '{mark}';")
            logger.info("database prepared", mark=mark)
        for role, password in passwords.items():
            await set_password(db, role, password)
    return not run_before
