"""What every part of the surface reads of a request."""

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
