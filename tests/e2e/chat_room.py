"""A project to chat in, and the parts of the chat screen by their names."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import uuid4

from playwright.async_api import Locator, Page, expect

from e2e.conftest import Visitor
from integration.api.product import Person, Product
from oryxforge.bootstrap.accounts import OWNER_EMAIL

ORDERS = "region,amount\nNorth,10\nSouth,20\nEast,30\n"


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
        page = await visitor.enter(self.product, address or self.address)
        await expect(prompt(page)).to_be_editable()
        return page

    async def add_orders(self) -> None:
        """The sheet `sales.Orders`."""
        client = self.owner.client
        files = {"file": ("orders.csv", ORDERS.encode(), "text/csv")}
        sent = await client.post("/files/upload", data={"project_id": self.project_id}, files=files)
        source = {"project_id": self.project_id, "data_source_id": sent.json()["id"]}
        save = {"createNewDataset": True, "datasetName": "Sales"}
        sheets = (await client.post("/files/preview", json=source)).json()
        body = {**source, "settings_save": {**save, "selectedSheets": dict.fromkeys(sheets, "Orders")}}
        (await client.post("/files/import", json=body)).raise_for_status()

    async def asked(self, prompt: str) -> str:
        """The id of a chat in which that was asked and answered."""
        body = {"project_id": self.project_id, "prompt": prompt}
        answer = await self.owner.client.post("/chat/query", json=body)
        return str(answer.json()["chat_id"])


@asynccontextmanager
async def room_of(product: Product) -> AsyncGenerator[Room]:
    accounts = product.api.services.accounts
    assert accounts is not None
    owner = await product.within(lambda: accounts.ensure_owner(OWNER_EMAIL))
    async with product.client(product.token(owner.id, OWNER_EMAIL)) as client:
        made = await client.post("/projects", json={"name": f"Chat {uuid4().hex[:6]}"})
        yield Room(product, Person(owner.id, OWNER_EMAIL, client), made.json()["id"])


def prompt(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Your question")


def log(page: Page) -> Locator:
    return page.get_by_role("region", name="Conversation")


async def ask(page: Page, text: str) -> None:
    await prompt(page).fill(text)
    await page.keyboard.press("Enter")
    await expect(log(page)).to_contain_text(text)


async def fits(page: Page) -> bool:
    return not await page.evaluate(
        "[document.documentElement, main].some((e) => e.scrollWidth > e.clientWidth)"
    )
