"""The Supabase surface as one ASGI middleware: four prefixes on the API's own origin, the rest goes on to the API."""

from collections.abc import Mapping

from starlette.types import ASGIApp, Receive, Scope, Send


class Surface:
    """Hands what begins with a prefix (`/auth/v1` …) to its part, by `root_path`, as Starlette mounts do."""

    def __init__(self, app: ASGIApp, parts: Mapping[str, ASGIApp], but: frozenset[str] = frozenset()) -> None:
        self._app = app
        self._parts = dict(parts)
        self._but = but

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        part = self._part(scope) if scope["type"] in ("http", "websocket") else None
        if part is None:
            await self._app(scope, receive, send)
            return
        prefix, app = part
        await app({**scope, "root_path": scope.get("root_path", "") + prefix}, receive, send)

    def _part(self, scope: Scope) -> tuple[str, ASGIApp] | None:
        path: str = scope["path"]
        if path in self._but:
            return None
        for prefix, app in self._parts.items():
            if path == prefix or path.startswith(prefix + "/"):
                return prefix, app
        return None
