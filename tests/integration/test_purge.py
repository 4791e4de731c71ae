"""Sheets that were deleted thirty days ago go for good: rows, versions, files; and nothing else does."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import pytest

from contracts.backends import Backend
from contracts.postgres_backend import postgres_backend
from contracts.scene import Team, dataset_id, make_sheet, make_team, table
from fixtures.postgres import Database
from oryxforge.adapters.files import FsspecFiles
from oryxforge.adapters.memory.clock import SetClock
from oryxforge.adapters.postgres.pool import Pool
from oryxforge.adapters.postgres.purges import PgPurges
from oryxforge.domain.errors import NotFound, Unavailable
from oryxforge.domain.sheets import Sheet
from oryxforge.services.sheets import Sheets
from oryxforge.services.upkeep import DeletedSheets

DAY_S = 86_400


@dataclass
class Place:
    """A project with sheets whose files are there."""

    backend: Backend
    team: Team
    dataset: UUID
    files: FsspecFiles
    clock: SetClock
    purging: DeletedSheets
    purges: PgPurges
    owner: asyncpg.Connection

    @property
    def sheets(self) -> Sheets:
        return Sheets(self.backend.store)

    async def make(self, name: str, *uris: str) -> Sheet:
        """A sheet with a version a file."""
        for uri in uris:
            await self.files.write(uri, _bytes(), 100)
        first, *later = uris
        made = await make_sheet(self.backend.store, self.team.editor, self.dataset, name, table(first))
        async with self.backend.store.transaction(self.team.editor) as tx:
            for uri in later:
                made = await tx.sheets.add_version(made.id, uuid4(), table(uri))
        return made

    async def there(self, *uris: str) -> list[bool]:
        return [await self.files.exists(uri) for uri in uris]

    async def count(self, query: str) -> int:
        return int(await self.owner.fetchval(f"select count(*) from {query}"))


async def _bytes() -> AsyncIterator[bytes]:
    yield b"rows"


@pytest.fixture
async def place(database: Database, tmp_path: Path) -> AsyncGenerator[Place]:
    worker, owner = Pool(database.worker, most=4), await asyncpg.connect(database.owner)
    async with postgres_backend(database) as backend:
        team = await make_team(backend)
        dataset = await dataset_id(backend.store, team.editor, team.project)
        files, clock, purges = FsspecFiles(str(tmp_path)), SetClock(datetime.now(UTC)), PgPurges(worker)
        purging = DeletedSheets(purges, files, clock)
        yield Place(backend, team, dataset, files, clock, purging, purges, owner)
    await owner.close()
    await worker.close()


async def test_after_thirty_days_and_not_before(place: Place) -> None:
    gone = await place.make("Gone", "s/gone/1", "s/gone/2")
    kept = await place.make("Kept", "s/kept/1")
    await place.sheets.delete(place.team.editor, gone.id)
    place.clock.advance(29.9 * DAY_S)
    assert await place.purging.purge() == 0
    assert await place.there("s/gone/1", "s/gone/2") == [True, True]
    place.clock.advance(0.2 * DAY_S)
    assert await place.purging.purge() == 2
    assert await place.there("s/gone/1", "s/gone/2", "s/kept/1") == [False, False, True]
    assert await place.count("public.datasheets") == 1
    assert await place.count("public.datasheet_versions") == 1
    assert await place.count("oryxforge.purged_files") == 0
    with pytest.raises(NotFound):
        await place.sheets.restore(place.team.editor, gone.id)
    assert (await place.sheets.get(place.team.viewer, kept.id)).version == 1
    assert await place.purging.purge() == 0


async def test_what_was_restored_stays(place: Place) -> None:
    sheet = await place.make("Back", "s/back/1")
    await place.sheets.delete(place.team.editor, sheet.id)
    await place.sheets.restore(place.team.editor, sheet.id)
    place.clock.advance(365 * DAY_S)
    assert await place.purging.purge() == 0
    assert await place.there("s/back/1") == [True]


async def test_a_restore_in_the_same_moment_wins_whole(place: Place) -> None:
    sheet = await place.make("Racing", "s/racing/1")
    await place.sheets.delete(place.team.editor, sheet.id)
    place.clock.advance(31 * DAY_S)
    async with place.backend.store.transaction(place.team.editor) as tx:
        await tx.sheets.restore(sheet.id)
        assert await asyncio.wait_for(place.purging.purge(), 10) == 0
    assert (await place.sheets.get(place.team.editor, sheet.id)).uri == "s/racing/1"
    assert await place.there("s/racing/1") == [True]


async def test_a_purge_in_the_same_moment_wins_whole(place: Place) -> None:
    sheet = await place.make("Racing", "s/racing/1")
    await place.sheets.delete(place.team.editor, sheet.id)
    async with place.owner.transaction():
        await place.owner.fetch("select oryxforge.purge_sheets(now() + interval '1 day', 10)")
        restoring = asyncio.create_task(place.sheets.restore(place.team.editor, sheet.id))
        done, _ = await asyncio.wait([restoring], timeout=0.3)
        assert not done
    with pytest.raises(NotFound):
        await restoring


async def test_a_file_that_another_sheet_has_too_stays(place: Place) -> None:
    gone = await place.make("Gone", "s/shared", "s/own")
    await place.make("Kept", "s/shared")
    await place.sheets.delete(place.team.editor, gone.id)
    place.clock.advance(31 * DAY_S)
    assert await place.purging.purge() == 1
    assert await place.there("s/shared", "s/own") == [True, False]


async def test_sheets_of_a_deleted_dataset(place: Place) -> None:
    await place.make("Inside", "s/inside")
    async with place.backend.store.transaction(place.team.owner) as tx:
        await tx.datasets.delete(place.dataset)
    place.clock.advance(31 * DAY_S)
    assert await place.purging.purge() == 1
    assert await place.there("s/inside") == [False]


async def test_a_store_that_was_away_loses_no_key(place: Place) -> None:
    sheet = await place.make("Gone", "s/gone")
    await place.sheets.delete(place.team.editor, sheet.id)
    place.clock.advance(31 * DAY_S)

    class Away(FsspecFiles):
        async def delete(self, prefix: str) -> None:
            raise Unavailable("The store is away.", code="store_away")

    with pytest.raises(Unavailable):
        await DeletedSheets(place.purges, Away("/nowhere"), place.clock).purge()
    assert await place.count("public.datasheets") == 0
    assert await place.purging.purge() == 1
    assert await place.there("s/gone") == [False]


async def test_only_workers_purge(place: Place, database: Database) -> None:
    before = datetime.now(UTC) + timedelta(days=1)
    for url in (database.api, database.authenticator, database.auth):
        pool = Pool(url, most=1)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await PgPurges(pool).purge(before, 1)
        await pool.close()
