"""What a request asks: who, about which object, with which body."""

import base64
import binascii
from collections.abc import Mapping
from uuid import uuid4

import orjson
from starlette.requests import Request
from starlette.responses import Response

from oryxforge.embedded.gateway.callers import Caller, Callers, Refused
from oryxforge.embedded.gateway.forms import StreamedForm
from oryxforge.embedded.gateway.requests import BodyTooLarge, bearer_of, body_of
from oryxforge.embedded.gateway.storage.faults import Fault, invalid
from oryxforge.embedded.gateway.storage.kinds import cache_control, checked_type, encoding
from oryxforge.embedded.gateway.storage.names import checked_bucket, checked_name
from oryxforge.embedded.gateway.storage.objects import NewObject, fits

JSON_LIMIT = 65_536


async def caller_of(request: Request, callers: Callers) -> Caller:
    """Raises Fault: AccessDenied without a key, InvalidJWT for a token that doesn't count, GoTrue's code for a user who doesn't."""
    try:
        return await callers.of(request.headers.get("apikey"), bearer_of(request))
    except Refused as refused:
        if refused.code == "unavailable":
            raise Fault(503, "SlowDown", str(refused)) from refused
        code = "AccessDenied" if refused.code == "no_api_key" else "InvalidJWT"
        raise Fault(401, refused.code if refused.is_of_account else code, str(refused)) from refused


def place_of(request: Request) -> tuple[str, str]:
    """Bucket and name from the path. Raises Fault InvalidBucketName or InvalidKey."""
    return checked_bucket(request.path_params["bucket"]), checked_name(request.path_params["name"])


def bucket_of(request: Request) -> str:
    return checked_bucket(request.path_params["bucket"])


async def json_of(request: Request) -> Mapping[str, object]:
    """The body as an object, empty where there is none. Raises Fault over 64 KB and for what is no JSON object."""
    try:
        body = await body_of(request, JSON_LIMIT)
    except BodyTooLarge as error:
        raise Fault(413, "EntityTooLarge", f"A JSON body has at most {JSON_LIMIT:,} bytes here") from error
    try:
        found = orjson.loads(body) if body.strip() else {}
    except orjson.JSONDecodeError as error:
        raise invalid("The body is no valid JSON") from error
    if not isinstance(found, dict):
        raise invalid("The body is a JSON object")
    return found


def names_in(body: Mapping[str, object], key: str, most: int) -> list[str]:
    """The texts of a list, be they names that an object can have or not. Raises Fault for another list, or none."""
    names = body.get(key)
    if not isinstance(names, list) or not names or len(names) > most:
        raise invalid(f"{key} is a list of one to {most} names")
    if not all(isinstance(name, str) for name in names):
        raise invalid(f"{key} holds texts")
    return names


def json(content: object, status: int = 200) -> Response:
    return Response(orjson.dumps(content, default=str), status, media_type="application/json")


def length_of(request: Request) -> int | None:
    """What the request says that its body has, in bytes."""
    length = request.headers.get("content-length", "")
    return int(length) if length.isascii() and length.isdigit() and len(length) < 19 else None


def is_form(request: Request) -> bool:
    return request.headers.get("content-type", "").lower().startswith("multipart/form-data")


def raw_object(request: Request, bucket: str, name: str, upsert: bool, owner: str | None = None) -> NewObject:
    """An object whose bytes are the body itself."""
    headers = request.headers
    return NewObject(
        bucket,
        name,
        str(uuid4()),
        checked_type(headers.get("content-type")),
        cache_control(headers.get("cache-control")),
        upsert,
        encoding(headers.get("content-encoding")),
        user_metadata(_decoded(headers.get("x-metadata"))),
        owner,
    )


def form_object(
    form: StreamedForm, bucket: str, name: str, upsert: bool, owner: str | None = None
) -> NewObject:
    """An object whose bytes are the file of a form that was read up to it."""
    return NewObject(
        bucket,
        name,
        str(uuid4()),
        checked_type(form.fields.get("contentType") or form.content_type),
        cache_control(form.fields.get("cacheControl")),
        upsert,
        encoding(form.fields.get("contentEncoding")),
        user_metadata(form.fields.get("metadata")),
        owner,
    )


def _decoded(header: str | None) -> str | None:
    try:
        return base64.b64decode(header, validate=True).decode() if header else None
    except (binascii.Error, ValueError) as error:
        raise invalid("x-metadata is base64 of a JSON object") from error


def user_metadata(text: str | None) -> Mapping[str, object]:
    if not text:
        return {}
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise invalid("metadata is a JSON object") from error
    if not isinstance(found, dict) or not fits(found):
        raise invalid("metadata is a JSON object of at most 64 KB and 100 levels")
    return found
