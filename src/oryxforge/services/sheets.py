"""Sheets: list, show, rename, delete, versions."""

from dataclasses import replace
from datetime import UTC, datetime
from difflib import get_close_matches
from uuid import UUID

from oryxforge.domain.errors import NotFound
from oryxforge.domain.identity import Actor
from oryxforge.domain.names import clean_name, parse_address, sheet_name_python
from oryxforge.domain.sheets import KEPT, Sheet, SheetVersion
from oryxforge.ports.repos import Store, Transaction


class Sheets:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def in_dataset(self, actor: Actor, dataset_id: UUID) -> list[Sheet]:
        async with self._store.transaction(actor) as tx:
            await tx.datasets.get(dataset_id)
            return await tx.sheets.in_dataset(dataset_id)

    async def in_project(self, actor: Actor, project_id: UUID) -> list[Sheet]:
        async with self._store.transaction(actor) as tx:
            await tx.projects.get(project_id)
            return await tx.sheets.in_project(project_id)

    async def get(self, actor: Actor, sheet_id: UUID) -> Sheet:
        async with self._store.transaction(actor) as tx:
            return await tx.sheets.get(sheet_id)

    async def deleted_in(self, actor: Actor, project_id: UUID) -> list[Sheet]:
        """What can be brought back, the last one that was deleted first."""
        async with self._store.transaction(actor) as tx:
            return await tx.sheets.deleted_in(project_id, datetime.now(UTC) - KEPT)

    async def change(
        self,
        actor: Actor,
        sheet_id: UUID,
        name: str | None = None,
        version: int | None = None,
        dataset_id: UUID | None = None,
    ) -> Sheet:
        """Gives a sheet another name, makes another version the current one, moves it into another dataset: any of these."""
        clean = clean_name(name, "sheet") if name is not None else None
        async with self._store.transaction(actor) as tx:
            sheet = await tx.sheets.get(sheet_id)
            if version is not None:
                sheet = await tx.sheets.point_to(sheet_id, version)
            named = (sheet.name, sheet.name_python) if clean is None else (clean, sheet_name_python(clean))
            if dataset_id is not None:
                return await tx.sheets.move(sheet_id, dataset_id, *named)
            return sheet if clean is None else await tx.sheets.rename(sheet_id, *named)

    async def delete(self, actor: Actor, sheet_id: UUID) -> None:
        """Hides the sheet; `restore` brings it back within 30 days."""
        async with self._store.transaction(actor) as tx:
            await tx.sheets.delete(sheet_id)

    async def restore(self, actor: Actor, sheet_id: UUID) -> Sheet:
        async with self._store.transaction(actor) as tx:
            return await tx.sheets.restore(sheet_id)

    async def versions(self, actor: Actor, sheet_id: UUID) -> list[SheetVersion]:
        async with self._store.transaction(actor) as tx:
            return await tx.sheets.versions(sheet_id)

    async def point_to(self, actor: Actor, sheet_id: UUID, number: int) -> Sheet:
        """Makes an earlier (or later) version the current one."""
        async with self._store.transaction(actor) as tx:
            return await tx.sheets.point_to(sheet_id, number)


async def find_sheet(tx: Transaction, project_id: UUID, address: str) -> Sheet:
    """The sheet named `dataset.Sheet`. Raises NotFound with the nearest names, Unprocessable for another form."""
    dataset, name = parse_address(address)
    found = await tx.sheets.find(project_id, dataset, name)
    if found is not None:
        return found
    await tx.projects.get(project_id)
    known = [s.address for s in await tx.sheets.in_project(project_id)]
    near = get_close_matches(address, known, n=3, cutoff=0.4)
    hint = f" Did you mean {' or '.join(near)}?" if near else " Import a file first."
    raise NotFound(f"There is no sheet {address} in this project.{hint}", code="sheet_not_found")


async def at_version(tx: Transaction, sheet: Sheet, number: int) -> Sheet:
    """The sheet as it was in a version. Raises NotFound where it has no such one."""
    if number == sheet.version:
        return sheet
    versions = await tx.sheets.versions(sheet.id)
    for version in versions:
        if version.number == number:
            return replace(sheet, version=number, uri=version.uri)
    last = versions[-1].number if versions else sheet.version
    raise NotFound(
        f"{sheet.address} has no version {number}; the last one is {last}.", code="version_not_found"
    )
