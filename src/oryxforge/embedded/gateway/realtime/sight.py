"""Who may see which changed row: row-level security, asked once where one answer holds for many rows."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import asyncpg
from loguru import logger

from oryxforge.embedded.gateway.realtime.asking import AWAY, Asker, Subject
from oryxforge.embedded.gateway.realtime.bindings import Match
from oryxforge.embedded.gateway.realtime.catalog import Catalog, Table, as_logged, quoted
from oryxforge.embedded.gateway.realtime.pgoutput import UNCHANGED, Change, Unchanged
from oryxforge.embedded.gateway.realtime.runs import Key, Row, keys_of

KEPT_S = 60.0
VERDICTS_MOST = 200_000
ADMIN, ADMIN_CLAIMS = "service_role", '{"role":"service_role"}'

Named = tuple[str, str]


@dataclass(frozen=True)
class Scopes:
    """Tables whose rows are seen by a column's value alone, and the tables (by the same value) that decide who sees it.

    Each is `(schema, table) -> column`. It holds only while all tables of `rights` are in the stream.
    """

    seen_by: Mapping[Named, str] = field(default_factory=dict[Named, str])
    rights: Mapping[Named, str] = field(default_factory=dict[Named, str])


@dataclass
class Question:
    """What a subject sees of a table's changed rows, and what the log left out of them; none is a deletion."""

    subject: Subject
    table: Table
    # From `Sight.epoch`, before it was waited for that queries see what the log told.
    epoch: int
    # Whose values are wanted, where they were left out.
    wanted: set[str] = field(default_factory=set[str])
    rows: list[Row] = field(default_factory=list[Row])

    def add(self, rows: Sequence[Row], to: Sequence[Match]) -> None:
        """Asks for more."""
        self.rows += rows
        if any(row.holes for row in rows):
            self.wanted.update(name for binding, _, view in to for name in view.names | binding.filtered)


@dataclass(frozen=True)
class Answer:
    """The keys of the rows that are seen, and values that the log left out, as they are now."""

    seen: set[Key]
    values: dict[Key, dict[int, bytes | None]]

    def filled(self, row: Row) -> Change:
        """The change with what was found."""
        found = self.values.get(row.key) if row.holes and row.key is not None else None
        if found is None:
            return row.change
        values = [found.get(n, v) if isinstance(v, Unchanged) else v for n, v in enumerate(row.change.row)]
        return replace(row.change, row=values, holes=UNCHANGED in values, told=None)


class Sight:
    """Verdicts by (person, table, scope), dropped when the stream shows that rights change."""

    def __init__(self, asker: Asker, catalog: Catalog, scopes: Scopes) -> None:
        self._asker = asker
        self._catalog = catalog
        self._scopes = scopes
        self._scoped: dict[int, str] = {}
        self._rights: dict[int, str] = {}
        self._verdicts: dict[tuple[int, bytes], dict[tuple[str, str], tuple[bool, float]]] = {}
        # Another one whenever verdicts were dropped: what was asked before may not be kept.
        self.epoch = 0

    def reset(self) -> None:
        """Forgets all; call it when tables came, went or were altered."""
        self.epoch += 1
        self._verdicts.clear()
        self._rights = self._columns(self._scopes.rights)
        complete = len(self._rights) == len(self._scopes.rights) > 0
        self._scoped = self._columns(self._scopes.seen_by) if complete else {}

    def _columns(self, columns: Mapping[Named, str]) -> dict[int, str]:
        found: dict[int, str] = {}
        for (schema, name), column in columns.items():
            table = self._catalog.named(schema, name)
            if table is not None and column in table.by_name:
                found[table.oid] = column
        return found

    def decides(self, change: Change) -> bool:
        """Whether the change may change rights."""
        return change.relation in self._rights

    def obey(self, change: Change, table: Table) -> None:
        """Drops what a change of rights may have made wrong."""
        name = self._rights.get(change.relation)
        column = table.by_name.get(name) if name is not None else None
        if column is None:
            # Its table went meanwhile, and all was forgotten.
            return
        self.epoch += 1
        rows = [row[column.place] for row in (change.row, change.old) if row is not None]
        values = {value for value in rows if isinstance(value, bytes)}
        for scope in [s for s in self._verdicts if s[1] in values or not values]:
            del self._verdicts[scope]

    def forget_table(self, oid: int) -> None:
        self.epoch += 1
        for scope in [s for s in self._verdicts if s[0] == oid]:
            del self._verdicts[scope]

    def known(self, subject: Subject, table: Table, change: Change) -> bool | None:
        """None where Postgres must be asked. Of rows without a key nothing is told that must be hidden."""
        if subject.role == ADMIN or not table.walled or change.kind == "DELETE" or not table.key:
            return True
        scope = self._scope(table, change)
        kept = self._verdicts.get((table.oid, scope)) if scope is not None else None
        verdict = kept.get(subject.person) if kept is not None else None
        if verdict is None or verdict[1] < time.monotonic():
            return None
        return verdict[0]

    async def ask(self, question: Question) -> Answer | None:
        """None where Postgres can't tell. Raises what its driver raises where the database is away."""
        try:
            return await self._ask(question)
        except asyncpg.QueryCanceledError as error:
            logger.warning("a policy takes too long", table=question.table.sql_name, cause=str(error))
        except AWAY:
            raise
        except asyncpg.PostgresError as error:
            logger.warning("a policy fails", table=question.table.sql_name, cause=str(error))
        return None

    def _scope(self, table: Table, change: Change) -> bytes | None:
        name = self._scoped.get(table.oid)
        column = table.by_name.get(name) if name is not None else None
        value = change.row[column.place] if column is not None else None
        return value if isinstance(value, bytes) else None

    async def _ask(self, question: Question) -> Answer:
        subject, table = question.subject, question.table
        scopes = dict[bytes, Key]()
        if table.oid in self._scoped:
            for row in question.rows:
                scope = self._scope(table, row.change)
                if scope is not None and row.key is not None:
                    scopes[scope] = row.key
        wanted = [c for c in table.columns if c.name in question.wanted]
        keys = keys_of(question.rows)
        holed = [key for key, holes in keys.items() if holes]
        values = dict[Key, dict[int, bytes | None]]()
        async with self._asker.as_role(subject.role, subject.settings, subject.lasting) as db:
            seen = await visible(db, table, [key for key, holes in keys.items() if not holes])
            for key, texts in (await read_rows(db, table, holed, [c.name for c in wanted])).items():
                seen.add(key)
                pairs = zip(wanted, texts, strict=True)
                values[key] = {c.place: t.encode() if t is not None else None for c, t in pairs}
        if question.table.walled:
            await self._keep(question, scopes, seen)
        return Answer(seen, values)

    async def _keep(self, question: Question, scopes: Mapping[bytes, Key], seen: set[Key]) -> None:
        unseen = [key for key in scopes.values() if key not in seen]
        there: set[Key] = set()
        if unseen:
            # A row that is gone again tells nothing of its scope.
            async with self._asker.as_role(ADMIN, ADMIN_CLAIMS) as db:
                there = await visible(db, question.table, unseen)
        if self.epoch != question.epoch:
            return
        if sum(len(kept) for kept in self._verdicts.values()) > VERDICTS_MOST:
            self._verdicts.clear()
        until = time.monotonic() + KEPT_S
        for scope, key in scopes.items():
            if key in seen or key in there:
                kept = self._verdicts.setdefault((question.table.oid, scope), {})
                kept[question.subject.person] = (key in seen, until)


async def visible(db: asyncpg.Connection, table: Table, keys: Iterable[Key]) -> set[Key]:
    """Those of the keys whose rows the transaction's role sees now."""
    return set(await read_rows(db, table, list(keys), ()))


async def read_rows(
    db: asyncpg.Connection, table: Table, keys: Sequence[Key], columns: Sequence[str]
) -> dict[Key, list[str | None]]:
    """Some columns of the rows with these keys, as the log would print them, where they are seen."""
    if not keys:
        return {}
    numbered = list(enumerate(table.key))
    read = [
        f"case when t.{c} is distinct from null then {as_logged(f't.{c}')} end" for c in map(quoted, columns)
    ]
    given = ", ".join(f"${n}::text[]" for n in range(1, len(numbered) + 1))
    named = ", ".join(f"k{n}" for n, _ in numbered)
    typed = ", ".join(f"k{n}::{c.sql_type} as k{n}" for n, c in numbered)
    same = " and ".join(f"t.{quoted(c.name)} = g.k{n}" for n, c in numbered)
    rows = await db.fetch(
        f"select {', '.join(['g.n', *read])} from {table.sql_name} t join"
        f" (select n, {typed} from unnest({given}) with ordinality as given({named}, n)) g on {same}",
        *([key[n].decode() for key in keys] for n, _ in numbered),
    )
    return {keys[row[0] - 1]: list(row[1:]) for row in map(tuple, rows)}
