"""What `doctor` looks at where Supabase is hosted: its sign-in service, its keys, its changes."""

from collections.abc import AsyncGenerator

from oryxforge.adapters.postgres.rights import published_tables
from oryxforge.cli.findings import Finding, Verdict
from oryxforge.domain.errors import OryxError
from oryxforge.settings import Settings

WATCHED = frozenset({"chats", "chat_messages"})
PLACE = "Copy the URL and the keys from the project's settings, API keys."


async def examine_supabase(settings: Settings) -> AsyncGenerator[Finding]:
    """Nothing where accounts and changes are ours."""
    if settings.supabase_url is None:
        return
    yield await _sign_in(settings)
    yield await _signing_keys(settings)
    if settings.database_url is not None:
        yield await _changes(settings.database_url.get_secret_value())


async def _sign_in(settings: Settings) -> Finding:
    import httpx

    url = f"{(settings.supabase_url or '').rstrip('/')}/auth/v1/settings"
    if not settings.supabase_publishable_key:
        return Finding("supabase", Verdict.FAIL, "SUPABASE_PUBLISHABLE_KEY is not set", PLACE)
    try:
        async with httpx.AsyncClient(timeout=10) as client:
            answer = await client.get(url, headers={"apikey": settings.supabase_publishable_key})
    except httpx.HTTPError as error:
        return Finding("supabase", Verdict.FAIL, f"{url} does not answer ({type(error).__name__})", PLACE)
    if answer.status_code == 401:
        return Finding("supabase", Verdict.FAIL, "it does not know SUPABASE_PUBLISHABLE_KEY", PLACE)
    if answer.status_code != 200:
        return Finding("supabase", Verdict.FAIL, f"{url} answers {answer.status_code}", PLACE)
    return Finding("supabase", Verdict.OK, settings.supabase_url or "")


async def _signing_keys(settings: Settings) -> Finding:
    import httpx

    if settings.supabase_jwt_secret is not None:
        return Finding("signing keys", Verdict.OK, "the shared secret, SUPABASE_JWT_SECRET")
    url = settings.jwks_url
    fix = "Set SUPABASE_JWT_SECRET, or move the project to asymmetric signing keys."
    try:
        async with httpx.AsyncClient(timeout=10) as client:
            answer = await client.get(url)
        keys = answer.json()["keys"] if answer.status_code == 200 else []
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
        return Finding("signing keys", Verdict.FAIL, f"{url} can't be read ({type(error).__name__})", fix)
    if not keys:
        return Finding("signing keys", Verdict.FAIL, f"{url} publishes no key", fix)
    return Finding("signing keys", Verdict.OK, f"{len(keys)} at {url}")


async def _changes(url: str) -> Finding:
    try:
        tables = await published_tables(url, "supabase_realtime")
    except OryxError as error:
        return Finding("realtime", Verdict.FAIL, "can't be read", error.detail)
    if missing := WATCHED - tables:
        named = ", ".join(sorted(missing))
        return Finding(
            "realtime", Verdict.FAIL, f"supabase_realtime lacks {named}", "Run `oryxforge migrate`."
        )
    return Finding("realtime", Verdict.OK, f"supabase_realtime has {len(tables)} tables")
