"""What an answer leaves behind: tables, charts and reports as sheets, each with its provenance."""

import hashlib
import json
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from uuid import UUID, uuid4

from oryxforge.domain.artifacts import Provenance, SheetRead
from oryxforge.domain.datasets import Dataset
from oryxforge.domain.errors import TooLarge, Unprocessable
from oryxforge.domain.identity import Actor, Role
from oryxforge.domain.names import clean_name, sheet_name_python
from oryxforge.domain.projects import EXPLORATION
from oryxforge.domain.runs import Fence
from oryxforge.domain.sheets import Page, PageRequest, Sheet, SheetType, Written
from oryxforge.ports.engine import Engine
from oryxforge.ports.files import FileStore
from oryxforge.ports.repos import NewSheet, Store, Transaction
from oryxforge.services.analysis import Analysis
from oryxforge.services.sheets import find_sheet

ENGINE = "duckdb"
FIGURE_LIMIT = 8_000_000
REPORT_LIMIT = 2_000_000
EMBEDDED = re.compile(r"!\[[^\]]*\]\(sheet:([^)\s]+)\)")
SHOWN = 200


@dataclass(frozen=True)
class Origin:
    """The answer that an artifact belongs to; none of it outside a chat."""

    agent: str
    chat_id: UUID | None = None
    fence: Fence | None = None


@dataclass(frozen=True)
class Saved:
    """A saved sheet, its provenance, and (for a table) its first rows."""

    sheet: Sheet
    provenance: Provenance
    head: Page


def figure_bytes(figure: Mapping[str, object]) -> bytes:
    """A Plotly figure as it is stored. Raises Unprocessable for what JSON has no number for, TooLarge over 8 MB."""
    try:
        body = json.dumps(figure, separators=(",", ":"), allow_nan=False, default=str).encode()
    except ValueError as error:
        raise Unprocessable("A figure holds numbers, and no infinite ones.", code="figure_invalid") from error
    if len(body) > FIGURE_LIMIT:
        raise TooLarge(
            "The figure is over 8 MB. Aggregate or sample its data first.", code="figure_too_large"
        )
    return body


class Artifacts:
    def __init__(self, store: Store, engine: Engine, files: FileStore, analysis: Analysis) -> None:
        self._store = store
        self._engine = engine
        self._files = files
        self._analysis = analysis

    async def save_table(self, actor: Actor, project_id: UUID, origin: Origin, name: str, sql: str) -> Saved:
        """Writes a query's whole result as a table of Exploration. Raises Invalid where the SQL is wrong."""
        clean = clean_name(name, "table")
        place = await self._place(actor, project_id, origin.fence)
        uri = place.uri("parquet")
        kept = await self._analysis.write_sql(actor, project_id, sql, uri)
        provenance = Provenance(
            "sql", sql, ENGINE, kept.reads, kept.duration_ms, origin.agent, origin.chat_id
        )
        sheet = await self._record(actor, origin, place, (clean, SheetType.TABLE), kept.written, provenance)
        return Saved(sheet, provenance, await self._engine.page(uri, PageRequest(limit=SHOWN)))

    async def save_chart(
        self,
        actor: Actor,
        project_id: UUID,
        origin: Origin,
        name: str,
        sql: str,
        figure: Mapping[str, object],
    ) -> Saved:
        """Keeps a Plotly figure as a chart of Exploration. Raises Unprocessable for what is no figure, TooLarge over 8 MB."""
        clean = clean_name(name, "chart")
        if not isinstance(figure.get("data"), list):
            raise Unprocessable(
                "A figure has a list `data` and a `layout`, as Plotly has it.", code="figure_invalid"
            )
        body = figure_bytes(figure)
        answered = await self._analysis.run_sql(actor, project_id, sql, 1)
        place = await self._place(actor, project_id, origin.fence)
        stored = await self._files.write(place.uri("json"), _once(body), FIGURE_LIMIT)
        written = Written(stored.uri, 0, (), stored.size_bytes, hashlib.sha256(body).hexdigest())
        provenance = Provenance(
            "sql", sql, ENGINE, answered.reads, answered.result.duration_ms, origin.agent, origin.chat_id
        )
        sheet = await self._record(actor, origin, place, (clean, SheetType.CHART), written, provenance)
        return Saved(sheet, provenance, Page([], [], [], 0))

    async def save_report(
        self, actor: Actor, project_id: UUID, origin: Origin, name: str, markdown: str
    ) -> Saved:
        """Keeps a Markdown document as a report of Exploration; `![title](sheet:dataset.Sheet)` shows a sheet in it.

        Raises NotFound for a sheet that is not there, TooLarge over 2 MB.
        """
        clean = clean_name(name, "report")
        body = markdown.encode()
        if len(body) > REPORT_LIMIT:
            raise TooLarge("The report is over 2 MB. Shorten it.", code="report_too_large")
        shown = await self._shown_in(actor, project_id, markdown)
        place = await self._place(actor, project_id, origin.fence)
        stored = await self._files.write(place.uri("md"), _once(body), REPORT_LIMIT)
        written = Written(stored.uri, 0, (), stored.size_bytes, hashlib.sha256(body).hexdigest())
        provenance = Provenance("markdown", "", "", shown, 0, origin.agent, origin.chat_id)
        sheet = await self._record(actor, origin, place, (clean, SheetType.REPORT), written, provenance)
        return Saved(sheet, provenance, Page([], [], [], 0))

    async def _shown_in(self, actor: Actor, project_id: UUID, markdown: str) -> tuple[SheetRead, ...]:
        """The sheets that a report shows, each once."""
        async with self._store.transaction(actor) as tx:
            names = dict.fromkeys(EMBEDDED.findall(markdown))
            sheets = [await find_sheet(tx, project_id, name) for name in names]
        return tuple(
            SheetRead(s.address, s.id, s.version, str(s.metadata.get("content_hash", ""))) for s in sheets
        )

    async def save_arrow(
        self, actor: Actor, project_id: UUID, name: str, stream: bytes, provenance: Provenance
    ) -> Sheet:
        """Writes an Arrow IPC stream as a table of Exploration; a table of that name gets a new version."""
        clean = clean_name(name, "table")
        place = await self._place(actor, project_id)
        async with self._store.transaction(actor) as tx:
            there = await tx.sheets.find(project_id, place.dataset.name_python, sheet_name_python(clean))
        if there is None:
            written = await self._engine.write_arrow(stream, place.uri("parquet"))
            return await self._record(
                actor, Origin(provenance.agent), place, (clean, SheetType.TABLE), written, provenance
            )
        again = _Place(place.dataset, there.id, uuid4())
        written = await self._engine.write_arrow(stream, again.uri("parquet"))
        async with self._store.transaction(actor) as tx:
            metadata = {"provenance": provenance.to_json()}
            return await tx.sheets.add_version(there.id, again.version_id, written, metadata)

    async def _place(self, actor: Actor, project_id: UUID, fence: Fence | None = None) -> "_Place":
        async with self._store.transaction(actor, fence) as tx:
            await tx.projects.need(project_id, Role.EDITOR)
            dataset = await tx.datasets.find(project_id, EXPLORATION)
            if dataset is None:
                dataset = await tx.datasets.create(project_id, EXPLORATION, EXPLORATION.lower())
        return _Place(dataset, uuid4(), uuid4())

    async def _record(
        self,
        actor: Actor,
        origin: Origin,
        place: "_Place",
        what: tuple[str, SheetType],
        written: Written,
        provenance: Provenance,
    ) -> Sheet:
        name, kind = what
        try:
            async with self._store.transaction(actor, origin.fence) as tx:
                free, name_python = await _free_name(tx, place.dataset.id, name)
                metadata = {"provenance": provenance.to_json()}
                new = NewSheet(place.sheet_id, place.dataset.id, free, name_python, kind, None, metadata)
                sheet = await tx.sheets.create(new, place.version_id, written)
                if origin.chat_id and origin.fence:
                    run_id = origin.fence.run_id
                    await tx.artifacts.create(origin.chat_id, run_id, sheet.id, provenance.to_json())
                return sheet
        except BaseException:
            await self._files.delete(place.folder)
            raise


@dataclass(frozen=True)
class _Place:
    dataset: Dataset
    sheet_id: UUID
    version_id: UUID

    @property
    def folder(self) -> str:
        return f"projects/{self.dataset.project_id}/sheets/{self.sheet_id}"

    def uri(self, suffix: str) -> str:
        return f"{self.folder}/{self.version_id}.{suffix}"


async def _free_name(tx: Transaction, dataset_id: UUID, name: str) -> tuple[str, str]:
    """The name, numbered if the dataset has a sheet of that name already."""
    there = await tx.sheets.in_dataset(dataset_id)
    names = {s.name.lower() for s in there}
    taken = [s.name_python for s in there]
    free, number = name, 2
    while free.lower() in names:
        free, number = f"{name} {number}", number + 1
    return free, sheet_name_python(free, taken)


async def _once(body: bytes) -> AsyncIterator[bytes]:
    yield body
