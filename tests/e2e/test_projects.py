"""Projects, people and settings on the page, on a desk and on a phone, by day and by night."""

import asyncio
import re
from uuid import uuid4

from playwright.async_api import Page, ViewportSize, expect

from e2e.conftest import PHONE, Visit, views, violations
from integration.api.product import Product
from oryxforge.bootstrap.accounts import OWNER_EMAIL


async def _fits(page: Page) -> bool:
    return not await page.evaluate(
        "[document.documentElement, main].some((e) => e.scrollWidth > e.clientWidth)"
    )


async def _looked_at(page: Page) -> None:
    assert await violations(page) == []
    assert await _fits(page)


def _card(page: Page, name: str):
    return page.get_by_role("main").get_by_role("link", name=name, exact=True)


async def _made(page: Page, name: str) -> None:
    await page.get_by_role("main").get_by_role("button", name="New project").click()
    await page.get_by_role("textbox", name="Name").fill(name)
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(re.compile(r"/data\?p="))
    await page.goto(page.url.partition("/data")[0])


@views("desk-dark")
async def test_the_life_of_a_project(
    visit: Visit, product: Product, viewport: ViewportSize, scheme: str
) -> None:
    name = f"Sales {uuid4().hex[:6]}"
    page = await (await visit(viewport=viewport, color_scheme=scheme)).enter(product)
    await expect(page.locator("html")).to_have_class(scheme)
    await page.get_by_role("main").get_by_role("button", name="New project").wait_for()
    await _made(page, f"{'W' * 50}{uuid4().hex}")
    await _made(page, name)
    await expect(_card(page, name)).to_be_visible()
    await _looked_at(page)

    await page.get_by_role("button", name=f"More for {name}").click()
    await _looked_at(page)
    await page.get_by_role("menuitem", name="Rename").click()
    await page.get_by_role("textbox", name="Name").fill(f"{name} b")
    await _looked_at(page)
    await page.keyboard.press("Enter")
    await expect(_card(page, f"{name} b")).to_be_visible()

    await page.get_by_role("button", name=f"More for {name} b").click()
    await page.get_by_role("menuitem", name="Delete").click()
    await expect(_card(page, f"{name} b")).to_be_hidden()
    await page.get_by_role("button", name="Undo").click()
    await expect(_card(page, f"{name} b")).to_be_visible()
    await page.get_by_role("button", name=f"More for {name} b").click()
    await page.get_by_role("menuitem", name="Delete").click()
    await expect(page.get_by_role("button", name="Undo")).to_be_visible()
    await page.goto("about:blank")
    async with asyncio.timeout(10):
        while f"{name} b" in await _names(product):
            await asyncio.sleep(0.05)


async def _names(product: Product) -> list[str]:
    """The owner's projects, as the API lists them."""
    accounts = product.api.services.accounts
    assert accounts is not None
    owner = await product.within(lambda: accounts.ensure_owner(OWNER_EMAIL))
    async with product.client(product.token(owner.id, OWNER_EMAIL)) as client:
        return [p["name"] for p in (await client.get("/projects")).json()["projects"]]


@views("phone-light")
async def test_people(visit: Visit, product: Product, viewport: ViewportSize, scheme: str) -> None:
    ada = await product.person("ada")
    page = await (await visit(viewport=viewport, color_scheme=scheme)).enter(product)
    name = f"Shared {uuid4().hex[:6]}"
    await _made(page, name)
    await page.get_by_role("button", name=f"More for {name}").click()
    await page.get_by_role("menuitem", name="People").click()
    await page.get_by_label("Share with").fill(ada.email)
    await page.get_by_role("button", name="Share", exact=True).click()
    role = page.get_by_label(f"Role of {ada.email}")
    await expect(role).to_have_value("editor")
    await role.select_option("viewer")
    await expect(role).to_have_value("viewer")
    await _looked_at(page)
    await page.get_by_role("button", name=f"Stop sharing with {ada.email}").click()
    await expect(role).to_be_hidden()
    await ada.client.aclose()


async def test_somebody_unknown(visit: Visit, product: Product) -> None:
    visitor = await visit()
    page = await visitor.enter(product)
    name = f"Alone {uuid4().hex[:6]}"
    await _made(page, name)
    await page.get_by_role("button", name=f"More for {name}").click()
    await page.get_by_role("menuitem", name="People").click()
    await page.get_by_label("Share with").fill("nobody@example.org")
    await page.get_by_role("button", name="Share", exact=True).click()
    await expect(page.get_by_role("alert").filter(has_text="account")).to_be_visible()
    visitor.complaints.clear()


@views("phone-dark")
async def test_settings(visit: Visit, product: Product, viewport: ViewportSize, scheme: str) -> None:
    page = await (await visit(viewport=viewport, color_scheme=scheme)).enter(product, "/settings#about")
    await expect(page.get_by_text("Database")).to_be_visible()
    await expect(page.get_by_role("heading", name="About")).to_be_in_viewport()
    await _looked_at(page)
    other = "light" if scheme == "dark" else "dark"
    await page.get_by_role("radio", name=other).click()
    await page.reload()
    await expect(page.locator("html")).to_have_class(other)


async def test_the_keyboard(visit: Visit, product: Product) -> None:
    page = await (await visit()).enter(product)
    await expect(page.get_by_role("heading", name="Projects", exact=True)).to_be_visible()
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()
    await _looked_at(page)
    await page.keyboard.press("Escape")
    await page.keyboard.press("Control+k")
    await page.get_by_role("combobox").fill("settings")
    await _looked_at(page)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Settings")).to_be_visible()
    await page.keyboard.press("g")
    await page.keyboard.press("p")
    await expect(page.get_by_role("heading", name="Projects", exact=True)).to_be_visible()


async def test_a_drawer_on_a_phone(visit: Visit, product: Product) -> None:
    page = await (await visit(viewport=PHONE)).enter(product)
    await page.get_by_role("button", name="Menu").click()
    drawer = page.get_by_role("dialog", name="Menu")
    await expect(drawer).to_be_visible()
    assert await violations(page) == []
    await drawer.get_by_role("link", name="Settings").click()
    await expect(drawer).to_be_hidden()
    await expect(page.get_by_role("heading", name="Settings")).to_be_visible()


async def test_a_link_to_nothing(visit: Visit, product: Product) -> None:
    visitor = await visit()
    page = await visitor.enter(product, f"/chat?p={uuid4()}")
    await expect(page.get_by_role("heading", name="This project is not here")).to_be_visible()
    assert await violations(page) == []
    await page.goto(f"{product.url}/nowhere")
    await expect(page.get_by_role("heading", name="Nothing is at this address")).to_be_visible()
    assert await violations(page) == []
    visitor.complaints.clear()
