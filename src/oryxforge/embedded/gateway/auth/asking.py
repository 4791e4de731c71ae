"""A request as the handlers read it: a body of JSON up to 64 KB, its fields by type, and who sent it."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import orjson
from starlette.requests import Request

from oryxforge.adapters.postgres.auth.emails import normal_email
from oryxforge.adapters.postgres.auth.flows import Challenge
from oryxforge.adapters.postgres.auth.sessions import Client
from oryxforge.embedded.gateway.auth.errors import AuthError, invalid
from oryxforge.embedded.gateway.requests import BodyTooLarge, bearer_of, body_of, is_deeper

LIMIT = 65_536
DEEPEST = 20


@dataclass(frozen=True)
class Ask:
    """One request; every getter raises AuthError 400 where a field is of another type."""

    request: Request
    body: Mapping[str, Any]

    @property
    def address(self) -> str:
        return self.request.client.host if self.request.client else "unknown"

    @property
    def client(self) -> Client:
        agent = "".join(c for c in self.request.headers.get("user-agent", "") if c.isprintable())
        return Client(agent, _ip(self.address))

    @property
    def bearer(self) -> str | None:
        return bearer_of(self.request)

    @property
    def redirect_to(self) -> str | None:
        given = self.request.query_params.get("redirect_to") or self.body.get("redirect_to")
        return given if isinstance(given, str) else None

    def query(self, name: str) -> str:
        return self.request.query_params.get(name, "")

    def text(self, name: str, most: int = 4096) -> str:
        """A field's text; empty where it is missing or null."""
        value = self.body.get(name)
        if value is None:
            return ""
        if not isinstance(value, str) or len(value) > most or "\x00" in value:
            raise invalid(f"{name} must be a text of at most {most} characters")
        return value

    def need(self, name: str, most: int = 4096) -> str:
        value = self.text(name, most)
        if not value:
            raise invalid(f"{name} is required")
        return value

    def flag(self, name: str, default: bool = False) -> bool:
        value = self.body.get(name, default)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise invalid(f"{name} must be true or false")
        return value

    def table(self, name: str) -> dict[str, Any] | None:
        """An object; None where it is missing."""
        value = self.body.get(name)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise invalid(f"{name} must be an object")
        return cast("dict[str, Any]", value)

    def email(self, name: str = "email") -> str:
        """An address as it is kept."""
        given = self.need(name, 320)
        found = normal_email(given)
        if found is None:
            raise invalid("Unable to validate email address: invalid format")
        return found

    def challenge(self, from_query: bool = False) -> Challenge | None:
        """What a PKCE client sends. Raises AuthError where it is only half there."""
        get = self.query if from_query else self.text
        text, method = get("code_challenge"), get("code_challenge_method").lower()
        if not text and not method:
            return None
        if method not in ("s256", "plain"):
            raise invalid("PKCE flow requires code_challenge_method to be s256 or plain")
        if not 43 <= len(text) <= 128 or not all(c.isascii() and (c.isalnum() or c in "-._~") for c in text):
            raise invalid("code challenge has to be between 43 and 128 characters")
        return Challenge(text, method)


def _ip(address: str) -> str | None:
    """The address without a zone; None where it is none, such as what a proxy made up."""
    try:
        return str(ipaddress.ip_address(address.partition("%")[0]))
    except ValueError:
        return None


async def read(request: Request) -> Ask:
    """Raises AuthError: 413 for a long body, 400 for one that is no JSON object."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return Ask(request, {})
    try:
        raw = await body_of(request, LIMIT)
    except BodyTooLarge as error:
        raise AuthError(413, "request_too_large", "The body may have 64 KB at most") from error
    if not raw.strip():
        return Ask(request, {})
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise AuthError(400, "bad_json", "Send JSON, with Content-Type: application/json")
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise AuthError(400, "bad_json", "Could not parse request body as JSON") from error
    if not isinstance(body, dict) or is_deeper(cast("object", body), DEEPEST):
        raise AuthError(400, "bad_json", "The body must be an object, and not a deep one")
    return Ask(request, cast("dict[str, Any]", body))
