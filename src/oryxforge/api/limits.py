"""What is let in: hosts that we answer for, and bodies up to a size."""

import ipaddress
from collections.abc import Collection
from functools import lru_cache

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from oryxforge.api.errors import ROUTER, problem


@lru_cache(64)
def is_loopback(host: str) -> bool:
    """Whether a name or address is this machine's own, and no other's whatever a name server says."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Hosts:
    """ASGI middleware: refuses a Host that is not ours, so that no other site's name can be pointed at this server."""

    def __init__(self, app: ASGIApp, allowed: Collection[str]) -> None:
        self._app = app
        self._allowed = frozenset(a.lower() for a in allowed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket") and not self._ours(scope):
            refused = problem(
                scope,
                421,
                "host_not_allowed",
                "This server does not answer for that host name. Use 127.0.0.1, or add the name to "
                "ORYXFORGE_ALLOWED_HOSTS.",
            )
            await refused(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _ours(self, scope: Scope) -> bool:
        for name, value in scope["headers"]:
            if name == b"host":
                host = _without_port(value.decode("latin-1").lower())
                return host in self._allowed or is_loopback(host)
        return False


class Bodies:
    """ASGI middleware: bodies up to a size, but for paths, and what is below them, that have a limit of their own."""

    def __init__(self, app: ASGIApp, limit_bytes: int, but: Collection[str]) -> None:
        self._app = app
        self._limit = limit_bytes
        self._but = tuple(but)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD") or self._has_its_own(scope["path"]):
            await self._app(scope, receive, send)
            return
        if _length(scope) > self._limit:
            await problem(scope, 413, *ROUTER[413])(scope, receive, send)
            return
        left = self._limit

        async def counted() -> Message:
            nonlocal left
            message = await receive()
            if message["type"] == "http.request":
                left -= len(message.get("body", b""))
                if left < 0:
                    raise HTTPException(413)
            return message

        await self._app(scope, counted, send)

    def _has_its_own(self, path: str) -> bool:
        return any(path == but or path.startswith(f"{but}/") for but in self._but)


def _length(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() else 0
    return 0


def _without_port(host: str) -> str:
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0]
