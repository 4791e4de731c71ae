"""An import, as the worker does it: files first, then every row of it in one transaction."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID, uuid5

from oryxforge.domain.datasets import Dataset
from oryxforge.domain.errors import Conflict, Invalid, NotFound, OryxError, Unavailable
from oryxforge.domain.identity import Actor
from oryxforge.domain.names import sheet_name_python
from oryxforge.domain.runs import Fence, Run, RunKind, RunStatus
from oryxforge.domain.sheets import Sheet, SheetType, Written
from oryxforge.domain.sources import DataSource, LoadSettings
from oryxforge.ports.engine import ImportProgress, Reader
from oryxforge.ports.files import FileStore
from oryxforge.ports.repos import NewSheet, Store, Transaction
from oryxforge.ports.runs import RunKeeper
from oryxforge.services.sources import find_dataset, new_dataset

SHEET_EMPTY = "sheet_empty"


@dataclass(frozen=True)
class _Plan:
    source_id: UUID
    dataset: str
    create: bool
    sheets: Mapping[str, str]
    load: LoadSettings
    new_versions: bool

    @staticmethod
    def of(args: Mapping[str, object]) -> "_Plan":
        sheets, load = args["sheets"], args["load"]
        assert isinstance(sheets, dict)
        assert isinstance(load, dict)
        return _Plan(
            UUID(str(args["source_id"])),
            str(args["dataset"]),
            bool(args["create"]),
            sheets,
            LoadSettings.of_json(load),
            bool(args.get("new_versions", False)),
        )


@dataclass
class _Progress:
    """What the job shows: written by the reader's thread, read by the loop that stores it."""

    sheets: int
    sheet: int = 0
    name: str = ""
    now: ImportProgress = field(default_factory=lambda: ImportProgress("queued", 0, 0, 0))

    def report(self, progress: ImportProgress) -> None:
        self.now = progress

    def to_json(self) -> dict[str, object]:
        return {
            "stage": self.now.stage,
            "sheet": self.name,
            "sheets_done": self.sheet,
            "sheets_total": self.sheets,
            "rows": self.now.rows_done,
            "bytes": self.now.bytes_done,
            "bytes_total": self.now.bytes_total,
        }


class Imports:
    def __init__(
        self, store: Store, files: FileStore, reader: Reader, keeper: RunKeeper, every_s: float = 0.5
    ) -> None:
        self._store = store
        self._files = files
        self._reader = reader
        self._keeper = keeper
        self._every_s = every_s

    async def work(self, actor: Actor, run: Run) -> dict[str, object]:
        """Imports what the run's args say; the job's result. Raises an OryxError, with nothing left behind."""
        plan = _Plan.of(run.args)
        fence = Fence(run.id, run.attempt)
        async with self._store.transaction(actor) as tx:
            source = await tx.sources.get(run.project_id, plan.source_id)
        progress = _Progress(len(plan.sheets))
        reporting = asyncio.create_task(self._report(fence, progress))
        try:
            written = await self._write(run, plan, source, progress)
            return await self._commit(actor, run, plan, source, written)
        finally:
            reporting.cancel()

    async def _write(
        self, run: Run, plan: _Plan, source: DataSource, progress: _Progress
    ) -> dict[str, Written]:
        """The sheets that hold something; raises Invalid where none does."""
        written: dict[str, Written] = {}
        empty: OryxError | None = None
        try:
            for number, (name, target) in enumerate(plan.sheets.items()):
                progress.sheet, progress.name = number, target
                try:
                    one = await self._reader.import_sheet(
                        source.uri, source.type, name, self._uri(run, name), plan.load, progress.report
                    )
                    written[name] = replace(one, receipt=_receipt(one, source, name, plan.load))
                except Invalid as error:
                    if error.code != SHEET_EMPTY:
                        raise
                    empty = error
        except BaseException:
            await self._drop(run, plan)
            raise
        if empty is not None and not written:
            raise empty
        return written

    async def _commit(
        self, actor: Actor, run: Run, plan: _Plan, source: DataSource, written: Mapping[str, Written]
    ) -> dict[str, object]:
        try:
            async with self._store.transaction(actor, Fence(run.id, run.attempt)) as tx:
                return await self._record(tx, run, plan, source, written)
        except Unavailable:
            # Nobody knows whether the rows are there: the files stay.
            raise
        except Exception:
            await self._drop(run, plan)
            raise

    async def _record(
        self, tx: Transaction, run: Run, plan: _Plan, source: DataSource, written: Mapping[str, Written]
    ) -> dict[str, object]:
        dataset = await _dataset(tx, run, plan)
        ids: dict[str, object] = {}
        for name, one in written.items():
            target = plan.sheets[name]
            sheet = await self._record_sheet(tx, run, dataset, source, (name, target), one, plan.new_versions)
            ids[target] = str(sheet.id)
        skipped = [name for name in plan.sheets if name not in written]
        return {
            "status": "success",
            "dataset_id": str(dataset.id),
            "datasheet_ids": ids,
            "skipped": skipped,
            "message": _message(len(ids), dataset.name, skipped),
        }

    async def _record_sheet(
        self,
        tx: Transaction,
        run: Run,
        dataset: Dataset,
        source: DataSource,
        names: tuple[str, str],
        written: Written,
        new_versions: bool,
    ) -> Sheet:
        name, target = names
        sheet_id, version_id = uuid5(run.id, name), version_made(run, name)
        there = [s for s in await tx.sheets.in_dataset(dataset.id) if _same(s, target) or s.id == sheet_id]
        if there and there[0].id == sheet_id:
            return there[0]
        if there and (new_versions or there[0].source_id == source.id):
            if any(v.id == version_id for v in await tx.sheets.versions(there[0].id)):
                return there[0]
            return await tx.sheets.add_version(there[0].id, version_id, written)
        if there:
            raise Conflict(
                f"{dataset.name} has a sheet named “{there[0].name}” already. Give the import another name.",
                code="sheet_exists",
                extra={"datasheet_id": str(there[0].id)},
            )
        taken = [s.name_python for s in await tx.sheets.in_dataset(dataset.id)]
        new = NewSheet(
            sheet_id, dataset.id, target, sheet_name_python(target, taken), SheetType.TABLE, source.id
        )
        return await tx.sheets.create(new, version_id, written)

    def _uri(self, run: Run, name: str) -> str:
        return f"{self._folder(run, name)}/{uuid5(run.id, f'{name}/{run.attempt}')}.parquet"

    def _folder(self, run: Run, name: str) -> str:
        return f"projects/{run.project_id}/sheets/{uuid5(run.id, name)}"

    async def _drop(self, run: Run, plan: _Plan) -> None:
        for name in plan.sheets:
            await self._files.delete(self._uri(run, name))
            await self._files.delete(f"{self._uri(run, name)}.head.json")

    async def _report(self, fence: Fence, progress: _Progress) -> None:
        started = asyncio.get_running_loop().time()
        while True:
            await asyncio.sleep(self._every_s)
            seconds = asyncio.get_running_loop().time() - started
            rate = progress.now.bytes_done / seconds
            await self._keeper.progress(fence, {**progress.to_json(), "bytes_per_s": round(rate)})


def version_made(run: Run, name: str) -> UUID:
    """The id of the version that an import makes of one sheet of the file."""
    return uuid5(run.id, f"{name}/version")


async def undo_import(tx: Transaction, run: Run) -> int:
    """Takes back what an import made; how many sheets that were.

    Raises Conflict where it made nothing, or where something was built on it.
    """
    if run.kind is not RunKind.IMPORT or run.status is not RunStatus.COMPLETED or run.result is None:
        raise Conflict("There is nothing to undo: this is no finished import.", code="nothing_to_undo")
    plan, ids = _Plan.of(run.args), run.result["datasheet_ids"]
    assert isinstance(ids, dict)
    names = {target: name for name, target in plan.sheets.items()}
    there = {s.id: s for s in await tx.sheets.in_project(run.project_id)}
    undone = 0
    for target, sheet_id in ids.items():
        sheet = there.get(UUID(str(sheet_id)))
        if sheet is not None:
            undone += await _undo_sheet(tx, sheet, version_made(run, names[str(target)]))
    dataset_id = UUID(str(run.result["dataset_id"]))
    datasets = {d.id for d in await tx.datasets.in_project(run.project_id)}
    filled = {s.dataset_id for s in await tx.sheets.in_project(run.project_id)}
    if plan.create and dataset_id in datasets - filled:
        await tx.datasets.delete(dataset_id)
    return undone


async def _undo_sheet(tx: Transaction, sheet: Sheet, version_id: UUID) -> bool:
    versions = await tx.sheets.versions(sheet.id)
    made = next((v for v in versions if v.id == version_id), None)
    if made is None or sheet.version < made.number:
        return False
    if sheet.version != made.number:
        raise Conflict(
            f"{sheet.name} has been changed since this import. Go to one of its versions instead.",
            code="import_built_on",
            extra={"datasheet_id": str(sheet.id)},
        )
    before = [v.number for v in versions if v.number < made.number]
    if before:
        await tx.sheets.point_to(sheet.id, max(before))
    else:
        await tx.sheets.delete(sheet.id)
    return True


def _receipt(written: Written, source: DataSource, sheet: str, load: LoadSettings) -> dict[str, object]:
    """What the reader tells of an import, and what is needed to do it again."""
    told = {"rejects": 0, **written.receipt}
    return {
        **told,
        "rows": written.rows,
        "source": source.name,
        "source_type": source.type,
        "source_sheet": sheet,
        "settings": load.to_json(),
    }


def _message(imported: int, dataset: str, skipped: Sequence[str]) -> str:
    many = "sheet" if imported == 1 else "sheets"
    left = f" Left out as empty: {', '.join(skipped)}." if skipped else ""
    return f"Imported {imported} {many} into {dataset}.{left}"


def _same(sheet: Sheet, name: str) -> bool:
    return sheet.name.lower() == name.lower()


async def _dataset(tx: Transaction, run: Run, plan: _Plan) -> Dataset:
    if plan.create:
        return await _new_dataset(tx, run, plan)
    found = await find_dataset(tx, run.project_id, plan.dataset)
    if found is None:
        raise NotFound(
            f"The dataset “{plan.dataset}” is gone. Import into another.", code="dataset_not_found"
        )
    return found


async def _new_dataset(tx: Transaction, run: Run, plan: _Plan) -> Dataset:
    """The run's own dataset, which an attempt that was cut off after its commit has made. Raises Conflict for another's."""
    own = {uuid5(run.id, name) for name in plan.sheets}
    made = [s for s in await tx.sheets.in_project(run.project_id) if s.id in own] if run.attempt > 1 else []
    if made:
        return await tx.datasets.get(made[0].dataset_id)
    return await new_dataset(tx, run.project_id, plan.dataset)
