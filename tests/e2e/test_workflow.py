"""The workflow screen: what sheets were made from, what is not up to date and why, and making it anew."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID, uuid4

import httpx
import pytest_asyncio
from playwright.async_api import Page, ViewportSize, expect

from e2e.conftest import Visit, views, violations
from fixtures.results import Results
from integration.api.product import Product
from integration.api.test_path import import_body, upload
from oryxforge.bootstrap.accounts import OWNER_EMAIL
from oryxforge.domain.identity import Actor

LONG = "Survey of every customer and supplier of the northern and southern regions by year"
WIDE = "[document.documentElement, main].some((e) => e.scrollWidth > e.clientWidth)"


@dataclass
class Scene:
    project: str
    owner: Actor
    client: httpx.AsyncClient


@pytest_asyncio.fixture(loop_scope="session")
async def scene(product: Product) -> AsyncIterator[Scene]:
    """A project of the owner."""
    accounts = product.api.services.accounts
    assert accounts is not None
    owner = await product.within(lambda: accounts.ensure_owner(OWNER_EMAIL))
    async with product.client(product.token(owner.id, OWNER_EMAIL)) as client:
        made = await client.post("/projects", json={"name": f"Flow {uuid4().hex[:6]}"})
        yield Scene(made.json()["id"], Actor(owner.id, OWNER_EMAIL), client)


async def _open(visit: Visit, product: Product, scene: Scene, viewport: ViewportSize, scheme: str) -> Page:
    return await (await visit(viewport=viewport, color_scheme=scheme)).enter(
        product, f"/workflow?p={scene.project}"
    )


@views("desk-light")
async def test_an_empty_project_says_how_it_begins(
    visit: Visit, product: Product, scene: Scene, viewport: ViewportSize, scheme: str
) -> None:
    page = await _open(visit, product, scene, viewport, scheme)
    await expect(page.get_by_role("heading", name="No sheets yet")).to_be_visible()
    assert await violations(page) == []
    await page.get_by_role("main").get_by_role("link", name="Bring data").click()
    await expect(page).to_have_url(f"{product.url}/data?p={scene.project}")


async def _made(product: Product, scene: Scene) -> None:
    """Orders, a table made from them, another made from an older version of that, and a long name alone."""
    source = await upload(scene.client, scene.project, "orders.csv", b"region,amount\nNorth,1.5\nSouth,2.5\n")
    body = import_body(scene.project, source, {"data": "Orders"})
    assert (await scene.client.post("/files/import", json=body)).status_code == 200
    alone = await upload(scene.client, scene.project, "survey.csv", b"answer\nYes\n")
    long = import_body(scene.project, alone, {"data": "Answers"}, datasetName=LONG)
    assert (await scene.client.post("/files/import", json=long)).status_code == 200
    results = Results(product, scene.owner, UUID(scene.project))
    code = "select region, sum(amount) as total from sales.Orders group by all"
    table = await results.table("By region", code)
    await results.table("Top region", f"select * from {table.address} order by total desc limit 1")
    again = {"code": code + " having total > 2"}
    assert (await scene.client.post(f"/sheets/{table.id}/versions", json=again)).status_code == 201


@views("phone-dark")
async def test_what_is_old_is_said_and_made_anew(
    visit: Visit, product: Product, scene: Scene, viewport: ViewportSize, scheme: str
) -> None:
    await _made(product, scene)
    page = await _open(visit, product, scene, viewport, scheme)
    main = page.get_by_role("main")
    await expect(main.get_by_text("One sheet is not up to date.")).to_be_visible()
    assert await violations(page) == []
    assert not await page.evaluate(WIDE)
    own = main.get_by_role("list", name="On their own")
    await expect(own.get_by_role("link")).to_have_accessible_name(re.compile("Answers"))
    await main.get_by_role("link", name="Top region").click()
    chosen = main.get_by_role("region", name="Top region")
    await expect(chosen.get_by_text("is at version 2; version 1 was read")).to_be_visible()
    await expect(
        chosen.get_by_role("listitem").filter(has_text=re.compile("Version 1.*rows"))
    ).to_be_visible()
    await page.reload()
    await expect(chosen.get_by_text("is at version 2; version 1 was read")).to_be_visible()
    assert await violations(page) == []
    assert not await page.evaluate(WIDE)
    await main.get_by_role("button", name="Bring all up to date").click()
    await expect(main.get_by_text("All is up to date.")).to_be_visible()
    await expect(
        chosen.get_by_role("listitem").filter(has_text=re.compile("Version 2.*rows"))
    ).to_be_visible()
    await chosen.get_by_role("button", name="Run again").click()
    await expect(
        chosen.get_by_role("listitem").filter(has_text=re.compile("Version 3.*rows"))
    ).to_be_visible()
    await chosen.get_by_role("link", name="Open the sheet").click()
    await expect(page).to_have_url(f"{product.url}/data?p={scene.project}&s=exploration.TopRegion")
    await page.go_back()
    await expect(chosen).to_be_visible()
