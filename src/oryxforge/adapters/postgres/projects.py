"""The SQL of projects."""

from uuid import UUID

import asyncpg

from oryxforge.adapters.postgres.pool import Connection, fields
from oryxforge.domain.errors import Conflict, NotAllowed, NotFound
from oryxforge.domain.identity import Actor, Role
from oryxforge.domain.projects import Project

SELECT = """
select p.id, p.name, p.user_owner, p.name_git, p.git_path, p.created_at, m.role
from public.projects p
join public.project_members m on m.project_id = p.id and m.user_id = $1
where p.deleted_at is null
"""


def project(row: asyncpg.Record) -> Project:
    return Project(**fields(row, role=Role(row["role"])))


def exists(name: str) -> Conflict:
    return Conflict(f"You have a project named “{name}” already. Take another name.", code="project_exists")


class PgProjects:
    """Projects of one transaction; each is read once, since every repo asks for the actor's role in it."""

    def __init__(self, connection: Connection, actor: Actor) -> None:
        self._db = connection
        self._me = actor.user_id
        self._known: dict[UUID, Project] = {}

    async def create(self, name: str, name_git: str) -> Project:
        try:
            project_id = await self._db.fetchval(
                "insert into public.projects (name, user_owner, name_git) values ($1, $2, $3) returning id",
                name,
                self._me,
                name_git,
            )
        except asyncpg.UniqueViolationError as error:
            raise exists(name) from error
        return await self.get(project_id)

    async def all(self) -> list[Project]:
        return [
            project(r) for r in await self._db.fetch(SELECT + "order by p.created_at desc, p.id", self._me)
        ]

    async def get(self, project_id: UUID) -> Project:
        if project_id not in self._known:
            self._known[project_id] = await self._read(project_id)
        return self._known[project_id]

    async def _read(self, project_id: UUID) -> Project:
        row = await self._db.fetchrow(SELECT + "and p.id = $2", self._me, project_id)
        if row is None:
            raise NotFound(
                "There is no such project, or it is not shared with you.", code="project_not_found"
            )
        return project(row)

    async def need(self, project_id: UUID, role: Role) -> Project:
        found = await self.get(project_id)
        if not found.role.covers(role):
            raise NotAllowed(
                f"This needs the role {role} in the project “{found.name}”; yours is {found.role}. Ask its owner."
            )
        return found

    async def rename(self, project_id: UUID, name: str, name_git: str) -> Project:
        await self.need(project_id, Role.OWNER)
        try:
            await self._db.execute(
                "update public.projects set name = $2, name_git = $3 where id = $1",
                project_id,
                name,
                name_git,
            )
        except asyncpg.UniqueViolationError as error:
            raise exists(name) from error
        return await self._again(project_id)

    async def set_git_path(self, project_id: UUID, git_path: str | None) -> Project:
        await self.need(project_id, Role.OWNER)
        await self._db.execute("update public.projects set git_path = $2 where id = $1", project_id, git_path)
        return await self._again(project_id)

    async def delete(self, project_id: UUID) -> None:
        await self.need(project_id, Role.OWNER)
        await self._db.execute("update public.projects set deleted_at = now() where id = $1", project_id)
        self._known.pop(project_id, None)

    async def _again(self, project_id: UUID) -> Project:
        self._known.pop(project_id, None)
        return await self.get(project_id)
