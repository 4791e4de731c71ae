"""The workflow screen: what sheets were made from, what is not up to date and why, and making it anew."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import uuid4

import httpx
import pytest
from playwright.async_api import Page, expect

from e2e.conftest import DESK, PHONE, Visit, link_of, violations
from integration.api.product import Product
from integration.api.reading import imported
from oryxforge.bootstrap.accounts import OWNER_EMAIL

VIEWS = pytest.mark.parametrize(
    ("viewport", "scheme"), [(DESK, "light"), (PHONE, "dark")], ids=["desk-light", "phone-dark"]
)


@dataclass
class Scene:
    project: str
    client: httpx.AsyncClient


@pytest.fixture
async def scene(product: Product) -> AsyncIterator[Scene]:
    """A project of the owner."""
    accounts = product.api.services.accounts
    assert accounts is not None
    owner = await product.within(lambda: accounts.ensure_owner(OWNER_EMAIL))
    async with product.client(product.token(owner.id, OWNER_EMAIL)) as client:
        made = await client.post("/projects", json={"name": f"Flow {uuid4().hex[:6]}"})
        yield Scene(made.json()["id"], client)


async def _open(visit: Visit, product: Product, scene: Scene, viewport, scheme: str) -> Page:
    page = await (await visit(viewport=viewport, color_scheme=scheme)).open(await link_of(product))
    await expect(page.get_by_role("heading", name="Projects", exact=True)).to_be_visible()
    await page.goto(f"{product.url}/workflow?p={scene.project}")
    return page


@VIEWS
async def test_an_empty_project_says_how_it_begins(
    visit: Visit, product: Product, scene: Scene, viewport, scheme: str
) -> None:
    page = await _open(visit, product, scene, viewport, scheme)
    await expect(page.get_by_role("heading", name="No sheets yet")).to_be_visible()
    assert await violations(page) == []
    await page.get_by_role("main").get_by_role("link", name="Bring data").click()
    await expect(page).to_have_url(f"{product.url}/data?p={scene.project}")
