"""From matched changes to channels: who may see them, what only Postgres can tell, and the order that each channel is owed."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from weakref import WeakValueDictionary

import asyncpg
from loguru import logger

from oryxforge.embedded.gateway.realtime.asking import AWAY, Asker, Subject
from oryxforge.embedded.gateway.realtime.bindings import Listener, Match, Matched, Views
from oryxforge.embedded.gateway.realtime.catalog import Table, View
from oryxforge.embedded.gateway.realtime.judging import Judge
from oryxforge.embedded.gateway.realtime.lanes import Lane
from oryxforge.embedded.gateway.realtime.lines import Line
from oryxforge.embedded.gateway.realtime.outbox import Outbox
from oryxforge.embedded.gateway.realtime.pgoutput import Row as Values
from oryxforge.embedded.gateway.realtime.questions import json_of
from oryxforge.embedded.gateway.realtime.records import Asked, data_of
from oryxforge.embedded.gateway.realtime.runs import Row, Run, add, row_of
from oryxforge.embedded.gateway.realtime.sight import Answer, Question, Sight
from oryxforge.embedded.gateway.turns import Turns

# Of the connections that changes have; filters need some beside, and so does what the stream itself asks.
ASKED_AT_ONCE = 2


@dataclass(slots=True)
class _Part:
    """Rows for one subject; `seen` says of each whether they see it, as far as that is known."""

    run: Run
    to: list[Match]
    seen: list[bool | None]
    question: Question | None = None

    @property
    def open_rows(self) -> list[Row]:
        """Those that must be asked for."""
        pairs = zip(self.run.rows, self.seen, strict=True)
        return [row for row, seen in pairs if seen is None or (seen and row.holes)]

    def told(self, answer: Answer | None) -> list[Matched]:
        """What of them is sent; where it can't be told what is seen, those who listen must join anew."""
        table, pairs = self.run.table, zip(self.run.rows, self.seen, strict=True)
        if answer is not None:
            visible = (row for row, seen in pairs if (row.key in answer.seen if seen is None else seen))
            return [Matched(answer.filled(row), table, self.to) for row in visible]
        if None not in self.seen:
            return [Matched(row.change, table, self.to) for row, seen in pairs if seen]
        for binding, _, _ in self.to:
            binding.channel.fail(f"what you may see of {table.name} can't be told")
        return []


class Delivery:
    """Sends changes; each channel gets its own in commit order, and waits for no other's questions."""

    def __init__(
        self, asker: Asker, sight: Sight, judge: Judge, settled: Callable[[], Awaitable[None]], outbox: Outbox
    ) -> None:
        """`settled` returns once queries see all that the stream told of."""
        self._asker = asker
        self._sight = sight
        self._judge = judge
        self._settled = settled
        self._outbox = outbox
        self._lines: dict[Listener, Line | None] = {}
        # How many of them have one.
        self._asking = 0
        self._gate = Turns(ASKED_AT_ONCE)
        self._lanes: WeakValueDictionary[str, Lane] = WeakValueDictionary()
        # Who has changes in a lane, and in which.
        self._behind: dict[Listener, Lane] = {}

    def enter(self, listener: Listener, asks: bool) -> None:
        """Its changes are sent from now on; `asks` where it has filters that Postgres decides."""
        self._lines[listener] = Line(listener, self._judge, self._send_now) if asks else None
        self._asking += asks

    def leave(self, listener: Listener) -> None:
        self._behind.pop(listener, None)
        line = self._lines.pop(listener, None)
        if line is not None:
            self._asking -= 1
            line.close()

    async def deliver(self, work: Sequence[Matched]) -> None:
        """Sends what can be sent at once; the rest goes into lanes. Raises what the driver raises where the database is away."""
        known, behind = self._sight.known, self._behind
        later: dict[Lane, list[Run]] = {}
        for item in work:
            holes = item.has_holes
            now: list[Match] = []
            waits: dict[Lane, list[Match]] = {}
            for matched in item.to:
                binding, subject, _ = matched
                lane = behind.get(binding.channel)
                if lane is None:
                    seen = known(subject, item.table, item.change)
                    if seen and not holes:
                        now.append(matched)
                        continue
                    if seen is False:
                        continue
                    lane = behind[binding.channel] = self._lane(subject)
                waits.setdefault(lane, []).append(matched)
            item.to = now
            row = row_of(item) if waits else None
            for lane, to in waits.items():
                if row is not None:
                    add(later.setdefault(lane, []), row, item.table, to)
        await self._send(work)
        for lane, runs in later.items():
            # Those whose earlier changes were sent meanwhile have left it.
            behind.update((binding.channel, lane) for run in runs for binding, _, _ in run.to)
            lane.put(runs)

    def _lane(self, subject: Subject) -> Lane:
        lane = self._lanes.get(subject.lasting)
        if lane is None:
            lane = Lane(self._gate, self._told, self._send, self._caught_up)
            self._lanes[subject.lasting] = lane
        return lane

    def _caught_up(self, listener: Listener) -> None:
        self._behind.pop(listener, None)

    async def _told(self, runs: Sequence[Run]) -> list[Matched]:
        """What is sent of them to whom, by what rights are now. Raises Lost, or what the driver raises where the database is away."""
        epoch, views = self._sight.epoch, Views()
        questions: dict[tuple[str, int], Question] = {}
        parts: list[_Part] = []
        for run in runs:
            for subject, to in self._by_subject(run, views):
                seen = [self._sight.known(subject, run.table, row.change) for row in run.rows]
                part = _Part(run, to, seen)
                parts.append(part)
                if rows := part.open_rows:
                    new = Question(subject, run.table, epoch)
                    part.question = questions.setdefault((subject.lasting, id(run.table)), new)
                    part.question.add(rows, to)
            await asyncio.sleep(0)
        if questions:
            await self._settled()
        answers = {id(question): await self._sight.ask(question) for question in questions.values()}
        told: list[Matched] = []
        for part in parts:
            told += part.told(answers.get(id(part.question)))
            await asyncio.sleep(0)
        return told

    def _by_subject(self, run: Run, views: Views) -> Iterable[tuple[Subject, list[Match]]]:
        """Those who still listen, as who they are now."""
        found: dict[str, tuple[Subject, list[Match]]] = {}
        for binding, _, _ in run.to:
            matched = views.of(binding, run.table)
            if matched is not None and binding.channel in self._lines:
                subject = matched[1]
                _, to = found.setdefault(subject.lasting, (subject, list[Match]()))
                to.append(matched)
        return found.values()

    async def _send(self, work: Sequence[Matched]) -> None:
        self._put_aside(work)
        await self._send_now(work)

    def _put_aside(self, work: Sequence[Matched]) -> None:
        """What is for channels whose filters Postgres decides goes into their lines."""
        if not self._asking:
            return
        for item in work:
            aside: dict[Line, Matched] = {}
            rest: list[Match] = []
            for matched in item.to:
                line = self._lines.get(matched[0].channel)
                if line is None:
                    rest.append(matched)
                elif line in aside:
                    aside[line].to.append(matched)
                else:
                    aside[line] = Matched(item.change, item.table, [matched])
            item.to = rest
            for line, one in aside.items():
                line.put(one)

    async def _send_now(self, work: Sequence[Matched]) -> None:
        asked = await self._asked(work)
        for item in work:
            emit(item, asked)
        self._outbox.flush()

    async def _asked(self, work: Sequence[Matched]) -> Asked:
        rows: list[tuple[Values, Table]] = []
        for item in work:
            if item.table.has_asked and item.to:
                rows.append((item.change.row, item.table))
                if item.change.old is not None:
                    rows.append((item.change.old, item.table))
        try:
            return await json_of(self._asker, rows)
        except AWAY:
            raise
        except asyncpg.PostgresError as error:
            logger.warning("values can't be written", cause=str(error))
        for item in work:
            if item.table.has_asked:
                for binding, _, _ in item.to:
                    binding.channel.fail(f"values of {item.table.name} can't be written")
                item.to = []
        return {}


def emit(item: Matched, asked: Asked) -> None:
    """One message for each channel."""
    change, table = item.change, item.table
    if not item.to:
        return
    if len(item.to) == 1:
        binding, _, view = item.to[0]
        binding.channel.send_change((binding.id,), data_of(change, table, view, asked))
        return
    written: dict[View, bytes] = {}
    ids: dict[tuple[Listener, View], list[int]] = {}
    for binding, _, view in item.to:
        ids.setdefault((binding.channel, view), []).append(binding.id)
    for (channel, view), matched in ids.items():
        if view not in written:
            written[view] = data_of(change, table, view, asked)
        channel.send_change(tuple(matched), written[view])
