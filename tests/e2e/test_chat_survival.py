"""Kill -9 of the API, the worker or the whole product in the middle of an answer, while two browsers look on."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Page, ViewportSize, expect

from e2e.chat_room import ask, log, prompt
from e2e.conftest import DESK, PHONE, Visit
from survival.product import Product

COUNT, EVERY_MS = 80, 40
WHOLE = "".join(f"{n} " for n in range(1, COUNT + 1))
LOST = "The connection was lost. Trying again…"
SIGN_IN = """(token) => localStorage.setItem("sb-127-auth-token", JSON.stringify({
    access_token: token, refresh_token: "", token_type: "bearer", expires_in: 3000,
    expires_at: Math.floor(Date.now() / 1000) + 3000, user: {},
}))"""


@pytest.fixture(scope="module")
def survivor(built_page: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    told = {"ORYXFORGE_SCRIPTED_AGENT": "1", "ORYXFORGE_SILENT_AFTER_S": "3", "ORYXFORGE_AGENT": "scripted"}
    running = Product(tmp_path_factory.mktemp("survivor"), told)
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def project(survivor: Product) -> str:
    return survivor.make_project()


class Unheard(list[str]):
    """The browser itself complains of each request that meets nobody."""

    def append(self, _: str) -> None:
        return


async def enter(visit: Visit, product: Product, address: str, viewport: ViewportSize) -> Page:
    visitor = await visit(viewport=viewport)
    page = await visitor.open(f"{product.url}/icon.svg")
    await page.evaluate(SIGN_IN, product.token)
    await page.goto(address)
    await expect(prompt(page)).to_be_editable()
    visitor.complaints = Unheard()
    return page


@pytest.mark.parametrize("victim", ["api", "worker", "all"])
async def test_the_answer_stands_whole_and_once(
    visit: Visit, survivor: Product, project: str, victim: str
) -> None:
    first = await enter(visit, survivor, f"{survivor.url}/chat?p={project}", DESK)
    await ask(first, f"count {COUNT} every {EVERY_MS}ms")
    await expect(log(first)).to_contain_text("1 2 3 ")
    second = await enter(visit, survivor, first.url, PHONE)
    await expect(log(second)).to_contain_text("1 2 3 ")

    if victim == "all":
        await asyncio.to_thread(survivor.kill_all)
        for page in (first, second):
            await expect(page.get_by_text(LOST)).to_be_visible()
        await prompt(first).fill("Half typed")
        await asyncio.to_thread(survivor.start)
    else:
        # Another takes its place at once: too short a break to be told.
        await asyncio.to_thread(survivor.kill_part, victim)
    await second.reload()

    for page in (first, second):
        await expect(page.get_by_role("button", name="Copy the answer")).to_be_visible(timeout=30_000)
        await expect(page.get_by_text(LOST)).to_be_hidden()
        assert (await log(page).inner_text()).count(WHOLE.strip()) == 1
        assert (await log(page).inner_text()).count("1 2 3 ") == 1
    assert await prompt(first).input_value() == ("Half typed" if victim == "all" else "")
    async with httpx.AsyncClient(base_url=survivor.url, headers=survivor.headers) as client:
        chat = first.url.rpartition("c=")[2]
        rows = (await client.get(f"/chats/{chat}/messages", params={"limit": 1000})).json()["messages"]
    assert "".join(r["content"] for r in rows if r["role"] == "assistant") == WHOLE
