"""The accounts of an installation, whether its database runs at the moment or not."""

from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager

from oryxforge.adapters.postgres.accounts import PgAccounts
from oryxforge.bootstrap.embedded import embedded_postgres, installed, local_accounts, provision
from oryxforge.cli.preparing import with_urls
from oryxforge.domain.errors import Unavailable
from oryxforge.embedded.home import Home
from oryxforge.settings import Settings


@asynccontextmanager
async def open_accounts(settings: Settings) -> AsyncGenerator[PgAccounts]:
    """Raises Unavailable where nothing is installed, Invalid where accounts are not ours."""
    with _database(settings):
        known = installed(settings)
        if known.database_url and not known.database_auth_url and not known.supabase_url:
            known = with_urls(known, await provision(known.database_url.get_secret_value(), known.data))
        async with local_accounts(known) as accounts:
            yield accounts


@contextmanager
def _database(settings: Settings) -> Generator[None]:
    """The data folder's own database, started for the block where it does not run."""
    home = Home(settings.data)
    if settings.database_url is not None or home.running() is not None:
        yield
        return
    if not home.folder.is_dir():
        raise Unavailable(
            f"There is no installation in {home.folder} yet. Start it with `oryxforge up`.",
            code="not_installed",
        )
    with home.held():
        database = embedded_postgres(home.folder)
        database.start()
        try:
            yield
        finally:
            database.stop()
