"""The job queue in memory."""

import asyncio
from uuid import UUID

from loguru import logger

from oryxforge.adapters.memory.tables import MemoryTables
from oryxforge.ports.jobs import Handler, JobQueue


class MemoryQueue(JobQueue):
    """Takes the jobs of `tables` in the order in which they came."""

    def __init__(self, tables: MemoryTables) -> None:
        self._t = tables

    async def work(self, handler: Handler, concurrency: int) -> None:
        free = asyncio.Semaphore(concurrency)
        running: set[asyncio.Task[None]] = set()
        try:
            while True:
                await free.acquire()
                task = asyncio.create_task(_handle(handler, await self._next()))
                running.add(task)
                task.add_done_callback(running.discard)
                task.add_done_callback(lambda _: free.release())
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    async def _next(self) -> UUID:
        while True:
            seen = self._t.changed.rings
            async with self._t.transaction():
                for job, run_id in self._t.jobs.items():
                    del self._t.jobs[job]
                    return run_id
            await self._t.changed.wait_past(seen)


async def _handle(handler: Handler, run_id: UUID) -> None:
    try:
        await handler(run_id)
    except Exception:  # noqa: BLE001 - one job that breaks must not stop the queue
        logger.exception("job broke", run_id=str(run_id))
