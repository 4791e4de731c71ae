"""A chat on the page: asked, streamed, stopped, reloaded, seen by two, cut off and back."""

import re
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from uuid import uuid4

import pytest
from playwright.async_api import Locator, Page, expect

from e2e.conftest import PHONE, Visit, Visitor, link_of, violations
from integration.api.product import Person, Product
from oryxforge.bootstrap.accounts import OWNER_EMAIL

ALL_SIX = "0 1 2 3 4 5"
FIRST_THREE = "0 1 2"


@dataclass
class Room:
    """A project of the local owner, and how its chat is opened."""

    product: Product
    owner: Person
    project_id: str

    @property
    def address(self) -> str:
        return f"{self.product.url}/chat?p={self.project_id}"

    async def enter(self, visitor: Visitor, address: str | None = None) -> Page:
        page = await visitor.open(await link_of(self.product))
        await expect(page.get_by_role("heading", name="Projects", exact=True)).to_be_visible()
        await page.goto(address or self.address)
        await expect(prompt(page)).to_be_editable()
        return page


@pytest.fixture
async def room(product: Product) -> AsyncGenerator[Room]:
    accounts = product.api.services.accounts
    assert accounts is not None
    owner = await product.within(lambda: accounts.ensure_owner(OWNER_EMAIL))
    async with product.client(product.token(owner.id, OWNER_EMAIL)) as client:
        made = await client.post("/projects", json={"name": f"Chat {uuid4().hex[:6]}"})
        yield Room(product, Person(owner.id, OWNER_EMAIL, client), made.json()["id"])


def prompt(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Your question")


def log(page: Page) -> Locator:
    return page.get_by_role("log", name="Conversation")


async def ask(page: Page, text: str) -> None:
    await prompt(page).fill(text)
    await page.keyboard.press("Enter")
    await expect(log(page)).to_contain_text(text)


async def test_an_answer_streams(visit: Visit, room: Room) -> None:
    page = await room.enter(await visit())
    await expect(page.get_by_role("heading", name="What would you like to know?")).to_be_visible()
    gate = uuid4().hex
    await ask(page, f"count 6 {gate}")
    await expect(page).to_have_url(re.compile(r"[?&]c="))
    await expect(log(page)).to_contain_text(FIRST_THREE)
    await expect(page.get_by_role("button", name="Stop")).to_be_visible()
    await expect(page.get_by_role("button", name="Copy the answer")).to_be_hidden()
    room.product.gates.of(gate).set()
    await expect(log(page)).to_contain_text(ALL_SIX)
    await expect(page.get_by_role("button", name="Copy the answer")).to_be_visible()
    await expect(page.get_by_role("button", name="Stop")).to_be_hidden()
    await ask(page, "Thank you")
    await expect(log(page)).to_contain_text("Thank you (")
    assert await violations(page) == []


async def test_a_reload_in_the_middle_shows_all(visit: Visit, room: Room) -> None:
    page = await room.enter(await visit())
    gate = uuid4().hex
    await ask(page, f"count 6 {gate}")
    await expect(log(page)).to_contain_text(FIRST_THREE)
    await prompt(page).fill("Half typed")
    await page.reload()
    await expect(log(page)).to_contain_text(FIRST_THREE)
    await expect(prompt(page)).to_have_value("Half typed")
    room.product.gates.of(gate).set()
    await expect(log(page)).to_contain_text(ALL_SIX)


async def test_two_browsers_see_one_chat(visit: Visit, room: Room) -> None:
    page = await room.enter(await visit())
    gate = uuid4().hex
    await ask(page, f"count 6 {gate}")
    await expect(page).to_have_url(re.compile(r"[?&]c="))
    other = await room.enter(await visit(viewport=PHONE), page.url)
    await expect(log(other)).to_contain_text(FIRST_THREE)
    room.product.gates.of(gate).set()
    for one in (page, other):
        await expect(log(one)).to_contain_text(ALL_SIX)
    await ask(other, "And now?")
    await expect(log(page)).to_contain_text("And now? (")


async def test_stopping_keeps_what_was_written(visit: Visit, room: Room) -> None:
    page = await room.enter(await visit())
    await ask(page, "hang")
    await expect(log(page)).to_contain_text("before")
    await page.keyboard.press("Escape")
    await expect(log(page)).to_contain_text("Stopped. What was written stays.")
    await expect(log(page)).to_contain_text("before")
    await expect(page.get_by_role("button", name="Ask again")).to_be_visible()
    assert await violations(page) == []
