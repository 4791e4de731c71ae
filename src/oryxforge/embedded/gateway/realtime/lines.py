"""Changes that wait for their filters: each channel has a line of its own, so that none waits for another's."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence

from loguru import logger

from oryxforge.embedded.gateway.realtime.asking import FAILURES
from oryxforge.embedded.gateway.realtime.bindings import Listener, Matched
from oryxforge.embedded.gateway.realtime.filters import Filter
from oryxforge.embedded.gateway.realtime.judging import Judge, Unfit
from oryxforge.embedded.gateway.realtime.pgoutput import Change

AT_ONCE, BYTES_AT_ONCE = 256, 1_000_000
WAITING_MOST, WAITING_BYTES_MOST = 5_000, 8_000_000


class Line:
    """All changes of one channel, some of whose filters Postgres decides, in their order."""

    def __init__(
        self, listener: Listener, judge: Judge, send: Callable[[Sequence[Matched]], Awaitable[None]]
    ) -> None:
        self._listener = listener
        self._judge = judge
        self._send = send
        self._waiting: deque[Matched] = deque()
        self._task: asyncio.Task[None] | None = None
        self._closed = False
        self._bytes = 0

    def put(self, item: Matched) -> None:
        """Everybody in `item.to` is this line's channel."""
        if self._closed:
            return
        self._bytes += item.change.size
        if len(self._waiting) >= WAITING_MOST or self._bytes > WAITING_BYTES_MOST:
            self._listener.fail("changes came faster than your filters could be asked")
            return
        self._waiting.append(item)
        if self._task is None:
            self._task = asyncio.create_task(self._run())

    def close(self) -> None:
        """Nothing more is sent; a question under way ends by itself."""
        self._closed = True
        self._waiting.clear()

    async def _run(self) -> None:
        try:
            while self._waiting:
                work = self._next()
                await self._judged(work)
                if not self._closed:
                    await self._send(work)
        except Unfit as error:
            self._listener.close(f"The filter can't be used: {error}")
        except FAILURES as error:
            self._listener.fail(f"your filters could not be asked: {error.__class__.__name__}")
        except Exception:  # noqa: BLE001 - the edge of a task
            logger.exception("filters could not be asked")
            self._listener.fail("your filters could not be asked")
        finally:
            self._task = None

    def _next(self) -> list[Matched]:
        """What one question may hold."""
        work, size = list[Matched](), 0
        while self._waiting and len(work) < AT_ONCE and size < BYTES_AT_ONCE:
            item = self._waiting.popleft()
            size += item.change.size
            work.append(item)
        self._bytes -= size
        return work

    async def _judged(self, work: Sequence[Matched]) -> None:
        asked: dict[Filter, list[Change]] = {}
        for item in work:
            for filter_ in {b.asked for b, _, _ in item.to if b.asked is not None}:
                asked.setdefault(filter_, []).append(item.change)
        holds: dict[Filter, set[int]] = {}
        for filter_, changes in asked.items():
            if self._closed:
                return
            holds[filter_] = await self._judge.holding(filter_, changes, self._listener.payer)
        for item in work:
            place = id(item.change)
            item.to = [m for m in item.to if m[0].asked is None or place in holds[m[0].asked]]
