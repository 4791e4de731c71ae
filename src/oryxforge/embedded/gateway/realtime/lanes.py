"""Changes that wait for what Postgres says of them: those of one subject wait for no other's."""

import asyncio
import time
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Iterable, Sequence

from loguru import logger

from oryxforge.embedded.gateway.realtime.asking import FAILURES
from oryxforge.embedded.gateway.realtime.bindings import Listener, Matched
from oryxforge.embedded.gateway.realtime.replication import Lost
from oryxforge.embedded.gateway.realtime.runs import Run, rows_in
from oryxforge.embedded.gateway.turns import Turns

AT_ONCE, AT_ONCE_MOST = 256, 4_096
BYTES_AT_ONCE = 4_000_000
QUICK_S, SLOW_S = 0.1, 0.5
SENT_AT_ONCE = 256
WAITING_BYTES_MOST = 64_000_000

Ask = Callable[[Sequence[Run]], Awaitable[list[Matched]]]
Send = Callable[[Sequence[Matched]], Awaitable[None]]


class Lane:
    """Changes in their order; `ask` tells what of them is sent to whom, `left` is told of who waits no more."""

    def __init__(self, gate: Turns, ask: Ask, send: Send, left: Callable[[Listener], None]) -> None:
        self._gate = gate
        self._ask = ask
        self._send = send
        self._left = left
        self._waiting: deque[Run] = deque()
        self._of: Counter[Listener] = Counter()
        self._bytes = 0
        self._at_once = AT_ONCE
        self._task: asyncio.Task[None] | None = None

    def put(self, runs: Sequence[Run]) -> None:
        """Whoever they are for must get all later changes through this lane, until `left`."""
        self._bytes += sum(run.weight for run in runs)
        self._of.update(_waiting_for(runs))
        self._waiting.extend(runs)
        if self._bytes > WAITING_BYTES_MOST:
            self._give_up("changes came faster than it could be asked what you may see")
        elif self._task is None:
            self._task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        try:
            while self._waiting:
                await self._pass_on(self._next())
        finally:
            self._task = None

    async def _pass_on(self, runs: list[Run]) -> None:
        waited = _waiting_for(runs)
        try:
            async with self._gate.turn(self):
                began = time.monotonic()
                told = await self._ask(runs)
                took = time.monotonic() - began
            if took < QUICK_S and rows_in(runs) >= self._at_once:
                self._at_once = min(AT_ONCE_MOST, self._at_once * 2)
            elif took > SLOW_S:
                self._at_once = max(AT_ONCE, self._at_once // 2)
            for n in range(0, len(told), SENT_AT_ONCE):
                await self._send(told[n : n + SENT_AT_ONCE])
                await asyncio.sleep(0)
        except (*FAILURES, Lost) as error:
            _fail(waited, f"what you may see can't be told: {error.__class__.__name__}")
        except Exception:  # noqa: BLE001 - the edge of a task
            logger.exception("what may be seen can't be told")
            _fail(waited, "what you may see can't be told")
        finally:
            self._done(waited)

    def _next(self) -> list[Run]:
        """What one question may hold."""
        runs, rows, cost = list[Run](), 0, 0
        while self._waiting and rows < self._at_once and cost < BYTES_AT_ONCE:
            run = self._waiting.popleft()
            rows += len(run.rows)
            cost += run.cost
            self._bytes -= run.weight
            runs.append(run)
        return runs

    def _done(self, waited: Counter[Listener]) -> None:
        for channel, count in waited.items():
            self._of[channel] -= count
            if self._of[channel] <= 0:
                del self._of[channel]
                self._left(channel)

    def _give_up(self, reason: str) -> None:
        waiting = set(self._of)
        self._waiting.clear()
        self._bytes = 0
        self._of.clear()
        _fail(waiting, reason)
        for channel in waiting:
            self._left(channel)


def _fail(channels: Iterable[Listener], reason: str) -> None:
    for channel in list(channels):
        channel.fail(reason)


def _waiting_for(runs: Iterable[Run]) -> Counter[Listener]:
    return Counter([binding.channel for run in runs for binding, _, _ in run.to])
