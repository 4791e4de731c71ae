"""The worker's side of runs, in memory."""

from collections.abc import AsyncGenerator, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

from oryxforge.adapters.memory.messages import add_messages
from oryxforge.adapters.memory.sources import follow_import
from oryxforge.adapters.memory.tables import CostRow, MemoryTables, RunRow, plain
from oryxforge.domain.chats import ChatStatus, MessageRole
from oryxforge.domain.identity import Actor
from oryxforge.domain.runs import Fence, Run, RunKind, RunStatus
from oryxforge.ports.clock import Clock
from oryxforge.ports.runs import Batch, Claimed, Ending, RunKeeper


class MemoryKeeper(RunKeeper):
    """A worker's hold on the runs of `tables`; several with other ids may share them."""

    def __init__(
        self,
        tables: MemoryTables,
        *,
        worker_id: UUID | None = None,
        clock: Clock | None = None,
        silent_after_s: float = 8,
        max_attempts: int = 5,
    ) -> None:
        self._t = tables
        self._me = worker_id or uuid4()
        self._clock = clock or tables.clock
        self._silent = timedelta(seconds=silent_after_s)
        self._most = max_attempts

    async def claim(self, run_id: UUID) -> Claimed | None:
        async with self._t.transaction():
            row = self._t.runs.get(run_id)
            if row is None or row.run.status is not RunStatus.QUEUED:
                return None
            claimed = replace(
                row.run,
                status=RunStatus.RUNNING,
                attempt=row.run.attempt + 1,
                started_at=row.run.started_at or self._clock.now(),
            )
            self._t.runs[run_id] = replace(row, run=claimed, worker=self._me)
            follow_import(self._t, claimed)
            return Claimed(claimed, Actor(claimed.user_id, request_id=claimed.request_id))

    async def append(self, batches: Sequence[Batch]) -> frozenset[UUID]:
        async with self._t.transaction():
            return frozenset(b.fence.run_id for b in batches if not self._write(b))

    async def progress(self, fence: Fence, progress: Mapping[str, object]) -> bool:
        async with self._t.transaction():
            run = self._held(fence)
            if run is not None:
                self._put(replace(run, progress=plain(progress)))
            return run is not None

    async def finish(self, fence: Fence, ending: Ending) -> bool:
        async with self._t.transaction():
            self._count(fence, ending.cost_usd)
            row = self._t.runs.get(fence.run_id)
            if row is None or row.worker != self._me or row.run.attempt != fence.attempt:
                return False
            if row.run.status is not RunStatus.RUNNING:
                return row.run.status == RunStatus(ending.status)
            self._end(row.run, ending)
            return True

    async def bill(self, fence: Fence, cost_usd: float) -> None:
        async with self._t.transaction():
            self._count(fence, cost_usd)

    async def heartbeat(self) -> frozenset[UUID]:
        async with self._t.transaction():
            self._t.workers[self._me] = self._clock.now()
            return frozenset(row.run.id for row in self._mine())

    async def rescue(self) -> int:
        async with self._t.transaction():
            left = [row for row in self._t.runs.values() if self._is_left(row)]
            for row in left:
                if row.run.status is RunStatus.RUNNING and row.run.attempt >= self._most:
                    self._give_up(row.run)
                else:
                    self._queue(row.run)
            return len(left)

    async def stops(self) -> AsyncGenerator[UUID]:
        async with self._t.transaction():
            told = set(self._t.cancelled)
        while True:
            seen = self._t.changed.rings
            async with self._t.transaction():
                fresh = [run_id for run_id in self._t.cancelled if run_id not in told]
            for run_id in fresh:
                told.add(run_id)
                yield run_id
            await self._t.changed.wait_past(seen)

    async def give_back(self, run_ids: Collection[UUID]) -> None:
        async with self._t.transaction():
            for row in self._mine():
                if row.run.id in run_ids:
                    self._queue(row.run)

    async def sign_off(self) -> None:
        async with self._t.transaction():
            for row in self._mine():
                self._queue(row.run)
            self._t.workers.pop(self._me, None)

    def _held(self, fence: Fence) -> Run | None:
        """The run, if this worker holds that attempt of it."""
        row = self._t.runs.get(fence.run_id)
        return row.run if row and row.worker == self._me and self._t.holds(fence) else None

    def _mine(self) -> list[RunRow]:
        return [
            row
            for row in self._t.runs.values()
            if row.worker == self._me and row.run.status is RunStatus.RUNNING
        ]

    def _put(self, run: Run) -> None:
        self._t.runs[run.id] = replace(self._t.runs[run.id], run=run)

    def _write(self, batch: Batch) -> bool:
        """Whether the batch is in the chat now, or was before."""
        run = self._held(batch.fence)
        if run is None or run.chat_id is None:
            return False
        if run.next_seq != batch.first_seq:
            return run.next_seq == batch.first_seq + len(batch.pieces)
        add_messages(self._t, run.chat_id, run.attempt, MessageRole.ASSISTANT, batch.pieces)
        self._put(replace(run, next_seq=run.next_seq + len(batch.pieces)))
        return True

    def _end(self, run: Run, ending: Ending) -> None:
        now = self._clock.now()
        error = plain(ending.error) if ending.error is not None else None
        result = plain(ending.result) if ending.result is not None else None
        status = RunStatus(ending.status)
        ended = replace(run, status=status, error=error, result=result, ended_at=now)
        self._put(ended)
        follow_import(self._t, ended)
        chat = self._t.chats.get(run.chat_id) if run.chat_id else None
        if chat is not None:
            self._t.chats[chat.id] = replace(
                chat,
                status=ending.status,
                error=error,
                duration_ms=chat.duration_ms + ending.duration_ms,
                completed_at=now if ending.status is ChatStatus.COMPLETED else None,
                failed_at=now if ending.status is ChatStatus.FAILED else None,
                active_at=now,
            )

    def _count(self, fence: Fence, cost_usd: float) -> None:
        row = self._t.runs.get(fence.run_id)
        key = (fence.run_id, fence.attempt)
        if row is None or row.run.kind is not RunKind.CHAT or cost_usd <= 0 or key in self._t.costs:
            return
        earlier = 0 < fence.attempt < row.run.attempt
        mine = 0 < fence.attempt == row.run.attempt and row.worker in (self._me, None)
        if not earlier and not mine:
            return
        self._t.costs[key] = CostRow(cost_usd, self._clock.now())
        chat = self._t.chats.get(row.run.chat_id) if row.run.chat_id else None
        if chat is not None:
            self._t.chats[chat.id] = replace(chat, cost_usd=chat.cost_usd + cost_usd)

    def _is_left(self, row: RunRow) -> bool:
        """Whether its worker went silent, or it waits for a job that was lost."""
        since = self._clock.now() - self._silent
        if row.run.status is RunStatus.RUNNING:
            seen = self._t.workers.get(row.worker) if row.worker else None
            return seen is None or seen <= since
        return (
            row.run.status is RunStatus.QUEUED
            and row.queued_at < since
            and row.run.id not in self._t.jobs.values()
        )

    def _queue(self, run: Run) -> None:
        self._t.runs[run.id] = RunRow(replace(run, status=RunStatus.QUEUED), None, self._clock.now())
        self._t.jobs[uuid4()] = run.id

    def _give_up(self, run: Run) -> None:
        detail = f"The work stopped {self._most} times before its end. Ask again, or ask for less."
        self._end(run, Ending(ChatStatus.FAILED, {"code": "gave_up", "detail": detail}))
