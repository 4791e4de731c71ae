"""A file's status follows its imports, however they end."""

from uuid import UUID, uuid4

import pytest

from contracts.backends import Backend
from contracts.scene import Team, claim, dataset_id, make_source, table
from oryxforge.domain.chats import ChatStatus
from oryxforge.domain.runs import Run, RunKind
from oryxforge.domain.sheets import SheetType
from oryxforge.domain.sources import SourceFlag, SourceStatus
from oryxforge.ports.repos import NewSheet
from oryxforge.ports.runs import Ending

PENDING, READY = SourceStatus(SourceFlag.PENDING), SourceStatus(SourceFlag.READY)
PROCESSING = SourceStatus(SourceFlag.PROCESSING)
BROKEN = Ending(ChatStatus.FAILED, {"code": "internal_error", "detail": "Something went wrong."})


@pytest.fixture
async def source(backend: Backend, team: Team) -> UUID:
    return (await make_source(backend.store, team.editor, team.project)).id


async def import_of(backend: Backend, team: Team, source: UUID) -> Run:
    async with backend.store.transaction(team.editor) as tx:
        return await tx.runs.create(RunKind.IMPORT, team.project, None, 1, {"source_id": str(source)})


async def sheet_of(backend: Backend, team: Team, source: UUID) -> None:
    dataset = await dataset_id(backend.store, team.editor, team.project)
    new = NewSheet(uuid4(), dataset, "Orders", "Orders", SheetType.TABLE, source)
    async with backend.store.transaction(team.editor) as tx:
        await tx.sheets.create(new, uuid4(), table())


async def cancel(backend: Backend, team: Team, run: Run) -> None:
    async with backend.store.transaction(team.editor) as tx:
        await tx.runs.cancel(run.id)


async def status(backend: Backend, team: Team, source: UUID) -> SourceStatus:
    async with backend.store.transaction(team.viewer) as tx:
        return (await tx.sources.get(team.project, source)).status


@pytest.mark.parametrize("imported", [False, True])
async def test_a_cancelled_import_leaves_what_was(
    backend: Backend, team: Team, source: UUID, imported: bool
) -> None:
    if imported:
        await sheet_of(backend, team, source)
    run = await import_of(backend, team, source)
    await claim(backend.keeper(), run)
    assert await status(backend, team, source) == PROCESSING
    await cancel(backend, team, run)
    assert await status(backend, team, source) == (READY if imported else PENDING)


async def test_an_import_that_is_cancelled_between_attempts(
    backend: Backend, team: Team, source: UUID
) -> None:
    keeper = backend.keeper(silent_after_s=0)
    run = await import_of(backend, team, source)
    await claim(keeper, run)
    await keeper.rescue()
    assert await status(backend, team, source) == PROCESSING
    await cancel(backend, team, run)
    assert await status(backend, team, source) == PENDING


async def test_an_import_that_was_given_up(backend: Backend, team: Team, source: UUID) -> None:
    keeper = backend.keeper(silent_after_s=0, max_attempts=1)
    await claim(keeper, await import_of(backend, team, source))
    assert await keeper.rescue() == 1
    seen = await status(backend, team, source)
    assert seen.flag is SourceFlag.ERROR
    assert "stopped 1 times" in seen.msg


async def test_an_import_that_broke_and_one_that_went_well(
    backend: Backend, team: Team, source: UUID
) -> None:
    keeper = backend.keeper()
    _, fence = await claim(keeper, await import_of(backend, team, source))
    await keeper.finish(fence, BROKEN)
    assert await status(backend, team, source) == SourceStatus(SourceFlag.ERROR, "Something went wrong.")
    _, fence = await claim(keeper, await import_of(backend, team, source))
    await keeper.finish(fence, Ending(ChatStatus.COMPLETED))
    assert await status(backend, team, source) == READY


async def test_of_two_imports_the_last_one_ends_it(backend: Backend, team: Team, source: UUID) -> None:
    keeper = backend.keeper()
    first, second = [await import_of(backend, team, source) for _ in range(2)]
    await claim(keeper, first)
    await claim(keeper, second)
    await cancel(backend, team, first)
    assert await status(backend, team, source) == PROCESSING
    await cancel(backend, team, second)
    assert await status(backend, team, source) == PENDING
