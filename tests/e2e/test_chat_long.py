"""A long chat: it opens at its end, brings what was before as one reads up, and nothing jumps while an answer streams."""

import asyncio
import re
from collections.abc import AsyncGenerator
from uuid import uuid4

import pytest_asyncio
from playwright.async_api import Locator, Page, Route, expect

from e2e.chat_room import Room, ask, log, prompt, room_of
from e2e.conftest import Visit
from integration.api.product import Product

QUESTIONS, PIECES = 12, 60
# Where each thing of the chat was painted, frame by frame: a task after a frame's callback sees what that frame showed.
WATCH = """() => {
    window.painted = [], window.shifted = 0, window.watching = true;
    new PerformanceObserver((list) => { for (const { value } of list.getEntries()) shifted += value })
        .observe({ type: "layout-shift" });
    const scroller = document.querySelector("[aria-label=Conversation]");
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => painted.push({
        left: scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop,
        tops: Object.fromEntries([...scroller.querySelectorAll("[data-index]")]
            .map((e) => [e.dataset.index, e.getBoundingClientRect().top])),
    });
    const frame = () => { port2.postMessage(0); if (watching) requestAnimationFrame(frame); };
    requestAnimationFrame(frame);
}"""
SEEN = """() => {
    watching = false;
    let sunk = 0;
    painted.slice(1).forEach(({ tops }, n) => {
        for (const [at, top] of Object.entries(tops)) sunk = Math.max(sunk, top - (painted[n].tops[at] ?? top));
    });
    return { shifted, sunk, left: Math.max(...painted.map(({ left }) => left)), frames: painted.length };
}"""


@pytest_asyncio.fixture(loop_scope="session")
async def room(product: Product) -> AsyncGenerator[Room]:
    async with room_of(product) as room:
        yield room


@pytest_asyncio.fixture(loop_scope="session")
async def long_chat(room: Room) -> str:
    """Its answers have so many pieces that one page holds but the last of them."""
    for number in range(QUESTIONS):
        room.product.gates.of(f"q{number}").set()
    chat = await room.asked(f"count {PIECES} q0")
    for number in range(1, QUESTIONS):
        body = {"project_id": room.project_id, "chat_id": chat, "prompt": f"count {PIECES} q{number}"}
        (await room.owner.client.post("/chat/query", json=body)).raise_for_status()
    return chat


def question(page: Page, number: int) -> Locator:
    return log(page).get_by_text(f"count {PIECES} q{number}", exact=True)


async def height(page: Page) -> int:
    return await log(page).evaluate("(e) => e.scrollHeight")


async def resting_top(locator: Locator) -> float:
    """Where it stands once it has stood there for a while."""
    last, now = -1.0, await top_of(locator)
    while now != last:
        await locator.page.wait_for_timeout(300)
        last, now = now, await top_of(locator)
    return now


async def top_of(locator: Locator) -> float:
    box = await locator.bounding_box()
    assert box is not None
    return box["y"]


async def test_earlier_answers_come_without_a_jump(visit: Visit, room: Room, long_chat: str) -> None:
    asked, let = [""], asyncio.Event()

    async def hold(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) > 2:  # the first one fills the screen
            await let.wait()
        await route.continue_()

    visitor = await visit()
    # The end itself is read with a larger number; what is before it is asked for at once where it is near.
    await visitor.context.route(re.compile(r"/messages\?before=\d{1,6}\b"), hold)
    page = await room.enter(visitor, f"{room.address}&c={long_chat}")
    await expect(question(page, QUESTIONS - 1)).to_be_in_viewport()
    async with asyncio.timeout(60):
        while len(asked) < 3:
            await page.wait_for_timeout(20)
    first_height = await height(page)
    await log(page).hover()
    async with asyncio.timeout(60):
        while await log(page).evaluate("(e) => e.scrollTop") > 0:
            await page.mouse.wheel(0, -2000)
            await page.wait_for_timeout(50)
    oldest = log(page).get_by_role("paragraph").filter(has_text=f"count {PIECES} q").first
    await expect(oldest).to_be_in_viewport()
    await expect(log(page).get_by_text("Reading what was before…")).to_be_visible()
    before, name = await resting_top(oldest), await oldest.inner_text()
    let.set()
    await expect(log(page).get_by_text("Reading what was before…")).not_to_be_in_viewport()
    assert await height(page) > first_height
    assert abs(await resting_top(log(page).get_by_text(name, exact=True)) - before) <= 1

    # Somebody else asks meanwhile: who reads further up is left alone.
    body = {"project_id": room.project_id, "chat_id": long_chat, "prompt": f"count {PIECES}"}
    now = await height(page)
    (await room.owner.client.post("/chat/query", json=body)).raise_for_status()
    await page.wait_for_function(
        "(h) => document.querySelector('[aria-label=Conversation]').scrollHeight > h", arg=now
    )
    assert abs(await resting_top(log(page).get_by_text(name, exact=True)) - before) <= 1

    async with asyncio.timeout(60):
        while not await question(page, 0).is_visible():
            await page.mouse.wheel(0, -2000)
            await page.wait_for_timeout(50)
    await expect(log(page).get_by_text("Reading what was before…")).to_be_hidden()
    await page.get_by_role("button", name="To the end").click()
    await expect(log(page).get_by_text(f"count {PIECES}", exact=True)).to_be_in_viewport()


async def test_nothing_jumps_while_an_answer_streams(visit: Visit, room: Room, long_chat: str) -> None:
    await room.add_orders()
    page = await room.enter(await visit(), f"{room.address}&c={long_chat}")
    await expect(question(page, QUESTIONS - 1)).to_be_in_viewport()
    gate = uuid4().hex
    await ask(page, f"count 400 {gate}")
    await expect(log(page)).to_contain_text("198 199")
    await page.evaluate(WATCH)
    room.product.gates.of(gate).set()
    await expect(log(page)).to_contain_text("398 399")
    await expect(page.get_by_role("button", name="Stop")).to_be_hidden()
    await ask(page, "select region, sum(amount) as total from sales.Orders group by region")
    await expect(page.get_by_role("button", name="Open")).to_be_visible()
    await expect(page.get_by_role("button", name="Stop")).to_be_hidden()
    await expect(prompt(page)).to_be_editable()
    seen = await page.evaluate(SEEN)
    assert seen["frames"] > 10
    assert seen["shifted"] < 0.01, seen
    assert seen["sunk"] <= 1, seen
    assert seen["left"] <= 2, seen
