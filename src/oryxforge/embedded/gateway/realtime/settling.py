"""Waits until what the log has told is what a query sees.

A commit is in the log some moments before other sessions see it. A question asked in between would answer from before:
a new row would seem hidden, and a right that was taken away still there.
"""

import asyncio
import time
from collections import deque

from oryxforge.embedded.gateway.realtime.asking import Asker
from oryxforge.embedded.gateway.realtime.replication import Lost

RECENT_MOST = 5_000
STEPS_S = (0.0, 0.0005, 0.001, 0.002, 0.005)
PATIENCE_S = 10.0
HALF = 2**31


class Settling:
    """Transactions that the log has told of and that may not be seen yet; ids are the lower 32 bits."""

    def __init__(self, asker: Asker) -> None:
        self._asker = asker
        self._recent: deque[int] = deque(maxlen=RECENT_MOST)

    def saw(self, transaction: int) -> None:
        if not self._recent or self._recent[-1] != transaction:
            self._recent.append(transaction)

    def reset(self) -> None:
        self._recent.clear()

    async def settled(self) -> None:
        """Returns once all that were told of before are seen. Raises Lost where one is not for long."""
        waiting, end, step = list(self._recent), time.monotonic() + PATIENCE_S, 0
        if not waiting:
            return
        async with self._asker.connection() as db:
            while time.monotonic() < end:
                snapshot = str(await db.fetchval("select pg_current_snapshot()::text"))
                waiting = [t for t in waiting if not is_seen(t, snapshot)]
                self._recent = deque((t for t in self._recent if not is_seen(t, snapshot)), RECENT_MOST)
                if not waiting:
                    return
                await asyncio.sleep(STEPS_S[min(step, len(STEPS_S) - 1)])
                step += 1
        raise Lost("a transaction stays hidden")


def is_seen(transaction: int, snapshot: str) -> bool:
    """Whether a finished transaction is seen in a snapshot, `xmin:xmax:running,…`."""
    xmin, xmax, running = snapshot.split(":")
    if _before(transaction, int(xmin)):
        return True
    low = {int(one) % 2**32 for one in running.split(",") if one}
    return _before(transaction, int(xmax)) and transaction not in low


def _before(transaction: int, full: int) -> bool:
    """By the shorter way around, as ids wrap."""
    return 0 < (full - transaction) % 2**32 < HALF
