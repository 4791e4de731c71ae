"""Who may see which changed row: row-level security, asked once where one answer holds for many rows."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import asyncpg
from loguru import logger

from oryxforge.embedded.gateway.realtime.asking import AWAY, Asker, Subject
from oryxforge.embedded.gateway.realtime.catalog import Catalog, Table, as_logged, quoted
from oryxforge.embedded.gateway.realtime.pgoutput import Change

KEPT_S = 60.0
VERDICTS_MOST = 200_000
ADMIN = "service_role"

Named = tuple[str, str]
Key = tuple[bytes, ...]


@dataclass(frozen=True)
class Scopes:
    """Tables whose rows are seen by a column's value alone, and the tables (by the same value) that decide who sees it.

    Each is `(schema, table) -> column`. It holds only while all tables of `rights` are in the stream.
    """

    seen_by: Mapping[Named, str] = field(default_factory=dict[Named, str])
    rights: Mapping[Named, str] = field(default_factory=dict[Named, str])


@dataclass
class Question:
    """What a subject may see of a table's changed rows; they all have a key and are no deletions."""

    subject: Subject
    table: Table
    changes: list[Change] = field(default_factory=list[Change])


class Sight:
    """Verdicts by (person, table, scope), dropped when the stream shows that rights change."""

    def __init__(self, asker: Asker, catalog: Catalog, scopes: Scopes) -> None:
        self._asker = asker
        self._catalog = catalog
        self._scopes = scopes
        self._scoped: dict[int, int] = {}
        self._rights: dict[int, int] = {}
        self._verdicts: dict[tuple[int, bytes], dict[tuple[str, str], tuple[bool, float]]] = {}
        self._now: dict[tuple[str, int], bool] = {}

    def reset(self) -> None:
        """Forgets all but the answers of this batch; call it when tables came or went."""
        self._verdicts.clear()
        self._rights = self._places(self._scopes.rights)
        complete = len(self._rights) == len(self._scopes.rights) > 0
        self._scoped = self._places(self._scopes.seen_by) if complete else {}

    def _places(self, columns: Mapping[Named, str]) -> dict[int, int]:
        found: dict[int, int] = {}
        for (schema, name), column in columns.items():
            table = self._catalog.named(schema, name)
            if table is not None and column in table.by_name:
                found[table.oid] = table.by_name[column].place
        return found

    def decides(self, change: Change) -> bool:
        """Whether the change may change rights."""
        return change.relation in self._rights

    def obey(self, change: Change) -> None:
        """Drops what a change of rights may have made wrong."""
        place = self._rights.get(change.relation)
        if place is None:
            # Its table went meanwhile, and all was forgotten.
            return
        values = {row[place] for row in (change.row, change.old) if row is not None}
        for scope in [s for s in self._verdicts if s[1] in values or not values - {None}]:
            del self._verdicts[scope]

    def forget_table(self, oid: int) -> None:
        for scope in [s for s in self._verdicts if s[0] == oid]:
            del self._verdicts[scope]

    def known(self, subject: Subject, table: Table, change: Change) -> bool | None:
        """None where Postgres must be asked."""
        if subject.role == ADMIN or not table.walled or change.kind == "DELETE":
            return True
        scope = self._scope(table, change)
        if scope is None:
            return self._now.get((subject.lasting, id(change)))
        kept = self._verdicts.get((table.oid, scope))
        verdict = kept.get(subject.person) if kept is not None else None
        if verdict is None or verdict[1] < time.monotonic():
            return self._now.get((subject.lasting, id(change)))
        return verdict[0]

    def new_batch(self) -> None:
        self._now.clear()

    async def learn(self, questions: Iterable[Question]) -> list[Question]:
        """Asks Postgres; returns what it could not tell. Raises what its driver raises where the database is away."""
        untold: list[Question] = []
        for question in questions:
            try:
                await self._learn(question)
            except asyncpg.QueryCanceledError as error:
                untold.append(question)
                logger.warning("a policy takes too long", table=question.table.sql_name, cause=str(error))
            except AWAY:
                raise
            except asyncpg.PostgresError as error:
                untold.append(question)
                logger.warning("a policy fails", table=question.table.sql_name, cause=str(error))
        return untold

    def _scope(self, table: Table, change: Change) -> bytes | None:
        place = self._scoped.get(table.oid)
        value = change.row[place] if place is not None else None
        return value if isinstance(value, bytes) else None

    async def _learn(self, question: Question) -> None:
        subject, table = question.subject, question.table
        asked, scopes = dict[Key, list[Change]](), dict[bytes, Key]()
        for change in question.changes:
            key, scope = key_of(table, change), self._scope(table, change)
            if key is not None:
                asked.setdefault(key, []).append(change)
                if scope is not None:
                    scopes[scope] = key
        async with self._asker.as_role(subject.role, subject.settings) as db:
            seen = await visible(db, table, asked)
        for key, changes in asked.items():
            for change in changes:
                self._now[subject.lasting, id(change)] = key in seen
        for change in question.changes:
            self._now.setdefault((subject.lasting, id(change)), False)
        await self._keep(question, scopes, seen)

    async def _keep(self, question: Question, scopes: Mapping[bytes, Key], seen: set[Key]) -> None:
        unseen = [key for key in scopes.values() if key not in seen]
        there: set[Key] = set()
        if unseen:
            # A row that is gone again tells nothing of its scope.
            async with self._asker.as_role(ADMIN, '{"role":"service_role"}') as db:
                there = await visible(db, question.table, unseen)
        if sum(len(kept) for kept in self._verdicts.values()) > VERDICTS_MOST:
            self._verdicts.clear()
        until = time.monotonic() + KEPT_S
        for scope, key in scopes.items():
            if key in seen or key in there:
                kept = self._verdicts.setdefault((question.table.oid, scope), {})
                kept[question.subject.person] = (key in seen, until)


def key_of(table: Table, change: Change) -> Key | None:
    """The printed values of a row's key; None where there is none."""
    values = tuple(change.row[c.place] for c in table.key)
    key = tuple(v for v in values if isinstance(v, bytes))
    return key if key and len(key) == len(values) else None


async def visible(db: asyncpg.Connection, table: Table, keys: Iterable[Key]) -> set[Key]:
    """Those of the keys whose rows the transaction's role sees now."""
    return set(await read_rows(db, table, list(keys), ()))


async def read_rows(
    db: asyncpg.Connection, table: Table, keys: Sequence[Key], columns: Sequence[str]
) -> dict[Key, list[str | None]]:
    """Some columns of the rows with these keys, as the log would print them, where they are seen."""
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
