"""What a wish for changes means: the tables it is for, and bindings with filters that fit their columns."""

from dataclasses import replace

from oryxforge.embedded.gateway.realtime.asking import Asker
from oryxforge.embedded.gateway.realtime.bindings import Binding, Listener, Wish
from oryxforge.embedded.gateway.realtime.catalog import Catalog, Table
from oryxforge.embedded.gateway.realtime.filters import BadFilter, Condition, Filter, parse
from oryxforge.embedded.gateway.realtime.judging import TOO_SLOW, Judge
from oryxforge.embedded.gateway.realtime.questions import printed_of

EVERY = ("", "*")
UNABLE = (
    "Unable to subscribe to changes with given parameters. "
    "Please check Realtime is enabled for the given connect parameters"
)


def unable(schema: str, table: str) -> str:
    return f"{UNABLE}: [schema: {schema}, table: {table}]"


class Resolver:
    """Makes bindings of wishes by what the catalog says now."""

    def __init__(self, catalog: Catalog, judge: Judge, joining: Asker) -> None:
        self._catalog = catalog
        self._judge = judge
        self._joining = joining

    def tables(self, wish: Wish) -> list[Table]:
        """Those it is for. Raises BadFilter where there are none."""
        if wish.table in EVERY:
            tables = self._catalog.in_schema(wish.schema)
        else:
            table = self._catalog.named(wish.schema, wish.table)
            tables = [table] if table is not None else []
        if not tables:
            raise BadFilter(unable(wish.schema, wish.table))
        return tables

    async def bind(self, listener: Listener, wish: Wish, table: Table) -> Binding:
        """Raises BadFilter; what the driver raises where the database is away."""
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

    def rebound(self, binding: Binding, before: Table, after: Table) -> Binding:
        """The same binding after its table changed. Raises BadFilter where a column that it filters by is no more."""
        if not binding.filtered:
            return binding
        now = after.by_name
        for name in binding.filtered:
            was = before.by_name[name]
            if name not in now or (now[name].type_oid, now[name].sql_type) != (was.type_oid, was.sql_type):
                raise BadFilter(f"the column {name} of {after.name} changed")
        asked = binding.asked
        if asked is not None:
            moved = tuple(replace(c, column=now[c.column.name]) for c in asked.conditions)
            asked = self._judge.filter_of(after.oid, moved)
        return replace(
            binding,
            printed=tuple((now[before.columns[place].name].place, value) for place, value in binding.printed),
            asked=asked,
            keyed=all(now[name].key for name in binding.filtered),
        )
