"""What `doctor` looks at, one check a function."""

import asyncio
import os
import shutil
from collections.abc import AsyncGenerator
from urllib.parse import urlsplit

from oryxforge.adapters.postgres.migrate import pending
from oryxforge.adapters.postgres.rights import API_LOGIN, WORKER_LOGIN, Rights, log_level, rights_of
from oryxforge.bootstrap.data import make_files
from oryxforge.bootstrap.embedded import installed
from oryxforge.bootstrap.models import with_saved_model
from oryxforge.bootstrap.urls import api_url
from oryxforge.cli.connections import examine_connections
from oryxforge.cli.findings import Finding, Verdict
from oryxforge.cli.hosted import examine_supabase
from oryxforge.cli.listening import listen
from oryxforge.cli.published import examine_publication
from oryxforge.domain.errors import OryxError
from oryxforge.embedded.home import Home
from oryxforge.settings import Settings

MESSAGES_API = "https://api.anthropic.com"
OLDEST = 150000
LITTLE_BYTES = 2_000_000_000


async def examine(settings: Settings) -> AsyncGenerator[Finding]:
    """Every check in turn; those that need what failed before are left out."""
    yield _folder(settings)
    known, finding = _installation(settings)
    yield finding
    current = False
    if known is not None:
        async for finding in _database(known):
            current = current or (finding.check == "migrations" and finding.verdict is Verdict.OK)
            yield finding
    async for finding in examine_supabase(settings, current):
        yield finding
    if settings.files is not None or Home(settings.data).folder.exists():
        yield await _storage(settings)
    yield _port(settings)
    yield await _model(settings)
    yield Finding("sandbox", Verdict.OK, "not needed: agents run SQL only, in a locked engine")


async def _database(known: Settings) -> AsyncGenerator[Finding]:
    signed_in = True
    for check, login, url in (
        ("api login", API_LOGIN, known.database_url),
        ("api session", API_LOGIN, known.database_session_url),
        ("worker login", WORKER_LOGIN, known.database_worker_url),
        ("worker session", WORKER_LOGIN, known.database_worker_session_url),
    ):
        if url is not None:
            reached, finding = await _role(check, login, url.get_secret_value())
            signed_in = signed_in and reached
            yield finding
    if known.database_worker_url is None:
        told = f"DATABASE_WORKER_URL is not set: a worker here would not sign in as {WORKER_LOGIN}"
        yield Finding("worker login", Verdict.WARN, told, "Set it where workers run.")
    if signed_in:
        async for finding in examine_connections(known):
            yield finding
    url = api_url(known).url
    yield await _migrations(url)
    if known.supabase_url is None:
        yield await _changes(url)


def _folder(settings: Settings) -> Finding:
    folder = Home(settings.data).folder
    if not folder.exists():
        return Finding("data folder", Verdict.WARN, f"{folder} is not there yet", "`oryxforge up` makes it.")
    if not os.access(folder, os.W_OK | os.X_OK):
        return Finding(
            "data folder", Verdict.FAIL, f"{folder} can't be written", "Mend its owner, or give --data."
        )
    if folder.stat().st_mode & 0o077:
        return Finding("data folder", Verdict.WARN, f"others can read {folder}", f"chmod 700 {folder}")
    free = shutil.disk_usage(folder).free
    told = f"{folder}, {free / 1e9:.0f} GB free"
    if free < LITTLE_BYTES:
        return Finding("data folder", Verdict.WARN, told, "Free some space.")
    return Finding("data folder", Verdict.OK, told)


def _installation(settings: Settings) -> tuple[Settings | None, Finding]:
    if settings.database_url is not None:
        place = urlsplit(settings.database_url.get_secret_value())
        return installed(settings), Finding(
            "database", Verdict.OK, f"DATABASE_URL, {place.hostname or 'by socket'}"
        )
    if settings.supabase_url is not None:
        fix = "Set it to the project's database: our own knows none of the project's accounts."
        return None, Finding("database", Verdict.FAIL, "DATABASE_URL is not set", fix)
    if Home(settings.data).running() is None:
        return None, Finding("database", Verdict.WARN, "our own, not running", "Start it: oryxforge up")
    try:
        return installed(settings), Finding("database", Verdict.OK, "our own, running")
    except OryxError as error:
        return None, Finding("database", Verdict.FAIL, "our own, broken", error.detail)


async def _role(check: str, login: str, url: str) -> tuple[bool, Finding]:
    """Whether one can sign in, too."""
    try:
        rights = await rights_of(url)
    except OryxError as error:
        fix = "Check host, port, user and password of the URL, and that the database runs."
        return False, Finding(check, Verdict.FAIL, f"can't sign in ({error.extra.get('cause')})", fix)
    return True, _judged(check, login, rights)


def _judged(check: str, login: str, rights: Rights) -> Finding:
    role = f"Use the role {login}; `oryxforge migrate` makes it."
    if rights.superuser or rights.bypasses_rls:
        return Finding(
            check,
            Verdict.FAIL,
            f"{rights.role} passes row-level security by, so users would not be kept apart",
            role,
        )
    if rights.acts_as != frozenset({login}):
        return Finding(check, Verdict.FAIL, f"it signs in as {rights.role}, whose rights are others", role)
    if rights.server_version < OLDEST:
        return Finding(
            check, Verdict.FAIL, f"Postgres {rights.server_version // 10000}", "15 is the oldest that fits."
        )
    return Finding(check, Verdict.OK, f"{rights.role}, Postgres {rights.server_version // 10000}")


async def _migrations(url: str) -> Finding:
    try:
        missing = await pending(url)
    except OryxError as error:
        return Finding("migrations", Verdict.FAIL, "can't be read", error.detail)
    if missing:
        return Finding("migrations", Verdict.FAIL, f"{len(missing)} missing", "Run `oryxforge migrate`.")
    return Finding("migrations", Verdict.OK, "up to date")


async def _changes(url: str) -> Finding:
    try:
        level = await log_level(url)
    except OryxError as error:
        return Finding("realtime", Verdict.FAIL, "can't be looked at", error.detail)
    if level != "logical":
        fix = "Set wal_level = logical in this Postgres and restart it."
        return Finding("realtime", Verdict.WARN, f"no changes are told: wal_level is {level}", fix)
    return await examine_publication(url)


async def _storage(settings: Settings) -> Finding:
    try:
        await make_files(settings).check()
    except OryxError as error:
        return Finding("files", Verdict.FAIL, settings.files_root, error.detail)
    return Finding("files", Verdict.OK, settings.files_root)


def _port(settings: Settings) -> Finding:
    running = Home(settings.data).running()
    if running is not None:
        return Finding("port", Verdict.OK, f"this installation serves {running.url}")
    try:
        listen(settings.host, settings.port, patience_s=0).close()
    except OryxError as error:
        return Finding("port", Verdict.WARN, f"{settings.host}:{settings.port} can't be had", error.detail)
    return Finding("port", Verdict.OK, f"{settings.host}:{settings.port} is free")


async def _model(settings: Settings) -> Finding:
    settings = with_saved_model(settings)
    if not settings.claude_configured:
        fix = "Save a key with `oryxforge config model` to ask Claude."
        if settings.default_agent == "claude":
            return Finding("model", Verdict.FAIL, "claude is the agent, but it is not set up", fix)
        return Finding("model", Verdict.OK, "none; the built-in analyst answers")
    base = urlsplit(settings.anthropic_base_url or MESSAGES_API)
    port = base.port or (443 if base.scheme == "https" else 80)
    try:
        _, writer = await asyncio.wait_for(asyncio.open_connection(base.hostname, port), 5)
        writer.close()
    except (OSError, TimeoutError):
        return Finding(
            "model",
            Verdict.WARN,
            f"{base.hostname} can't be reached",
            "Check the network, or ANTHROPIC_BASE_URL.",
        )
    return Finding("model", Verdict.OK, f"claude at {base.hostname}")
