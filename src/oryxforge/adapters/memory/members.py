"""Who shares a project, in memory."""

from dataclasses import replace
from uuid import UUID

from oryxforge.adapters.memory.projects import MemoryProjects
from oryxforge.adapters.memory.tables import MemoryTables
from oryxforge.domain.errors import Conflict, NotAllowed, NotFound
from oryxforge.domain.identity import Actor, Role
from oryxforge.domain.projects import Member
from oryxforge.ports.repos import MemberRepo


class MemoryMembers(MemberRepo):
    """Knows the people in `MemoryTables.emails`."""

    def __init__(self, tables: MemoryTables, actor: Actor) -> None:
        self._t = tables
        self._me = actor.user_id
        self._projects = MemoryProjects(tables, actor)

    async def in_project(self, project_id: UUID) -> list[Member]:
        await self._projects.get(project_id)
        there = [self._shown(m) for m in self._t.members.values() if m.project_id == project_id]
        return sorted(there, key=lambda m: (m.created_at, m.user_id))

    async def add(self, project_id: UUID, email: str, role: Role) -> Member:
        await self._projects.need(project_id, Role.OWNER)
        _check_role(role)
        user_id = self._user(email)
        if (project_id, user_id) in self._t.members:
            raise Conflict(f"{email} is a member already; change the role instead.", code="member_exists")
        member = Member(project_id, user_id, None, role, self._t.clock.now())
        self._t.members[project_id, user_id] = member
        return self._shown(member)

    async def set_role(self, project_id: UUID, user_id: UUID, role: Role) -> Member:
        await self._projects.need(project_id, Role.OWNER)
        member = self._not_owner(project_id, user_id)
        _check_role(role)
        self._t.members[project_id, user_id] = replace(member, role=role)
        return self._shown(self._t.members[project_id, user_id])

    async def remove(self, project_id: UUID, user_id: UUID) -> None:
        await self._projects.need(project_id, Role.VIEWER if user_id == self._me else Role.OWNER)
        self._not_owner(project_id, user_id)
        del self._t.members[project_id, user_id]

    def _user(self, email: str) -> UUID:
        wanted = email.strip().lower()
        for user_id, known in self._t.emails.items():
            if known.lower() == wanted:
                return user_id
        raise NotFound(
            f"Nobody has an account with the address {email}. Ask them to sign up first.",
            code="user_not_found",
        )

    def _shown(self, member: Member) -> Member:
        return replace(member, email=self._t.emails.get(member.user_id))

    def _not_owner(self, project_id: UUID, user_id: UUID) -> Member:
        member = self._t.members.get((project_id, user_id))
        if member is None:
            raise NotFound("That person is not a member of the project.", code="member_not_found")
        if member.role is Role.OWNER:
            raise NotAllowed(
                "The owner of a project stays its owner; delete the project instead.", code="owner_stays"
            )
        return member


def _check_role(role: Role) -> None:
    if role is Role.OWNER:
        raise NotAllowed("A project has one owner. Make them an editor instead.")
