"""Who wants much is let in no more often than who wants little."""

import asyncio

import pytest

from oryxforge.embedded.gateway.turns import Crowded, Turns


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


async def test_several_at_once_and_a_bound_of_who_waits() -> None:
    turns, held, inside = Turns(2, most_waiting=1), asyncio.Event(), list[str]()

    async def take(who: str) -> None:
        async with turns.turn(who):
            inside.append(who)
            await held.wait()

    tasks = [asyncio.create_task(take(who)) for who in ("a", "a", "a", "b")]
    await asyncio.sleep(0)
    assert inside == ["a", "a"]
    with pytest.raises(Crowded):
        await take("a")
    held.set()
    await asyncio.gather(*tasks)
    assert inside == ["a", "a", "a", "b"]
    await asyncio.wait_for(asyncio.gather(take("a"), take("a"), take("a")), 1)


async def test_who_waits_too_long_leaves_its_place_to_the_others() -> None:
    turns, held = Turns(), asyncio.Event()

    async def enter(who: str, within_s: float | None = None) -> str:
        async with turns.turn(who, within_s):
            await held.wait()
            return who

    waits: list[tuple[str, float | None]] = [("a", None), ("b", 0.01), ("c", None)]
    first, second, third = (asyncio.create_task(enter(*one)) for one in waits)
    with pytest.raises(TimeoutError):
        await second
    held.set()
    assert (await first, await third, await enter("d")) == ("a", "c", "d")
