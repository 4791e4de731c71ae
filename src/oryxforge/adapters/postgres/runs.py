"""The SQL of runs, seen by the person who asked."""

from collections.abc import Mapping
from uuid import UUID

import asyncpg

from oryxforge.adapters.postgres.pool import Connection, fields
from oryxforge.adapters.postgres.projects import PgProjects
from oryxforge.domain.errors import NotFound
from oryxforge.domain.identity import Actor, Role
from oryxforge.domain.runs import Run, RunKind, RunStatus

COLUMNS = """id, kind, project_id, user_id, chat_id, status, attempt, next_seq, args, progress, result, error,
  request_id, created_at, started_at, ended_at"""


def run(row: asyncpg.Record) -> Run:
    known = fields(row, kind=RunKind(row["kind"]), status=RunStatus(row["status"]))
    return Run(**{k: known[k] for k in Run.__dataclass_fields__})


class PgRuns:
    def __init__(self, connection: Connection, actor: Actor, projects: PgProjects) -> None:
        self._db = connection
        self._actor = actor
        self._projects = projects

    async def create(
        self,
        kind: RunKind,
        project_id: UUID,
        chat_id: UUID | None,
        next_seq: int,
        args: Mapping[str, object],
    ) -> Run:
        await self._projects.need(project_id, Role.EDITOR)
        row = await self._db.fetchrow(
            f"""insert into oryxforge.runs (kind, project_id, user_id, chat_id, next_seq, args, request_id)
            values ($1, $2, $3, $4, $5, $6, $7) returning {COLUMNS}, oryxforge.enqueue(id)""",
            kind.value,
            project_id,
            self._actor.user_id,
            chat_id,
            next_seq,
            dict(args),
            self._actor.request_id,
        )
        assert row is not None
        return run(row)

    async def get(self, run_id: UUID) -> Run:
        row = await self._db.fetchrow(f"select {COLUMNS} from oryxforge.runs where id = $1", run_id)
        if row is None:
            raise NotFound("There is no such job, or it is not shared with you.", code="job_not_found")
        return run(row)

    async def active(self, chat_id: UUID) -> Run | None:
        row = await self._db.fetchrow(
            f"select {COLUMNS} from oryxforge.runs where chat_id = $1 and status in ('queued', 'running')",
            chat_id,
        )
        return run(row) if row else None

    async def of_question(self, chat_id: UUID, seq: int) -> list[UUID]:
        rows = await self._db.fetch(
            "select id from oryxforge.runs where chat_id = $1 and args -> 'seq' = to_jsonb($2::int) order by created_at, id",
            chat_id,
            seq,
        )
        return [r["id"] for r in rows]

    async def cancel(self, run_id: UUID) -> Run:
        found = await self.get(run_id)
        await self._projects.need(found.project_id, Role.EDITOR)
        stopped = await self._db.execute(
            """update oryxforge.runs set status = 'cancelled', ended_at = now()
            where id = $1 and status in ('queued', 'running')""",
            run_id,
        )
        if stopped == "UPDATE 1" and found.chat_id:
            await self._db.execute(
                "update public.chats set status = 'cancelled', completed_at = now() where id = $1 and status = 'processing'",
                found.chat_id,
            )
        return await self.get(run_id)
