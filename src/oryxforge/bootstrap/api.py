"""The API process: services over Postgres, and the feed that its streams read."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from oryxforge.adapters.markup import MarkdownHtml
from oryxforge.adapters.postgres.accounts import PgAccounts
from oryxforge.adapters.postgres.feed import PgFeed
from oryxforge.adapters.postgres.pool import Pool
from oryxforge.adapters.postgres.store import PgStore
from oryxforge.adapters.postgres.tokens import PgTokenLookup
from oryxforge.adapters.supabase.living import Living, LivingVerifier
from oryxforge.adapters.supabase.remembered import RememberingVerifier
from oryxforge.agents.llm import LangChainLlm
from oryxforge.agents.quick.starters import Starters
from oryxforge.bootstrap.accounts import OWNER_EMAIL, make_accounts, make_living
from oryxforge.bootstrap.data import make_engine, make_files, make_pool, make_verifier
from oryxforge.bootstrap.gateway import Gateway, make_gateway
from oryxforge.bootstrap.models import make_models, make_roster
from oryxforge.bootstrap.sample import seed_sample
from oryxforge.bootstrap.uploads import SourceUploads, make_uploads
from oryxforge.bootstrap.urls import api_session, api_url
from oryxforge.ports.accounts import Accounts, TokenVerifier
from oryxforge.ports.llm import Llm
from oryxforge.services.analysis import Analysis
from oryxforge.services.answers import MakeToolbox
from oryxforge.services.artifacts import Artifacts
from oryxforge.services.budgets import Budgets
from oryxforge.services.chats import Chats
from oryxforge.services.data import Data
from oryxforge.services.datasets import Datasets
from oryxforge.services.export.chats import ChatExport
from oryxforge.services.health import Health
from oryxforge.services.jobs import Jobs
from oryxforge.services.models import Models
from oryxforge.services.projects import Projects
from oryxforge.services.revisions import Revisions
from oryxforge.services.roster import Roster
from oryxforge.services.sheets import Sheets
from oryxforge.services.sources import Sources
from oryxforge.services.suggestions import Suggestions
from oryxforge.services.tokens import ScriptVerifier, Tokens
from oryxforge.services.upkeep import Chore, Upkeep
from oryxforge.settings import Settings
from oryxforge.tools.toolbox import Tools

MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Services:
    """What a door calls; accounts and jwks only where accounts are ours (embedded)."""

    projects: Projects
    sources: Sources
    uploads: SourceUploads
    datasets: Datasets
    sheets: Sheets
    revisions: Revisions
    data: Data
    chats: Chats
    suggestions: Suggestions
    exports: ChatExport
    jobs: Jobs
    budgets: Budgets
    tokens: Tokens
    verifier: TokenVerifier
    accounts: Accounts | None
    jwks: Mapping[str, object] | None
    llm: Llm
    health: Health
    roster: Roster
    models: Models
    publishable_key: str | None
    toolbox: MakeToolbox


class Api:
    """Services and what must run and be closed beside them."""

    def __init__(
        self,
        services: Services,
        feed: PgFeed,
        pools: list[Pool],
        accounts: PgAccounts | None,
        seed: bool,
        gateway: Gateway | None,
    ) -> None:
        self.services = services
        self.gateway = gateway
        self._feed = feed
        self._pools = pools
        self._accounts = accounts
        self._seed = seed
        self._upkeep = Upkeep([Chore("expired uploads", services.uploads.sweep)])
        self._running: list[asyncio.Task[None]] = []

    async def open(self) -> None:
        self._running = [asyncio.create_task(work) for work in (self._feed.run(), self._upkeep.run())]
        if self._seed and self._accounts is not None:
            s = self.services
            owner = await self._accounts.ensure_owner(OWNER_EMAIL)
            await seed_sample(owner, s.projects, s.sources, s.jobs)
        if self.gateway is not None:
            await self.gateway.open()

    async def close(self) -> None:
        if self.gateway is not None:
            await self.gateway.close()
        for running in self._running:
            running.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        for pool in self._pools:
            await pool.close()


def make_api(settings: Settings, tell_mail: Callable[[str], None] | None = None) -> Api:
    """Nothing connects before it is used. Raises Invalid where a setting is missing.

    `tell_mail` is given a line for each mail that no server takes.
    """
    pool = make_pool(api_url(settings).url, settings, settings.api_connections, "oryxforge-api")
    store = PgStore(pool)
    feed = PgFeed(pool, store, api_session(settings).url)
    engine, files = make_engine(settings, settings.files_root), make_files(settings)
    pools = [pool]
    accounts = make_accounts(settings, pools)
    living = make_living(accounts) if accounts is not None else None
    gateway = make_gateway(settings, living, tell_mail)
    roster = make_roster(settings)
    analysis = Analysis(store, engine)
    sources = Sources(store, files, engine, settings.upload_limit_mb * MEGABYTE)
    services = Services(
        projects=Projects(store),
        sources=sources,
        uploads=make_uploads(settings, sources),
        datasets=Datasets(store),
        sheets=Sheets(store),
        revisions=Revisions(store, engine, files, analysis),
        data=Data(store, engine, files),
        chats=Chats(store, feed, roster),
        suggestions=Suggestions(store, engine, Starters()),
        exports=ChatExport(store, files, MarkdownHtml()),
        jobs=Jobs(store, feed),
        budgets=Budgets(store),
        tokens=Tokens(store),
        verifier=ScriptVerifier(
            _living(RememberingVerifier(make_verifier(settings)), living), PgTokenLookup(pool)
        ),
        accounts=accounts,
        jwks=gateway.jwks if gateway is not None else None,
        llm=LangChainLlm(settings.llm, settings.llm_base_url, _secret(settings)),
        health=Health({"database": store.check, "files": files.check}),
        roster=roster,
        models=make_models(settings, accounts),
        publishable_key=gateway.keys.publishable if gateway else settings.supabase_publishable_key,
        toolbox=Tools(analysis, Artifacts(store, engine, files, analysis)).at,
    )
    return Api(services, feed, pools, accounts, settings.seed_sample, gateway)


def _living(verifier: TokenVerifier, living: Living | None) -> TokenVerifier:
    return LivingVerifier(verifier, living) if living is not None else verifier


def _secret(settings: Settings) -> str | None:
    return settings.llm_api_key.get_secret_value() if settings.llm_api_key else None
