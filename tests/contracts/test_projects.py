"""What every Store does with projects, and with transactions as such."""

import asyncio

import pytest

from contracts.backends import Backend
from contracts.refusals import refused
from contracts.scene import Team, make_chat
from oryxforge.domain.errors import Conflict, NotAllowed, NotFound
from oryxforge.domain.identity import Role


async def test_new_project_has_its_two_datasets(backend: Backend, team: Team) -> None:
    async with backend.store.transaction(team.owner) as tx:
        datasets = await tx.datasets.in_project(team.project)
    assert {(d.name, d.name_python) for d in datasets} == {
        ("Sources", "sources"),
        ("Exploration", "exploration"),
    }
    assert {d.user_owner for d in datasets} == {team.owner.user_id}


async def test_who_creates_a_project_is_its_owner(backend: Backend) -> None:
    me = await backend.make_user("me@example.org")
    async with backend.store.transaction(me) as tx:
        made = await tx.projects.create("Mine", "mine")
        members = await tx.members.in_project(made.id)
    assert (made.name, made.name_git, made.git_path) == ("Mine", "mine", None)
    assert (made.user_owner, made.role) == (me.user_id, Role.OWNER)
    assert [(m.user_id, m.role) for m in members] == [(me.user_id, Role.OWNER)]


async def test_a_name_is_taken_once_an_owner(backend: Backend, team: Team) -> None:
    async with refused(backend.store, team.owner, Conflict, "project_exists") as tx:
        await tx.projects.create("Sales", "sales-2")
    async with backend.store.transaction(team.editor) as tx:
        assert (await tx.projects.create("Sales", "sales")).user_owner == team.editor.user_id


async def test_the_name_of_a_deleted_project_is_free(backend: Backend, team: Team) -> None:
    async with backend.store.transaction(team.owner) as tx:
        await tx.projects.delete(team.project)
    async with backend.store.transaction(team.owner) as tx:
        assert (await tx.projects.create("Sales", "sales")).id != team.project


async def test_each_sees_their_projects_and_role_in_them(backend: Backend, team: Team) -> None:
    roles = [(team.owner, Role.OWNER), (team.editor, Role.EDITOR), (team.viewer, Role.VIEWER)]
    for actor, role in roles:
        async with backend.store.transaction(actor) as tx:
            assert [(p.id, p.role) for p in await tx.projects.all()] == [(team.project, role)]
            assert (await tx.projects.get(team.project)).role is role


async def test_a_stranger_finds_no_project(backend: Backend, team: Team) -> None:
    async with backend.store.transaction(team.stranger) as tx:
        assert await tx.projects.all() == []
    async with refused(backend.store, team.stranger, NotFound, "project_not_found") as tx:
        await tx.projects.get(team.project)
    async with refused(backend.store, team.stranger, NotFound) as tx:
        await tx.projects.need(team.project, Role.VIEWER)
    async with refused(backend.store, team.stranger, NotFound) as tx:
        await tx.projects.rename(team.project, "Taken", "taken")
    async with refused(backend.store, team.stranger, NotFound) as tx:
        await tx.projects.set_git_path(team.project, "elsewhere")
    async with refused(backend.store, team.stranger, NotFound) as tx:
        await tx.projects.delete(team.project)


async def test_need_takes_the_role_or_more(backend: Backend, team: Team) -> None:
    async with backend.store.transaction(team.editor) as tx:
        for role in (Role.VIEWER, Role.EDITOR):
            assert (await tx.projects.need(team.project, role)).id == team.project
    async with refused(backend.store, team.editor, NotAllowed) as tx:
        await tx.projects.need(team.project, Role.OWNER)
    async with refused(backend.store, team.viewer, NotAllowed) as tx:
        await tx.projects.need(team.project, Role.EDITOR)


async def test_the_owner_renames(backend: Backend, team: Team) -> None:
    async with backend.store.transaction(team.owner) as tx:
        await tx.projects.rename(team.project, "Revenue", "revenue")
        await tx.projects.rename(team.project, "Revenue", "revenue")
        await tx.projects.set_git_path(team.project, "git/revenue")
    async with backend.store.transaction(team.viewer) as tx:
        seen = await tx.projects.get(team.project)
    assert (seen.name, seen.name_git, seen.git_path) == ("Revenue", "revenue", "git/revenue")


async def test_rename_to_a_taken_name_is_refused(backend: Backend, team: Team) -> None:
    async with backend.store.transaction(team.owner) as tx:
        await tx.projects.create("Costs", "costs")
    async with refused(backend.store, team.owner, Conflict, "project_exists") as tx:
        await tx.projects.rename(team.project, "Costs", "costs")


async def test_only_the_owner_renames_and_deletes(backend: Backend, team: Team) -> None:
    for actor in (team.editor, team.viewer):
        async with refused(backend.store, actor, NotAllowed) as tx:
            await tx.projects.rename(team.project, "Mine", "mine")
        async with refused(backend.store, actor, NotAllowed) as tx:
            await tx.projects.set_git_path(team.project, "mine")
        async with refused(backend.store, actor, NotAllowed) as tx:
            await tx.projects.delete(team.project)


async def test_a_deleted_project_hides_all_that_is_in_it(backend: Backend, team: Team) -> None:
    chat = await make_chat(backend.store, team.editor, team.project)
    async with backend.store.transaction(team.owner) as tx:
        await tx.projects.delete(team.project)
    async with refused(backend.store, team.owner, NotFound) as tx:
        await tx.projects.get(team.project)
    async with refused(backend.store, team.owner, NotFound) as tx:
        await tx.chats.get(chat.id)
    async with refused(backend.store, team.owner, NotFound) as tx:
        await tx.datasets.in_project(team.project)


async def test_an_exception_takes_everything_back(backend: Backend, team: Team) -> None:
    with pytest.raises(ZeroDivisionError):
        async with backend.store.transaction(team.owner) as tx:
            await tx.projects.rename(team.project, "Half", "half")
            await tx.projects.create("Other", "other")
            raise ZeroDivisionError
    async with backend.store.transaction(team.owner) as tx:
        assert [p.name for p in await tx.projects.all()] == ["Sales"]
        assert len(await tx.datasets.in_project(team.project)) == 2


async def test_being_cancelled_takes_everything_back(backend: Backend, team: Team) -> None:
    inside = asyncio.Event()

    async def rename_and_hang() -> None:
        async with backend.store.transaction(team.owner) as tx:
            await tx.projects.rename(team.project, "Half", "half")
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(rename_and_hang())
    await inside.wait()
    task.cancel()
    await asyncio.wait({task})
    async with backend.store.transaction(team.owner) as tx:
        assert (await tx.projects.get(team.project)).name == "Sales"


async def test_a_store_that_is_there_says_so(backend: Backend) -> None:
    await backend.store.check()
