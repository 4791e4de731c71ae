"""Datasets: named groups of sheets."""

from datetime import UTC, datetime
from uuid import UUID

from oryxforge.domain.datasets import Dataset
from oryxforge.domain.identity import Actor
from oryxforge.domain.names import clean_name, dataset_name_python
from oryxforge.domain.sheets import KEPT
from oryxforge.ports.repos import Store


class Datasets:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def in_project(self, actor: Actor, project_id: UUID) -> list[Dataset]:
        async with self._store.transaction(actor) as tx:
            await tx.projects.get(project_id)
            return await tx.datasets.in_project(project_id)

    async def deleted_in(self, actor: Actor, project_id: UUID) -> list[Dataset]:
        """What can be brought back, the last one that was deleted first."""
        async with self._store.transaction(actor) as tx:
            return await tx.datasets.deleted_in(project_id, datetime.now(UTC) - KEPT)

    async def create(self, actor: Actor, project_id: UUID, name: str) -> Dataset:
        """Raises Conflict where the project has one of that name, whatever the case."""
        clean = clean_name(name, "dataset")
        async with self._store.transaction(actor) as tx:
            await tx.projects.get(project_id)
            taken = [d.name_python for d in await tx.datasets.in_project(project_id)]
            if await tx.datasets.find(project_id, clean) is not None:
                taken = []
            return await tx.datasets.create(project_id, clean, dataset_name_python(clean, taken))

    async def rename(self, actor: Actor, dataset_id: UUID, name: str) -> Dataset:
        clean = clean_name(name, "dataset")
        async with self._store.transaction(actor) as tx:
            found = await tx.datasets.get(dataset_id)
            others = [d for d in await tx.datasets.in_project(found.project_id) if d.id != dataset_id]
            taken = [d.name_python for d in others]
            return await tx.datasets.rename(dataset_id, clean, dataset_name_python(clean, taken))

    async def restore(self, actor: Actor, dataset_id: UUID) -> Dataset:
        """Brings back a dataset and the sheets that were deleted with it, within 30 days."""
        async with self._store.transaction(actor) as tx:
            return await tx.datasets.restore(dataset_id, datetime.now(UTC) - KEPT)

    async def delete(self, actor: Actor, dataset_id: UUID) -> None:
        async with self._store.transaction(actor) as tx:
            await tx.datasets.delete(dataset_id)
