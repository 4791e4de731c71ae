"""The list of chats: found by words, renamed, deleted with undo, taken along, live while they answer."""

import asyncio
import re
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest_asyncio
from playwright.async_api import Locator, Page, ViewportSize, expect

from e2e.conftest import Visit, Visitor, views, violations
from integration.api.product import Person, Product
from oryxforge.bootstrap.accounts import OWNER_EMAIL


@dataclass
class Room:
    """A project of the local owner with chats in it."""

    product: Product
    owner: Person
    project_id: str

    async def ask(self, prompt: str, title: str) -> str:
        body = {"project_id": self.project_id, "prompt": prompt}
        chat = (await self.owner.client.post("/chat/query", json=body)).json()["chat_id"]
        await self.owner.client.patch(f"/chats/{chat}", json={"title": title})
        return chat

    async def enter(self, visitor: Visitor, query: str = "") -> Page:
        return await visitor.enter(self.product, f"/chat?p={self.project_id}{query}")


@pytest_asyncio.fixture(loop_scope="session")
async def room(product: Product) -> AsyncGenerator[Room]:
    accounts = product.api.services.accounts
    assert accounts is not None
    owner = await product.within(lambda: accounts.ensure_owner(OWNER_EMAIL))
    async with product.client(product.token(owner.id, OWNER_EMAIL)) as client:
        made = await client.post("/projects", json={"name": f"Chats {uuid4().hex[:6]}"})
        yield Room(product, Person(owner.id, OWNER_EMAIL, client), made.json()["id"])


def sidebar(page: Page) -> Locator:
    return page.get_by_role("complementary", name="Sidebar")


def finder(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Chats")


async def choose(page: Page, where: Locator, title: str, action: str) -> None:
    await where.get_by_role("listitem").filter(has_text=title).hover()
    await where.get_by_role("button", name=f"More about {title}").click()
    await page.get_by_role("menuitem", name=action).click()


@views("phone-dark")
async def test_found_by_words(visit: Visit, room: Room, viewport: ViewportSize, scheme: str) -> None:
    chat = await room.ask("Where is the TREASURE hidden?", "A map")
    await room.ask(
        "hello", "A title that is much longer than there is room for, on a phone or on a desk, " * 2
    )
    page = await room.enter(await visit(viewport=viewport, color_scheme=scheme), "&find=")
    search = finder(page).get_by_role("searchbox", name="Search chats")
    await expect(search).to_be_focused()
    await expect(finder(page).get_by_role("link")).to_have_count(2)
    assert not await finder(page).evaluate("(e) => e.scrollWidth > e.clientWidth")
    assert await violations(page) == []
    await search.fill("treasure")
    await expect(finder(page).get_by_role("link")).to_have_count(1)
    await expect(finder(page).get_by_role("link")).to_contain_text("Where is the TREASURE hidden?")
    await expect(finder(page).locator("mark").first).to_have_text("TREASURE")
    assert await violations(page) == []
    await search.fill("nowhere to be found")
    await expect(finder(page).get_by_text("No chat has these words")).to_be_visible()
    await search.fill("map")
    await expect(finder(page).get_by_role("link")).to_have_count(1)
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(re.compile(f"c={chat}"))
    await expect(finder(page)).to_be_hidden()


async def test_a_key_opens_the_search_and_arrows_walk(visit: Visit, room: Room) -> None:
    for n in range(3):
        await room.ask("hello", f"Chat {n}")
    page = await room.enter(await visit())
    await expect(sidebar(page).get_by_role("link", name="Chat 0")).to_be_visible()
    await page.get_by_role("main").focus()
    await page.keyboard.press("/")
    links = finder(page).get_by_role("link")
    await expect(links).to_have_count(3)
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("ArrowDown")
    await expect(links.nth(1)).to_be_focused()
    await page.keyboard.press("ArrowUp")
    await expect(links.nth(0)).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(finder(page)).to_be_hidden()


async def test_renamed_in_place(visit: Visit, room: Room) -> None:
    chat = await room.ask("hello", "Before")
    page = await room.enter(await visit())
    await choose(page, sidebar(page), "Before", "Rename")
    name = sidebar(page).get_by_role("textbox", name="Name of the chat")
    await expect(name).to_be_focused()
    await name.fill("After")
    async with page.expect_response(lambda r: r.request.method == "PATCH"):  # the page says it at once
        await page.keyboard.press("Enter")
    await expect(sidebar(page).get_by_role("link", name="After")).to_be_visible()
    assert (await room.owner.client.get(f"/chats/{chat}")).json()["title"] == "After"
    await choose(page, sidebar(page), "After", "Rename")
    await name.fill("Never")
    await page.keyboard.press("Escape")
    await expect(sidebar(page).get_by_role("link", name="After")).to_be_visible()
    assert await violations(page) == []


async def test_deleted_with_undo(visit: Visit, room: Room) -> None:
    chat = await room.ask("hello", "Doomed")
    page = await room.enter(await visit(), f"&c={chat}")
    await choose(page, sidebar(page), "Doomed", "Delete")
    await expect(sidebar(page).get_by_role("link", name="Doomed")).to_be_hidden()
    await expect(page).not_to_have_url(re.compile("c="))
    await page.get_by_role("button", name="Undo").click()
    await expect(sidebar(page).get_by_role("link", name="Doomed")).to_be_visible()
    assert (await room.owner.client.get(f"/chats/{chat}")).status_code == 200
    # The toast takes the focus back as it goes, which closes a menu.
    await expect(page.get_by_role("button", name="Undo")).to_be_hidden()
    await choose(page, sidebar(page), "Doomed", "Delete")
    await expect(sidebar(page).get_by_role("link", name="Doomed")).to_be_hidden()
    await page.goto("about:blank")
    async with asyncio.timeout(10):
        while (await room.owner.client.get(f"/chats/{chat}")).status_code != 404:
            await asyncio.sleep(0.05)


async def test_taken_along(visit: Visit, room: Room, tmp_path: Path) -> None:
    await room.ask("hello", "To keep")
    page = await room.enter(await visit())
    async with page.expect_download() as saving:
        await choose(page, sidebar(page), "To keep", "Markdown")
    saved = await saving.value
    assert saved.suggested_filename == "To-keep.md"
    await saved.save_as(tmp_path / "chat.md")
    assert (tmp_path / "chat.md").read_text().startswith("# To keep")


async def test_a_dot_tells_which_chat_answers(visit: Visit, room: Room) -> None:
    gate = uuid4().hex
    body = {"project_id": room.project_id, "prompt": f"count 2 {gate}"}
    assert (await room.owner.client.post("/chat", json=body)).status_code == 202
    page = await room.enter(await visit())
    await expect(sidebar(page).get_by_role("img", name="answering")).to_be_visible()
    room.product.gates.of(gate).set()
    await expect(sidebar(page).get_by_role("img", name="answering")).to_be_hidden(timeout=15_000)
