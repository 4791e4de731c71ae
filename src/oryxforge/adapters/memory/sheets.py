"""Sheets and their versions in memory."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from oryxforge.adapters.memory.datasets import MemoryDatasets
from oryxforge.adapters.memory.projects import MemoryProjects
from oryxforge.adapters.memory.tables import MemoryTables, VersionRow, plain
from oryxforge.domain.errors import Conflict, NotFound
from oryxforge.domain.identity import Actor, Role
from oryxforge.domain.sheets import Sheet, SheetVersion, Written, moved_out
from oryxforge.ports.repos import NewSheet, SheetRepo


class MemorySheets(SheetRepo):
    def __init__(self, tables: MemoryTables, actor: Actor) -> None:
        self._t = tables
        self._me = actor.user_id
        self._projects = MemoryProjects(tables, actor)
        self._datasets = MemoryDatasets(tables, actor)

    async def in_dataset(self, dataset_id: UUID) -> list[Sheet]:
        await self._datasets.get(dataset_id)
        return sorted(self._there(dataset_id), key=lambda s: (s.created_at, s.id))

    async def in_project(self, project_id: UUID) -> list[Sheet]:
        datasets = await self._datasets.in_project(project_id)
        return [s for d in datasets for s in await self.in_dataset(d.id)]

    async def get(self, sheet_id: UUID) -> Sheet:
        found = self._t.sheets.get(sheet_id)
        if found is None or sheet_id in self._t.hidden:
            raise _missing()
        try:
            await self._datasets.get(found.dataset_id)
        except NotFound as error:
            raise _missing() from error
        return self._shown(found)

    async def find(self, project_id: UUID, dataset: str, name: str) -> Sheet | None:
        there = await self.in_project(project_id) if self._projects.sees(project_id) else []
        for s in there:
            if (s.dataset_name_python.lower(), s.name_python.lower()) == (dataset.lower(), name.lower()):
                return s
        return None

    async def create(self, new: NewSheet, version_id: UUID, written: Written) -> Sheet:
        dataset = await self._datasets.get(new.dataset_id)
        await self._projects.need(dataset.project_id, Role.EDITOR)
        self._check_free(new.dataset_id, new.name_python, None)
        metadata = _described(written, new.metadata or {})
        self._t.sheets[new.id] = Sheet(
            id=new.id,
            dataset_id=dataset.id,
            project_id=dataset.project_id,
            user_owner=self._me,
            name=new.name,
            name_python=new.name_python,
            dataset_name_python=dataset.name_python,
            type=new.type,
            source_id=new.source_id,
            version=1,
            uri=written.uri,
            metadata=metadata,
            created_at=self._t.clock.now(),
        )
        self._add(new.id, version_id, 1, written, metadata)
        return await self.get(new.id)

    async def add_version(
        self, sheet_id: UUID, version_id: UUID, written: Written, metadata: Mapping[str, object] | None = None
    ) -> Sheet:
        found = await self._need_editor(sheet_id)
        number = 1
        while (sheet_id, number) in self._t.versions:
            number += 1
        kept = {k: v for k, v in found.metadata.items() if k not in ("receipt", "edit")}
        self._add(sheet_id, version_id, number, written, _described(written, {**kept, **(metadata or {})}))
        return await self.point_to(sheet_id, number)

    async def versions(self, sheet_id: UUID) -> list[SheetVersion]:
        await self.get(sheet_id)
        there = [row.version for (of, _), row in self._t.versions.items() if of == sheet_id]
        return sorted(there, key=lambda v: v.number)

    async def point_to(self, sheet_id: UUID, number: int) -> Sheet:
        found = await self._need_editor(sheet_id)
        row = self._t.versions.get((sheet_id, number))
        if row is None:
            raise NotFound(f"The sheet has no version {number}.", code="version_not_found")
        self._t.sheets[sheet_id] = replace(
            found, version=number, uri=row.version.uri, metadata=plain(row.metadata)
        )
        return await self.get(sheet_id)

    async def rename(self, sheet_id: UUID, name: str, name_python: str) -> Sheet:
        found = await self._need_editor(sheet_id)
        return await self._place(found, found.dataset_id, name, name_python)

    async def move(self, sheet_id: UUID, dataset_id: UUID, name: str, name_python: str) -> Sheet:
        found = await self._need_editor(sheet_id)
        if (await self._datasets.get(dataset_id)).project_id != found.project_id:
            raise moved_out()
        return await self._place(found, dataset_id, name, name_python)

    async def _place(self, found: Sheet, dataset_id: UUID, name: str, name_python: str) -> Sheet:
        self._check_free(dataset_id, name_python, found.id)
        self._t.sheets[found.id] = replace(found, dataset_id=dataset_id, name=name, name_python=name_python)
        return await self.get(found.id)

    async def delete(self, sheet_id: UUID) -> None:
        await self._need_editor(sheet_id)
        self._t.hidden[sheet_id] = self._t.clock.now()

    async def deleted_in(self, project_id: UUID, since: datetime) -> list[Sheet]:
        await self._projects.get(project_id)
        there = [self._shown(s) for s in self._t.sheets.values() if s.project_id == project_id]
        gone = [s for s in there if s.deleted_at is not None and s.deleted_at > since]
        return sorted(gone, key=lambda s: (s.deleted_at, s.created_at, s.id), reverse=True)

    async def restore(self, sheet_id: UUID) -> Sheet:
        found = self._t.sheets.get(sheet_id)
        if found is None or not self._projects.sees(found.project_id):
            raise _missing()
        await self._projects.need(found.project_id, Role.EDITOR)
        await self._datasets.show(found.dataset_id)
        self._check_free(found.dataset_id, found.name_python, sheet_id)
        self._t.hidden.pop(sheet_id, None)
        return await self.get(sheet_id)

    def _shown(self, sheet: Sheet) -> Sheet:
        named = self._t.datasets[sheet.dataset_id].name_python
        return replace(sheet, dataset_name_python=named, deleted_at=self._t.hidden.get(sheet.id))

    async def _need_editor(self, sheet_id: UUID) -> Sheet:
        found = await self.get(sheet_id)
        await self._projects.need(found.project_id, Role.EDITOR)
        return found

    def _there(self, dataset_id: UUID) -> list[Sheet]:
        there = [s for s in self._t.sheets.values() if s.dataset_id == dataset_id]
        return [self._shown(s) for s in there if s.id not in self._t.hidden]

    def _add(
        self, sheet_id: UUID, version_id: UUID, number: int, written: Written, metadata: dict[str, object]
    ) -> None:
        version = SheetVersion(
            id=version_id,
            sheet_id=sheet_id,
            number=number,
            uri=written.uri,
            rows=written.rows,
            columns=written.columns,
            size_bytes=written.size_bytes,
            content_hash=written.content_hash,
            created_at=self._t.clock.now(),
            created_by=self._me,
            metadata=metadata,
        )
        self._t.versions[sheet_id, number] = VersionRow(version, metadata)

    def _check_free(self, dataset_id: UUID, name_python: str, besides: UUID | None) -> None:
        for s in self._there(dataset_id):
            if s.name_python.lower() == name_python.lower() and s.id != besides:
                raise Conflict(
                    f"The dataset has a sheet named “{s.name}” already. Take another name.",
                    code="sheet_exists",
                    extra={"datasheet_id": str(s.id)},
                )


def _missing() -> NotFound:
    return NotFound("There is no such sheet.", code="sheet_not_found")


def _described(written: Written, more: Mapping[str, object]) -> dict[str, object]:
    receipt = {"receipt": written.receipt} if written.receipt else {}
    return plain(
        {
            **more,
            "columns": [{"name": c.name, "type": c.type} for c in written.columns],
            "rows": written.rows,
            "size_bytes": written.size_bytes,
            "content_hash": written.content_hash,
            **receipt,
        }
    )
