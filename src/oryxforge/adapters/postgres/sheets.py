"""The SQL of sheets and their versions."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import asyncpg

from oryxforge.adapters.postgres.datasets import PgDatasets
from oryxforge.adapters.postgres.pool import Connection, fields
from oryxforge.adapters.postgres.projects import PgProjects
from oryxforge.domain.errors import Conflict, NotFound
from oryxforge.domain.identity import Actor, Role
from oryxforge.domain.sheets import Column, Sheet, SheetType, SheetVersion, Written, moved_out
from oryxforge.ports.repos import NewSheet

SELECT = """
select s.id, s.dataset_id, s.project_id, s.user_owner, s.name, s.name_python, d.name_python as dataset_name_python,
  s.type, s.source_id, s.version, s.uri, s.metadata, s.created_at, s.deleted_at
from public.datasheets s join public.datasets d on d.id = s.dataset_id
where true
"""
HERE = SELECT + "and d.deleted_at is null and s.deleted_at is null "
OF_ONE_VERSION = ("receipt", "edit")


def sheet(row: asyncpg.Record) -> Sheet:
    return Sheet(**fields(row, type=SheetType(row["type"])))


def version(row: asyncpg.Record) -> SheetVersion:
    columns = tuple(Column(c["name"], c["type"]) for c in row["columns"])
    return SheetVersion(**fields(row, columns=columns))


def columns_json(columns: tuple[Column, ...]) -> list[dict[str, str]]:
    return [{"name": c.name, "type": c.type} for c in columns]


def described(written: Written, more: Mapping[str, object] | None = None) -> dict[str, object]:
    """A sheet's metadata: what was written, over what it is."""
    receipt = {"receipt": dict(written.receipt)} if written.receipt else {}
    return {
        **(more or {}),
        "columns": columns_json(written.columns),
        "rows": written.rows,
        "size_bytes": written.size_bytes,
        "content_hash": written.content_hash,
        **receipt,
    }


class PgSheets:
    def __init__(
        self, connection: Connection, actor: Actor, projects: PgProjects, datasets: PgDatasets
    ) -> None:
        self._db = connection
        self._me = actor.user_id
        self._projects = projects
        self._datasets = datasets

    async def in_dataset(self, dataset_id: UUID) -> list[Sheet]:
        rows = await self._db.fetch(HERE + "and s.dataset_id = $1 order by s.created_at, s.id", dataset_id)
        if not rows:
            await self._project_of(dataset_id)
        return [sheet(r) for r in rows]

    async def in_project(self, project_id: UUID) -> list[Sheet]:
        await self._projects.get(project_id)
        rows = await self._db.fetch(
            HERE + "and s.project_id = $1 order by d.created_at, s.created_at, s.id", project_id
        )
        return [sheet(r) for r in rows]

    async def get(self, sheet_id: UUID) -> Sheet:
        return await self._one(HERE, sheet_id)

    async def find(self, project_id: UUID, dataset: str, name: str) -> Sheet | None:
        row = await self._db.fetchrow(
            HERE
            + "and s.project_id = $1 and lower(d.name_python) = lower($2) and lower(s.name_python) = lower($3)",
            project_id,
            dataset,
            name,
        )
        return sheet(row) if row else None

    async def create(self, new: NewSheet, version_id: UUID, written: Written) -> Sheet:
        await self._projects.need(await self._project_of(new.dataset_id), Role.EDITOR)
        made = await self._db.fetchval(
            """insert into public.datasheets
              (id, dataset_id, project_id, user_owner, name, name_python, type, source_id, version, uri, metadata)
            select $1, d.id, d.project_id, $3, $4, $5, $6, $7, 1, $8, $9 from public.datasets d where d.id = $2
            on conflict do nothing returning id""",
            new.id,
            new.dataset_id,
            self._me,
            new.name,
            new.name_python,
            new.type.value,
            new.source_id,
            written.uri,
            described(written, new.metadata),
        )
        if made is None:
            raise await self._exists(new.dataset_id, new.name_python)
        await self._insert_version(new.id, version_id, 1, written, described(written, new.metadata))
        return await self.get(new.id)

    async def add_version(
        self, sheet_id: UUID, version_id: UUID, written: Written, metadata: Mapping[str, object] | None = None
    ) -> Sheet:
        await self._db.fetchval("select 1 from public.datasheets where id = $1 for update", sheet_id)
        found = await self.get(sheet_id)
        await self._projects.need(found.project_id, Role.EDITOR)
        number = 1 + await self._db.fetchval(
            "select coalesce(max(number), 0) from public.datasheet_versions where datasheet_id = $1", sheet_id
        )
        kept = {k: v for k, v in found.metadata.items() if k not in OF_ONE_VERSION}
        described_now = described(written, {**kept, **(metadata or {})})
        await self._insert_version(sheet_id, version_id, number, written, described_now)
        return await self._point(sheet_id, number)

    async def versions(self, sheet_id: UUID) -> list[SheetVersion]:
        await self.get(sheet_id)
        rows = await self._db.fetch(
            """select id, datasheet_id as sheet_id, number, uri, rows, columns, size_bytes, content_hash, created_at,
              created_by, metadata
            from public.datasheet_versions where datasheet_id = $1 order by number""",
            sheet_id,
        )
        return [version(r) for r in rows]

    async def point_to(self, sheet_id: UUID, number: int) -> Sheet:
        found = await self.get(sheet_id)
        await self._projects.need(found.project_id, Role.EDITOR)
        return await self._point(sheet_id, number)

    async def rename(self, sheet_id: UUID, name: str, name_python: str) -> Sheet:
        return await self._place(await self.get(sheet_id), None, name, name_python)

    async def move(self, sheet_id: UUID, dataset_id: UUID, name: str, name_python: str) -> Sheet:
        found = await self.get(sheet_id)
        if await self._project_of(dataset_id) != found.project_id:
            raise moved_out()
        return await self._place(found, dataset_id, name, name_python)

    async def _place(self, found: Sheet, dataset_id: UUID | None, name: str, name_python: str) -> Sheet:
        await self._projects.need(found.project_id, Role.EDITOR)
        place = dataset_id or found.dataset_id
        try:
            async with self._db.transaction():
                await self._db.execute(
                    """update public.datasheets set dataset_id = $2, name = $3, name_python = $4, updated_at = now()
                    where id = $1""",
                    found.id,
                    place,
                    name,
                    name_python,
                )
        except asyncpg.UniqueViolationError as error:
            raise await self._exists(place, name_python) from error
        return await self.get(found.id)

    async def delete(self, sheet_id: UUID) -> None:
        found = await self.get(sheet_id)
        await self._projects.need(found.project_id, Role.EDITOR)
        await self._db.execute("update public.datasheets set deleted_at = now() where id = $1", sheet_id)

    async def deleted_in(self, project_id: UUID, since: datetime) -> list[Sheet]:
        await self._projects.get(project_id)
        rows = await self._db.fetch(
            SELECT
            + "and s.project_id = $1 and s.deleted_at > $2 order by s.deleted_at desc, s.created_at, s.id",
            project_id,
            since,
        )
        return [sheet(r) for r in rows]

    async def restore(self, sheet_id: UUID) -> Sheet:
        found = await self._one(SELECT, sheet_id)
        await self._projects.need(found.project_id, Role.EDITOR)
        await self._datasets.show(found.dataset_id)
        try:
            async with self._db.transaction():
                await self._db.execute(
                    "update public.datasheets set deleted_at = null where id = $1", sheet_id
                )
        except asyncpg.UniqueViolationError as error:
            raise await self._exists(found.dataset_id, found.name_python) from error
        return await self.get(sheet_id)

    async def _one(self, select: str, sheet_id: UUID) -> Sheet:
        row = await self._db.fetchrow(select + "and s.id = $1", sheet_id)
        if row is None:
            raise NotFound("There is no such sheet.", code="sheet_not_found")
        return sheet(row)

    async def _project_of(self, dataset_id: UUID) -> UUID:
        project_id = await self._db.fetchval(
            "select project_id from public.datasets where id = $1 and deleted_at is null", dataset_id
        )
        if project_id is None:
            raise NotFound("There is no such dataset.", code="dataset_not_found")
        return project_id

    async def _insert_version(
        self, sheet_id: UUID, version_id: UUID, number: int, written: Written, metadata: dict[str, object]
    ) -> None:
        await self._db.execute(
            """insert into public.datasheet_versions
              (id, datasheet_id, project_id, number, uri, rows, columns, size_bytes, content_hash, metadata, created_by)
            select $1, s.id, s.project_id, $3, $4, $5, $6, $7, $8, $9, $10 from public.datasheets s where s.id = $2""",
            version_id,
            sheet_id,
            number,
            written.uri,
            written.rows,
            columns_json(written.columns),
            written.size_bytes,
            written.content_hash,
            metadata,
            self._me,
        )

    async def _point(self, sheet_id: UUID, number: int) -> Sheet:
        done = await self._db.execute(
            """update public.datasheets s set version = v.number, uri = v.uri, metadata = v.metadata, updated_at = now()
            from public.datasheet_versions v where v.datasheet_id = s.id and s.id = $1 and v.number = $2""",
            sheet_id,
            number,
        )
        if done == "UPDATE 0":
            raise NotFound(f"The sheet has no version {number}.", code="version_not_found")
        return await self.get(sheet_id)

    async def _exists(self, dataset_id: UUID, name_python: str) -> Conflict:
        there = await self._db.fetchrow(
            HERE + "and s.dataset_id = $1 and lower(s.name_python) = lower($2)", dataset_id, name_python
        )
        return Conflict(
            f"The dataset has a sheet named “{there['name'] if there else name_python}” already. Take another name.",
            code="sheet_exists",
            extra={"datasheet_id": str(there["id"])} if there else {},
        )
