"""The SQL of who shares a project."""

from uuid import UUID

import asyncpg

from oryxforge.adapters.postgres.pool import Connection, fields
from oryxforge.adapters.postgres.projects import PgProjects
from oryxforge.domain.errors import Conflict, NotAllowed, NotFound
from oryxforge.domain.identity import Actor, Role
from oryxforge.domain.projects import Member

SELECT = """
select m.project_id, m.user_id, e.email, m.role, m.created_at
from public.project_members m
join oryxforge.emails_in($1) e on e.user_id = m.user_id
where m.project_id = $1
"""


def member(row: asyncpg.Record) -> Member:
    return Member(**fields(row, role=Role(row["role"])))


class PgMembers:
    def __init__(self, connection: Connection, actor: Actor, projects: PgProjects) -> None:
        self._db = connection
        self._me = actor.user_id
        self._projects = projects

    async def in_project(self, project_id: UUID) -> list[Member]:
        await self._projects.get(project_id)
        rows = await self._db.fetch(SELECT + "order by m.created_at, m.user_id", project_id)
        return [member(r) for r in rows]

    async def add(self, project_id: UUID, email: str, role: Role) -> Member:
        await self._projects.need(project_id, Role.OWNER)
        user_id = await self._db.fetchval("select oryxforge.user_by_email($1)", email.strip())
        if user_id is None:
            raise NotFound(
                f"Nobody has an account with the address {email}. Ask them to sign up first.",
                code="user_not_found",
            )
        try:
            await self._db.execute(
                "insert into public.project_members (project_id, user_id, role) values ($1, $2, $3)",
                project_id,
                user_id,
                role.value,
            )
        except asyncpg.UniqueViolationError as error:
            raise Conflict(
                f"{email} is a member already; change the role instead.", code="member_exists"
            ) from error
        return await self._one(project_id, user_id)

    async def set_role(self, project_id: UUID, user_id: UUID, role: Role) -> Member:
        await self._projects.need(project_id, Role.OWNER)
        await self._not_owner(project_id, user_id)
        await self._db.execute(
            "update public.project_members set role = $3 where project_id = $1 and user_id = $2",
            project_id,
            user_id,
            role.value,
        )
        return await self._one(project_id, user_id)

    async def remove(self, project_id: UUID, user_id: UUID) -> None:
        await self._projects.need(project_id, Role.VIEWER if user_id == self._me else Role.OWNER)
        await self._not_owner(project_id, user_id)
        await self._db.execute(
            "delete from public.project_members where project_id = $1 and user_id = $2", project_id, user_id
        )

    async def _one(self, project_id: UUID, user_id: UUID) -> Member:
        row = await self._db.fetchrow(SELECT + "and m.user_id = $2", project_id, user_id)
        if row is None:
            raise NotFound("That person is not a member of the project.", code="member_not_found")
        return member(row)

    async def _not_owner(self, project_id: UUID, user_id: UUID) -> None:
        if (await self._one(project_id, user_id)).role is Role.OWNER:
            raise NotAllowed(
                "The owner of a project stays its owner; delete the project instead.", code="owner_stays"
            )
