"""The queue in memory: every job once, so many at a time, none of them an end to the others."""

import asyncio
from contextlib import suppress
from uuid import UUID, uuid4

import pytest

from oryxforge.adapters.memory.queue import MemoryQueue
from oryxforge.adapters.memory.tables import MemoryTables


@pytest.fixture
def tables() -> MemoryTables:
    return MemoryTables()


async def put(tables: MemoryTables, *runs: UUID) -> None:
    async with tables.transaction():
        for run in runs:
            tables.jobs[uuid4()] = run


async def end(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_jobs_are_taken_in_order_and_once(tables: MemoryTables) -> None:
    runs, taken, done = [uuid4() for _ in range(5)], list[UUID](), asyncio.Event()

    async def handle(run: UUID) -> None:
        taken.append(run)
        if len(taken) == len(runs):
            done.set()

    await put(tables, *runs[:2])
    task = asyncio.create_task(MemoryQueue(tables).work(handle, 1))
    async with asyncio.timeout(5):
        await put(tables, *runs[2:])
        await done.wait()
    await end(task)
    assert taken == runs


async def test_only_so_many_run_at_a_time(tables: MemoryTables) -> None:
    running, most, left = 0, 0, 9
    done = asyncio.Event()

    async def handle(_: UUID) -> None:
        nonlocal running, most, left
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        running -= 1
        left -= 1
        if not left:
            done.set()

    await put(tables, *[uuid4() for _ in range(left)])
    task = asyncio.create_task(MemoryQueue(tables).work(handle, 3))
    async with asyncio.timeout(5):
        await done.wait()
    await end(task)
    assert most == 3


async def test_a_job_that_breaks_does_not_stop_the_others(tables: MemoryTables) -> None:
    bad, good, done = uuid4(), uuid4(), asyncio.Event()

    async def handle(run: UUID) -> None:
        if run == bad:
            raise ZeroDivisionError
        done.set()

    await put(tables, bad, good)
    task = asyncio.create_task(MemoryQueue(tables).work(handle, 1))
    async with asyncio.timeout(5):
        await done.wait()
    await end(task)


async def test_its_end_ends_the_jobs_under_way(tables: MemoryTables) -> None:
    started, stopped = asyncio.Event(), asyncio.Event()

    async def handle(_: UUID) -> None:
        started.set()
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()

    await put(tables, uuid4())
    task = asyncio.create_task(MemoryQueue(tables).work(handle, 1))
    async with asyncio.timeout(5):
        await started.wait()
        await end(task)
    assert stopped.is_set()
