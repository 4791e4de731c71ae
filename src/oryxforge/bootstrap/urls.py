"""Which database URL serves what, and by which setting it came."""

from dataclasses import dataclass

from pydantic import SecretStr

from oryxforge.bootstrap.data import need
from oryxforge.settings import Settings


@dataclass(frozen=True)
class NamedUrl:
    """A URL and the setting that says it."""

    name: str
    url: str


def api_url(settings: Settings) -> NamedUrl:
    """Where the API queries. Raises Invalid, as the others do."""
    return _first(("DATABASE_URL", settings.database_url))


def api_session(settings: Settings) -> NamedUrl:
    """Where the API listens."""
    return _first(
        ("DATABASE_SESSION_URL", settings.database_session_url), ("DATABASE_URL", settings.database_url)
    )


def worker_url(settings: Settings) -> NamedUrl:
    """Where workers query."""
    return _first(
        ("DATABASE_WORKER_URL", settings.database_worker_url), ("DATABASE_URL", settings.database_url)
    )


def worker_session(settings: Settings) -> NamedUrl:
    """Where workers listen, and their queue is."""
    return _first(
        ("DATABASE_WORKER_SESSION_URL", settings.database_worker_session_url),
        ("DATABASE_WORKER_URL", settings.database_worker_url),
        ("DATABASE_SESSION_URL", settings.database_session_url),
        ("DATABASE_URL", settings.database_url),
    )


def _first(*candidates: tuple[str, SecretStr | None]) -> NamedUrl:
    for name, url in candidates:
        if url is not None:
            return NamedUrl(name, url.get_secret_value())
    name, url = candidates[0]
    return NamedUrl(name, need(url, name))
