"""The description of the API: every error declared as a problem, kept once."""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from oryxforge.api.errors import MEDIA_TYPE
from oryxforge.api.schemas.body import Problem

DESCRIPTION = """
A data analyst that a team chats with: upload files, import sheets, browse them, ask questions.

Every request but health, the page's settings and sign-in carries `Authorization: Bearer <JWT>`. Errors are
`application/problem+json` with a stable `code` and a `detail` that says what to do next. Every answer carries
`X-Request-ID`.
"""
TAGS = [
    {"name": "projects", "description": "What work lives in, and who shares it."},
    {"name": "files", "description": "Upload, preview, import."},
    {"name": "jobs", "description": "Long work: progress, end, cancel."},
    {"name": "datasets", "description": "Named groups of sheets."},
    {"name": "sheets", "description": "Tables, charts and reports, with their versions."},
    {"name": "data", "description": "Rows."},
    {"name": "chats", "description": "Questions, and answers as they are written."},
    {"name": "models", "description": "A plain language model, and how Claude is reached."},
    {"name": "session", "description": "Sign-in and who is signed in."},
    {"name": "service", "description": "Health and settings of this server."},
]
SAYS: Mapping[int, str] = {
    400: "The request makes no sense as it stands.",
    401: "No valid token came with the request.",
    403: "Seen, but not allowed; also where `user_id` is not the token's user.",
    404: "There is no such thing, or none that the user may see.",
    409: "Something of that name, or in that state, is in the way.",
    413: "More was sent than the limit allows.",
    415: "The body is not of the media type that this takes.",
    421: "This server does not answer for that host name.",
    422: "A value is not as it should be; `errors` says which.",
    429: "Too much at once.",
    500: "Something broke here; it was logged under the request's id.",
    502: "The work was tried and failed.",
    503: "Something that this needs is away at the moment.",
}
ALWAYS = (421, 500, 503)
STREAM = "text/event-stream"
EVENT = {
    "type": "object",
    "required": ["data"],
    "properties": {
        "id": {"type": "string", "description": "Send the last one as `Last-Event-ID` to go on."},
        "event": {"type": "string", "enum": ["chat", "message", "end", "error"]},
        "data": {"type": "string", "description": "JSON but in `/llm`: a message, the chat, or a problem."},
    },
}
REF = {"$ref": "#/components/schemas/Problem"}
Responses = dict[int | str, dict[str, Any]]


def problems(*statuses: int) -> Responses:
    """Declares errors of a route, beside those that every route may have."""
    return {
        s: {"description": SAYS[s], "content": {MEDIA_TYPE: {"schema": REF}}}
        for s in sorted({*statuses, *ALWAYS})
    }


def signed_in(*statuses: int) -> Responses:
    """Declares errors of a route that takes a token."""
    return problems(401, 403, 422, *statuses)


def with_body(*statuses: int) -> Responses:
    """Declares errors of a route that takes a token and a JSON body."""
    return signed_in(400, 413, 415, *statuses)


def describe(app: FastAPI) -> None:
    """Makes `/openapi.json` of the app, once and when first asked for."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = get_openapi(
                title=app.title,
                version=app.version,
                description=DESCRIPTION,
                routes=app.routes,
                tags=TAGS,
            )
            components = schema.setdefault("components", {}).setdefault("schemas", {})
            parts = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            components.update(parts.pop("$defs", {}))
            components["Problem"] = parts
            _describe_events(schema)
            app.openapi_schema = schema
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _describe_events(schema: dict[str, Any]) -> None:
    """A stream is described event by event."""
    for methods in schema["paths"].values():
        for route in methods.values():
            content = route["responses"].get("200", {}).get("content", {})
            if STREAM in content:
                content[STREAM] = {"itemSchema": EVENT}
