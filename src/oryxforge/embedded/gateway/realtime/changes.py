"""From the stream of changes to the channels that asked for them and may see them."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import asyncpg
from loguru import logger

from oryxforge.embedded.gateway.realtime.asking import AWAY, FAILURES, Asker
from oryxforge.embedded.gateway.realtime.bindings import Binding, Bindings, Listener, Matched, Views, Wish
from oryxforge.embedded.gateway.realtime.catalog import PUBLICATION, Catalog, Column, Table
from oryxforge.embedded.gateway.realtime.delivery import Delivery
from oryxforge.embedded.gateway.realtime.filters import BadFilter
from oryxforge.embedded.gateway.realtime.judging import Judge
from oryxforge.embedded.gateway.realtime.layouts import Layouts, relaid
from oryxforge.embedded.gateway.realtime.outbox import Outbox
from oryxforge.embedded.gateway.realtime.pgoutput import UNCHANGED, Change, Decoder, Malformed, Relation
from oryxforge.embedded.gateway.realtime.publication import Difference, Publication
from oryxforge.embedded.gateway.realtime.questions import refill
from oryxforge.embedded.gateway.realtime.replication import Lost
from oryxforge.embedded.gateway.realtime.resolving import EVERY, Resolver, unable
from oryxforge.embedded.gateway.realtime.settling import Settling
from oryxforge.embedded.gateway.realtime.sight import Scopes, Sight
from oryxforge.embedded.gateway.realtime.stream import ChangeStream
from oryxforge.embedded.gateway.realtime.together import Together

LIVE_S = 9.0
# A changed row, laid out as the table has it.
Laid = tuple[Change, Table]


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
        self._outbox = outbox
        self._catalog = Catalog()
        self._layouts = Layouts()
        self._bindings = Bindings()
        self._sight = Sight(asker, self._catalog, scopes)
        self._settling = Settling(asker)
        self._settled = Together(self._settling.settled)
        self._publication = Publication(asker, self._catalog, self._differs)
        judge = Judge(asker)
        self._resolver = Resolver(self._catalog, judge, joining)
        self._delivery = Delivery(asker, self._sight, judge, self._settled.done, outbox)
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
                for table in self._resolver.tables(wish):
                    made.append((table.oid, await self._resolver.bind(listener, wish, table)))
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
        self._delivery.enter(listener, subscription.asked > 0)
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
        self._delivery.leave(listener)

    def _differs(self, difference: Difference) -> None:
        """Who listens to a table that went must join anew; who wants all tables gets those that came as well."""
        altered = [(was, now) for was, now in difference.altered if was.shape != now.shape]
        if difference.went or altered:
            self._generation += 1
        for table in difference.went:
            for listener in {b.channel for b in self._bindings.of(table.oid)}:
                listener.fail(unable(table.schema, table.name))
        for before, after in altered:
            self._rebind(before, after)
        for listener, subscription in self._listeners.items():
            for oid, binding in self._widened(listener, subscription, difference.came):
                self._bindings.add(oid, binding)
        if difference.came or difference.went or altered:
            self._sight.reset()

    def _rebind(self, before: Table, after: Table) -> None:
        """Goes on with a table that changed; only who filters by what is there no more must join anew."""
        for binding in list(self._bindings.of(after.oid)):
            try:
                moved = self._resolver.rebound(binding, before, after)
            except BadFilter as error:
                binding.channel.fail(str(error))
                continue
            subscription = self._listeners.get(binding.channel)
            if moved is not binding and subscription is not None:
                subscription.bindings[subscription.bindings.index((after.oid, binding))] = after.oid, moved
                self._bindings.drop(after.oid, binding)
                self._bindings.add(after.oid, moved)

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
        self._decoder, self._layouts = Decoder(), Layouts()
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
        rows: list[Laid] = []
        try:
            for data in batch:
                read = self._decoder.decode(data)
                if read is None:
                    continue
                self._settling.saw(self._decoder.transaction)
                decides = isinstance(read, Change) and self._sight.decides(read)
                if decides or isinstance(read, Relation):
                    await self._deliver(rows)
                    rows = []
                if isinstance(read, Relation):
                    await self._know(read)
                elif (table := self._catalog.table(read.relation)) is not None:
                    self._layouts.fit(read, table)
                    rows.append((read, table))
                    if decides:
                        self._sight.obey(read, table)
                        if self.on_rights is not None:
                            self.on_rights()
            await self._deliver(rows)
        except FAILURES as error:
            raise Lost(str(error)) from error
        except Malformed as error:
            raise Lost(f"the log can't be read: {error}") from error

    async def _know(self, relation: Relation) -> None:
        """Tables are read again when the stream describes them: columns, grants or policies may be new."""
        self._layouts.know(relation)
        await self._settling.settled()
        await self._publication.know(relation.oid)
        self._sight.forget_table(relation.oid)

    async def _deliver(self, rows: Sequence[Laid]) -> None:
        if not rows:
            return
        await self._fill(rows)
        work, views = list[Matched](), Views()
        for change, table in rows:
            now = self._catalog.table(table.oid)
            if now is None:
                continue
            if now is not table:
                relaid(change, table, now)
            wanting = self._wanting(change, now)
            matched = [found for b in wanting if (found := views.of(b, now)) is not None]
            if matched:
                work.append(Matched(change, now, matched))
        await self._delivery.deliver(work)

    def _wanting(self, change: Change, table: Table) -> Iterable[Binding]:
        if change.kind == "DELETE":
            return [b for b in self._bindings.matching(change) if b.keyed]
        if table.key:
            return self._bindings.matching(change)
        # Only that there was a change is told, and to all: by whom it reaches, values would show.
        return [b for b in self._bindings.of(table.oid) if change.kind in b.kinds]

    async def _fill(self, rows: Sequence[Laid]) -> None:
        """Reads the values that the log left out and that are compared here; all others are read for who gets them."""
        wanted: dict[int, tuple[Table, list[Column], list[Change]]] = {}
        for change, table in rows:
            places = self._bindings.places(table.oid)
            if change.holes and places and any(change.row[p] is UNCHANGED for p in places):
                columns = [table.columns[place] for place in places]
                wanted.setdefault(id(table), (table, columns, []))[2].append(change)
        if not wanted:
            return
        await self._settling.settled()
        for table, columns, changes in wanted.values():
            try:
                await refill(self._asker, table, changes, columns)
            except AWAY:
                raise
            except asyncpg.PostgresError as error:
                # Who compares them does not get these rows.
                logger.warning("values can't be read", table=table.sql_name, cause=str(error))
