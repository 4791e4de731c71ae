"""The SQL of datasets."""

from datetime import datetime
from uuid import UUID

import asyncpg

from oryxforge.adapters.postgres.pool import Connection, fields
from oryxforge.adapters.postgres.projects import PgProjects
from oryxforge.domain.datasets import Dataset
from oryxforge.domain.errors import Conflict, NotFound
from oryxforge.domain.identity import Actor, Role

COLUMNS = "id, project_id, user_owner, name, name_python, created_at, deleted_at"
SELECT = f"select {COLUMNS} from public.datasets where deleted_at is null "


def dataset(row: asyncpg.Record) -> Dataset:
    return Dataset(**fields(row))


class PgDatasets:
    def __init__(self, connection: Connection, actor: Actor, projects: PgProjects) -> None:
        self._db = connection
        self._me = actor.user_id
        self._projects = projects

    async def create(self, project_id: UUID, name: str, name_python: str) -> Dataset:
        await self._projects.need(project_id, Role.EDITOR)
        row = await self._db.fetchrow(
            f"""insert into public.datasets (project_id, user_owner, name, name_python)
            values ($1, $2, $3, $4) on conflict do nothing returning {COLUMNS}""",
            project_id,
            self._me,
            name,
            name_python,
        )
        if row is None:
            raise await self._exists(project_id, name, name_python)
        return dataset(row)

    async def in_project(self, project_id: UUID) -> list[Dataset]:
        await self._projects.get(project_id)
        rows = await self._db.fetch(SELECT + "and project_id = $1 order by created_at, name", project_id)
        return [dataset(r) for r in rows]

    async def get(self, dataset_id: UUID) -> Dataset:
        row = await self._db.fetchrow(SELECT + "and id = $1", dataset_id)
        if row is None:
            raise NotFound("There is no such dataset.", code="dataset_not_found")
        return dataset(row)

    async def find(self, project_id: UUID, name: str) -> Dataset | None:
        row = await self._db.fetchrow(
            SELECT
            + """and project_id = $1 and (lower(name) = lower($2) or lower(name_python) = lower($2))
            order by lower(name) = lower($2) desc limit 1""",
            project_id,
            name,
        )
        return dataset(row) if row else None

    async def rename(self, dataset_id: UUID, name: str, name_python: str) -> Dataset:
        found = await self.get(dataset_id)
        await self._projects.need(found.project_id, Role.EDITOR)
        try:
            async with self._db.transaction():
                await self._db.execute(
                    "update public.datasets set name = $2, name_python = $3 where id = $1",
                    dataset_id,
                    name,
                    name_python,
                )
        except asyncpg.UniqueViolationError as error:
            raise await self._exists(found.project_id, name, name_python) from error
        return await self.get(dataset_id)

    async def delete(self, dataset_id: UUID) -> None:
        found = await self.get(dataset_id)
        await self._projects.need(found.project_id, Role.EDITOR)
        await self._db.execute(
            "update public.datasheets set deleted_at = now() where dataset_id = $1 and deleted_at is null",
            dataset_id,
        )
        await self._db.execute("update public.datasets set deleted_at = now() where id = $1", dataset_id)

    async def deleted_in(self, project_id: UUID, since: datetime) -> list[Dataset]:
        await self._projects.get(project_id)
        rows = await self._db.fetch(
            f"""select {COLUMNS} from public.datasets where project_id = $1 and deleted_at > $2
            order by deleted_at desc, created_at desc""",
            project_id,
            since,
        )
        return [dataset(r) for r in rows]

    async def restore(self, dataset_id: UUID, since: datetime) -> Dataset:
        deleted_at = await self._db.fetchval(
            "select deleted_at from public.datasets where id = $1 and deleted_at > $2", dataset_id, since
        )
        if deleted_at is None:
            found = await self.get(dataset_id)
            await self._projects.need(found.project_id, Role.EDITOR)
            return found
        await self.show(dataset_id)
        await self._db.execute(
            "update public.datasheets set deleted_at = null where dataset_id = $1 and deleted_at = $2",
            dataset_id,
            deleted_at,
        )
        return await self.get(dataset_id)

    async def show(self, dataset_id: UUID) -> None:
        """Hides a dataset no more; its sheets stay as they are. Raises Conflict where its name is taken."""
        found = dataset(
            await self._db.fetchrow(f"select {COLUMNS} from public.datasets where id = $1", dataset_id)
        )
        await self._projects.need(found.project_id, Role.EDITOR)
        try:
            async with self._db.transaction():
                await self._db.execute(
                    "update public.datasets set deleted_at = null where id = $1", dataset_id
                )
        except asyncpg.UniqueViolationError as error:
            raise await self._exists(found.project_id, found.name, found.name_python) from error

    async def _exists(self, project_id: UUID, name: str, name_python: str) -> Conflict:
        there = await self.find(project_id, name) or await self.find(project_id, name_python)
        extra = {"dataset_id": str(there.id)} if there else {}
        return Conflict(
            f"The project has a dataset named “{there.name if there else name}” already. "
            "Take another name, or import into that one.",
            code="dataset_exists",
            extra=extra,
        )
