"""What every Store does with datasets."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from contracts.backends import Backend
from contracts.refusals import refused
from contracts.scene import Team, dataset_id, make_sheet
from oryxforge.domain.datasets import Dataset
from oryxforge.domain.errors import Conflict, NotAllowed, NotFound

LONG_AGO = datetime.min.replace(tzinfo=UTC)


async def make_dataset(
    backend: Backend, team: Team, name: str = "Year 2023", name_python: str = "year_2023"
) -> Dataset:
    async with backend.store.transaction(team.editor) as tx:
        return await tx.datasets.create(team.project, name, name_python)


async def test_an_editor_creates_and_all_see_it(backend: Backend, team: Team) -> None:
    made = await make_dataset(backend, team)
    async with backend.store.transaction(team.viewer) as tx:
        assert await tx.datasets.get(made.id) == made
        assert made in await tx.datasets.in_project(team.project)
    assert (made.name, made.name_python) == ("Year 2023", "year_2023")
    assert (made.project_id, made.user_owner) == (team.project, team.editor.user_id)


@pytest.mark.parametrize("name", ["Year 2023", "year 2023", "YEAR_2023"])
async def test_found_by_either_name_in_any_case(backend: Backend, team: Team, name: str) -> None:
    made = await make_dataset(backend, team)
    async with backend.store.transaction(team.viewer) as tx:
        assert await tx.datasets.find(team.project, name) == made


async def test_the_name_as_typed_is_found_before_another_ones_python_name(
    backend: Backend, team: Team
) -> None:
    await make_dataset(backend, team, "First", "second")
    second = await make_dataset(backend, team, "Second", "second_2")
    async with backend.store.transaction(team.viewer) as tx:
        assert await tx.datasets.find(team.project, "second") == second
        assert await tx.datasets.find(team.project, "third") is None


@pytest.mark.parametrize(("name", "name_python"), [("YEAR 2023", "other"), ("Other", "Year_2023")])
async def test_a_taken_name_is_refused_and_tells_whose(
    backend: Backend, team: Team, name: str, name_python: str
) -> None:
    made = await make_dataset(backend, team)
    with pytest.raises(Conflict) as caught:
        await make_dataset(backend, team, name, name_python)
    assert (caught.value.code, caught.value.extra) == ("dataset_exists", {"dataset_id": str(made.id)})


async def test_after_a_taken_name_the_transaction_goes_on(backend: Backend, team: Team) -> None:
    async with backend.store.transaction(team.editor) as tx:
        with pytest.raises(Conflict):
            await tx.datasets.create(team.project, "sources", "sources")
        await tx.datasets.create(team.project, "Other", "other")
    async with backend.store.transaction(team.viewer) as tx:
        assert await tx.datasets.find(team.project, "other") is not None


async def test_another_project_may_have_the_same_names(backend: Backend, team: Team) -> None:
    await make_dataset(backend, team)
    async with backend.store.transaction(team.owner) as tx:
        other = await tx.projects.create("Costs", "costs")
        made = await tx.datasets.create(other.id, "Year 2023", "year_2023")
    assert made.project_id == other.id


async def test_renamed(backend: Backend, team: Team) -> None:
    made = await make_dataset(backend, team)
    async with backend.store.transaction(team.editor) as tx:
        renamed = await tx.datasets.rename(made.id, "Last year", "last_year")
        assert await tx.datasets.get(made.id) == renamed
    assert (renamed.name, renamed.name_python) == ("Last year", "last_year")


async def test_renamed_to_its_own_name_in_another_case(backend: Backend, team: Team) -> None:
    made = await make_dataset(backend, team)
    async with backend.store.transaction(team.editor) as tx:
        assert (await tx.datasets.rename(made.id, "YEAR 2023", "year_2023")).name == "YEAR 2023"


async def test_renamed_to_a_taken_name_is_refused(backend: Backend, team: Team) -> None:
    made = await make_dataset(backend, team)
    sources = await dataset_id(backend.store, team.editor, team.project)
    with pytest.raises(Conflict) as caught:
        async with backend.store.transaction(team.editor) as tx:
            await tx.datasets.rename(made.id, "SOURCES", "other")
    assert (caught.value.code, caught.value.extra) == ("dataset_exists", {"dataset_id": str(sources)})


async def test_a_renamed_dataset_changes_the_address_of_its_sheets(backend: Backend, team: Team) -> None:
    made = await make_dataset(backend, team)
    sheet = await make_sheet(backend.store, team.editor, made.id)
    async with backend.store.transaction(team.editor) as tx:
        await tx.datasets.rename(made.id, "Last year", "last_year")
        assert (await tx.sheets.get(sheet.id)).address == "last_year.Orders"


async def test_a_deleted_dataset_is_gone_with_its_sheets(backend: Backend, team: Team) -> None:
    made = await make_dataset(backend, team)
    sheet = await make_sheet(backend.store, team.editor, made.id)
    async with backend.store.transaction(team.editor) as tx:
        await tx.datasets.delete(made.id)
        assert await tx.datasets.find(team.project, made.name) is None
        assert await tx.sheets.in_project(team.project) == []
    async with refused(backend.store, team.editor, NotFound, "dataset_not_found") as tx:
        await tx.datasets.get(made.id)
    async with refused(backend.store, team.editor, NotFound, "sheet_not_found") as tx:
        await tx.sheets.get(sheet.id)


async def test_a_deleted_dataset_frees_its_names(backend: Backend, team: Team) -> None:
    made = await make_dataset(backend, team)
    async with backend.store.transaction(team.editor) as tx:
        await tx.datasets.delete(made.id)
    assert (await make_dataset(backend, team)).id != made.id


async def test_a_stranger_finds_no_dataset(backend: Backend, team: Team) -> None:
    made = await make_dataset(backend, team)
    async with backend.store.transaction(team.stranger) as tx:
        assert await tx.datasets.find(team.project, made.name) is None
    async with refused(backend.store, team.stranger, NotFound) as tx:
        await tx.datasets.get(made.id)
    async with refused(backend.store, team.stranger, NotFound) as tx:
        await tx.datasets.in_project(team.project)
    async with refused(backend.store, team.stranger, NotFound) as tx:
        await tx.datasets.create(team.project, "X", "x")
    async with refused(backend.store, team.stranger, NotFound) as tx:
        await tx.datasets.rename(made.id, "X", "x")
    async with refused(backend.store, team.stranger, NotFound) as tx:
        await tx.datasets.delete(made.id)
    async with refused(backend.store, team.editor, NotFound) as tx:
        await tx.datasets.get(uuid4())


async def test_a_viewer_writes_no_dataset(backend: Backend, team: Team) -> None:
    made = await make_dataset(backend, team)
    async with refused(backend.store, team.viewer, NotAllowed) as tx:
        await tx.datasets.create(team.project, "X", "x")
    async with refused(backend.store, team.viewer, NotAllowed) as tx:
        await tx.datasets.rename(made.id, "X", "x")
    async with refused(backend.store, team.viewer, NotAllowed) as tx:
        await tx.datasets.delete(made.id)


async def test_a_restored_dataset_is_back_with_the_sheets_that_went_with_it(
    backend: Backend, team: Team
) -> None:
    made = await make_dataset(backend, team)
    sheet = await make_sheet(backend.store, team.editor, made.id)
    before = await make_sheet(backend.store, team.editor, made.id, "Deleted before")
    async with backend.store.transaction(team.editor) as tx:
        await tx.sheets.delete(before.id)
    await backend.advance(1)
    async with backend.store.transaction(team.editor) as tx:
        await tx.datasets.delete(made.id)
    async with backend.store.transaction(team.editor) as tx:
        assert await tx.datasets.restore(made.id, LONG_AGO) == made
        assert await tx.datasets.restore(made.id, LONG_AGO) == made
        assert await tx.sheets.in_dataset(made.id) == [sheet]


async def test_deleted_datasets_are_listed_the_last_one_first(backend: Backend, team: Team) -> None:
    first, second, kept = [
        await make_dataset(backend, team, name, name.lower()) for name in ("First", "Second", "Kept")
    ]
    async with backend.store.transaction(team.editor) as tx:
        await tx.datasets.delete(first.id)
    await backend.advance(1)
    async with backend.store.transaction(team.editor) as tx:
        await tx.datasets.delete(second.id)
    async with backend.store.transaction(team.viewer) as tx:
        gone = await tx.datasets.deleted_in(team.project, LONG_AGO)
        assert await tx.datasets.deleted_in(team.project, datetime.now(UTC) + timedelta(days=1)) == []
        there = await tx.datasets.in_project(team.project)
    assert [replace(d, deleted_at=None) for d in gone] == [second, first]
    assert [d.kept_until == d.deleted_at + timedelta(days=30) for d in gone if d.deleted_at] == [True, True]
    assert kept in there and not {first, second} & set(there)
    async with backend.store.transaction(team.editor) as tx:
        await tx.datasets.restore(second.id, LONG_AGO)
        assert [d.id for d in await tx.datasets.deleted_in(team.project, LONG_AGO)] == [first.id]
    async with refused(backend.store, team.stranger, NotFound) as tx:
        await tx.datasets.deleted_in(team.project, LONG_AGO)


async def test_a_dataset_that_was_deleted_too_long_ago_stays_so(backend: Backend, team: Team) -> None:
    made = await make_dataset(backend, team)
    async with backend.store.transaction(team.editor) as tx:
        await tx.datasets.delete(made.id)
    async with refused(backend.store, team.editor, NotFound, "dataset_not_found") as tx:
        await tx.datasets.restore(made.id, datetime.now(UTC) + timedelta(days=1))


async def test_restored_where_its_name_was_taken_is_refused(backend: Backend, team: Team) -> None:
    made = await make_dataset(backend, team)
    async with backend.store.transaction(team.editor) as tx:
        await tx.datasets.delete(made.id)
    taker = await make_dataset(backend, team)
    with pytest.raises(Conflict) as caught:
        async with backend.store.transaction(team.editor) as tx:
            await tx.datasets.restore(made.id, LONG_AGO)
    assert (caught.value.code, caught.value.extra) == ("dataset_exists", {"dataset_id": str(taker.id)})


@pytest.mark.parametrize(("who", "error"), [("stranger", NotFound), ("viewer", NotAllowed)])
async def test_neither_stranger_nor_viewer_restores_a_dataset(
    backend: Backend, team: Team, who: str, error: type[NotFound | NotAllowed]
) -> None:
    actor = team.stranger if who == "stranger" else team.viewer
    made = await make_dataset(backend, team)
    async with refused(backend.store, actor, error) as tx:
        await tx.datasets.restore(made.id, LONG_AGO)
    async with backend.store.transaction(team.editor) as tx:
        await tx.datasets.delete(made.id)
    async with refused(backend.store, actor, error) as tx:
        await tx.datasets.restore(made.id, LONG_AGO)
