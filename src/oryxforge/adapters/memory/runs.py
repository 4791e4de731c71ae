"""Runs in memory, seen by the person who asked."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID, uuid4

from oryxforge.adapters.memory.projects import MemoryProjects
from oryxforge.adapters.memory.sources import follow_import
from oryxforge.adapters.memory.tables import MemoryTables, RunRow, plain
from oryxforge.domain.chats import ChatStatus, chat_processing
from oryxforge.domain.errors import NotFound
from oryxforge.domain.identity import Actor, Role
from oryxforge.domain.runs import Run, RunKind, RunStatus
from oryxforge.ports.repos import RunRepo


class MemoryRuns(RunRepo):
    def __init__(self, tables: MemoryTables, actor: Actor) -> None:
        self._t = tables
        self._actor = actor
        self._projects = MemoryProjects(tables, actor)

    async def create(
        self,
        kind: RunKind,
        project_id: UUID,
        chat_id: UUID | None,
        next_seq: int,
        args: Mapping[str, object],
    ) -> Run:
        await self._projects.need(project_id, Role.EDITOR)
        if chat_id is not None and await self.active(chat_id) is not None:
            raise chat_processing()
        now = self._t.clock.now()
        made = Run(
            id=uuid4(),
            kind=kind,
            project_id=project_id,
            user_id=self._actor.user_id,
            chat_id=chat_id,
            status=RunStatus.QUEUED,
            attempt=0,
            next_seq=next_seq,
            args=plain(args),
            progress={},
            result=None,
            error=None,
            request_id=self._actor.request_id,
            created_at=now,
            started_at=None,
            ended_at=None,
        )
        self._t.runs[made.id] = RunRow(made, None, now)
        self._t.jobs[uuid4()] = made.id
        return made

    async def get(self, run_id: UUID) -> Run:
        row = self._t.runs.get(run_id)
        if row is None or not self._projects.sees(row.run.project_id):
            raise NotFound("There is no such job, or it is not shared with you.", code="job_not_found")
        return row.run

    async def active(self, chat_id: UUID) -> Run | None:
        for row in self._t.runs.values():
            if row.run.chat_id == chat_id and not row.run.status.ended:
                return row.run if self._projects.sees(row.run.project_id) else None
        return None

    async def of_question(self, chat_id: UUID, seq: int) -> list[UUID]:
        there = [row.run for row in self._t.runs.values() if row.run.chat_id == chat_id]
        return [r.id for r in there if r.args.get("seq") == seq and self._projects.sees(r.project_id)]

    async def cancel(self, run_id: UUID) -> Run:
        found = await self.get(run_id)
        await self._projects.need(found.project_id, Role.EDITOR)
        if found.status.ended:
            return found
        row, now = self._t.runs[run_id], self._t.clock.now()
        ended = replace(found, status=RunStatus.CANCELLED, ended_at=now)
        self._t.runs[run_id] = replace(row, run=ended)
        self._t.cancelled[run_id] = now
        follow_import(self._t, ended)
        chat = self._t.chats.get(found.chat_id) if found.chat_id else None
        if chat is not None and chat.status is ChatStatus.PROCESSING:
            self._t.chats[chat.id] = replace(
                chat, status=ChatStatus.CANCELLED, completed_at=now, active_at=now
            )
        return ended
