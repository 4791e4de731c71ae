"""Refusals as GoTrue words them; auth-js reads `code` by the API version that both sides name."""

from collections.abc import Mapping

import orjson
from starlette.responses import Response

VERSION_HEADER = "x-supabase-api-version"
VERSION = "2024-01-01"


class AuthError(Exception):
    """A refusal: an HTTP status, GoTrue's code, a sentence, and what else the body says."""

    def __init__(
        self, status: int, code: str, message: str, more: Mapping[str, object] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.more = dict(more or {})

    def response(self, asked_version: str | None) -> Response:
        """Both shapes: since 2024-01-01 `code` is the word, before that it is the status."""
        headers = {"cache-control": "no-store"}
        if asked_version and asked_version >= VERSION:
            body: dict[str, object] = {"code": self.code, "message": self.message, "error_code": self.code}
            headers[VERSION_HEADER] = VERSION
        else:
            body = {"code": self.status, "error_code": self.code, "msg": self.message}
        if self.status == 429:
            headers["retry-after"] = str(self.more.pop("retry_after", 60))
        return Response(orjson.dumps(body | self.more), self.status, headers, "application/json")


def invalid(message: str) -> AuthError:
    return AuthError(400, "validation_failed", message)


def wrong_credentials() -> AuthError:
    return AuthError(400, "invalid_credentials", "Invalid login credentials")


def spent() -> AuthError:
    return AuthError(403, "otp_expired", "Token has expired or is invalid")


def signups_off() -> AuthError:
    return AuthError(422, "signup_disabled", "Signups not allowed for this instance")


def weak(reasons: list[str]) -> AuthError:
    said = {
        "length": "A password has 8 to 256 characters.",
        "characters": "A password is more than one letter again and again, and not the e-mail address.",
    }
    message = " ".join(said[r] for r in reasons)
    return AuthError(
        422, "weak_password", message, {"weak_password": {"message": message, "reasons": reasons}}
    )
