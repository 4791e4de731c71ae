"""How often: per address of the network and per account, kept in memory (one API process in the embedded mode)."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from oryxforge.embedded.gateway.auth.errors import AuthError

MOST_KEYS = 20_000
MAIL_CODE = "over_email_send_rate_limit"
REQUEST_CODE = "over_request_rate_limit"


@dataclass(frozen=True)
class Rule:
    """So many at once, and so many again in `per_s` seconds."""

    most: int
    per_s: float
    code: str = REQUEST_CODE


RULES = {
    "signup address": Rule(30, 300),
    "password address": Rule(60, 300),
    "password account": Rule(10, 300),
    "refresh address": Rule(300, 300),
    "verify address": Rule(30, 300),
    "verify account": Rule(15, 300),
    "anonymous address": Rule(30, 3600),
    "mail address": Rule(30, 3600, MAIL_CODE),
    "mail account": Rule(4, 240, MAIL_CODE),
    "change account": Rule(6, 3600, MAIL_CODE),
    "authorize address": Rule(60, 300),
}


class Limits:
    """Token buckets by rule and key. The key never tells whether an account is there."""

    def __init__(self, factor: float = 1.0, now: Callable[[], float] = time.monotonic) -> None:
        self._factor = factor
        self._now = now
        self._left: dict[tuple[str, str], tuple[float, float]] = {}

    def take(self, rule: str, key: str) -> None:
        """Counts one. Raises AuthError 429 where none is left."""
        wanted = RULES[rule]
        most = max(1.0, wanted.most * self._factor)
        now = self._now()
        left, since = self._left.pop((rule, key), (most, now))
        left = min(most, left + (now - since) * most / wanted.per_s)
        if left < 1:
            self._left[rule, key] = (left, now)
            wait = int((1 - left) * wanted.per_s / most) + 1
            raise AuthError(
                429,
                wanted.code,
                f"Too many requests. Try again in {wait} seconds.",
                {"retry_after": wait},
            )
        if len(self._left) >= MOST_KEYS:
            self._left.pop(next(iter(self._left)))
        self._left[rule, key] = (left - 1, now)
