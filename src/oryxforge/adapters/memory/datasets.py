"""Datasets in memory."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

from oryxforge.adapters.memory.projects import MemoryProjects
from oryxforge.adapters.memory.tables import MemoryTables
from oryxforge.domain.datasets import Dataset
from oryxforge.domain.errors import Conflict, NotFound
from oryxforge.domain.identity import Actor, Role
from oryxforge.ports.repos import DatasetRepo


class MemoryDatasets(DatasetRepo):
    def __init__(self, tables: MemoryTables, actor: Actor) -> None:
        self._t = tables
        self._me = actor.user_id
        self._projects = MemoryProjects(tables, actor)

    async def create(self, project_id: UUID, name: str, name_python: str) -> Dataset:
        await self._projects.need(project_id, Role.EDITOR)
        self._check_free(project_id, name, name_python, None)
        made = Dataset(uuid4(), project_id, self._me, name, name_python, self._t.clock.now())
        self._t.datasets[made.id] = made
        return made

    async def in_project(self, project_id: UUID) -> list[Dataset]:
        await self._projects.get(project_id)
        return sorted(self._there(project_id), key=lambda d: (d.created_at, d.name))

    async def get(self, dataset_id: UUID) -> Dataset:
        found = self._t.datasets.get(dataset_id)
        if found is None or dataset_id in self._t.hidden:
            raise NotFound("There is no such dataset.", code="dataset_not_found")
        await self._projects.get(found.project_id)
        return found

    async def find(self, project_id: UUID, name: str) -> Dataset | None:
        if not self._projects.sees(project_id):
            return None
        low = name.lower()
        there = self._there(project_id)
        by_name = [d for d in there if d.name.lower() == low]
        return next(iter(by_name + [d for d in there if d.name_python.lower() == low]), None)

    async def rename(self, dataset_id: UUID, name: str, name_python: str) -> Dataset:
        found = await self._need_editor(dataset_id)
        self._check_free(found.project_id, name, name_python, dataset_id)
        self._t.datasets[dataset_id] = replace(found, name=name, name_python=name_python)
        return self._t.datasets[dataset_id]

    async def delete(self, dataset_id: UUID) -> None:
        await self._need_editor(dataset_id)
        now = self._t.clock.now()
        for sheet in self._t.sheets.values():
            if sheet.dataset_id == dataset_id and sheet.id not in self._t.hidden:
                self._t.hidden[sheet.id] = now
        self._t.hidden[dataset_id] = now

    async def deleted_in(self, project_id: UUID, since: datetime) -> list[Dataset]:
        await self._projects.get(project_id)
        there = [d for d in self._t.datasets.values() if d.project_id == project_id]
        gone = [replace(d, deleted_at=self._t.hidden.get(d.id)) for d in there]
        kept = [(d.deleted_at, d) for d in gone if d.deleted_at is not None and d.deleted_at > since]
        return [d for _, d in sorted(kept, key=lambda one: (one[0], one[1].created_at), reverse=True)]

    async def restore(self, dataset_id: UUID, since: datetime) -> Dataset:
        deleted_at = self._t.hidden.get(dataset_id)
        if deleted_at is None or deleted_at <= since:
            return await self._need_editor(dataset_id)
        await self.show(dataset_id)
        for sheet in self._t.sheets.values():
            if sheet.dataset_id == dataset_id and self._t.hidden.get(sheet.id) == deleted_at:
                del self._t.hidden[sheet.id]
        return await self.get(dataset_id)

    async def show(self, dataset_id: UUID) -> None:
        """Hides a dataset no more; its sheets stay as they are. Raises Conflict where its name is taken."""
        found = self._t.datasets[dataset_id]
        await self._projects.need(found.project_id, Role.EDITOR)
        self._check_free(found.project_id, found.name, found.name_python, dataset_id)
        self._t.hidden.pop(dataset_id, None)

    async def _need_editor(self, dataset_id: UUID) -> Dataset:
        found = await self.get(dataset_id)
        await self._projects.need(found.project_id, Role.EDITOR)
        return found

    def _there(self, project_id: UUID) -> list[Dataset]:
        return [
            d for d in self._t.datasets.values() if d.project_id == project_id and d.id not in self._t.hidden
        ]

    def _check_free(self, project_id: UUID, name: str, name_python: str, besides: UUID | None) -> None:
        for d in self._there(project_id):
            taken = d.name.lower() == name.lower() or d.name_python.lower() == name_python.lower()
            if taken and d.id != besides:
                raise Conflict(
                    f"The project has a dataset named “{d.name}” already. "
                    "Take another name, or import into that one.",
                    code="dataset_exists",
                    extra={"dataset_id": str(d.id)},
                )
