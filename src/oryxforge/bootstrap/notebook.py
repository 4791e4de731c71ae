"""What the Python API works with: services over the database of an installation, as one user."""

from dataclasses import dataclass

from oryxforge.adapters.postgres.pool import Pool
from oryxforge.adapters.postgres.store import PgStore
from oryxforge.bootstrap.data import make_engine, make_files, make_pool, need
from oryxforge.bootstrap.embedded import installed, local_accounts
from oryxforge.domain.errors import NotFound
from oryxforge.domain.identity import Actor
from oryxforge.services.analysis import Analysis
from oryxforge.services.artifacts import Artifacts, Origin
from oryxforge.services.data import Data
from oryxforge.services.projects import Projects
from oryxforge.settings import Settings
from oryxforge.tools.toolbox import Tools


@dataclass(frozen=True)
class Desk:
    actor: Actor
    projects: Projects
    data: Data
    analysis: Analysis
    artifacts: Artifacts
    tools: Tools
    origin: Origin
    pool: Pool

    async def close(self) -> None:
        await self.pool.close()


async def open_desk(settings: Settings, email: str | None) -> Desk:
    """Raises Unavailable where the database does not answer, NotFound where there is no such user."""
    known = installed(settings)
    pool = make_pool(need(known.database_url, "DATABASE_URL"), known, 4, "oryxforge-python")
    store = PgStore(pool)
    engine, files = make_engine(known, known.files_root), make_files(known)
    analysis = Analysis(store, engine)
    artifacts = Artifacts(store, engine, files, analysis)
    return Desk(
        actor=await _actor(known, email),
        projects=Projects(store),
        data=Data(store, engine, files),
        analysis=analysis,
        artifacts=artifacts,
        tools=Tools(analysis, artifacts),
        origin=Origin("python"),
        pool=pool,
    )


async def _actor(settings: Settings, email: str | None) -> Actor:
    async with local_accounts(settings) as accounts:
        for account in await accounts.all():
            if account.email == email or (email is None and account.is_owner):
                return Actor(account.id, account.email, request_id="python")
    raise NotFound(f"There is no account {email or 'of a local owner'}; `oryxforge users list` shows them.")
