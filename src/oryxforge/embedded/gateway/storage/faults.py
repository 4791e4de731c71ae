"""What storage refuses, in the words that Supabase's clients know."""

import asyncpg
import orjson
from loguru import logger
from starlette.responses import Response

from oryxforge.domain.errors import Kind, OryxError

OF_KIND = {
    Kind.INVALID: (400, "InvalidRequest"),
    Kind.UNPROCESSABLE: (422, "InvalidRequest"),
    Kind.UNAUTHENTICATED: (401, "AccessDenied"),
    Kind.NOT_ALLOWED: (403, "AccessDenied"),
    Kind.NOT_FOUND: (404, "NoSuchKey"),
    Kind.CONFLICT: (409, "KeyAlreadyExists"),
    Kind.TOO_LARGE: (413, "EntityTooLarge"),
    Kind.LIMITED: (429, "SlowDown"),
    Kind.UNAVAILABLE: (503, "SlowDown"),
}
WORDS = {
    "NoSuchKey": "not_found",
    "NoSuchBucket": "Bucket not found",
    "KeyAlreadyExists": "Duplicate",
    "BucketAlreadyExists": "Duplicate",
    "AccessDenied": "Unauthorized",
    "EntityTooLarge": "Payload too large",
    "InvalidMimeType": "invalid_mime_type",
}


class Fault(Exception):
    """A refusal: HTTP status, Supabase's code, and a message for people."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code

    @property
    def answer(self) -> Response:
        body = {
            "statusCode": str(self.status),
            "error": WORDS.get(self.code, self.code),
            "message": str(self).encode("utf-8", "replace").decode(),
            "code": self.code,
        }
        return Response(orjson.dumps(body), self.status, media_type="application/json")


def no_such_key() -> Fault:
    return Fault(404, "NoSuchKey", "Object not found")


def no_such_bucket() -> Fault:
    return Fault(404, "NoSuchBucket", "Bucket not found")


def no_transforms() -> Fault:
    return Fault(
        403,
        "FeatureNotEnabled",
        "Images are not transformed here. Ask for the file itself, without `transform`.",
    )


def too_large() -> Fault:
    return Fault(413, "EntityTooLarge", "The object exceeded the maximum allowed size")


def invalid(message: str, code: str = "InvalidRequest") -> Fault:
    return Fault(400, code, message)


def of_domain(error: OryxError) -> Fault:
    if error.kind is Kind.TOO_LARGE:
        return too_large()
    status, code = OF_KIND.get(error.kind, (500, "InternalError"))
    return Fault(status, code, error.detail)


def of_database(error: Exception) -> Fault:
    """Says no more of the database than what the caller did."""
    if isinstance(error, asyncpg.InsufficientPrivilegeError):
        return Fault(403, "AccessDenied", "new row violates row-level security policy, or access is denied")
    if isinstance(error, asyncpg.UniqueViolationError):
        of_bucket = str(error.as_dict().get("table_name")) == "buckets"
        code = "BucketAlreadyExists" if of_bucket else "KeyAlreadyExists"
        return Fault(409, code, "The resource already exists")
    if isinstance(error, asyncpg.ForeignKeyViolationError):
        return no_such_bucket()
    if isinstance(error, asyncpg.ObjectNotInPrerequisiteStateError):
        return Fault(409, "ResourceLocked", "The upload took too long and was cleared away. Upload it again.")
    if isinstance(error, asyncpg.QueryCanceledError):
        return Fault(503, "DatabaseTimeout", "The database took too long: a policy may be slow.")
    logger.warning("storage statement failed", cause=type(error).__name__, message=str(error))
    if isinstance(error, asyncpg.PostgresConnectionError | asyncpg.OperatorInterventionError):
        return Fault(503, "SlowDown", "The database does not answer at the moment. Try again.")
    return Fault(400, "DatabaseError", "A policy, a trigger or the database itself refused this.")
