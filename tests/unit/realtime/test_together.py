"""One piece of work for many who ask."""

import asyncio

import pytest

from oryxforge.embedded.gateway.realtime.together import Together


async def test_who_comes_while_it_runs_shares_the_next_run() -> None:
    gates = [asyncio.Event() for _ in range(2)]
    runs: list[int] = []

    async def work() -> None:
        runs.append(len(runs))
        await gates[runs[-1]].wait()

    together = Together(work)
    first = [asyncio.create_task(together.done()) for _ in range(10)]
    while not runs:
        await asyncio.sleep(0)
    later = [asyncio.create_task(together.done()) for _ in range(10)]
    later[0].cancel()
    gates[0].set()
    await asyncio.gather(*first)
    assert not any(task.done() for task in later[1:])
    gates[1].set()
    await asyncio.gather(*later[1:])
    assert runs == [0, 1]


async def test_a_failure_is_for_those_who_waited_for_it() -> None:
    failing = True

    async def work() -> None:
        await asyncio.sleep(0)
        if failing:
            raise OSError("away")

    together = Together(work)
    for found in await asyncio.gather(*(together.done() for _ in range(3)), return_exceptions=True):
        assert isinstance(found, OSError)
    failing = False
    await together.done()
    failing = True
    with pytest.raises(OSError, match="away"):
        await together.done()
