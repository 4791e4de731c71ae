"""First starts: a database made ready, its login roles' URLs, the local owner."""

import json
import secrets
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from pydantic import SecretStr

from oryxforge.adapters.postgres.accounts import PgAccounts
from oryxforge.adapters.postgres.migrate import migrate
from oryxforge.adapters.postgres.pool import Pool
from oryxforge.adapters.supabase.secret_files import write_secrets
from oryxforge.bootstrap.accounts import OWNER_EMAIL, make_accounts
from oryxforge.domain.errors import Invalid, Unavailable
from oryxforge.embedded.postgres import EmbeddedPostgres
from oryxforge.embedded.roles import bootstrap_roles
from oryxforge.settings import Settings

LINK_TTL_S = 3600
PASSWORDS = Path("secrets") / "database.json"
SURFACE_LOGINS = {
    "auth": "oryxforge_auth",
    "authenticator": "authenticator",
    "realtime": "oryxforge_realtime",
}
API_LOGIN = "oryxforge_api"
LOGINS = ("api", "worker", *SURFACE_LOGINS)


@dataclass(frozen=True)
class DatabaseUrls:
    """One URL a login role; none of them owns the schema."""

    api: str
    worker: str
    auth: str
    authenticator: str
    realtime: str

    def environment(self) -> dict[str, str]:
        return {name.upper(): url for name, url in self._named()}

    def settings(self) -> dict[str, SecretStr]:
        """By the names of the settings."""
        return {name: SecretStr(url) for name, url in self._named()}

    def _named(self) -> list[tuple[str, str]]:
        return [
            ("database_url", self.api),
            ("database_worker_url", self.worker),
            ("database_auth_url", self.auth),
            ("database_authenticator_url", self.authenticator),
            ("database_realtime_url", self.realtime),
        ]


async def provision(owner_url: str, data: Path) -> DatabaseUrls:
    """Brings a database that we own up to date and gives our login roles passwords, kept in the data folder.

    Works with the embedded Postgres and with any other whose URL names a role that may create roles.
    """
    passwords = _passwords(data / PASSWORDS)
    await bootstrap_roles(owner_url, {role: passwords[name] for name, role in SURFACE_LOGINS.items()})
    await migrate(owner_url, api_password=passwords["api"], worker_password=passwords["worker"])
    return _urls(owner_url, passwords)


def _urls(owner_url: str, passwords: Mapping[str, str]) -> DatabaseUrls:
    return DatabaseUrls(
        api=with_login(owner_url, API_LOGIN, passwords["api"]),
        worker=with_login(owner_url, "oryxforge_worker", passwords["worker"]),
        **{n: with_login(owner_url, role, passwords[n]) for n, role in SURFACE_LOGINS.items()},
    )


async def make_owner(settings: Settings) -> str:
    """The local owner, made at first start; a one-time sign-in secret of theirs. Raises Invalid without DATABASE_AUTH_URL."""
    async with local_accounts(settings) as accounts:
        await accounts.ensure_owner(OWNER_EMAIL)
        return await accounts.make_link(LINK_TTL_S)


@asynccontextmanager
async def local_accounts(settings: Settings) -> AsyncGenerator[PgAccounts]:
    """The accounts of the embedded mode, for a command. Raises Invalid where accounts are not ours."""
    pools: list[Pool] = []
    accounts = make_accounts(settings, pools)
    if accounts is None:
        raise Invalid("Accounts are kept by Supabase here; manage them there.", code="accounts_elsewhere")
    try:
        yield accounts
    finally:
        for pool in pools:
            await pool.close()


def embedded_postgres(data: Path) -> EmbeddedPostgres:
    """The Postgres of a data folder."""
    return EmbeddedPostgres(data)


def installed(settings: Settings) -> Settings:
    """Settings with the URLs of the data folder's own database, where none are set.

    Where DATABASE_URL names the owner of a database that `up` has made ready from this folder, with the logins that
    `up` gives its processes. Raises Unavailable where our own database was never made, or does not run.
    """
    if settings.database_url is not None:
        return _as_up_serves(settings, settings.database_url.get_secret_value())
    if not (settings.data / PASSWORDS).exists():
        raise Unavailable(
            f"There is no installation in {settings.data} yet. Start it with `oryxforge up`.",
            code="not_installed",
        )
    urls = _urls(embedded_postgres(settings.data).url("postgres"), _passwords(settings.data / PASSWORDS))
    return settings.model_copy(update=urls.settings())


def _as_up_serves(settings: Settings, url: str) -> Settings:
    kept = settings.data / PASSWORDS
    if settings.supabase_url or urlsplit(url).username == API_LOGIN or not kept.exists():
        return settings
    owner_url = settings.database_owner_url.get_secret_value() if settings.database_owner_url else url
    return settings.model_copy(update=_urls(owner_url, _passwords(kept)).settings())


def with_login(url: str, user: str, password: str) -> str:
    """The same database by another login."""
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{user}:{quote(password, safe='')}@{place}"))


def _passwords(path: Path) -> dict[str, str]:
    known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    if all(name in known for name in LOGINS):
        return known
    made = {name: secrets.token_urlsafe(24) for name in LOGINS} | known
    write_secrets(path, made)
    return made
