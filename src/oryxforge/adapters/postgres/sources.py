"""The SQL of data sources."""

from uuid import UUID

import asyncpg

from oryxforge.adapters.postgres.pool import Connection, fields
from oryxforge.adapters.postgres.projects import PgProjects
from oryxforge.domain.errors import NotFound
from oryxforge.domain.identity import Actor, Role
from oryxforge.domain.sources import DataSource, SourceFlag, SourceStatus, SourceType

SELECT = """
select id, project_id, user_owner, name, type, uri, size_bytes, status, created_at
from public.data_sources where deleted_at is null
"""


def source(row: asyncpg.Record) -> DataSource:
    status = SourceStatus(SourceFlag(row["status"]["flag"]), str(row["status"].get("msg", "")))
    return DataSource(**fields(row, type=SourceType(row["type"]), status=status))


def missing() -> NotFound:
    return NotFound("There is no such file in this project. Upload it first.", code="data_source_not_found")


class PgSources:
    def __init__(self, connection: Connection, actor: Actor, projects: PgProjects) -> None:
        self._db = connection
        self._me = actor.user_id
        self._projects = projects

    async def create(
        self, source_id: UUID, project_id: UUID, name: str, kind: SourceType, uri: str, size_bytes: int
    ) -> DataSource:
        await self._projects.need(project_id, Role.EDITOR)
        await self._db.execute(
            """insert into public.data_sources (id, project_id, user_owner, name, type, uri, size_bytes)
            values ($1, $2, $3, $4, $5, $6, $7)""",
            source_id,
            project_id,
            self._me,
            name,
            kind.value,
            uri,
            size_bytes,
        )
        return await self.get(project_id, source_id)

    async def get(self, project_id: UUID, source_id: UUID) -> DataSource:
        row = await self._db.fetchrow(SELECT + "and id = $2 and project_id = $1", project_id, source_id)
        if row is None:
            raise missing()
        return source(row)

    async def in_project(self, project_id: UUID) -> list[DataSource]:
        await self._projects.get(project_id)
        rows = await self._db.fetch(SELECT + "and project_id = $1 order by created_at desc, id", project_id)
        return [source(r) for r in rows]

    async def delete(self, project_id: UUID, source_id: UUID) -> None:
        await self._projects.need(project_id, Role.EDITOR)
        await self.get(project_id, source_id)
        await self._db.execute("update public.data_sources set deleted_at = now() where id = $1", source_id)
