"""What a worker does: takes runs from the queue, holds them while it lives, ends every one that it holds."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from uuid import UUID

from loguru import logger

from oryxforge.domain.chats import ChatStatus
from oryxforge.domain.errors import OryxError, Unavailable
from oryxforge.domain.identity import Actor
from oryxforge.domain.runs import Fence, Run, RunKind
from oryxforge.ports.jobs import JobQueue
from oryxforge.ports.runs import Claimed, Ending, RunKeeper

Work = Callable[[Actor, Run], Awaitable[Ending]]


class Runner:
    """Runs until cancelled. A run that is cancelled or lost is stopped at once; the others go on."""

    def __init__(
        self,
        queue: JobQueue,
        keeper: RunKeeper,
        *,
        concurrency: int = 256,
        heartbeat_s: float = 1.0,
        rescue_s: float = 2.0,
        calm_s: float = 5.0,
    ) -> None:
        self._queue = queue
        self._keeper = keeper
        self._works: dict[RunKind, Work] = {}
        self._concurrency = concurrency
        self._heartbeat_s = heartbeat_s
        self._rescue_s = rescue_s
        self._calm_s = calm_s
        self._calm_until = 0.0
        self._tasks: dict[UUID, asyncio.Task[Ending]] = {}
        self._orphans: frozenset[UUID] = frozenset()

    def register(self, works: Mapping[RunKind, Work]) -> None:
        self._works.update(works)

    def stop(self, run_id: UUID) -> None:
        """Stops a run's work here; nothing where it is not held here."""
        task = self._tasks.get(run_id)
        if task is not None:
            _stop(task)

    async def run(self) -> None:
        await self._once("heartbeat", self._beat)
        await self._once("rescue", self._rescue)
        async with asyncio.TaskGroup() as group:
            group.create_task(self._every(self._heartbeat_s, "heartbeat", self._beat))
            group.create_task(self._every(self._rescue_s, "rescue", self._rescue))
            group.create_task(self._stops())
            group.create_task(self._queue.work(self.handle, self._concurrency))

    async def sign_off(self) -> None:
        """Gives back what is held and stops working on it: another worker goes on at once."""
        try:
            await self._keeper.sign_off()
        except Unavailable:
            logger.warning("could not give runs back; they are rescued by silence")
        tasks = list(self._tasks.values())
        for task in tasks:
            _stop(task)
        await asyncio.gather(*tasks, return_exceptions=True)

    async def handle(self, run_id: UUID) -> None:
        """Works on one run, if it is there to be taken."""
        claimed = await self._keeper.claim(run_id)
        if claimed is None:
            return
        run = claimed.run
        with logger.contextualize(request_id=run.request_id, run_id=str(run.id), attempt=run.attempt):
            logger.info("run started", kind=run.kind.value)
            ending = await self._ending(claimed)
            if ending is None:
                logger.info("run stopped")
                return
            kept = await self._finish(Fence(run.id, run.attempt), ending)
            logger.info("run ended", status=ending.status.value, kept=kept, duration_ms=ending.duration_ms)

    async def _ending(self, claimed: Claimed) -> Ending | None:
        run = claimed.run
        # An attempt that this worker lost and took again must not write beside the new one.
        while (earlier := self._tasks.pop(run.id, None)) is not None:
            _stop(earlier)
            await asyncio.wait({earlier})
        task = asyncio.ensure_future(self._guarded(claimed))
        self._tasks[run.id] = task
        try:
            await asyncio.wait({task})
            return None if task.cancelled() else task.result()
        finally:
            if not task.done():
                _stop(task)
                await asyncio.wait({task})
            if self._tasks.get(run.id) is task:
                del self._tasks[run.id]

    async def _guarded(self, claimed: Claimed) -> Ending:
        try:
            return await self._works[claimed.run.kind](claimed.actor, claimed.run)
        except Unavailable as error:
            if error.code == "database_unavailable":
                logger.warning("run gave up for want of the database")
                raise asyncio.CancelledError from error
            return _failed(error)
        except OryxError as error:
            return _failed(error)
        except Exception:  # noqa: BLE001 - the edge of all work: whatever breaks, the run gets an end
            logger.exception("run broke")
            return _failed(
                OryxError("Something went wrong. It was logged; try again.", code="internal_error")
            )

    async def _finish(self, fence: Fence, ending: Ending) -> bool:
        delay = 0.1
        while True:
            try:
                return await self._keeper.finish(fence, ending)
            except Unavailable:
                await asyncio.sleep(delay)
                delay = min(delay * 2, 1)

    async def _beat(self) -> None:
        known = set(self._tasks)
        try:
            held = await self._keeper.heartbeat()
        except Unavailable:
            # The others could not say that they live either: silence means nothing for a while.
            self._calm_until = asyncio.get_running_loop().time() + self._calm_s
            raise
        for run_id in known - held:
            self.stop(run_id)
        orphans = held - set(self._tasks)
        if stale := orphans & self._orphans:
            await self._keeper.give_back(stale)
        self._orphans = orphans

    async def _rescue(self) -> None:
        if asyncio.get_running_loop().time() < self._calm_until:
            return
        rescued = await self._keeper.rescue()
        if rescued:
            logger.warning("rescued runs", runs=rescued)

    async def _stops(self) -> None:
        async for run_id in self._keeper.stops():
            self.stop(run_id)

    async def _every(self, seconds: float, name: str, do: Callable[[], Awaitable[None]]) -> None:
        while True:
            await asyncio.sleep(seconds)
            await self._once(name, do)

    async def _once(self, name: str, do: Callable[[], Awaitable[None]]) -> None:
        try:
            await do()
        except Unavailable:
            logger.warning("the database is away", during=name)


def _stop(task: asyncio.Task[Ending]) -> None:
    """Once: a second time would cut off what it does to stop (the agent's program, its bill)."""
    if not task.cancelling():
        task.cancel()


def _failed(error: OryxError) -> Ending:
    return Ending(
        ChatStatus.FAILED,
        {**error.extra, "kind": error.kind.value, "code": error.code, "detail": error.detail},
    )
