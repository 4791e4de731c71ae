"""Where a caller has reached this API."""

from urllib.parse import urlsplit

from starlette.requests import Request

from oryxforge.api.limits import is_loopback
from oryxforge.settings import Settings


def reached_at(request: Request, settings: Settings) -> str:
    """The address by the Host that was asked, where that is ours; else the one of the settings."""
    url, server = request.url, request.scope.get("server")
    host = url.hostname or ""
    if settings.public_url and host == urlsplit(settings.public_url).hostname:
        # A proxy may have taken its TLS off.
        return settings.own_address
    named = {name.lower() for name in settings.allowed_hosts} | ({server[0]} if server else set())
    if is_loopback(host) or host in named:
        return f"{url.scheme}://{url.netloc}"
    return settings.own_address
