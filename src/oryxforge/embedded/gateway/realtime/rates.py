"""How much a client may do."""

import time
from collections.abc import Hashable

KNOWN_MOST = 10_000


class Bucket:
    """Lets through `burst` at once, and `per_s` a second for ever."""

    __slots__ = ("_at", "_burst", "_left", "_per_s")

    def __init__(self, burst: int, per_s: float) -> None:
        self._burst = float(burst)
        self._per_s = per_s
        self._left = float(burst)
        self._at = time.monotonic()

    def take(self, count: int = 1) -> bool:
        now = time.monotonic()
        self._left = min(self._burst, self._left + (now - self._at) * self._per_s)
        self._at = now
        if self._left < count:
            return False
        self._left -= count
        return True


class Buckets:
    """A bucket of each who comes; of too many, those who came last are known."""

    def __init__(self, burst: int, per_s: float) -> None:
        self._burst = burst
        self._per_s = per_s
        self._known: dict[Hashable, Bucket] = {}

    def take(self, who: Hashable, count: int) -> bool:
        bucket = self._known.pop(who, None) or Bucket(self._burst, self._per_s)
        self._known[who] = bucket
        if len(self._known) > KNOWN_MOST:
            del self._known[next(iter(self._known))]
        return bucket.take(count)
