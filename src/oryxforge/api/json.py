"""JSON in and out: parsed strictly and fast, written once."""

from collections.abc import Callable, Coroutine
from typing import Any
from uuid import UUID

import orjson
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

_CLAIMED = "oryxforge.user_id"


def dumps(value: object) -> bytes:
    """JSON of dictionaries, dataclasses, ids and times."""
    return orjson.dumps(value, _plain, orjson.OPT_UTC_Z)


def _plain(value: object) -> str:
    """The database's driver has an id class of its own."""
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} is no JSON")


class Json(Response):
    """An answer of ready JSON bytes, or of a value that is written here."""

    media_type = "application/json"

    def render(self, content: object) -> bytes:
        return content if isinstance(content, bytes) else dumps(content)


class JsonRequest(Request):
    """Refuses what Python's own parser lets through (NaN, lone surrogates, nesting without end)."""

    async def json(self) -> Any:
        parsed = orjson.loads(await self.body())
        if isinstance(parsed, dict):
            self.scope[_CLAIMED] = parsed.get("user_id")
        return parsed


class JsonRoute(APIRoute):
    """A route whose body, if it has one, is JSON."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        takes_body = self.body_field is not None

        async def checked(request: Request) -> Response:
            if not takes_body:
                return await handle(request)
            need_json(request)
            return await handle(JsonRequest(request.scope, request.receive))

        return checked


def invalid_json() -> RequestValidationError:
    return RequestValidationError([{"type": "json_invalid", "loc": ("body",), "msg": "no valid JSON"}])


def need_json(request: Request) -> None:
    """Raises the 415 of a body that does not say it is JSON."""
    if not _is_json(request.headers.get("content-type", "")):
        raise HTTPException(415)


def claimed_user(request: Request) -> object:
    """The `user_id` that the body names, if any."""
    return request.scope.get(_CLAIMED)


def _is_json(content_type: str) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    return kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))
