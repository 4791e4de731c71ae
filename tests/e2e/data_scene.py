"""A project with a sheet to look at on the data screen."""

import csv
import io
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import uuid4

import httpx
from playwright.async_api import Page, ViewportSize, expect

from e2e.conftest import DESK, Visit, violations
from integration.api.product import Product
from integration.api.test_path import import_body, upload
from oryxforge.bootstrap.accounts import OWNER_EMAIL
from oryxforge.domain.identity import Actor

REGIONS = ["North", "South", "East", "West"]
ROWS = 1000
LONG = "A note that is longer than any cell is wide. " * 20


def _orders() -> bytes:
    out = io.StringIO()
    write = csv.writer(out)
    write.writerow(["number", "region", "amount", "ordered", "express", "note"])
    for n in range(ROWS):
        day = date(2026, 1, 1) + timedelta(days=n % 365)
        note = LONG if n == 0 else f"note {n}"
        write.writerow([n + 1, REGIONS[n % 4], f"{n / 2:.2f}", day, "true" if n % 10 == 0 else "false", note])
    return out.getvalue().encode()


@dataclass
class Scene:
    """A project with the sheet `sales.Orders`, of which the columns are known to the row."""

    project: str
    owner: Actor
    client: httpx.AsyncClient
    product: Product

    async def open(
        self,
        visit: Visit,
        sheet: str | None = "sales.Orders",
        viewport: ViewportSize = DESK,
        scheme: str = "light",
    ) -> Page:
        """The grid, once its rows are there; or the tree alone."""
        clipboard = ["clipboard-read", "clipboard-write"]
        visitor = await visit(viewport=viewport, color_scheme=scheme, permissions=clipboard)
        path = f"/data?p={self.project}" + (f"&s={sheet}" if sheet else "")
        page = await visitor.enter(self.product, path)
        if sheet is None:
            await expect(page.get_by_role("tree")).to_be_visible()
        else:
            await expect(page.get_by_role("gridcell").first).to_have_text("1")
        return page


@asynccontextmanager
async def scene_of(product: Product) -> AsyncGenerator[Scene]:
    accounts = product.api.services.accounts
    assert accounts is not None
    owner = await product.within(lambda: accounts.ensure_owner(OWNER_EMAIL))
    async with product.client(product.token(owner.id, OWNER_EMAIL)) as client:
        project = (await client.post("/projects", json={"name": f"Data {uuid4().hex[:6]}"})).json()["id"]
        source = await upload(client, project, "orders.csv", _orders())
        answer = await client.post("/files/import", json=import_body(project, source, {"data": "Orders"}))
        assert answer.status_code == 200, answer.text
        yield Scene(project, Actor(owner.id, OWNER_EMAIL), client, product)


async def looked_at(page: Page) -> None:
    assert await violations(page) == []
    assert not await page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )
