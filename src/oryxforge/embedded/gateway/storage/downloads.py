"""Bytes out: whole or in part, as they are read, and never as a page of this origin."""

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from email.utils import format_datetime

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from oryxforge.domain.errors import NotFound
from oryxforge.embedded.gateway.storage.conditions import is_unchanged
from oryxforge.embedded.gateway.storage.content import Bytes
from oryxforge.embedded.gateway.storage.faults import no_such_key
from oryxforge.embedded.gateway.storage.kinds import cache_control, disposition, served_type
from oryxforge.embedded.gateway.storage.objects import StoredObject

Find = Callable[[], Awaitable[StoredObject]]
BEYOND = 10**18
POLICY = "default-src 'none'; sandbox"


class Downloads:
    def __init__(self, content: Bytes) -> None:
        self._content = content

    async def answer(self, request: Request, find: Find, *, public: bool = False) -> Response:
        """What `find` finds, or the range of it that was asked for. Raises Fault NoSuchKey, or PreconditionFailed."""
        try:
            return await self._answer(request, await find(), public)
        except NotFound:
            # Overwritten between its row and its bytes: the next look sees the new version.
            try:
                return await self._answer(request, await find(), public)
            except NotFound as error:
                raise no_such_key() from error

    async def _answer(self, request: Request, found: StoredObject, public: bool) -> Response:
        headers = headers_of(found, request.query_params.get("download"), public)
        if is_unchanged(request.headers, headers["etag"], found.updated_at):
            return Response(None, 304, headers)
        part = range_of(request.headers, headers["etag"], found.size)
        if part is None:
            return Response(None, 416, {**headers, "content-range": f"bytes */{found.size}"})
        start, end, partial = part
        if partial:
            headers["content-range"] = f"bytes {start}-{end - 1}/{found.size}"
        headers["content-length"] = str(end - start)
        status = 206 if partial else 200
        if request.method == "HEAD":
            return Response(None, status, headers)
        first, blocks = await self._content.first(found.version, start, end)
        return StreamingResponse(_joined(first, blocks), status, headers)


def headers_of(found: StoredObject, download: str | None, public: bool) -> dict[str, str]:
    stored = str(found.metadata.get("mimetype", "application/octet-stream"))
    cache = cache_control(str(found.metadata.get("cacheControl", "no-cache")))
    headers = {
        "content-type": served_type(stored),
        "cache-control": cache if public or cache == "no-cache" else f"private, {cache}",
        "etag": f'"{found.version}"',
        "last-modified": format_datetime(found.updated_at, usegmt=True),
        "accept-ranges": "bytes",
        "content-security-policy": POLICY,
        "x-content-type-options": "nosniff",
    }
    if not public:
        headers["vary"] = "authorization, apikey"
    saved = disposition(stored, found.name, download)
    if saved is not None:
        headers["content-disposition"] = saved
    if encoding := found.metadata.get("contentEncoding"):
        headers["content-encoding"] = str(encoding)
    return headers


def range_of(headers: Mapping[str, str], etag: str, size: int) -> tuple[int, int, bool] | None:
    """Where to start and end, and whether that is a part; None where it can't be satisfied (RFC 9110, 14)."""
    unit, _, asked = headers.get("range", "").partition("=")
    whole = (0, size, False)
    if unit.strip().lower() != "bytes" or "," in asked or headers.get("if-range", etag) != etag:
        return whole
    first, dash, last = (part.strip() for part in asked.partition("-"))
    if not dash or first == last == "" or not all(_digits(part) for part in (first, last)):
        return whole
    if not first:
        return (max(0, size - _number(last)), size, True) if _number(last) and size else None
    start, end = _number(first), min(_number(last) + 1, size) if last else size
    if last and _number(last) < start:
        return whole
    return (start, end, True) if start < size else None


def _digits(part: str) -> bool:
    return part == "" or (part.isascii() and part.isdigit())


def _number(digits: str) -> int:
    """Over the size of every file it is no matter how far; Python reads no number of thousands of digits."""
    significant = digits.lstrip("0") or "0"
    return int(significant) if len(significant) <= 18 else BEYOND


async def _joined(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    try:
        yield first
        async for block in rest:
            yield block
    finally:
        # A client that goes away ends the answer here, with the file still open.
        if isinstance(rest, AsyncGenerator):
            await rest.aclose()
