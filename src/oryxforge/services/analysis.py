"""Questions to the data: what is there, what a sheet holds, what SQL answers."""

from dataclasses import dataclass
from uuid import UUID

from oryxforge.domain.artifacts import SheetRead
from oryxforge.domain.identity import Actor
from oryxforge.domain.sheets import Page, PageRequest, Sheet, SheetType, Written
from oryxforge.ports.engine import ColumnProfile, Engine, QueryResult
from oryxforge.ports.repos import Store
from oryxforge.services.sheets import find_sheet

MATCHES = 20
WORDS = 40
LONGEST = 1000
COLUMNS_AT_ONCE = 50


@dataclass(frozen=True)
class Description:
    sheet: Sheet
    columns: list[ColumnProfile]
    sample: Page


@dataclass(frozen=True)
class Hit:
    """A value of a text column that a word of a question names."""

    sheet: str
    column: str
    value: str
    word: str


@dataclass(frozen=True)
class Answered:
    """A query's result and the versions of the sheets that it read."""

    result: QueryResult
    reads: tuple[SheetRead, ...]


@dataclass(frozen=True)
class Kept:
    """A query's whole result as a file, the versions of the sheets that it read, and the time that it took (ms)."""

    written: Written
    reads: tuple[SheetRead, ...]
    duration_ms: int


class Analysis:
    def __init__(self, store: Store, engine: Engine) -> None:
        self._store = store
        self._engine = engine

    async def tables(self, actor: Actor, project_id: UUID) -> list[Sheet]:
        async with self._store.transaction(actor) as tx:
            await tx.projects.get(project_id)
            return [s for s in await tx.sheets.in_project(project_id) if s.type is SheetType.TABLE]

    async def describe(self, actor: Actor, project_id: UUID, address: str) -> Description:
        async with self._store.transaction(actor) as tx:
            sheet = await find_sheet(tx, project_id, address)
        profile = await self._engine.profile(sheet.uri, sheet.columns)
        sample = await self._engine.page(sheet.uri, PageRequest(limit=5))
        return Description(sheet, profile, sample)

    async def find_values(
        self, actor: Actor, project_id: UUID, words: list[str], sheets: list[str] | None = None
    ) -> list[Hit]:
        """Values of text columns that equal, or begin with, one of the words, without regard to case or accents."""
        wanted = {s.lower() for s in sheets} if sheets else None
        hits: list[Hit] = []
        for sheet in await self.tables(actor, project_id):
            if wanted is None or sheet.address.lower() in wanted:
                hits += await self._find_in(sheet, words[:WORDS])
        return hits

    async def run_sql(self, actor: Actor, project_id: UUID, sql: str, limit: int = 1000) -> Answered:
        """Raises Invalid with the engine's message where the SQL is wrong."""
        tables = await self.tables(actor, project_id)
        result = await self._engine.query(sql, {s.address: s.uri for s in tables}, limit)
        return Answered(result, reads(tables, result.tables))

    async def write_sql(self, actor: Actor, project_id: UUID, sql: str, uri: str) -> Kept:
        """Runs the statement once and writes all that it gives. Raises Invalid where the SQL is wrong."""
        tables = await self.tables(actor, project_id)
        made = await self._engine.write_query(sql, {s.address: s.uri for s in tables}, uri)
        return Kept(made.written, reads(tables, made.tables), made.duration_ms)

    async def _find_in(self, sheet: Sheet, words: list[str]) -> list[Hit]:
        columns = [c.name for c in sheet.columns if c.type == "VARCHAR" or c.type.startswith("ENUM")]
        asked = [w for w in words if w.strip()]
        if not asked:
            return []
        hits: list[Hit] = []
        for start in range(0, len(columns), COLUMNS_AT_ONCE):
            sql = _search(_address(sheet), columns[start : start + COLUMNS_AT_ONCE], asked)
            result = await self._engine.query(sql, {sheet.address: sheet.uri}, MATCHES * len(asked))
            hits += [Hit(sheet.address, str(c), str(v), str(w)) for c, v, w in result.data]
        return hits[: MATCHES * len(asked)]


def _search(address: str, columns: list[str], words: list[str]) -> str:
    """SQL for the values, no longer than a question may be, of some columns that words name."""
    listed = ", ".join(f"({_text(w)})" for w in words)
    parts = [
        f"""select distinct {_text(c)} as col, t.v as val, w.word as word
        from (select distinct {_name(c)} as v from {address}
              where {_name(c)} is not null and length({_name(c)}) <= {LONGEST}) t
        join (values {listed}) w(word)
          on strip_accents(lower(trim(t.v))) = strip_accents(lower(w.word))
          or (length(w.word) >= 4 and starts_with(strip_accents(lower(t.v)), strip_accents(lower(w.word)))
              and length(t.v) <= 60)"""
        for c in columns
    ]
    return f"select * from ({' union all '.join(parts)}) order by col, val limit {MATCHES * len(words)}"


def reads(tables: list[Sheet], used: tuple[str, ...]) -> tuple[SheetRead, ...]:
    """The versions of the sheets that a query read."""
    names = {u.lower() for u in used}
    return tuple(
        SheetRead(s.address, s.id, s.version, str(s.metadata.get("content_hash", "")))
        for s in tables
        if s.address.lower() in names
    )


def _name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''").replace("\x00", "") + "'"


def _address(sheet: Sheet) -> str:
    return f"{_name(sheet.dataset_name_python)}.{_name(sheet.name_python)}"
