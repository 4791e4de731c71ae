"""Who wants much is let in no more often than who wants little."""

import asyncio

from oryxforge.embedded.gateway.realtime.turns import Turns


async def test_those_who_wait_are_taken_in_turn() -> None:
    turns, order, held = Turns(), list[str](), asyncio.Event()

    async def enter(who: str, wait: bool = False) -> None:
        async with turns.turn(who):
            order.append(who)
            if wait:
                await held.wait()

    tasks = [
        asyncio.create_task(enter(who, n == 0)) for n, who in enumerate(["a", "a", "a", "a", "b", "c", "b"])
    ]
    await asyncio.sleep(0)
    held.set()
    await asyncio.gather(*tasks)
    assert order == ["a", "a", "b", "c", "a", "b", "a"]


async def test_who_goes_away_holds_up_nobody() -> None:
    turns, held = Turns(), asyncio.Event()

    async def enter(who: str) -> str:
        async with turns.turn(who):
            await held.wait()
            return who

    first, second, third = (asyncio.create_task(enter(who)) for who in "abc")
    await asyncio.sleep(0)
    second.cancel()
    first.cancel()
    held.set()
    assert await third == "c"
    assert await enter("d") == "d"
    assert second.cancelled() and first.cancelled()
