"""What Postgres says about the published tables: columns, keys, types, and what each role may select."""

from dataclasses import dataclass, field
from functools import cached_property

import asyncpg
import orjson

from oryxforge.embedded.gateway.realtime.values import Encoder, encoder_of

PUBLICATION = "supabase_realtime"
ROLES = ("anon", "authenticated", "service_role")

COLUMNS = """
select c.oid, n.nspname as schema, c.relname as table, c.relrowsecurity as walled,
  a.attname as name, t.typname as type,
  case when b.oid in ('name'::regtype, '"char"'::regtype) then 'text' else format_type(b.oid, -1) end as sql_type,
  b.typname as base, b.typcategory::text as category, b.typtype::text as sort, a.atttypid as type_oid,
  coalesce(a.attnum = any ((i.indkey::int2[])[0:i.indnkeyatts - 1]), false) as key,
  array(select r from unnest($2::text[]) r
    where has_schema_privilege(r, n.oid, 'usage') and has_column_privilege(r, c.oid, a.attnum, 'select')) as roles
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
join pg_catalog.pg_type t on t.oid = a.atttypid
cross join lateral (
  with recursive up as (
    select t.oid, t.typbasetype
    union all select u.oid, u.typbasetype from up join pg_catalog.pg_type u on u.oid = up.typbasetype
  )
  select u.* from up join pg_catalog.pg_type u on u.oid = up.oid where up.typbasetype = 0
) b
left join pg_catalog.pg_index i on i.indrelid = c.oid and i.indisprimary
where c.oid = $1 and a.attname = any ($3)
order by array_position($3::text[], a.attname::text)
"""
# The versions of the rows that describe a table tell whether it must be read again. Generated columns are not in the
# log, but belong to a table that is published whole.
PUBLISHED = """
select c.oid,
  array(select a.name from unnest(d.names, d.generated) as a(name, generated)
    where a.name = any (p.attnames) or (a.generated = 's' and d.whole)) as columns,
  concat_ws(' ', c.xmin, n.xmin, d.version, i.indexrelid, i.xmin) as version
from pg_catalog.pg_publication_tables p
join pg_catalog.pg_namespace n on n.nspname = p.schemaname
join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = p.tablename
left join pg_catalog.pg_index i on i.indrelid = c.oid and i.indisprimary
cross join lateral (
  select array_agg(a.attname::text order by a.attnum) as names,
    array_agg(a.attgenerated::text order by a.attnum) as generated,
    bool_and(a.attgenerated <> '' or a.attname = any (p.attnames)) as whole,
    string_agg(a.xmin::text, ' ' order by a.attnum) as version
  from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
) d
where p.pubname = $1 and ($2::oid is null or c.oid = $2)
"""
# Where the printed form of two values is the same exactly when they are equal.
EQUAL_AS_PRINTED = frozenset(
    {"uuid", "int2", "int4", "int8", "text", "varchar", "bool", "name", "date", "timestamptz", "oid"}
)


@dataclass(frozen=True)
class Column:
    """`place` counts in the columns of its table; `sql_type` has no length or precision, so that a cast to it cuts nothing."""

    name: str
    type: str
    type_oid: int
    sql_type: str
    place: int
    key: bool
    roles: frozenset[str]
    encode: Encoder | None
    equal_as_printed: bool

    @cached_property
    def label(self) -> bytes:
        return orjson.dumps(self.name) + b":"


@dataclass(frozen=True, eq=False)
class View:
    """The columns of a table that one listener gets."""

    columns: tuple[Column, ...]
    # All that the role may select, asked for or not.
    may: frozenset[str]

    def allows(self, filtered: frozenset[str]) -> bool:
        """Whether it may filter by these columns."""
        return filtered <= self.may

    @cached_property
    def names(self) -> frozenset[str]:
        return frozenset(c.name for c in self.columns)

    @cached_property
    def encoders(self) -> list[tuple[int, bytes, Encoder]]:
        """Place, label and encoder of each column; empty where Postgres must be asked for one."""
        made = [(c.place, c.label, c.encode) for c in self.columns if c.encode is not None]
        return made if len(made) == len(self.columns) else []

    @cached_property
    def described(self) -> bytes:
        return orjson.dumps([{"name": c.name, "type": c.type} for c in self.columns])


NOTHING = View((), frozenset())


@dataclass(frozen=True)
class Table:
    """A published table as it is now; `walled` where row-level security is on."""

    oid: int
    schema: str
    name: str
    walled: bool
    columns: tuple[Column, ...]
    version: str = field(default="", compare=False)
    _views: dict[tuple[str, tuple[str, ...] | None], View] = field(
        default_factory=dict[tuple[str, "tuple[str, ...] | None"], View], compare=False
    )

    @cached_property
    def by_name(self) -> dict[str, Column]:
        return {c.name: c for c in self.columns}

    @cached_property
    def key(self) -> tuple[Column, ...]:
        return tuple(c for c in self.columns if c.key)

    @cached_property
    def shape(self) -> tuple[tuple[str, str, bool], ...]:
        return tuple((c.name, c.sql_type, c.key) for c in self.columns)

    @cached_property
    def sql_name(self) -> str:
        return f"{quoted(self.schema)}.{quoted(self.name)}"

    @cached_property
    def has_asked(self) -> bool:
        """Whether some column's JSON is made by Postgres."""
        return any(c.encode is None for c in self.columns)

    def view(self, role: str, select: tuple[str, ...] | None) -> View:
        """What a role may select and asked for, the key always; nothing where it may not select all of the key."""
        known = self._views.get((role, select))
        if known is None:
            may = frozenset(c.name for c in self.columns if role in c.roles)
            got = tuple(
                c for c in self.columns if c.name in may and (select is None or c.name in select or c.key)
            )
            known = View(got, may) if got and all(c in got for c in self.key) else NOTHING
            self._views[role, select] = known
        return known


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def as_logged(value: str) -> str:
    """SQL for how the log prints a value that is not null: by its type's output function, which a cast to text is not."""
    return f"format('%s', {value})"


@dataclass(frozen=True, slots=True)
class Published:
    """What is published of a table; `version` is another one after each change of the table, its columns or grants."""

    columns: tuple[str, ...]
    version: str


class Catalog:
    """The published tables by oid and by name, as they were when they were last read."""

    def __init__(self) -> None:
        self._by_oid: dict[int, Table] = {}
        self._by_name: dict[tuple[str, str], Table] = {}

    def table(self, oid: int) -> Table | None:
        return self._by_oid.get(oid)

    def named(self, schema: str, name: str) -> Table | None:
        return self._by_name.get((schema, name))

    def in_schema(self, schema: str) -> list[Table]:
        """All of them where the schema is `*`."""
        return [t for t in self._by_oid.values() if schema in ("*", t.schema)]

    def all(self) -> list[Table]:
        return list(self._by_oid.values())

    def put(self, table: Table) -> None:
        """In the place of what was known of it."""
        self.drop(table.oid)
        self._by_oid[table.oid] = table
        self._by_name[table.schema, table.name] = table

    def drop(self, oid: int) -> None:
        before = self._by_oid.pop(oid, None)
        if before is not None and self._by_name.get((before.schema, before.name)) is before:
            del self._by_name[before.schema, before.name]

    async def published(self, db: asyncpg.Connection, oid: int | None = None) -> dict[int, Published]:
        """Each published table as it is now, or one of them."""
        rows = await db.fetch(PUBLISHED, PUBLICATION, oid)
        return {row["oid"]: Published(tuple(row["columns"]), row["version"]) for row in rows}

    async def read(self, db: asyncpg.Connection, oid: int, published: Published) -> Table | None:
        """One table as it is now; None where it is gone."""
        rows = await db.fetch(COLUMNS, oid, list(ROLES), list(published.columns))
        if not rows:
            return None
        made = tuple(_column(place, row) for place, row in enumerate(rows))
        first = rows[0]
        return Table(oid, first["schema"], first["table"], first["walled"], made, published.version)

    async def load(self, db: asyncpg.Connection) -> None:
        """Reads all published tables anew."""
        found = [await self.read(db, oid, one) for oid, one in (await self.published(db)).items()]
        self._by_oid.clear()
        self._by_name.clear()
        for table in found:
            if table is not None:
                self.put(table)


def _column(place: int, row: asyncpg.Record) -> Column:
    return Column(
        name=row["name"],
        type=row["type"],
        type_oid=row["type_oid"],
        sql_type=row["sql_type"],
        place=place,
        key=row["key"],
        roles=frozenset(row["roles"]),
        encode=encoder_of(row["base"], row["category"], row["sort"]),
        equal_as_printed=row["type"] in EQUAL_AS_PRINTED,
    )
