"""What every Store does with those who share a project."""

from uuid import uuid4

import pytest

from contracts.backends import Backend
from contracts.refusals import refused
from contracts.scene import Team
from oryxforge.domain.errors import Conflict, NotAllowed, NotFound
from oryxforge.domain.identity import Role


async def test_all_who_share_see_each_other(backend: Backend, team: Team) -> None:
    async with backend.store.transaction(team.viewer) as tx:
        members = await tx.members.in_project(team.project)
    assert {(m.user_id, m.email, m.role) for m in members} == {
        (team.owner.user_id, team.owner.email, Role.OWNER),
        (team.editor.user_id, team.editor.email, Role.EDITOR),
        (team.viewer.user_id, team.viewer.email, Role.VIEWER),
    }


async def test_a_stranger_sees_no_members_and_adds_none(backend: Backend, team: Team) -> None:
    async with refused(backend.store, team.stranger, NotFound) as tx:
        await tx.members.in_project(team.project)
    async with refused(backend.store, team.stranger, NotFound) as tx:
        await tx.members.add(team.project, str(team.stranger.email), Role.EDITOR)
    async with refused(backend.store, team.stranger, NotFound) as tx:
        await tx.members.set_role(team.project, team.viewer.user_id, Role.EDITOR)
    async with refused(backend.store, team.stranger, NotFound) as tx:
        await tx.members.remove(team.project, team.viewer.user_id)


async def test_the_owner_adds_by_address_without_regard_to_case(backend: Backend, team: Team) -> None:
    async with backend.store.transaction(team.owner) as tx:
        added = await tx.members.add(team.project, f" {str(team.stranger.email).upper()} ", Role.VIEWER)
    assert (added.user_id, added.role) == (team.stranger.user_id, Role.VIEWER)
    async with backend.store.transaction(team.stranger) as tx:
        assert (await tx.projects.get(team.project)).role is Role.VIEWER


async def test_an_unknown_address_is_refused(backend: Backend, team: Team) -> None:
    async with refused(backend.store, team.owner, NotFound, "user_not_found") as tx:
        await tx.members.add(team.project, "nobody@example.org", Role.VIEWER)


async def test_nobody_is_a_member_twice(backend: Backend, team: Team) -> None:
    async with refused(backend.store, team.owner, Conflict, "member_exists") as tx:
        await tx.members.add(team.project, str(team.viewer.email), Role.EDITOR)


async def test_the_owner_changes_roles(backend: Backend, team: Team) -> None:
    async with backend.store.transaction(team.owner) as tx:
        changed = await tx.members.set_role(team.project, team.viewer.user_id, Role.EDITOR)
    assert (changed.email, changed.role) == (team.viewer.email, Role.EDITOR)
    async with backend.store.transaction(team.viewer) as tx:
        assert (await tx.projects.need(team.project, Role.EDITOR)).role is Role.EDITOR


async def test_who_is_removed_is_a_stranger(backend: Backend, team: Team) -> None:
    async with backend.store.transaction(team.owner) as tx:
        await tx.members.remove(team.project, team.editor.user_id)
    async with refused(backend.store, team.editor, NotFound) as tx:
        await tx.projects.get(team.project)


async def test_anybody_but_the_owner_may_leave(backend: Backend, team: Team) -> None:
    async with backend.store.transaction(team.viewer) as tx:
        await tx.members.remove(team.project, team.viewer.user_id)
    async with refused(backend.store, team.owner, NotAllowed, "owner_stays") as tx:
        await tx.members.remove(team.project, team.owner.user_id)


async def test_the_owner_stays_the_owner(backend: Backend, team: Team) -> None:
    async with refused(backend.store, team.owner, NotAllowed, "owner_stays") as tx:
        await tx.members.set_role(team.project, team.owner.user_id, Role.VIEWER)


async def test_there_is_one_owner(backend: Backend, team: Team) -> None:
    async with refused(backend.store, team.owner, NotAllowed) as tx:
        await tx.members.add(team.project, str(team.stranger.email), Role.OWNER)
    async with refused(backend.store, team.owner, NotAllowed) as tx:
        await tx.members.set_role(team.project, team.editor.user_id, Role.OWNER)


async def test_who_is_no_member_has_no_role_to_change(backend: Backend, team: Team) -> None:
    async with refused(backend.store, team.owner, NotFound, "member_not_found") as tx:
        await tx.members.set_role(team.project, team.stranger.user_id, Role.VIEWER)
    async with refused(backend.store, team.owner, NotFound, "member_not_found") as tx:
        await tx.members.remove(team.project, uuid4())


@pytest.mark.parametrize("who", ["editor", "viewer"])
async def test_only_the_owner_manages_members(backend: Backend, team: Team, who: str) -> None:
    actor, other = (team.editor, team.viewer) if who == "editor" else (team.viewer, team.editor)
    async with refused(backend.store, actor, NotAllowed) as tx:
        await tx.members.add(team.project, str(team.stranger.email), Role.VIEWER)
    async with refused(backend.store, actor, NotAllowed) as tx:
        await tx.members.set_role(team.project, actor.user_id, Role.OWNER)
    async with refused(backend.store, actor, NotAllowed) as tx:
        await tx.members.remove(team.project, other.user_id)
