"""What `doctor` looks at where Supabase is hosted: its sign-in service, its keys, its project, its changes."""

from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING

from oryxforge.bootstrap.urls import api_url
from oryxforge.cli.findings import Finding, Verdict
from oryxforge.cli.project import examine_project
from oryxforge.cli.published import examine_publication
from oryxforge.cli.signing import examine_issuer, examine_keys
from oryxforge.settings import Settings

if TYPE_CHECKING:
    import httpx

PLACE = "Copy the URL and the keys from the project's settings, API keys."


async def examine_supabase(settings: Settings, current: bool) -> AsyncGenerator[Finding]:
    """Nothing where accounts and changes are ours. `current` says that the database has all migrations."""
    import httpx

    if settings.supabase_url is None:
        return
    headers = {"apikey": settings.supabase_publishable_key or ""}
    url = settings.supabase_url.rstrip("/")
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=10) as supabase:
        signing_in = await _sign_in(settings, supabase)
        yield signing_in
        yield await examine_keys(settings, supabase)
        if signing_in.verdict is Verdict.OK:
            yield await examine_issuer(settings, supabase)
            if current and settings.database_url is not None:
                yield await examine_project(settings, supabase)
    if settings.database_url is not None:
        yield await examine_publication(api_url(settings).url)


async def _sign_in(settings: Settings, supabase: "httpx.AsyncClient") -> Finding:
    import httpx

    url = f"{supabase.base_url}auth/v1/settings"
    if not settings.supabase_publishable_key:
        return Finding("supabase", Verdict.FAIL, "SUPABASE_PUBLISHABLE_KEY is not set", PLACE)
    try:
        answer = await supabase.get("/auth/v1/settings")
    except httpx.HTTPError as error:
        return Finding("supabase", Verdict.FAIL, f"{url} does not answer ({type(error).__name__})", PLACE)
    if answer.status_code == 401:
        return Finding("supabase", Verdict.FAIL, "it does not know SUPABASE_PUBLISHABLE_KEY", PLACE)
    if answer.status_code != 200:
        return Finding("supabase", Verdict.FAIL, f"{url} answers {answer.status_code}", PLACE)
    return Finding("supabase", Verdict.OK, settings.supabase_url or "")
