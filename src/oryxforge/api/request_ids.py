"""A request's id: taken from the client or made, said in the answer, bound to every log line of the request."""

import re
from time import perf_counter
from uuid import uuid4

from loguru import logger
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADER = b"x-request-id"
GIVEN = re.compile(rb"[A-Za-z0-9._-]{1,128}")
PROBES = frozenset({"/health/live", "/health/ready"})
_KEY = "oryxforge.request_id"


def request_id(scope: Scope) -> str:
    """The id of the request that a scope belongs to; empty outside a request."""
    return str(scope.get(_KEY, ""))


class RequestIds:
    """ASGI middleware, the outermost: the id, and one line in the log for each request, without its query."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        found = _given(scope) or uuid4().hex
        scope[_KEY] = found
        stamp = (HEADER, found.encode())
        status = 0

        async def stamped(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), stamp]
            await send(message)

        started = perf_counter()
        with logger.contextualize(request_id=found):
            try:
                await self._app(scope, receive, stamped)
            finally:
                _log(scope, status, (perf_counter() - started) * 1000)


def _given(scope: Scope) -> str | None:
    for name, value in scope["headers"]:
        if name == HEADER:
            return value.decode() if GIVEN.fullmatch(value) else None
    return None


def _log(scope: Scope, status: int, ms: float) -> None:
    route = scope.get("route")
    path = getattr(route, "path", None) or repr(scope["path"][:200])[1:-1]
    level = "DEBUG" if path in PROBES else "INFO"
    logger.log(level, "request", method=scope["method"], route=path, status=status, ms=round(ms, 1))
