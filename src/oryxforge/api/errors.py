"""Errors as problem details (RFC 9457): one table from kinds to statuses, nothing of the inside in any of them."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import orjson
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from loguru import logger
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from oryxforge.api.request_ids import request_id
from oryxforge.domain.errors import FieldError, Kind, OryxError

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = "2"
MOST_ERRORS = 50
STATUS: Mapping[Kind, int] = {
    Kind.INVALID: 400,
    Kind.UNAUTHENTICATED: 401,
    Kind.NOT_ALLOWED: 403,
    Kind.NOT_FOUND: 404,
    Kind.CONFLICT: 409,
    Kind.TOO_LARGE: 413,
    Kind.UNPROCESSABLE: 422,
    Kind.LIMITED: 429,
    Kind.FAILED: 502,
    Kind.UNAVAILABLE: 503,
}
HEADERS: Mapping[Kind, Mapping[str, str]] = {
    Kind.UNAUTHENTICATED: {"WWW-Authenticate": "Bearer"},
    Kind.UNAVAILABLE: {"Retry-After": RETRY_AFTER_S},
}
# Why it failed inside is for the log.
INSIDE = frozenset({"cause", "cost_usd"})
ROUTER: Mapping[int, tuple[str, str]] = {
    400: ("bad_request", "The request could not be read. Send it again whole."),
    404: ("route_not_found", "There is nothing at this address; /docs lists what there is."),
    405: ("method_not_allowed", "This address does not take that method; /docs lists those that it takes."),
    413: ("too_large", "The request is over the limit. Send less, or upload data as a file."),
    415: ("unsupported_media_type", "Send the body as JSON, with Content-Type: application/json."),
}


def problem(
    scope: Scope,
    status: int,
    code: str,
    detail: str,
    *,
    errors: Sequence[FieldError] = (),
    extra: Mapping[str, object] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """An error answer; `extra` are members of its own."""
    body = problem_json(scope, status, code, detail, errors, extra)
    return Response(body, status, headers, MEDIA_TYPE)


def problem_json(
    scope: Scope,
    status: int,
    code: str,
    detail: str,
    errors: Sequence[FieldError] = (),
    extra: Mapping[str, object] | None = None,
) -> bytes:
    body: dict[str, object] = {k: v for k, v in (extra or {}).items() if k not in INSIDE}
    body |= {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail.encode("utf-8", "replace").decode(),
        "code": code,
        "request_id": request_id(scope),
    }
    if errors:
        body["errors"] = [{"loc": e.loc, "msg": e.msg} for e in errors]
    return orjson.dumps(body, default=str)


def problem_of(scope: Scope, error: OryxError) -> Response:
    return problem(
        scope,
        STATUS[error.kind],
        error.code,
        error.detail,
        errors=error.errors,
        extra=error.extra,
        headers=HEADERS.get(error.kind),
    )


def unexpected(scope: Scope) -> Response:
    return problem(
        scope,
        500,
        "internal_error",
        "Something went wrong here. It was logged under the request's id; try again.",
    )


class Faults:
    """ASGI middleware: what nothing else caught is logged and answered without a word of its inside."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except ClientDisconnect:
            logger.info("client went away")
        except Exception:  # noqa: BLE001 - the edge of the door: whatever breaks gets an answer and a line in the log
            logger.exception("request broke")
            if not started:
                await unexpected(scope)(scope, receive, send)


def add_handlers(app: FastAPI) -> None:
    app.add_exception_handler(OryxError, _on_oryx)
    app.add_exception_handler(RequestValidationError, _on_validation)
    app.add_exception_handler(HTTPException, _on_http)


async def _on_oryx(request: Request, error: Exception) -> Response:
    assert isinstance(error, OryxError)
    return problem_of(request.scope, error)


async def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code, detail = ROUTER.get(error.status_code, ("http_error", HTTPStatus(error.status_code).description))
    headers = error.headers
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        headers = {"Allow": ", ".join(_allowed(request))}
    return problem(request.scope, error.status_code, code, detail, headers=headers)


def _allowed(request: Request) -> list[str]:
    """The methods of every route with this path: the router itself names those of the first alone."""
    routes: Sequence[APIRoute] = request.app.state.routes
    path = request.scope["path"]
    named = [r for r in routes if r.path == path] or [r for r in routes if r.path_regex.match(path)]
    return sorted({m for r in named for m in r.methods or ()})


async def _on_validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    faults = [_fault(e) for e in error.errors()[:MOST_ERRORS]]
    first = f"{faults[0].loc}: {faults[0].msg}" if faults else "A value is not as it should be."
    return problem(request.scope, 422, "validation_failed", first, errors=faults)


def _fault(error: Mapping[str, Any]) -> FieldError:
    where = [str(part) for part in error["loc"]]
    if error["type"] == "json_invalid":
        return FieldError("body", "The body is no valid JSON.")
    inner = where[1:] if where[:1] == ["body"] and len(where) > 1 else where
    return FieldError(".".join(inner), str(error["msg"]).removeprefix("Value error, "))
