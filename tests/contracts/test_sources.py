"""What every Store does with data sources."""

from uuid import uuid4

from contracts.backends import Backend
from contracts.refusals import refused
from contracts.scene import Team, make_source
from oryxforge.domain.errors import NotAllowed, NotFound
from oryxforge.domain.sources import SourceFlag, SourceStatus, SourceType


async def test_a_new_source_is_pending(backend: Backend, team: Team) -> None:
    source_id = uuid4()
    async with backend.store.transaction(team.editor) as tx:
        await tx.sources.create(
            source_id, team.project, "orders.xlsx", SourceType.EXCEL, "files/orders.xlsx", 5_000_000_000
        )
    async with backend.store.transaction(team.viewer) as tx:
        seen = await tx.sources.get(team.project, source_id)
    assert (seen.id, seen.project_id, seen.user_owner) == (source_id, team.project, team.editor.user_id)
    assert (seen.name, seen.type, seen.uri) == ("orders.xlsx", SourceType.EXCEL, "files/orders.xlsx")
    assert (seen.size_bytes, seen.status) == (5_000_000_000, SourceStatus(SourceFlag.PENDING))


async def test_two_sources_may_have_one_name(backend: Backend, team: Team) -> None:
    made = {(await make_source(backend.store, team.editor, team.project)).id for _ in range(2)}
    async with backend.store.transaction(team.viewer) as tx:
        assert {s.id for s in await tx.sources.in_project(team.project)} == made


async def test_a_deleted_source_is_gone(backend: Backend, team: Team) -> None:
    made = await make_source(backend.store, team.editor, team.project)
    async with backend.store.transaction(team.editor) as tx:
        await tx.sources.delete(team.project, made.id)
        assert await tx.sources.in_project(team.project) == []
    async with refused(backend.store, team.editor, NotFound, "data_source_not_found") as tx:
        await tx.sources.get(team.project, made.id)
    async with refused(backend.store, team.editor, NotFound) as tx:
        await tx.sources.delete(team.project, made.id)


async def test_a_source_is_found_in_its_own_project_only(backend: Backend, team: Team) -> None:
    made = await make_source(backend.store, team.owner, team.project)
    async with backend.store.transaction(team.owner) as tx:
        other = await tx.projects.create("Costs", "costs")
    async with refused(backend.store, team.owner, NotFound) as tx:
        await tx.sources.get(other.id, made.id)


async def test_a_stranger_finds_no_source(backend: Backend, team: Team) -> None:
    made = await make_source(backend.store, team.editor, team.project)
    async with refused(backend.store, team.stranger, NotFound) as tx:
        await tx.sources.get(team.project, made.id)
    async with refused(backend.store, team.stranger, NotFound) as tx:
        await tx.sources.in_project(team.project)
    async with refused(backend.store, team.stranger, NotFound) as tx:
        await tx.sources.create(uuid4(), team.project, "x.csv", SourceType.CSV, "x", 1)
    async with refused(backend.store, team.stranger, NotFound) as tx:
        await tx.sources.delete(team.project, made.id)


async def test_a_viewer_writes_no_source(backend: Backend, team: Team) -> None:
    made = await make_source(backend.store, team.editor, team.project)
    async with refused(backend.store, team.viewer, NotAllowed) as tx:
        await tx.sources.create(uuid4(), team.project, "x.csv", SourceType.CSV, "x", 1)
    async with refused(backend.store, team.viewer, NotAllowed) as tx:
        await tx.sources.delete(team.project, made.id)
