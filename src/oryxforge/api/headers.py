"""Headers of every answer: what a browser may do with it, and which other sites may read it."""

from collections.abc import Sequence

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PAGE = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# Both viewers of the API's description write their own style elements.
DOCS = PAGE.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'") + "; worker-src blob:"
# The built page's parts write style elements and attributes; of scripts it may run its own and those hashed.
SITE = (
    "default-src 'none'; script-src 'self' {hashes}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' {origins}; worker-src 'self' blob:; "
    "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
DOCS_PATHS = frozenset({"/docs", "/redoc"})
ALWAYS = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
]
OURS = frozenset(name for name, _ in ALWAYS)
ON_PAGE = [*ALWAYS, (b"content-security-policy", PAGE.encode())]
ON_DOCS = [*ALWAYS, (b"content-security-policy", DOCS.encode())]
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
ASKED = [
    "accept",
    "accept-profile",
    "apikey",
    "authorization",
    "baggage",
    "cache-control",
    "content-encoding",
    "content-profile",
    "content-type",
    "idempotency-key",
    "last-event-id",
    "prefer",
    "range",
    "range-unit",
    "traceparent",
    "tracestate",
    "tus-resumable",
    "upload-checksum",
    "upload-length",
    "upload-metadata",
    "upload-offset",
    "x-client-info",
    "x-http-method-override",
    "x-metadata",
    "x-request-id",
    "x-retry-count",
    "x-signature",
    "x-supabase-api-version",
    "x-upsert",
]
EXPOSED = [
    "accept-ranges",
    "content-disposition",
    "content-location",
    "content-range",
    "etag",
    "link",
    "location",
    "preference-applied",
    "retry-after",
    "tus-extension",
    "tus-max-size",
    "tus-resumable",
    "tus-version",
    "upload-expires",
    "upload-length",
    "upload-metadata",
    "upload-offset",
    "x-request-id",
    "x-supabase-api-version",
    "x-total-count",
]


def site_policy(hashes: Sequence[str], origins: Sequence[str]) -> str:
    """The policy of one HTML file of the built page."""
    policy = SITE.format(hashes=" ".join(hashes), origins=" ".join(origins))
    return policy.replace(" ;", ";")


class SecurityHeaders:
    """ASGI middleware: the headers that keep a page to itself."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        added = ON_DOCS if scope["path"] in DOCS_PATHS else ON_PAGE

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = [(n, v) for n, v in message.get("headers", ()) if n not in OURS]
                has_policy = any(name == b"content-security-policy" for name, _ in given)
                message["headers"] = [*given, *(ALWAYS if has_policy else added)]
            await send(message)

        await self._app(scope, receive, guarded)


def add_cors(app: FastAPI, origins: Sequence[str]) -> None:
    """Lets pages of these origins read answers, and of no others."""
    if origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=origins,
            allow_methods=METHODS,
            allow_headers=ASKED,
            expose_headers=EXPOSED,
            max_age=600,
        )
