"""From the stream of changes to the channels that asked for them and may see them."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import asyncpg
from loguru import logger

from oryxforge.embedded.gateway.realtime.asking import AWAY, FAILURES, Asker, Subject
from oryxforge.embedded.gateway.realtime.bindings import Binding, Bindings, Listener, Matched, Wish
from oryxforge.embedded.gateway.realtime.catalog import NOTHING, PUBLICATION, Catalog, Table, View
from oryxforge.embedded.gateway.realtime.filters import BadFilter, Condition, Filter, parse
from oryxforge.embedded.gateway.realtime.judging import TOO_SLOW, Judge
from oryxforge.embedded.gateway.realtime.lines import Line
from oryxforge.embedded.gateway.realtime.outbox import Outbox
from oryxforge.embedded.gateway.realtime.pgoutput import Change, Decoder, Malformed, Relation, Unchanged
from oryxforge.embedded.gateway.realtime.publication import Publication
from oryxforge.embedded.gateway.realtime.questions import json_of, printed_of, refilled
from oryxforge.embedded.gateway.realtime.records import data_of
from oryxforge.embedded.gateway.realtime.replication import Lost
from oryxforge.embedded.gateway.realtime.settling import Settling
from oryxforge.embedded.gateway.realtime.sight import Question, Scopes, Sight
from oryxforge.embedded.gateway.realtime.stream import ChangeStream
from oryxforge.embedded.gateway.realtime.together import Together

LIVE_S = 9.0
EVERY = ("", "*")
UNABLE = (
    "Unable to subscribe to changes with given parameters. "
    "Please check Realtime is enabled for the given connect parameters"
)


def unable(schema: str, table: str) -> str:
    return f"{UNABLE}: [schema: {schema}, table: {table}]"


@dataclass(frozen=True, eq=False)
class Subscription:
    """What `prepare` made, not yet listening; `wide` are the wishes for all tables, also those that are yet to come."""

    bindings: list[tuple[int, Binding]]
    generation: int
    wide: tuple[Wish, ...] = ()

    @property
    def asked(self) -> int:
        """How many filters only Postgres can decide."""
        return sum(1 for _, binding in self.bindings if binding.asked is not None)


class Changes:
    """Subscriptions to changes, and the stream that serves them."""

    def __init__(self, url: str, asker: Asker, joining: Asker, outbox: Outbox, scopes: Scopes) -> None:
        """`joining` is asked for those who join, so that however many do hold up no changes."""
        self._asker = asker
        self._joining = joining
        self._outbox = outbox
        self._catalog = Catalog()
        self._bindings = Bindings()
        self._sight = Sight(asker, self._catalog, scopes)
        self._judge = Judge(asker)
        self._settling = Settling(asker)
        self._settled = Together(self._settling.settled)
        self._publication = Publication(asker, self._catalog, self._published)
        self._lines: dict[Listener, Line] = {}
        self._decoder = Decoder()
        self._listeners: dict[Listener, Subscription] = {}
        self._generation = 0
        self.on_rights: Callable[[], None] | None = None
        self._stream = ChangeStream(url, PUBLICATION, self._begin, self._take, self._lost)

    @property
    def listening(self) -> int:
        return len(self._listeners)

    async def run(self) -> None:
        """Serves until cancelled."""
        await self._stream.run()

    async def watch(self) -> None:
        """Tells those who listen to a table that it is published no more, until cancelled."""
        await self._publication.watch(lambda: bool(self._listeners))

    async def prepare(self, listener: Listener, wishes: Sequence[Wish]) -> Subscription:
        """Resolves wishes, once changes are read. Raises BadFilter; TimeoutError or Lost where the database is away."""
        async with asyncio.timeout(LIVE_S):
            await self._stream.live()
        await self._publication.now()
        generation = self._generation
        made: list[tuple[int, Binding]] = []
        try:
            for wish in wishes:
                for table in self._tables(wish):
                    made.append((table.oid, await self._bind(listener, wish, table)))
        except BadFilter:
            self._check(generation)
            raise
        wide = tuple(w for w in wishes if w.table in EVERY)
        return Subscription(made, generation, wide)

    def _check(self, generation: int) -> None:
        """What was resolved before the stream was lost, or a table changed, holds no more. Raises Lost."""
        if generation != self._generation:
            raise Lost("changes were lost, or a table changed, meanwhile")

    def listen(self, listener: Listener, subscription: Subscription) -> None:
        """From now on the listener gets what it asked for. Raises Lost where it must be prepared anew."""
        self._check(subscription.generation)
        self.leave(listener)
        if subscription.wide:
            self._widened(listener, subscription, self._catalog.all())
        self._listeners[listener] = subscription
        if subscription.asked:
            self._lines[listener] = Line(listener, self._judge, self._send)
        for oid, binding in subscription.bindings:
            self._bindings.add(oid, binding)

    async def settled(self) -> None:
        """Returns once a query sees all that was delivered until now, listeners or not. Raises Lost."""
        try:
            await self._settled.done()
        except FAILURES as error:
            raise Lost(str(error)) from error

    def leave(self, listener: Listener) -> None:
        subscription = self._listeners.pop(listener, None)
        if subscription is not None:
            for oid, binding in subscription.bindings:
                self._bindings.drop(oid, binding)
        line = self._lines.pop(listener, None)
        if line is not None:
            line.close()

    def _tables(self, wish: Wish) -> list[Table]:
        if wish.table in EVERY:
            tables = self._catalog.in_schema(wish.schema)
        else:
            table = self._catalog.named(wish.schema, wish.table)
            tables = [table] if table is not None else []
        if not tables:
            raise BadFilter(unable(wish.schema, wish.table))
        return tables

    async def _bind(self, listener: Listener, wish: Wish, table: Table) -> Binding:
        conditions = parse(wish.filter, table) if wish.filter else ()
        role = listener.subject.role
        for name in [*(c.column.name for c in conditions), *(wish.select or ())]:
            column = table.by_name.get(name)
            if column is None or (role not in column.roles and role != "anon"):
                raise BadFilter(f"{UNABLE}: [table: {table.name}, column: {name}]")
        printed = tuple(c for c in conditions if c.indexable)
        asked = self._asked_of(listener, table, tuple(c for c in conditions if not c.indexable))
        values = await printed_of(self._joining, conditions, listener.payer)
        return Binding(
            channel=listener,
            id=wish.id,
            kinds=wish.kinds,
            select=wish.select,
            printed=tuple((c.column.place, values[c]) for c in printed),
            asked=asked,
            filtered=frozenset(c.column.name for c in conditions),
            keyed=all(c.column.key for c in conditions),
        )

    def _asked_of(self, listener: Listener, table: Table, conditions: tuple[Condition, ...]) -> Filter | None:
        if not conditions:
            return None
        found = self._judge.filter_of(table.oid, conditions)
        if found.is_refused(listener.payer) or (found.has_pattern and self._judge.is_barred(listener.payer)):
            raise BadFilter(TOO_SLOW)
        return found

    def _published(self, came: Sequence[Table], went: Sequence[Table]) -> None:
        """Who listens to a table that went must join anew; who wants all tables gets those that came as well."""
        if went:
            self._generation += 1
        for table in went:
            for listener in {b.channel for b in self._bindings.of(table.oid)}:
                listener.fail(unable(table.schema, table.name))
        for listener, subscription in self._listeners.items():
            for oid, binding in self._widened(listener, subscription, came):
                self._bindings.add(oid, binding)
        self._sight.reset()

    def _widened(
        self, listener: Listener, subscription: Subscription, tables: Sequence[Table]
    ) -> list[tuple[int, Binding]]:
        """The bindings that wishes for all tables gain by these."""
        bound = {(oid, binding.id) for oid, binding in subscription.bindings}
        gained = [
            (table.oid, Binding(listener, wish.id, wish.kinds, wish.select))
            for wish in subscription.wide
            for table in tables
            if wish.schema in ("*", table.schema) and (table.oid, wish.id) not in bound
        ]
        subscription.bindings.extend(gained)
        return gained

    async def _begin(self) -> None:
        self._generation += 1
        self._decoder = Decoder()
        self._settling.reset()
        try:
            await self._publication.begin()
        except FAILURES as error:
            raise Lost(str(error)) from error
        self._sight.reset()

    def _lost(self) -> None:
        self._generation += 1
        for listener in list(self._listeners):
            listener.fail("changes were lost")
        self._outbox.flush()

    async def _take(self, batch: Iterable[bytes]) -> None:
        work: list[Matched] = []
        try:
            for data in batch:
                read = self._decoder.decode(data)
                if read is None:
                    continue
                self._settling.saw(self._decoder.transaction)
                if isinstance(read, Change):
                    if self._sight.decides(read):
                        await self._deliver(work)
                        work = []
                        self._sight.obey(read)
                        if self.on_rights is not None:
                            self.on_rights()
                    await self._collect(read, work)
                else:
                    await self._deliver(work)
                    work = []
                    await self._know(read)
            await self._deliver(work)
        except FAILURES as error:
            raise Lost(str(error)) from error
        except Malformed as error:
            raise Lost(f"the log can't be read: {error}") from error

    async def _know(self, relation: Relation) -> None:
        """Tables are read again when the stream describes them: columns, grants or policies may be new."""
        await self._settling.settled()
        before = self._catalog.table(relation.oid)
        async with self._asker.connection() as db:
            await self._catalog.load_one(db, relation.oid, [name for name, _ in relation.columns])
        after = self._catalog.table(relation.oid)
        self._sight.forget_table(relation.oid)
        if before is None and after is not None:
            self._published([after], [])
        if before is not None and (after is None or before.shape != after.shape):
            self._generation += 1
            for listener in {b.channel for b in self._bindings.of(relation.oid)}:
                listener.fail(f"the table {relation.table} changed")
            self._sight.reset()

    async def _collect(self, change: Change, work: list[Matched]) -> None:
        table = self._catalog.table(change.relation)
        if table is None:
            return
        if change.kind == "UPDATE" and any(isinstance(v, Unchanged) for v in change.row):
            await self._settling.settled()
            await self._refill(table, change)
        matched: list[tuple[Binding, Subject, View]] = []
        for binding in self._bindings.matching(change):
            if change.kind == "DELETE" and not binding.keyed:
                continue
            subject = binding.channel.subject
            view = table.view(subject.role, binding.select)
            if view is not NOTHING and view.allows(binding.filtered):
                matched.append((binding, subject, view))
        if matched:
            work.append(Matched(change, table, matched))

    async def _refill(self, table: Table, change: Change) -> None:
        try:
            await refilled(self._asker, table, change)
        except AWAY:
            raise
        except asyncpg.PostgresError as error:
            # The row goes out without its large values.
            logger.warning("large values can't be read", table=table.sql_name, cause=str(error))

    async def _deliver(self, work: list[Matched]) -> None:
        if not work:
            return
        self._sight.new_batch()
        await self._look(work)
        if self._lines:
            self._put_aside(work)
        await self._send(work)

    def _put_aside(self, work: Sequence[Matched]) -> None:
        """What is for channels whose filters Postgres decides goes into their lines."""
        for item in work:
            aside: dict[Line, Matched] = {}
            rest: list[tuple[Binding, Subject, View]] = []
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

    async def _send(self, work: Sequence[Matched]) -> None:
        asked = await self._asked(work)
        for item in work:
            self._emit(item, asked)
        self._outbox.flush()

    async def _asked(self, work: Sequence[Matched]) -> dict[tuple[int, int], bytes]:
        rows = [(w.change, w.table) for w in work if w.table.has_asked and w.to]
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

    async def _look(self, work: list[Matched]) -> None:
        """Takes out what subjects may not see; asks where it is not known."""
        known = self._sight.known
        open_: list[tuple[Matched, list[bool | None]]] = []
        for item in work:
            verdicts = [known(subject, item.table, item.change) for _, subject, _ in item.to]
            if None in verdicts:
                open_.append((item, verdicts))
            elif False in verdicts:
                item.to = [m for m, seen in zip(item.to, verdicts, strict=True) if seen]
        if not open_:
            return
        await self._settling.settled()
        asking = [item for item, _ in open_]
        for untold in await self._sight.learn(self._questions(asking)):
            self._fail(asking, untold)
        for item, before in open_:
            told = (
                v if v is not None else known(m[1], item.table, item.change)
                for m, v in zip(item.to, before, strict=True)
            )
            item.to = [m for m, seen in zip(item.to, list(told), strict=True) if seen]

    def _questions(self, work: list[Matched]) -> list[Question]:
        questions: dict[tuple[str, int], Question] = {}
        for item in work:
            for _, subject, _ in item.to:
                if self._sight.known(subject, item.table, item.change) is None:
                    key = subject.lasting, item.table.oid
                    question = questions.setdefault(key, Question(subject, item.table))
                    if not question.changes or question.changes[-1] is not item.change:
                        question.changes.append(item.change)
        return list(questions.values())

    def _fail(self, work: list[Matched], untold: Question) -> None:
        for item in work:
            for binding, subject, _ in item.to:
                if item.table is untold.table and subject.lasting == untold.subject.lasting:
                    binding.channel.fail(f"what you may see of {item.table.name} can't be told")

    def _emit(self, item: Matched, asked: dict[tuple[int, int], bytes]) -> None:
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
