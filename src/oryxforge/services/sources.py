"""Data sources: upload, preview, and asking for an import."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path, PurePosixPath, PureWindowsPath
from uuid import UUID, uuid4

from oryxforge.domain.datasets import Dataset
from oryxforge.domain.errors import Conflict, FieldError, Invalid, Kind, NotFound, OryxError, TooLarge
from oryxforge.domain.identity import Actor, Role
from oryxforge.domain.names import clean_name, dataset_name_python
from oryxforge.domain.runs import Run, RunKind
from oryxforge.domain.sources import DataSource, LoadSettings, SaveSettings, SheetPreview, SheetReading
from oryxforge.ports.engine import Reader
from oryxforge.ports.files import FileStore
from oryxforge.ports.repos import Store, Transaction
from oryxforge.services.idempotency import Key, earlier, once


class Sources:
    def __init__(self, store: Store, files: FileStore, reader: Reader, upload_limit_bytes: int) -> None:
        self._store = store
        self._files = files
        self._reader = reader
        self._limit = upload_limit_bytes

    async def upload(
        self, actor: Actor, project_id: UUID, filename: str, chunks: AsyncIterator[bytes]
    ) -> DataSource:
        """Stores a file and records it. Raises TooLarge, and Invalid for what is no table."""
        name = _name(filename)
        await self.may_upload(actor, project_id, 0)
        source_id = uuid4()
        folder = _folder(project_id, source_id)
        try:
            stored = await self._files.write(f"{folder}/original", chunks, self._limit)
            kind = await self._reader.detect(stored.uri, name)
            async with self._store.transaction(actor) as tx:
                return await tx.sources.create(
                    source_id, project_id, name, kind, stored.uri, stored.size_bytes
                )
        except BaseException:
            await self._files.delete(folder)
            raise

    async def may_upload(self, actor: Actor, project_id: UUID, size_bytes: int) -> None:
        """Raises NotFound, NotAllowed or TooLarge where a file of that size would be refused."""
        if size_bytes > self._limit:
            raise TooLarge(f"The file is over the limit of {self._limit} bytes.")
        async with self._store.transaction(actor) as tx:
            await tx.projects.need(project_id, Role.EDITOR)

    async def adopt(
        self, actor: Actor, project_id: UUID, source_id: UUID, filename: str, path: Path
    ) -> DataSource:
        """As `upload`, of a finished local file under an id that its caller gave; again with that id does it once."""
        name = _name(filename)
        async with self._store.transaction(actor) as tx:
            await tx.projects.need(project_id, Role.EDITOR)
            before = [s for s in await tx.sources.in_project(project_id) if s.id == source_id]
        if before:
            return before[0]
        folder = _folder(project_id, source_id)
        try:
            size = await self._files.adopt(path, f"{folder}/original")
            kind = await self._reader.detect(f"{folder}/original", name)
            async with self._store.transaction(actor) as tx:
                return await tx.sources.create(source_id, project_id, name, kind, f"{folder}/original", size)
        except OryxError as error:
            # While the database is away nobody knows whether the row is there: the next try finds out.
            if error.kind is not Kind.UNAVAILABLE:
                await self._files.delete(folder)
            raise

    async def in_project(self, actor: Actor, project_id: UUID) -> list[DataSource]:
        async with self._store.transaction(actor) as tx:
            await tx.projects.get(project_id)
            return await tx.sources.in_project(project_id)

    async def get(self, actor: Actor, project_id: UUID, source_id: UUID) -> DataSource:
        async with self._store.transaction(actor) as tx:
            await tx.projects.get(project_id)
            return await tx.sources.get(project_id, source_id)

    async def delete(self, actor: Actor, project_id: UUID, source_id: UUID) -> None:
        """Deletes a file; the sheets that were imported from it stay."""
        async with self._store.transaction(actor) as tx:
            await tx.projects.need(project_id, Role.EDITOR)
            await tx.sources.delete(project_id, source_id)
        await self._files.delete(_folder(project_id, source_id))

    async def preview(
        self, actor: Actor, project_id: UUID, source_id: UUID, settings: LoadSettings, limit: int = 100
    ) -> dict[str, SheetPreview]:
        source = await self.get(actor, project_id, source_id)
        return await self._reader.preview(source.uri, source.type, settings, limit)

    async def inspect(
        self, actor: Actor, project_id: UUID, source_id: UUID, settings: LoadSettings, limit: int = 100
    ) -> list[SheetReading]:
        """As `preview`, with what was found out and why; the sheets in the file's order."""
        source = await self.get(actor, project_id, source_id)
        return await self._reader.inspect(source.uri, source.type, settings, limit)

    async def start_import(
        self,
        actor: Actor,
        project_id: UUID,
        source_id: UUID,
        save: SaveSettings,
        load: LoadSettings,
        key: Key | None = None,
    ) -> Run:
        """Queues an import. Raises Invalid where nothing is selected, Conflict where the dataset is there already.

        A retry with the same key gets the same run, also where the file is gone by then.
        """
        async with self._store.transaction(actor) as tx:
            if (before := await earlier(tx, key)) is not None:
                return await _run_of(tx, before)
        if not save.selected_sheets:
            raise Invalid("Select at least one sheet to import.", code="nothing_selected")
        dataset = clean_name(save.dataset_name, "dataset")
        targets = {s: clean_name(t or s, "sheet") for s, t in save.selected_sheets.items()}
        if len({t.lower() for t in targets.values()}) < len(targets):
            raise Invalid(
                "Two sheets of the file would get the same name. Give each a name of its own.",
                code="targets_clash",
                errors=[FieldError("settings_save.selectedSheets", "two sheets with one name")],
            )
        source = await self.get(actor, project_id, source_id)
        known = await self._reader.sheet_names(source.uri, source.type)
        unknown = [s for s in targets if s not in known]
        if unknown:
            raise Invalid(
                f"The file has no sheet named {unknown[0]!r}; it has {', '.join(map(repr, known))}.",
                code="source_sheet_not_found",
                errors=[FieldError("settings_save.selectedSheets", "unknown sheet")],
            )
        args = _args(source_id, dataset, save, targets, load)
        async with self._store.transaction(actor) as tx:

            async def make() -> dict[str, object]:
                await _check_dataset(tx, project_id, dataset, save.create_new_dataset)
                run = await tx.runs.create(RunKind.IMPORT, project_id, None, 1, args)
                return {"run": str(run.id)}

            return await _run_of(tx, await once(tx, key, make))


def _name(filename: str) -> str:
    return clean_name(PurePosixPath(PureWindowsPath(filename).name).name, "file")


def _folder(project_id: UUID, source_id: UUID) -> str:
    return f"projects/{project_id}/sources/{source_id}"


async def _run_of(tx: Transaction, made: Mapping[str, object]) -> Run:
    return await tx.runs.get(UUID(str(made["run"])))


def _args(
    source_id: UUID, dataset: str, save: SaveSettings, targets: Mapping[str, str], load: LoadSettings
) -> dict[str, object]:
    return {
        "source_id": str(source_id),
        "dataset": dataset,
        "create": save.create_new_dataset,
        "sheets": dict(targets),
        "new_versions": save.new_versions,
        "load": load.to_json(),
    }


async def find_dataset(tx: Transaction, project_id: UUID, name: str) -> Dataset | None:
    """The dataset that an import under that name would go into."""
    return await tx.datasets.find(project_id, name) or await tx.datasets.find(
        project_id, dataset_name_python(name)
    )


async def new_dataset(tx: Transaction, project_id: UUID, name: str) -> Dataset:
    """Raises Conflict where there is one of that name, also one that is made at the same time."""
    _check_free(await find_dataset(tx, project_id, name))
    return await tx.datasets.create(project_id, name, dataset_name_python(name))


async def _check_dataset(tx: Transaction, project_id: UUID, dataset: str, create: bool) -> None:
    await tx.projects.need(project_id, Role.EDITOR)
    found = await find_dataset(tx, project_id, dataset)
    if create:
        _check_free(found)
    elif found is None:
        raise NotFound(
            f"There is no dataset named “{dataset}” to import into. Create it, or ask for a new one.",
            code="dataset_not_found",
        )


def _check_free(found: Dataset | None) -> None:
    if found is not None:
        raise Conflict(
            f"The project has a dataset named “{found.name}” already. Take another name, or import into that one.",
            code="dataset_exists",
            extra={"dataset_id": str(found.id)},
        )
