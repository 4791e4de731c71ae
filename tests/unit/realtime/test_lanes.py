"""Changes that wait for an answer: their order, and who is told when it can't be had."""

import asyncio
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, cast

import pytest

from oryxforge.embedded.gateway.realtime.asking import Subject
from oryxforge.embedded.gateway.realtime.bindings import ALL, Binding, Match, Matched
from oryxforge.embedded.gateway.realtime.catalog import Table, View
from oryxforge.embedded.gateway.realtime.lanes import WAITING_BYTES_MOST, Lane
from oryxforge.embedded.gateway.realtime.pgoutput import Change
from oryxforge.embedded.gateway.realtime.replication import Lost
from oryxforge.embedded.gateway.realtime.runs import HOLES_AT_ONCE, Row, Run, add
from oryxforge.embedded.gateway.turns import Turns

TABLE = Table(1, "public", "t", True, ())
VIEW = View((), frozenset())


class Heard:
    """A channel that fails."""

    payer = ("", "")
    subject = cast("Subject", SimpleNamespace(role="anon"))

    def __init__(self) -> None:
        self.failed: list[str] = []

    def fail(self, reason: str) -> None:
        self.failed.append(reason)

    def close(self, reason: str) -> None: ...
    def send_change(self, ids: tuple[int, ...], data: bytes) -> None: ...


def match(channel: Heard) -> Match:
    return Binding(channel, 1, ALL, None), channel.subject, VIEW


def row(n: int, weight: int = 1, holes: bool = False) -> Row:
    return Row(Change("INSERT", 1, [b"%d" % n], None, 0), (b"%d" % n,), holes, weight)


class Lanes:
    """A lane whose answers are that all is seen, unless there is a fault."""

    def __init__(self) -> None:
        self.sent: list[bytes | Any] = []
        self.left: list[object] = []
        self.fault: Exception | None = None
        self.lane = Lane(Turns(1), self._ask, self._send, self.left.append)

    async def _ask(self, runs: Sequence[Run]) -> list[Matched]:
        await asyncio.sleep(0)
        if self.fault is not None:
            raise self.fault
        return [Matched(r.change, run.table, run.to) for run in runs for r in run.rows]

    async def _send(self, work: Sequence[Matched]) -> None:
        self.sent += [item.change.row[0] for item in work]

    async def until_left(self, count: int = 1) -> None:
        async with asyncio.timeout(5):
            while len(self.left) < count:
                await asyncio.sleep(0)


async def test_all_in_order_and_then_it_is_left() -> None:
    lanes, channel = Lanes(), Heard()
    to = [match(channel)]
    for first in range(0, 3000, 100):
        lanes.lane.put([Run(TABLE, to, [row(n) for n in range(first, first + 100)])])
        if first % 700 == 0:
            await asyncio.sleep(0)
    assert not lanes.left
    await lanes.until_left()
    assert lanes.sent == [b"%d" % n for n in range(3000)]
    assert lanes.left == [channel] and not channel.failed


async def test_a_question_that_fails_fails_those_who_wait_for_it() -> None:
    lanes, one, other = Lanes(), Heard(), Heard()
    lanes.fault = Lost("away")
    lanes.lane.put([Run(TABLE, [match(one)], [row(1)])])
    await lanes.until_left()
    lanes.fault = None
    lanes.lane.put([Run(TABLE, [match(other)], [row(2)])])
    await lanes.until_left(2)
    assert (len(one.failed), other.failed, lanes.sent) == (1, [], [b"2"])


async def test_who_is_too_far_behind_is_told() -> None:
    lanes, channel = Lanes(), Heard()
    lanes.lane.put([Run(TABLE, [match(channel)], [row(1, WAITING_BYTES_MOST + 1)])])
    assert "faster" in channel.failed[0] and lanes.left == [channel]
    lanes.lane.put([Run(TABLE, [match(Heard())], [row(2)])])
    await lanes.until_left(2)
    assert lanes.sent == [b"2"]


@pytest.mark.parametrize(("holes", "runs"), [(False, 1), (True, 4)])
def test_few_rows_with_left_out_values_are_read_at_a_time(holes: bool, runs: int) -> None:
    made: list[Run] = []
    to = [match(Heard())]
    for n in range(HOLES_AT_ONCE * 4):
        add(made, row(n, holes=holes), TABLE, list(to))
    assert len(made) == runs
