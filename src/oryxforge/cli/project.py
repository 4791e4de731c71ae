"""Whether SUPABASE_URL and DATABASE_URL lead to one project: by its name in both, else by a mark held in one and seen in the other."""

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from oryxforge.adapters.postgres.places import marked
from oryxforge.bootstrap.urls import NamedUrl, api_url, worker_url
from oryxforge.cli.findings import Finding, Verdict
from oryxforge.domain.errors import OryxError
from oryxforge.settings import Settings

if TYPE_CHECKING:
    import httpx

OF_API = re.compile(r"([a-z0-9]{16,})\.supabase\.co")
OF_HOST = re.compile(r"db\.([a-z0-9]{16,})\.supabase\.co")
OF_USER = re.compile(r"[^.]+\.([a-z0-9]{16,})")
POOLERS = ".pooler.supabase.com"
NOT_THERE = "PGRST202"
FIX = "Take both from the same project's settings; otherwise accounts of one are strangers to the other."
RELOAD = "If it is the same project: `notify pgrst, 'reload schema'`, and look again."


async def examine_project(settings: Settings, supabase: "httpx.AsyncClient") -> Finding:
    """Needs a database with all migrations, and a Supabase that answers."""
    api, databases = project_of_api(settings.supabase_url or ""), (api_url(settings), worker_url(settings))
    named = {database: project_of_database(database.url) for database in databases}
    if api is not None and all(named.values()):
        return _by_name(api, named)
    return await _by_mark(api_url(settings), supabase)


def project_of_api(url: str) -> str | None:
    """The project that a hosted URL names; None for another host."""
    found = OF_API.fullmatch(urlsplit(url).hostname or "")
    return found[1] if found else None


def project_of_database(url: str) -> str | None:
    """The project that a hosted database's host names, or its user where the host is a pooler of all projects."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    by_user = host.endswith(POOLERS)
    found = OF_USER.fullmatch(unquote(parts.username or "")) if by_user else OF_HOST.fullmatch(host)
    return found[1] if found else None


def _by_name(api: str, named: dict[NamedUrl, str | None]) -> Finding:
    for database, project in named.items():
        if project != api:
            told = f"SUPABASE_URL is of the project {api}, {database.name} of {project}"
            return Finding("project", Verdict.FAIL, told, FIX)
    return Finding("project", Verdict.OK, api)


async def _by_mark(database: NamedUrl, supabase: "httpx.AsyncClient") -> Finding:
    """Holds a mark in the database, and asks for it by REST."""
    import httpx

    try:
        async with marked(database.url) as mark:
            answer = await supabase.get("/rest/v1/rpc/holds_mark", params={"mark": mark})
        seen: object = answer.json()
    except OryxError as error:
        return Finding("project", Verdict.FAIL, f"{database.name} can't be compared", error.detail)
    except (httpx.HTTPError, ValueError) as error:
        return _unknown(f"{type(error).__name__} at /rest/v1")
    told = f"SUPABASE_URL and {database.name} lead to different databases"
    if seen is True:
        return Finding("project", Verdict.OK, f"{database.name} is its database")
    if seen is False:
        return Finding("project", Verdict.FAIL, told, FIX)
    if isinstance(seen, dict) and seen.get("code") == NOT_THERE:
        lacking = f"{told}: that of SUPABASE_URL has no function holds_mark"
        return Finding("project", Verdict.FAIL, lacking, f"{FIX} {RELOAD}")
    return _unknown(f"/rest/v1 answers {answer.status_code}")


def _unknown(why: str) -> Finding:
    told = f"whether SUPABASE_URL and DATABASE_URL are of one project can't be told: {why}"
    return Finding("project", Verdict.WARN, told, "Compare both with the project's settings.")
