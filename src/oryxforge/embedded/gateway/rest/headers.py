"""Which headers of a client reach PostgREST: there functions and policies read them as `request.headers`."""

import re
from collections.abc import Iterable

# It drops a connection that brings other bytes.
READABLE = re.compile(rb"[\t -~]*")
OTHERS_BYTES = 16_384
READ_BY_IT = frozenset(
    {b"accept", b"accept-profile", b"content-profile", b"content-type", b"prefer", b"range", b"range-unit"}
)
OF_THE_HOP = frozenset(
    {
        b"connection",
        b"content-length",
        b"expect",
        b"host",
        b"http2-settings",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
    }
)
# Browsers send the cookies of all ports of a host, our own sign-in's among them. Preflights are answered before.
NEVER = OF_THE_HOP | {b"cookie", b"access-control-request-headers", b"access-control-request-method"}
# Who asks, and from where, is for us and our proxies to say.
OF_IDENTITY = re.compile(
    rb"authorization|apikey|forwarded|via|x-(forwarded|original|consumer|credential|anonymous-consumer|envoy|appengine).*"
    rb"|(x|true|cf|fly|fastly|x-cluster)-(real|client|connecting|remote)-?(ip|addr)"
)


class UnreadableHeaders(Exception):
    """Headers that can't be handed on."""


def passed_on(given: Iterable[tuple[bytes, bytes]], address: str | None) -> list[tuple[bytes, bytes]]:
    """A request's headers (names in small letters), with the client's `address`. Raises UnreadableHeaders."""
    headers = list(given)
    named = {n.strip().lower() for name, value in headers if name == b"connection" for n in value.split(b",")}
    found, size = list[tuple[bytes, bytes]](), 0
    for name, value in headers:
        readable = READABLE.fullmatch(value) is not None
        if name in READ_BY_IT:
            if not readable:
                raise UnreadableHeaders("A header of the request can't be read.")
        elif not readable or name in NEVER or name in named or OF_IDENTITY.fullmatch(name):
            continue
        else:
            size += len(name) + len(value)
        found.append((name, value))
    if size > OTHERS_BYTES:
        raise UnreadableHeaders(f"The headers of the request have more than {OTHERS_BYTES:,} bytes.")
    if address is not None:
        found.append((b"x-forwarded-for", address.encode()))
    return found
