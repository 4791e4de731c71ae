"""Data sources in memory."""

from dataclasses import replace
from uuid import UUID

from oryxforge.adapters.memory.projects import MemoryProjects
from oryxforge.adapters.memory.tables import MemoryTables
from oryxforge.domain.errors import NotFound
from oryxforge.domain.identity import Actor, Role
from oryxforge.domain.runs import Run, RunKind, RunStatus
from oryxforge.domain.sources import DataSource, SourceFlag, SourceStatus, SourceType
from oryxforge.ports.repos import SourceRepo


class MemorySources(SourceRepo):
    def __init__(self, tables: MemoryTables, actor: Actor) -> None:
        self._t = tables
        self._me = actor.user_id
        self._projects = MemoryProjects(tables, actor)

    async def create(
        self, source_id: UUID, project_id: UUID, name: str, kind: SourceType, uri: str, size_bytes: int
    ) -> DataSource:
        await self._projects.need(project_id, Role.EDITOR)
        status, now = SourceStatus(SourceFlag.PENDING), self._t.clock.now()
        made = DataSource(source_id, project_id, self._me, name, kind, uri, size_bytes, status, now)
        self._t.sources[source_id] = made
        return made

    async def get(self, project_id: UUID, source_id: UUID) -> DataSource:
        found = self._t.sources.get(source_id)
        if found is None or found.project_id != project_id or source_id in self._t.hidden:
            raise _missing()
        await self._projects.get(project_id)
        return found

    async def in_project(self, project_id: UUID) -> list[DataSource]:
        await self._projects.get(project_id)
        there = [
            s for s in self._t.sources.values() if s.project_id == project_id and s.id not in self._t.hidden
        ]
        there.sort(key=lambda s: s.id)
        return sorted(there, key=lambda s: s.created_at, reverse=True)

    async def delete(self, project_id: UUID, source_id: UUID) -> None:
        await self._projects.need(project_id, Role.EDITOR)
        await self.get(project_id, source_id)
        self._t.hidden[source_id] = self._t.clock.now()


def follow_import(tables: MemoryTables, run: Run) -> None:
    """Sets the status of a file whose import was just taken, or has just ended."""
    for found in [s for s in tables.sources.values() if _imports(run, s.id)]:
        tables.sources[found.id] = replace(found, status=_status(tables, found.id, run))


def _imports(run: Run, source_id: UUID) -> bool:
    return run.kind is RunKind.IMPORT and run.args.get("source_id") == str(source_id)


def _status(tables: MemoryTables, source_id: UUID, run: Run) -> SourceStatus:
    others = [r.run for r in tables.runs.values() if _imports(r.run, source_id) and r.run.id != run.id]
    running = [o for o in others if o.status is RunStatus.RUNNING]
    if run.status is RunStatus.RUNNING or running:
        return SourceStatus(SourceFlag.PROCESSING)
    if run.status is RunStatus.FAILED:
        return SourceStatus(SourceFlag.ERROR, str((run.error or {}).get("detail", "")))
    imported = any(s.source_id == source_id for s in tables.sheets.values())
    ready = run.status is RunStatus.COMPLETED or imported
    return SourceStatus(SourceFlag.READY if ready else SourceFlag.PENDING)


def _missing() -> NotFound:
    return NotFound("There is no such file in this project. Upload it first.", code="data_source_not_found")
