"""What every Store does with sheets and their versions."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from contracts.backends import Backend
from contracts.refusals import refused
from contracts.scene import Team, dataset_id, make_sheet, make_source, table
from oryxforge.domain.errors import Conflict, NotAllowed, NotFound, Unprocessable
from oryxforge.domain.sheets import Column, SheetType
from oryxforge.ports.repos import NewSheet

LONG_AGO = datetime.min.replace(tzinfo=UTC)


@pytest.fixture
async def sources(backend: Backend, team: Team) -> UUID:
    return await dataset_id(backend.store, team.editor, team.project)


async def test_a_new_sheet_has_version_1(backend: Backend, team: Team, sources: UUID) -> None:
    made = await make_sheet(backend.store, team.editor, sources, written=table("a.parquet", 3))
    assert (made.version, made.uri, made.address) == (1, "a.parquet", "sources.Orders")
    assert (made.dataset_id, made.project_id, made.user_owner) == (
        sources,
        team.project,
        team.editor.user_id,
    )
    async with backend.store.transaction(team.viewer) as tx:
        assert await tx.sheets.get(made.id) == made
        versions = await tx.sheets.versions(made.id)
    assert [(v.number, v.sheet_id, v.uri, v.rows) for v in versions] == [(1, made.id, "a.parquet", 3)]
    assert versions[0].columns == made.columns


async def test_its_metadata_says_what_was_written(backend: Backend, team: Team, sources: UUID) -> None:
    made = await make_sheet(
        backend.store, team.editor, sources, written=table(receipt={"encoding": "utf-8", "rejects": []})
    )
    assert made.metadata == {
        "columns": [{"name": "region", "type": "VARCHAR"}, {"name": "n", "type": "BIGINT"}],
        "rows": 3,
        "size_bytes": 99,
        "content_hash": "hash of a.parquet",
        "receipt": {"encoding": "utf-8", "rejects": []},
    }
    assert (made.rows, made.columns) == (3, (Column("region", "VARCHAR"), Column("n", "BIGINT")))


async def test_it_keeps_its_type_source_and_more_metadata(
    backend: Backend, team: Team, sources: UUID
) -> None:
    source = await make_source(backend.store, team.editor, team.project)
    new = NewSheet(
        uuid4(), sources, "By region", "ByRegion", SheetType.CHART, source.id, {"provenance": {"code": "…"}}
    )
    async with backend.store.transaction(team.editor) as tx:
        made = await tx.sheets.create(new, uuid4(), table())
        later = await tx.sheets.add_version(made.id, uuid4(), table("b"))
    assert (made.id, made.type, made.source_id) == (new.id, SheetType.CHART, source.id)
    assert made.metadata["provenance"] == later.metadata["provenance"] == {"code": "…"}
    assert "receipt" not in made.metadata


async def test_a_new_version_moves_the_pointer(backend: Backend, team: Team, sources: UUID) -> None:
    made = await make_sheet(backend.store, team.editor, sources, written=table("a", 3, {"encoding": "x"}))
    version_id = uuid4()
    wider = replace(table("b", 7), columns=(Column("city", "VARCHAR"),))
    async with backend.store.transaction(team.editor) as tx:
        now = await tx.sheets.add_version(made.id, version_id, wider)
        versions = await tx.sheets.versions(made.id)
    assert (now.id, now.version, now.uri, now.rows) == (made.id, 2, "b", 7)
    assert (now.columns, now.metadata["content_hash"]) == ((Column("city", "VARCHAR"),), "hash of b")
    assert "receipt" not in now.metadata
    assert [(v.number, v.uri) for v in versions] == [(1, "a"), (2, "b")]
    assert versions[1].id == version_id


async def test_each_version_says_how_it_came_about(backend: Backend, team: Team, sources: UUID) -> None:
    made = await make_sheet(backend.store, team.editor, sources)
    async with backend.store.transaction(team.owner) as tx:
        await tx.sheets.add_version(
            made.id, uuid4(), table("b"), {"provenance": {"code": "x"}, "edit": {"what": "Title"}}
        )
        await tx.sheets.add_version(made.id, uuid4(), table("c"))
        first, second, third = await tx.sheets.versions(made.id)
    assert (first.provenance, first.edit, first.created_by) == (None, None, team.editor.user_id)
    assert (second.provenance, second.edit) == ({"code": "x"}, {"what": "Title"})
    assert (third.provenance, third.edit, third.created_by) == ({"code": "x"}, None, team.owner.user_id)


async def test_the_pointer_moves_back_and_forth(backend: Backend, team: Team, sources: UUID) -> None:
    made = await make_sheet(backend.store, team.editor, sources, written=table("a", 3, {"encoding": "x"}))
    async with backend.store.transaction(team.editor) as tx:
        second = await tx.sheets.add_version(made.id, uuid4(), table("b", 7))
        assert await tx.sheets.point_to(made.id, 1) == made
        assert await tx.sheets.point_to(made.id, 2) == second


async def test_a_version_after_an_undo_gets_a_number_of_its_own(
    backend: Backend, team: Team, sources: UUID
) -> None:
    made = await make_sheet(backend.store, team.editor, sources)
    async with backend.store.transaction(team.editor) as tx:
        await tx.sheets.add_version(made.id, uuid4(), table("b"))
        await tx.sheets.point_to(made.id, 1)
        assert (await tx.sheets.add_version(made.id, uuid4(), table("c"))).version == 3


async def test_an_unknown_version_is_refused(backend: Backend, team: Team, sources: UUID) -> None:
    made = await make_sheet(backend.store, team.editor, sources)
    async with refused(backend.store, team.editor, NotFound, "version_not_found") as tx:
        await tx.sheets.point_to(made.id, 2)


async def test_listed_by_dataset_and_project_in_order_of_making(
    backend: Backend, team: Team, sources: UUID
) -> None:
    exploration = await dataset_id(backend.store, team.editor, team.project, "Exploration")
    first = await make_sheet(backend.store, team.editor, sources, "Orders")
    await backend.advance(1)
    second = await make_sheet(backend.store, team.editor, sources, "Customers")
    other = await make_sheet(backend.store, team.editor, exploration, "Orders")
    async with backend.store.transaction(team.viewer) as tx:
        assert await tx.sheets.in_dataset(sources) == [first, second]
        assert {s.id for s in await tx.sheets.in_project(team.project)} == {first.id, second.id, other.id}


async def test_found_by_both_names_in_any_case(backend: Backend, team: Team, sources: UUID) -> None:
    made = await make_sheet(backend.store, team.editor, sources)
    async with backend.store.transaction(team.viewer) as tx:
        assert await tx.sheets.find(team.project, "SOURCES", "oRDERS") == made
        assert await tx.sheets.find(team.project, "exploration", "Orders") is None
        assert await tx.sheets.find(team.project, "sources", "Order") is None


async def test_a_taken_name_is_refused_and_tells_whose(backend: Backend, team: Team, sources: UUID) -> None:
    made = await make_sheet(backend.store, team.editor, sources)
    with pytest.raises(Conflict) as caught:
        await make_sheet(backend.store, team.editor, sources, "ORDERS")
    assert (caught.value.code, caught.value.extra) == ("sheet_exists", {"datasheet_id": str(made.id)})


async def test_after_a_taken_name_the_transaction_goes_on(
    backend: Backend, team: Team, sources: UUID
) -> None:
    made = await make_sheet(backend.store, team.editor, sources)
    async with backend.store.transaction(team.editor) as tx:
        with pytest.raises(Conflict):
            await tx.sheets.create(
                NewSheet(uuid4(), sources, "Orders", "Orders", SheetType.TABLE), uuid4(), table()
            )
        await tx.sheets.rename(made.id, "Old orders", "OldOrders")
    await make_sheet(backend.store, team.editor, sources)


async def test_another_dataset_may_have_the_same_names(backend: Backend, team: Team, sources: UUID) -> None:
    await make_sheet(backend.store, team.editor, sources)
    exploration = await dataset_id(backend.store, team.editor, team.project, "Exploration")
    assert (await make_sheet(backend.store, team.editor, exploration)).address == "exploration.Orders"


async def test_renamed(backend: Backend, team: Team, sources: UUID) -> None:
    made = await make_sheet(backend.store, team.editor, sources)
    async with backend.store.transaction(team.editor) as tx:
        renamed = await tx.sheets.rename(made.id, "All orders", "AllOrders")
    assert renamed == replace(made, name="All orders", name_python="AllOrders")


async def test_renamed_to_a_taken_name_is_refused(backend: Backend, team: Team, sources: UUID) -> None:
    first = await make_sheet(backend.store, team.editor, sources, "Orders")
    second = await make_sheet(backend.store, team.editor, sources, "Customers")
    with pytest.raises(Conflict) as caught:
        async with backend.store.transaction(team.editor) as tx:
            await tx.sheets.rename(second.id, "orders", "orders")
    assert (caught.value.code, caught.value.extra) == ("sheet_exists", {"datasheet_id": str(first.id)})


async def test_a_deleted_sheet_is_hidden_and_frees_its_name(
    backend: Backend, team: Team, sources: UUID
) -> None:
    made = await make_sheet(backend.store, team.editor, sources)
    async with backend.store.transaction(team.editor) as tx:
        await tx.sheets.delete(made.id)
        assert await tx.sheets.in_dataset(sources) == []
        assert await tx.sheets.find(team.project, "sources", "Orders") is None
    async with refused(backend.store, team.editor, NotFound, "sheet_not_found") as tx:
        await tx.sheets.get(made.id)
    assert (await make_sheet(backend.store, team.editor, sources)).id != made.id


async def test_a_hidden_sheet_takes_no_writes(backend: Backend, team: Team, sources: UUID) -> None:
    made = await make_sheet(backend.store, team.editor, sources)
    async with backend.store.transaction(team.editor) as tx:
        await tx.sheets.delete(made.id)
    async with refused(backend.store, team.editor, NotFound) as tx:
        await tx.sheets.add_version(made.id, uuid4(), table("b"))
    async with refused(backend.store, team.editor, NotFound) as tx:
        await tx.sheets.point_to(made.id, 1)
    async with refused(backend.store, team.editor, NotFound) as tx:
        await tx.sheets.rename(made.id, "X", "X")


async def test_restored(backend: Backend, team: Team, sources: UUID) -> None:
    made = await make_sheet(backend.store, team.editor, sources)
    async with backend.store.transaction(team.editor) as tx:
        await tx.sheets.delete(made.id)
    async with backend.store.transaction(team.editor) as tx:
        assert await tx.sheets.restore(made.id) == made
        assert [v.number for v in await tx.sheets.versions(made.id)] == [1]


async def test_restored_where_its_name_was_taken_is_refused(
    backend: Backend, team: Team, sources: UUID
) -> None:
    made = await make_sheet(backend.store, team.editor, sources)
    async with backend.store.transaction(team.editor) as tx:
        await tx.sheets.delete(made.id)
    taker = await make_sheet(backend.store, team.editor, sources)
    with pytest.raises(Conflict) as caught:
        async with backend.store.transaction(team.editor) as tx:
            await tx.sheets.restore(made.id)
    assert (caught.value.code, caught.value.extra) == ("sheet_exists", {"datasheet_id": str(taker.id)})


async def test_a_version_that_is_rolled_back_leaves_no_trace(
    backend: Backend, team: Team, sources: UUID
) -> None:
    made = await make_sheet(backend.store, team.editor, sources)
    with pytest.raises(ZeroDivisionError):
        async with backend.store.transaction(team.editor) as tx:
            await tx.sheets.add_version(made.id, uuid4(), table("b"))
            raise ZeroDivisionError
    async with backend.store.transaction(team.viewer) as tx:
        assert await tx.sheets.get(made.id) == made
        assert len(await tx.sheets.versions(made.id)) == 1


async def test_a_stranger_finds_no_sheet(backend: Backend, team: Team, sources: UUID) -> None:
    made = await make_sheet(backend.store, team.editor, sources)
    async with backend.store.transaction(team.stranger) as tx:
        assert await tx.sheets.find(team.project, "sources", "Orders") is None
    async with refused(backend.store, team.stranger, NotFound) as tx:
        await tx.sheets.get(made.id)
    async with refused(backend.store, team.stranger, NotFound) as tx:
        await tx.sheets.in_dataset(sources)
    async with refused(backend.store, team.stranger, NotFound) as tx:
        await tx.sheets.in_project(team.project)
    async with refused(backend.store, team.stranger, NotFound) as tx:
        await tx.sheets.versions(made.id)
    with pytest.raises(NotFound):
        await make_sheet(backend.store, team.stranger, sources, "Mine")


@pytest.mark.parametrize(("who", "error"), [("stranger", NotFound), ("viewer", NotAllowed)])
async def test_neither_stranger_nor_viewer_writes_a_sheet(
    backend: Backend, team: Team, sources: UUID, who: str, error: type[NotFound | NotAllowed]
) -> None:
    actor = team.stranger if who == "stranger" else team.viewer
    made = await make_sheet(backend.store, team.editor, sources)
    with pytest.raises(error):
        await make_sheet(backend.store, actor, sources, "Mine")
    async with refused(backend.store, actor, error) as tx:
        await tx.sheets.add_version(made.id, uuid4(), table("b"))
    async with refused(backend.store, actor, error) as tx:
        await tx.sheets.point_to(made.id, 1)
    async with refused(backend.store, actor, error) as tx:
        await tx.sheets.rename(made.id, "X", "X")
    async with refused(backend.store, actor, error) as tx:
        await tx.sheets.delete(made.id)
    async with backend.store.transaction(team.editor) as tx:
        await tx.sheets.delete(made.id)
    async with refused(backend.store, actor, error) as tx:
        await tx.sheets.restore(made.id)


async def test_moved_into_another_dataset(backend: Backend, team: Team, sources: UUID) -> None:
    made = await make_sheet(backend.store, team.editor, sources)
    other = await dataset_id(backend.store, team.editor, team.project, "Exploration")
    async with backend.store.transaction(team.editor) as tx:
        moved = await tx.sheets.move(made.id, other, "Moved", "Moved")
        assert await tx.sheets.get(made.id) == moved
        assert (await tx.sheets.in_dataset(sources), await tx.sheets.in_dataset(other)) == ([], [moved])
        assert await tx.sheets.find(team.project, "sources", "Orders") is None
        assert [v.number for v in await tx.sheets.versions(made.id)] == [1]
    assert (moved.address, moved.dataset_id, moved.project_id) == ("exploration.Moved", other, team.project)


async def test_moved_where_its_name_is_taken_is_refused(backend: Backend, team: Team, sources: UUID) -> None:
    made = await make_sheet(backend.store, team.editor, sources)
    other = await dataset_id(backend.store, team.editor, team.project, "Exploration")
    taker = await make_sheet(backend.store, team.editor, other, "ORDERS")
    with pytest.raises(Conflict) as caught:
        async with backend.store.transaction(team.editor) as tx:
            await tx.sheets.move(made.id, other, made.name, made.name_python)
    assert (caught.value.code, caught.value.extra) == ("sheet_exists", {"datasheet_id": str(taker.id)})
    async with backend.store.transaction(team.editor) as tx:
        assert await tx.sheets.get(made.id) == made


async def test_never_moved_out_of_its_project(backend: Backend, team: Team, sources: UUID) -> None:
    made = await make_sheet(backend.store, team.editor, sources)
    async with backend.store.transaction(team.owner) as tx:
        mine = await tx.projects.create("Costs", "costs")
    async with backend.store.transaction(team.editor) as tx:
        other = await tx.projects.create("Own", "own")
        elsewhere = await tx.datasets.create(other.id, "There", "there")
    hidden = await dataset_id(backend.store, team.owner, mine.id)
    async with refused(backend.store, team.editor, Unprocessable, "dataset_elsewhere") as tx:
        await tx.sheets.move(made.id, elsewhere.id, made.name, made.name_python)
    for nowhere in (hidden, uuid4()):
        async with refused(backend.store, team.editor, NotFound) as tx:
            await tx.sheets.move(made.id, nowhere, made.name, made.name_python)


async def test_deleted_sheets_are_listed_the_last_one_first(
    backend: Backend, team: Team, sources: UUID
) -> None:
    other = await dataset_id(backend.store, team.editor, team.project, "Exploration")
    first, second, kept = [
        await make_sheet(backend.store, team.editor, place, name)
        for place, name in ((sources, "First"), (other, "Second"), (sources, "Kept"))
    ]
    async with backend.store.transaction(team.editor) as tx:
        await tx.sheets.delete(first.id)
    await backend.advance(1)
    async with backend.store.transaction(team.editor) as tx:
        await tx.datasets.delete(other)
    async with backend.store.transaction(team.viewer) as tx:
        gone = await tx.sheets.deleted_in(team.project, LONG_AGO)
        assert await tx.sheets.in_project(team.project) == [kept]
        assert await tx.sheets.deleted_in(team.project, datetime.now(UTC) + timedelta(days=1)) == []
    assert [replace(s, deleted_at=None) for s in gone] == [second, first]
    assert [s.kept_until == s.deleted_at + timedelta(days=30) for s in gone if s.deleted_at] == [True, True]
    async with refused(backend.store, team.stranger, NotFound) as tx:
        await tx.sheets.deleted_in(team.project, LONG_AGO)


async def test_a_sheet_comes_back_with_its_dataset(backend: Backend, team: Team, sources: UUID) -> None:
    made = await make_sheet(backend.store, team.editor, sources)
    other = await make_sheet(backend.store, team.editor, sources, "Other")
    async with backend.store.transaction(team.editor) as tx:
        await tx.datasets.delete(sources)
    async with backend.store.transaction(team.editor) as tx:
        assert await tx.sheets.restore(made.id) == made
        assert await tx.sheets.in_dataset(sources) == [made]
        assert [s.id for s in await tx.sheets.deleted_in(team.project, LONG_AGO)] == [other.id]


@pytest.mark.parametrize(("who", "error"), [("stranger", NotFound), ("viewer", NotAllowed)])
async def test_neither_stranger_nor_viewer_moves_a_sheet(
    backend: Backend, team: Team, sources: UUID, who: str, error: type[NotFound | NotAllowed]
) -> None:
    made = await make_sheet(backend.store, team.editor, sources)
    other = await dataset_id(backend.store, team.editor, team.project, "Exploration")
    async with refused(backend.store, team.stranger if who == "stranger" else team.viewer, error) as tx:
        await tx.sheets.move(made.id, other, made.name, made.name_python)
