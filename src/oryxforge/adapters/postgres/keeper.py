"""The SQL of the worker's side of runs; the fence is in the statements (supabase/migrations, runs)."""

import asyncio
from collections.abc import AsyncGenerator, Collection, Mapping, Sequence
from datetime import timedelta
from uuid import UUID

import asyncpg

from oryxforge.adapters.postgres.listener import Listener
from oryxforge.adapters.postgres.pool import AWAY, Pool, unavailable
from oryxforge.adapters.postgres.runs import run
from oryxforge.domain.identity import Actor
from oryxforge.domain.runs import Fence
from oryxforge.domain.text import clean_text
from oryxforge.ports.runs import Batch, Claimed, Ending

APPEND = "select run_id, outcome from oryxforge.append_pieces($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
HEARTBEAT = """
with me as (
  insert into oryxforge.workers (id, instance) values ($1, $2)
  on conflict (id) do update set seen_at = clock_timestamp()
)
select id from oryxforge.runs where worker = $1 and status = 'running'
"""
PROGRESS = """
update oryxforge.runs set progress = $4
where id = $1 and attempt = $2 and worker = $3 and status = 'running'
"""


class PgKeeper:
    """The RunKeeper port over Postgres, under the workers' own login role.

    `instance` names the place of this worker, where only one can be at a time: what its predecessor held is free at once.
    """

    def __init__(
        self,
        pool: Pool,
        *,
        worker_id: UUID,
        instance: str,
        session_url: str,
        silent_after_s: float = 8,
        max_attempts: int = 5,
    ) -> None:
        self._pool = pool
        self._me = worker_id
        self._instance = instance
        self._session_url = session_url
        self._fresh = True
        self._silent = timedelta(seconds=silent_after_s)
        self._most = max_attempts

    async def claim(self, run_id: UUID) -> Claimed | None:
        row = await self._row("select * from oryxforge.claim($1, $2)", run_id, self._me)
        if row is None:
            return None
        found = run(row)
        return Claimed(found, Actor(found.user_id, request_id=found.request_id))

    async def append(self, batches: Sequence[Batch]) -> frozenset[UUID]:
        if not batches:
            return frozenset()
        pieces = [(i, k, p) for i, b in enumerate(batches, 1) for k, p in enumerate(b.pieces)]
        rows = await self._rows(
            APPEND,
            self._me,
            [b.fence.run_id for b in batches],
            [b.fence.attempt for b in batches],
            [b.first_seq for b in batches],
            [len(b.pieces) for b in batches],
            [i for i, _, _ in pieces],
            [k for _, k, _ in pieces],
            [p.kind.value for _, _, p in pieces],
            [clean_text(p.content) for _, _, p in pieces],
            [dict(p.metadata) for _, _, p in pieces],
        )
        held = {r["run_id"] for r in rows}
        return frozenset(b.fence.run_id for b in batches) - held

    async def progress(self, fence: Fence, progress: Mapping[str, object]) -> bool:
        return await self._do(PROGRESS, fence.run_id, fence.attempt, self._me, dict(progress)) == "UPDATE 1"

    async def finish(self, fence: Fence, ending: Ending) -> bool:
        row = await self._row(
            "select oryxforge.finish($1, $2, $3, $4, $5, $6, $7, $8) as done",
            self._me,
            fence.run_id,
            fence.attempt,
            ending.status.value,
            dict(ending.error) if ending.error is not None else None,
            dict(ending.result) if ending.result is not None else None,
            ending.cost_usd,
            ending.duration_ms,
        )
        return bool(row and row["done"])

    async def bill(self, fence: Fence, cost_usd: float) -> None:
        await self._row(
            "select oryxforge.bill($1, $2, $3, $4)", self._me, fence.run_id, fence.attempt, cost_usd
        )

    async def heartbeat(self) -> frozenset[UUID]:
        if self._fresh and self._instance:
            await self._do(
                "delete from oryxforge.workers where instance = $1 and id <> $2", self._instance, self._me
            )
        self._fresh = False
        return frozenset(r["id"] for r in await self._rows(HEARTBEAT, self._me, self._instance))

    async def rescue(self) -> int:
        row = await self._row("select oryxforge.rescue($1, $2) as n", self._silent, self._most)
        return int(row["n"]) if row else 0

    async def stops(self) -> AsyncGenerator[UUID]:
        queue: asyncio.Queue[UUID] = asyncio.Queue()

        def ended(payload: str) -> None:
            run_id, _, status = payload.partition(":")
            if status == "cancelled":
                queue.put_nowait(UUID(run_id))

        listener = Listener(self._session_url, {"oryxforge_runs": ended}, lambda: None)
        task = asyncio.create_task(listener.run())
        try:
            while True:
                yield await queue.get()
        finally:
            task.cancel()

    async def give_back(self, run_ids: Collection[UUID]) -> None:
        await self._row("select oryxforge.give_back($1, $2)", self._me, list(run_ids))

    async def sign_off(self) -> None:
        await self._row("select oryxforge.sign_off($1)", self._me)

    async def _rows(self, sql: str, *values: object) -> list[asyncpg.Record]:
        async with self._pool.connection() as connection:
            try:
                return await connection.fetch(sql, *values)
            except AWAY as error:
                raise unavailable(error) from error

    async def _row(self, sql: str, *values: object) -> asyncpg.Record | None:
        rows = await self._rows(sql, *values)
        return rows[0] if rows else None

    async def _do(self, sql: str, *values: object) -> str:
        async with self._pool.connection() as connection:
            try:
                return await connection.execute(sql, *values)
            except AWAY as error:
                raise unavailable(error) from error
