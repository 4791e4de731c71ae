"""What `doctor` looks at in the database's URLs: poolers, notifications, and whether all lead to one database."""

from collections.abc import AsyncGenerator, Mapping

from oryxforge.adapters.postgres.places import heard_from, shares_backends
from oryxforge.bootstrap.urls import NamedUrl, api_session, api_url, worker_session, worker_url
from oryxforge.cli.findings import Finding, Verdict
from oryxforge.domain.errors import OryxError
from oryxforge.settings import Settings

POOLED = "ORYXFORGE_DATABASE_POOLED"
SESSION = "a session connection: the database itself, or a session pooler (Supabase: port 5432)"


async def examine_connections(settings: Settings) -> AsyncGenerator[Finding]:
    """Needs DATABASE_URL, and URLs by which one can sign in; the worker's are looked at where one of them is given."""
    queries, sessions = [api_url(settings)], [("api", api_session(settings), "DATABASE_SESSION_URL")]
    if settings.database_worker_url or settings.database_worker_session_url:
        queries.append(worker_url(settings))
        sessions.append(("worker", worker_session(settings), "DATABASE_WORKER_SESSION_URL"))
    used = {named.name: named.url for named in (*queries, *(session for _, session, _ in sessions))}
    try:
        pooled = frozenset([name for name, url in used.items() if await shares_backends(url)])
    except OryxError as error:
        yield Finding("pooler", Verdict.FAIL, "can't be looked at", error.detail)
        return
    yield _pooler(settings, [named.name for named in queries if named.name in pooled])
    listening: NamedUrl | None = None
    for who, session, wanted in sessions:
        finding = await _notifications(who, session, wanted, session.name in pooled)
        if finding.verdict is Verdict.OK:
            listening = listening or session
        yield finding
    if listening is not None and len(used) > 1:
        yield await _one_database(listening, used)


def _pooler(settings: Settings, pooled: list[str]) -> Finding:
    named = " and ".join(pooled)
    if not pooled:
        return Finding("pooler", Verdict.OK, "none that goes by the transaction")
    if not settings.database_pooled:
        told = f"{named} {'go' if len(pooled) > 1 else 'goes'} through a transaction pooler, where statements that are kept get lost"
        return Finding("pooler", Verdict.FAIL, told, f"Set {POOLED}=1.")
    return Finding("pooler", Verdict.OK, f"{named} by the transaction, as {POOLED} says")


async def _notifications(who: str, session: NamedUrl, wanted: str, pooled: bool) -> Finding:
    check = f"{who} notifications"
    fix = f"Set {wanted} to {SESSION}."
    if pooled:
        told = f"{session.name} goes through a transaction pooler, where LISTEN hears nothing"
        return Finding(check, Verdict.FAIL, told, fix)
    try:
        heard = await heard_from(session.url, {session.name: session.url})
    except OryxError as error:
        return Finding(check, Verdict.FAIL, f"{session.name} can't listen", error.detail)
    if not heard:
        return Finding(check, Verdict.FAIL, f"what is told by {session.name} is not heard there", fix)
    return Finding(check, Verdict.OK, f"heard by {session.name}")


async def _one_database(listening: NamedUrl, used: Mapping[str, str]) -> Finding:
    try:
        heard = await heard_from(listening.url, used)
    except OryxError as error:
        return Finding("one database", Verdict.FAIL, "can't be compared", error.detail)
    if elsewhere := sorted(used.keys() - heard):
        told = f"{' and '.join(elsewhere)} {'lead' if len(elsewhere) > 1 else 'leads'} to another database than {listening.name}"
        fix = "Give all of them the same server and database name; only roles and ports differ."
        return Finding("one database", Verdict.FAIL, told, fix)
    return Finding("one database", Verdict.OK, ", ".join(sorted(used)))
