"""What can go wrong, as classes: each has a kind (a door maps it to a status or exit code) and a stable code."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    INVALID = "invalid"
    UNPROCESSABLE = "unprocessable"
    UNAUTHENTICATED = "unauthenticated"
    NOT_ALLOWED = "not_allowed"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    TOO_LARGE = "too_large"
    LIMITED = "limited"
    UNAVAILABLE = "unavailable"
    FAILED = "failed"


@dataclass(frozen=True)
class FieldError:
    """One fault in what was sent: where it is and what to do about it."""

    loc: str
    msg: str


class OryxError(Exception):
    """Base of every error that a person may see; its text says what to do next."""

    kind: Kind = Kind.FAILED
    code: str = "failed"

    def __init__(
        self,
        detail: str,
        *,
        code: str | None = None,
        errors: Sequence[FieldError] = (),
        extra: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or type(self).code
        self.errors = tuple(errors)
        self.extra = dict(extra or {})


class Invalid(OryxError):
    """The request makes no sense as it stands (400)."""

    kind = Kind.INVALID
    code = "invalid"


class Unprocessable(OryxError):
    """The request is well formed, a value in it is not (422)."""

    kind = Kind.UNPROCESSABLE
    code = "validation_failed"


class Unauthenticated(OryxError):
    """No valid token came with the request (401)."""

    kind = Kind.UNAUTHENTICATED
    code = "unauthenticated"


class NotAllowed(OryxError):
    """The actor may see this, but not do that (403)."""

    kind = Kind.NOT_ALLOWED
    code = "not_allowed"


class NotFound(OryxError):
    """There is no such thing, or none that the actor may see (404)."""

    kind = Kind.NOT_FOUND
    code = "not_found"


class Conflict(OryxError):
    """Something of that name, or in that state, is in the way (409)."""

    kind = Kind.CONFLICT
    code = "conflict"


class TooLarge(OryxError):
    """More was sent than the limit allows (413)."""

    kind = Kind.TOO_LARGE
    code = "too_large"


class Limited(OryxError):
    """Too many requests, or a budget is used up (429)."""

    kind = Kind.LIMITED
    code = "limited"


class Unavailable(OryxError):
    """Something that this needs is not there at the moment (503)."""

    kind = Kind.UNAVAILABLE
    code = "unavailable"


class Failed(OryxError):
    """The work was tried and did not succeed."""
