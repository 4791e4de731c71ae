"""A retry with the same Idempotency-Key does nothing twice."""

import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from oryxforge.domain.errors import Unprocessable
from oryxforge.ports.repos import Transaction


@dataclass(frozen=True)
class Key:
    """What the client sent as Idempotency-Key, for which route and request."""

    value: str
    route: str
    request_hash: str

    @staticmethod
    def of(value: str | None, route: str, request: Mapping[str, object]) -> "Key | None":
        """The key of a request, if it came with one. Raises Unprocessable for one over 200 characters."""
        if value is None:
            return None
        if not 0 < len(value) <= 200:
            raise Unprocessable("An Idempotency-Key has 1 to 200 characters.", code="idempotency_key_invalid")
        text = json.dumps(request, sort_keys=True, default=str)
        return Key(value, route, hashlib.sha256(text.encode()).hexdigest())


async def earlier(tx: Transaction, key: Key | None) -> Mapping[str, object] | None:
    """What `once` returned for this key before; None where it was not seen. Raises Conflict for another request's key."""
    if key is None:
        return None
    known = await tx.idempotency.recall(key.value, key.route, key.request_hash)
    return known.body if known is not None else None


async def once(
    tx: Transaction, key: Key | None, do: Callable[[], Awaitable[dict[str, object]]]
) -> Mapping[str, object]:
    """What `do` returned the first time that this key was seen; the effect and the memory of it commit together."""
    known = await earlier(tx, key)
    if known is not None:
        return known
    body = await do()
    if key is not None:
        await tx.idempotency.remember(key.value, key.route, key.request_hash, 200, body)
    return body
