"""Tokens that were verified a moment ago: a signature that held then holds now, only the expiry is looked at again."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from oryxforge.domain.identity import Actor
from oryxforge.ports.accounts import TokenVerifier


@dataclass(frozen=True)
class _Known:
    actor: Actor
    until: float


class RememberingVerifier:
    """A TokenVerifier that asks another one again after `keep_s`, or as soon as the token has expired."""

    def __init__(
        self,
        verifier: TokenVerifier,
        *,
        keep_s: float = 30,
        most: int = 2_000,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._verifier = verifier
        self._keep_s = keep_s
        self._most = most
        self._now = now
        self._known: dict[str, _Known] = {}

    async def verify(self, token: str) -> Actor:
        known = self._known.get(token)
        if known is not None and self._now() < known.until:
            return known.actor
        self._known.pop(token, None)
        actor = await self._verifier.verify(token)
        if len(self._known) >= self._most:
            self._known.pop(next(iter(self._known)))
        self._known[token] = _Known(actor, min(self._now() + self._keep_s, _expiry(actor)))
        return actor


def _expiry(actor: Actor) -> float:
    expires = actor.claims.get("exp")
    return float(expires) if isinstance(expires, int | float) else 0.0
