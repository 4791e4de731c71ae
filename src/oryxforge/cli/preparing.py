"""What has to be there before the product serves: the schema, the login roles, the local owner and a way in."""

import asyncio
import sys
from dataclasses import dataclass

from oryxforge.adapters.postgres.rights import log_level
from oryxforge.bootstrap.accounts import OWNER_EMAIL
from oryxforge.bootstrap.embedded import LINK_TTL_S, DatabaseUrls, local_accounts, provision
from oryxforge.embedded.home import Owner
from oryxforge.settings import Settings


@dataclass(frozen=True)
class Prepared:
    """Settings with a URL for each login; the owner and a one-time secret where accounts are ours."""

    settings: Settings
    owner: Owner | None = None
    link: str | None = None


def prepare(settings: Settings, owner_url: str | None) -> Prepared:
    """Makes a database ready where its owner's URL is given, else takes it as it is."""
    return asyncio.run(_prepare(settings, owner_url))


async def _prepare(settings: Settings, owner_url: str | None) -> Prepared:
    if owner_url is not None and settings.database_url is not None:
        await _tell_of_changes(owner_url)
    if owner_url is not None:
        settings = with_urls(settings, await provision(owner_url, settings.data))
    if settings.supabase_url or settings.database_auth_url is None:
        return Prepared(settings)
    async with local_accounts(settings) as accounts:
        owner = await accounts.ensure_owner(OWNER_EMAIL)
        return Prepared(settings, Owner(str(owner.id), owner.email), await accounts.make_link(LINK_TTL_S))


async def _tell_of_changes(url: str) -> None:
    level = await log_level(url)
    if level != "logical":
        print(
            f"oryxforge: Realtime has no changes to tell: this Postgres has wal_level={level}. "
            "Set wal_level = logical and restart it; all else works.",
            file=sys.stderr,
            flush=True,
        )


def with_urls(settings: Settings, urls: DatabaseUrls) -> Settings:
    """The same settings with a login for each part."""
    return settings.model_copy(update=urls.settings())
