"""An agent that says what it is told, slowly: for tests and benches of everything around an agent."""

import asyncio
import re
import time
from collections.abc import AsyncGenerator, Iterator, Sequence

from oryxforge.domain.chats import Piece
from oryxforge.ports.agent import Outcome, Turn
from oryxforge.ports.toolbox import Toolbox

ORDER = re.compile(r"\s*(count|clock)\s+(\d{1,6})(?:\s+every\s+(\d{1,6})\s*ms)?\s*")
DEFAULT_SCRIPT = (Piece.text("This is the scripted agent. "), Piece.text("Try `count 10 every 50ms`."))


class ScriptedAgent:
    """The Agent named `scripted`.

    `count 200 every 50ms` says "1 ", "2 " … "200 "; `clock 200 every 50ms` says the time of each piece in
    nanoseconds since 1970; anything else gets the script. `delay_s` is waited before each piece.
    """

    name = "scripted"

    def __init__(
        self, script: Sequence[Piece] = DEFAULT_SCRIPT, delay_s: float = 0.05, cost_usd: float = 0.0
    ) -> None:
        self._script = tuple(script)
        self._delay_s = delay_s
        self._cost_usd = cost_usd

    async def answer(self, turn: Turn, toolbox: Toolbox) -> AsyncGenerator[Piece | Outcome]:
        order = ORDER.fullmatch(turn.prompt)
        delay_s = int(order[3]) / 1000 if order and order[3] else self._delay_s
        pieces = _ordered(order[1], int(order[2])) if order else iter(self._script)
        due = time.monotonic() + delay_s
        await asyncio.sleep(delay_s)
        while (piece := next(pieces, None)) is not None:
            yield piece
            due += delay_s
            await asyncio.sleep(max(0.0, due - time.monotonic()))
        yield Outcome(self._cost_usd)


def _ordered(what: str, pieces: int) -> Iterator[Piece]:
    for number in range(1, pieces + 1):
        yield Piece.text(f"{number if what == 'count' else time.time_ns()} ")
