"""Projects in memory."""

from dataclasses import replace
from uuid import UUID, uuid4

from oryxforge.adapters.memory.tables import MemoryTables
from oryxforge.domain.datasets import Dataset
from oryxforge.domain.errors import Conflict, NotAllowed, NotFound
from oryxforge.domain.identity import Actor, Role
from oryxforge.domain.projects import EXPLORATION, SOURCES, Member, Project
from oryxforge.ports.repos import ProjectRepo


class MemoryProjects(ProjectRepo):
    def __init__(self, tables: MemoryTables, actor: Actor) -> None:
        self._t = tables
        self._me = actor.user_id

    async def create(self, name: str, name_git: str) -> Project:
        self._check_free(name, None)
        now = self._t.clock.now()
        made = Project(uuid4(), name, self._me, name_git, None, now, Role.OWNER)
        self._t.projects[made.id] = made
        self._t.members[made.id, self._me] = Member(made.id, self._me, None, Role.OWNER, now)
        for dataset in (SOURCES, EXPLORATION):
            row = Dataset(uuid4(), made.id, self._me, dataset, dataset.lower(), now)
            self._t.datasets[row.id] = row
        return made

    async def all(self) -> list[Project]:
        seen = [self._seen(p) for p in self._t.projects.values()]
        mine = sorted((p for p in seen if p is not None), key=lambda p: p.id)
        return sorted(mine, key=lambda p: p.created_at, reverse=True)

    async def get(self, project_id: UUID) -> Project:
        stored = self._t.projects.get(project_id)
        found = self._seen(stored) if stored else None
        if found is None:
            raise NotFound(
                "There is no such project, or it is not shared with you.", code="project_not_found"
            )
        return found

    async def need(self, project_id: UUID, role: Role) -> Project:
        found = await self.get(project_id)
        if not found.role.covers(role):
            raise NotAllowed(
                f"This needs the role {role} in the project “{found.name}”; yours is {found.role}. Ask its owner."
            )
        return found

    async def rename(self, project_id: UUID, name: str, name_git: str) -> Project:
        found = await self.need(project_id, Role.OWNER)
        self._check_free(name, project_id)
        self._t.projects[project_id] = replace(found, name=name, name_git=name_git)
        return await self.get(project_id)

    async def set_git_path(self, project_id: UUID, git_path: str | None) -> Project:
        found = await self.need(project_id, Role.OWNER)
        self._t.projects[project_id] = replace(found, git_path=git_path)
        return await self.get(project_id)

    async def delete(self, project_id: UUID) -> None:
        await self.need(project_id, Role.OWNER)
        self._t.hidden[project_id] = self._t.clock.now()

    def sees(self, project_id: UUID) -> bool:
        return (project_id, self._me) in self._t.members and project_id not in self._t.hidden

    def _seen(self, project: Project) -> Project | None:
        """The project as the actor sees it, with their role in it; None where they don't."""
        if not self.sees(project.id):
            return None
        return replace(project, role=self._t.members[project.id, self._me].role)

    def _check_free(self, name: str, besides: UUID | None) -> None:
        for p in self._t.projects.values():
            if (p.user_owner, p.name) == (self._me, name) and p.id not in self._t.hidden and p.id != besides:
                raise Conflict(
                    f"You have a project named “{name}” already. Take another name.", code="project_exists"
                )
