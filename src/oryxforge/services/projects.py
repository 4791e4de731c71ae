"""Projects and the people in them."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from oryxforge.domain.errors import NotFound, Unprocessable
from oryxforge.domain.identity import Actor, Role
from oryxforge.domain.names import clean_name, git_name
from oryxforge.domain.projects import Member, Project
from oryxforge.ports.repos import Store
from oryxforge.services.idempotency import Key, once


class Projects:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def create(self, actor: Actor, name: str, key: Key | None = None) -> Project:
        """A new project with its datasets Sources and Exploration. Raises Conflict where the name is taken."""
        clean = clean_name(name, "project")
        async with self._store.transaction(actor) as tx:

            async def make() -> dict[str, object]:
                return _told(await tx.projects.create(clean, git_name(clean)))

            return _made(await once(tx, key, make))

    async def all(self, actor: Actor) -> list[Project]:
        async with self._store.transaction(actor) as tx:
            return await tx.projects.all()

    async def get(self, actor: Actor, project_id: UUID) -> Project:
        async with self._store.transaction(actor) as tx:
            return await tx.projects.get(project_id)

    async def rename(self, actor: Actor, project_id: UUID, name: str) -> Project:
        clean = clean_name(name, "project")
        async with self._store.transaction(actor) as tx:
            return await tx.projects.rename(project_id, clean, git_name(clean))

    async def set_git_path(self, actor: Actor, project_id: UUID, git_path: str | None) -> Project:
        async with self._store.transaction(actor) as tx:
            return await tx.projects.set_git_path(project_id, git_path)

    async def delete(self, actor: Actor, project_id: UUID) -> None:
        async with self._store.transaction(actor) as tx:
            await tx.projects.delete(project_id)

    async def members(self, actor: Actor, project_id: UUID) -> list[Member]:
        async with self._store.transaction(actor) as tx:
            return await tx.members.in_project(project_id)

    async def member(self, actor: Actor, project_id: UUID, email: str) -> Member:
        """A member by e-mail. Raises NotFound where the project has none of that address."""
        for member in await self.members(actor, project_id):
            if member.email is not None and member.email.lower() == email.strip().lower():
                return member
        raise NotFound("Nobody with that e-mail shares this project.", code="member_not_found")

    async def add_member(self, actor: Actor, project_id: UUID, email: str, role: Role) -> Member:
        async with self._store.transaction(actor) as tx:
            await tx.projects.need(project_id, Role.OWNER)
            return await tx.members.add(project_id, email, _shared(role))

    async def set_role(self, actor: Actor, project_id: UUID, user_id: UUID, role: Role) -> Member:
        async with self._store.transaction(actor) as tx:
            await tx.projects.need(project_id, Role.OWNER)
            return await tx.members.set_role(project_id, user_id, _shared(role))

    async def remove_member(self, actor: Actor, project_id: UUID, user_id: UUID) -> None:
        async with self._store.transaction(actor) as tx:
            await tx.members.remove(project_id, user_id)


def _told(project: Project) -> dict[str, object]:
    """A new project as it is remembered: a retry is answered with it, whatever became of the project."""
    return {
        "id": str(project.id),
        "name": project.name,
        "user_owner": str(project.user_owner),
        "name_git": project.name_git,
        "git_path": project.git_path,
        "created_at": project.created_at.isoformat(),
        "role": project.role.value,
    }


def _made(told: Mapping[str, object]) -> Project:
    git_path = told["git_path"]
    return Project(
        UUID(str(told["id"])),
        str(told["name"]),
        UUID(str(told["user_owner"])),
        str(told["name_git"]),
        str(git_path) if git_path is not None else None,
        datetime.fromisoformat(str(told["created_at"])),
        Role(str(told["role"])),
    )


def _shared(role: Role) -> Role:
    if role is Role.OWNER:
        raise Unprocessable("A project has one owner; share it as editor or viewer.", code="role_not_shared")
    return role
