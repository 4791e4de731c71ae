"""What every part of the surface reads of a request."""

from typing import cast

from starlette.requests import Request


class BodyTooLarge(Exception):
    """A body is over its part's limit."""


def bearer_of(request: Request) -> str | None:
    """The token, or the key, of the Authorization header."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


async def body_of(request: Request, most: int) -> bytes:
    """The whole body. Raises BodyTooLarge as soon as it has more bytes than that."""
    found = bytearray()
    async for chunk in request.stream():
        found += chunk
        if len(found) > most:
            raise BodyTooLarge
    return bytes(found)


def is_deeper(value: object, most: int) -> bool:
    """Whether JSON nests over so many levels."""
    waiting = [(value, 1)]
    while waiting:
        thing, level = waiting.pop()
        if level > most:
            return True
        if isinstance(thing, dict):
            waiting += [(v, level + 1) for v in cast("dict[str, object]", thing).values()]
        elif isinstance(thing, list):
            waiting += [(v, level + 1) for v in cast("list[object]", thing)]
    return False
