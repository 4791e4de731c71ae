"""New versions of results: their code run again, or another look of a chart, each with how it came about."""

import hashlib
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from uuid import UUID, uuid4

from oryxforge.domain.artifacts import Provenance
from oryxforge.domain.errors import Conflict, Invalid, NotFound, OryxError, Unprocessable
from oryxforge.domain.figures import Rows, redrawn, same_values
from oryxforge.domain.identity import Actor, Role
from oryxforge.domain.sheets import Sheet, SheetType, SheetVersion, Written
from oryxforge.ports.engine import Engine
from oryxforge.ports.files import FileStore
from oryxforge.ports.repos import Store
from oryxforge.services.analysis import Analysis, Answered, Kept
from oryxforge.services.artifacts import ENGINE, FIGURE_LIMIT, figure_bytes

SHOWN = 200
DRAWN = 10_000
BY_USER = "user"
Figure = dict[str, object]


@dataclass(frozen=True)
class Ran:
    """What code gives now; `figure` is a chart drawn over it, None for a table or where it can't be."""

    answered: Answered
    figure: Figure | None


class Revisions:
    def __init__(self, store: Store, engine: Engine, files: FileStore, analysis: Analysis) -> None:
        self._store = store
        self._engine = engine
        self._files = files
        self._analysis = analysis

    async def document(self, actor: Actor, sheet_id: UUID, version: int | None = None) -> tuple[Sheet, bytes]:
        """A chart's or a report's stored bytes, of its current version unless told. Raises Unprocessable for a table."""
        async with self._store.transaction(actor) as tx:
            sheet = await tx.sheets.get(sheet_id)
            versions = [] if version is None else await tx.sheets.versions(sheet_id)
        if sheet.type is SheetType.TABLE:
            raise Unprocessable(f"{sheet.address} is a table; load its rows instead.", code="sheet_is_table")
        uri = sheet.uri if version is None else _numbered(versions, version).uri
        return sheet, await self._files.read(uri)

    async def run(self, actor: Actor, sheet_id: UUID, code: str) -> Ran:
        """What the code of a table or chart gives, nothing saved. Raises Invalid where the SQL is wrong."""
        sheet = await self._runnable(actor, sheet_id)
        if sheet.type is SheetType.TABLE:
            return Ran(await self._analysis.run_sql(actor, sheet.project_id, code, SHOWN), None)
        answered = await self._analysis.run_sql(actor, sheet.project_id, code, DRAWN)
        return Ran(answered, await self._redrawn(actor, sheet, answered))

    async def save(self, actor: Actor, sheet_id: UUID, code: str, version: int | None = None) -> Sheet:
        """Runs the code and keeps what it gives as a new version of the sheet.

        `version` is the one that the change was made on. Raises Conflict where another is current, Unprocessable where
        a chart can't be drawn over the rows.
        """
        sheet = await self._runnable(actor, sheet_id, version)
        version_id = uuid4()
        if sheet.type is SheetType.TABLE:
            uri = _uri(sheet, version_id, "parquet")
            kept = await self._analysis.write_sql(actor, sheet.project_id, code, uri)
        else:
            ran = await self.run(actor, sheet_id, code)
            if ran.figure is None:
                raise Unprocessable(
                    "The chart's values can't be traced to columns of the result, so it can't be drawn anew. "
                    "Ask for a new chart in the chat.",
                    code="figure_not_redrawn",
                )
            written = await self._store_figure(sheet, version_id, ran.figure)
            kept = Kept(written, ran.answered.reads, ran.answered.result.duration_ms)
        provenance = Provenance(
            "sql", code, ENGINE, kept.reads, kept.duration_ms, BY_USER, user_id=actor.user_id
        )
        return await self._add(actor, sheet, version_id, kept.written, {"provenance": provenance.to_json()})

    async def edit(
        self, actor: Actor, sheet_id: UUID, figure: Figure, what: str, version: int | None = None
    ) -> Sheet:
        """Keeps another look of a chart as a new version: its code and data stay. Raises Unprocessable for other values."""
        sheet, stored = await self.document(actor, sheet_id)
        _check_version(sheet, version)
        if sheet.type is not SheetType.CHART:
            raise Unprocessable(f"{sheet.address} is no chart.", code="sheet_not_chart")
        if not same_values(json.loads(stored), figure):
            raise Unprocessable(
                "The values of a chart come from its code: change that and run it.",
                code="figure_values_changed",
            )
        await self._need_editor(actor, sheet)
        version_id = uuid4()
        written = await self._store_figure(sheet, version_id, figure)
        return await self._add(actor, sheet, version_id, written, {"edit": {"what": what}})

    async def _runnable(self, actor: Actor, sheet_id: UUID, version: int | None = None) -> Sheet:
        async with self._store.transaction(actor) as tx:
            sheet = await tx.sheets.get(sheet_id)
        await self._need_editor(actor, sheet)
        _check_version(sheet, version)
        language = _provenance(sheet).get("language")
        if language != "sql":
            raise Unprocessable(
                "Only SQL can be run again here." if language else "This sheet was not made by code.",
                code="language_not_runnable",
            )
        return sheet

    async def _need_editor(self, actor: Actor, sheet: Sheet) -> None:
        async with self._store.transaction(actor) as tx:
            await tx.projects.need(sheet.project_id, Role.EDITOR)

    async def _redrawn(self, actor: Actor, sheet: Sheet, now: Answered) -> Figure | None:
        """The chart over other rows, by what its own code gave over the data that it was made from."""
        _, stored = await self.document(actor, sheet.id)
        provenance = _provenance(sheet)
        try:
            tables = await self._as_read(actor, provenance)
            then = await self._engine.query(str(provenance.get("code", "")), tables, DRAWN)
        except (Invalid, NotFound):
            return None
        before, after = Rows(then.headers, then.data), Rows(now.result.headers, now.result.data)
        return redrawn(json.loads(stored), before, after)

    async def _as_read(self, actor: Actor, provenance: Mapping[str, object]) -> dict[str, str]:
        """The sheets that a result was made from, at the versions that it read: name to file. Raises NotFound."""
        reads = provenance.get("reads")
        tables: dict[str, str] = {}
        async with self._store.transaction(actor) as tx:
            for read in reads if isinstance(reads, list) else []:
                versions = await tx.sheets.versions(UUID(str(read["sheet_id"])))
                tables[str(read["sheet"])] = _numbered(versions, int(read["version"])).uri
        return tables

    async def _store_figure(self, sheet: Sheet, version_id: UUID, figure: Figure) -> Written:
        body = figure_bytes(figure)
        stored = await self._files.write(_uri(sheet, version_id, "json"), _once(body), FIGURE_LIMIT)
        return Written(stored.uri, 0, (), stored.size_bytes, hashlib.sha256(body).hexdigest())

    async def _add(
        self, actor: Actor, sheet: Sheet, version_id: UUID, written: Written, metadata: Mapping[str, object]
    ) -> Sheet:
        try:
            async with self._store.transaction(actor) as tx:
                return await tx.sheets.add_version(sheet.id, version_id, written, metadata)
        except OryxError:
            await self._files.delete(written.uri)
            raise


def _check_version(sheet: Sheet, version: int | None) -> None:
    if version is not None and version != sheet.version:
        raise Conflict(
            f"Version {sheet.version} of {sheet.address} is current now. Look at it, then make your change again.",
            code="version_moved",
            extra={"version": sheet.version},
        )


def _numbered(versions: list[SheetVersion], number: int) -> SheetVersion:
    found = next((v for v in versions if v.number == number), None)
    if found is None:
        raise NotFound(f"The sheet has no version {number}.", code="version_not_found")
    return found


def _provenance(sheet: Sheet) -> Mapping[str, object]:
    provenance = sheet.metadata.get("provenance")
    return provenance if isinstance(provenance, Mapping) else {}


def _uri(sheet: Sheet, version_id: UUID, suffix: str) -> str:
    return f"projects/{sheet.project_id}/sheets/{sheet.id}/{version_id}.{suffix}"


async def _once(body: bytes) -> AsyncIterator[bytes]:
    yield body
