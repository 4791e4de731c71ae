"""Imports by a worker over memory: what one leaves behind, in each way it can go."""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest

from oryxforge.adapters.memory.files import MemoryFiles
from oryxforge.adapters.memory.keeper import MemoryKeeper
from oryxforge.adapters.memory.store import MemoryStore
from oryxforge.adapters.memory.tables import MemoryTables
from oryxforge.domain.errors import Conflict, Invalid, OryxError, Unavailable
from oryxforge.domain.identity import Actor
from oryxforge.domain.runs import Fence, Run
from oryxforge.domain.sheets import Written
from oryxforge.domain.sources import LoadSettings, SaveSettings, SheetPreview, SourceType
from oryxforge.ports.engine import ImportProgress, Reader
from oryxforge.ports.repos import Store, Transaction
from oryxforge.services.idempotency import Key
from oryxforge.services.imports import Imports
from oryxforge.services.sources import Sources

ME = Actor(uuid4(), "me@example.org")


class Book(Reader):
    """A workbook of sheets with so many rows each; it is not to be previewed."""

    def __init__(self, rows: Mapping[str, int], files: MemoryFiles) -> None:
        self.rows, self._files = rows, files
        self.fault: Exception | None = None

    async def detect(self, uri: str, name: str) -> SourceType:
        return SourceType.EXCEL

    async def sheet_names(self, uri: str, kind: SourceType) -> list[str]:
        return list(self.rows)

    async def preview(
        self, uri: str, kind: SourceType, settings: LoadSettings, limit: int = 100
    ) -> dict[str, SheetPreview]:
        raise AssertionError("An import is queued without reading rows.")

    async def import_sheet(
        self,
        uri: str,
        kind: SourceType,
        sheet: str,
        target_uri: str,
        settings: LoadSettings,
        on_progress: Callable[[ImportProgress], None],
    ) -> Written:
        if not self.rows[sheet]:
            raise Invalid(f"The sheet `{sheet}` is empty.", code="sheet_empty")
        self._files.files[target_uri] = b"rows"
        if self.fault is not None:
            raise self.fault
        return Written(target_uri, self.rows[sheet], (), 4, "hash")


@dataclass
class Scene:
    store: MemoryStore
    keeper: MemoryKeeper
    files: MemoryFiles
    book: Book
    project: UUID
    source: UUID

    async def start(
        self, *sheets: str, dataset: str = "Sales", create: bool = True, key: Key | None = None
    ) -> Run:
        save = SaveSettings(create, dataset, {s: s for s in sheets})
        sources = Sources(self.store, self.files, self.book, 1_000)
        return await sources.start_import(ME, self.project, self.source, save, LoadSettings(), key)

    async def work(self, run: Run) -> Mapping[str, object]:
        claimed = await self.keeper.claim(run.id)
        assert claimed is not None
        return await Imports(self.store, self.files, self.book, self.keeper).work(ME, claimed.run)

    async def sheets(self) -> list[str]:
        async with self.store.transaction(ME) as tx:
            return sorted(s.address for s in await tx.sheets.in_project(self.project))


@pytest.fixture
async def scene() -> Scene:
    tables, files = MemoryTables(), MemoryFiles()
    store, source = MemoryStore(tables), uuid4()
    async with store.transaction(ME) as tx:
        project = await tx.projects.create("Sales", "sales")
        await tx.sources.create(source, project.id, "book.xlsx", SourceType.EXCEL, "book", 9)
    book = Book({"Visits": 3, "Other": 2, "Blank": 0}, files)
    return Scene(store, MemoryKeeper(tables, silent_after_s=0), files, book, project.id, source)


async def test_empty_sheets_are_left_out_and_named(scene: Scene) -> None:
    result = await scene.work(await scene.start("Blank", "Visits"))
    assert await scene.sheets() == ["sales.Visits"]
    assert result["skipped"] == ["Blank"]
    assert result["message"] == "Imported 1 sheet into Sales. Left out as empty: Blank."


async def test_nothing_but_empty_sheets_is_refused(scene: Scene) -> None:
    with pytest.raises(Invalid) as caught:
        await scene.work(await scene.start("Blank"))
    assert caught.value.code == "sheet_empty"
    async with scene.store.transaction(ME) as tx:
        assert await tx.datasets.find(scene.project, "Sales") is None


async def test_of_two_imports_into_one_new_dataset_the_second_fails(scene: Scene) -> None:
    first, second = [await scene.start(sheet) for sheet in ("Visits", "Other")]
    await scene.work(first)
    with pytest.raises(Conflict) as caught:
        await scene.work(second)
    assert caught.value.code == "dataset_exists"
    assert await scene.sheets() == ["sales.Visits"]
    assert len(scene.files.files) == 1


async def test_a_rescued_attempt_finds_the_dataset_that_it_made(scene: Scene) -> None:
    run = await scene.start("Visits")
    before = await scene.work(run)
    await scene.keeper.rescue()
    assert await scene.work(run) == before
    assert await scene.sheets() == ["sales.Visits"]


@pytest.mark.parametrize("fault", [RuntimeError("a bug"), Invalid("damaged")])
async def test_an_import_that_breaks_leaves_no_file(scene: Scene, fault: Exception) -> None:
    scene.book.fault = fault
    with pytest.raises(type(fault)):
        await scene.work(await scene.start("Visits"))
    assert scene.files.files == {}


async def test_files_stay_while_nobody_knows_whether_they_were_recorded(scene: Scene) -> None:
    run = await scene.start("Visits")
    claimed = await scene.keeper.claim(run.id)
    assert claimed is not None

    class Cut(Store):
        """A store whose connection is lost as the rows are committed."""

        def transaction(
            self, actor: Actor, fence: Fence | None = None
        ) -> AbstractAsyncContextManager[Transaction]:
            if fence is not None:
                raise Unavailable("away", code="database_unavailable")
            return scene.store.transaction(actor)

        async def check(self) -> None: ...

    with pytest.raises(OryxError):
        await Imports(Cut(), scene.files, scene.book, scene.keeper).work(ME, claimed.run)
    assert len(scene.files.files) == 1


async def test_a_retry_gets_its_run_when_the_file_is_gone(scene: Scene) -> None:
    key = Key.of("again", "POST /files/import", {})
    run = await scene.start("Visits", key=key)
    async with scene.store.transaction(ME) as tx:
        await tx.sources.delete(scene.project, scene.source)
    assert (await scene.start("Visits", key=key)).id == run.id
