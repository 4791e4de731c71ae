"""The plain page in a real browser: sign-in, import, ask, reload, a connection that is cut."""

import shutil
from collections.abc import AsyncGenerator
from uuid import uuid4

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from integration.api.product import Product
from oryxforge.bootstrap.accounts import OWNER_EMAIL

CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Debian's chromium: apt-get install chromium")
CSV = b"region,amount\nNorth,1.5\nSouth,\n"


@pytest.fixture
async def browser() -> AsyncGenerator[Browser]:
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        await started.close()


@pytest.fixture(params=[(1280, 800), (390, 844)], ids=["desk", "phone"])
async def page(request: pytest.FixtureRequest, browser: Browser, product: Product) -> AsyncGenerator[Page]:
    """A page signed in by a link, with a project of its own; whatever the console complains of fails the test."""
    accounts = product.api.services.accounts
    assert accounts is not None
    await product.within(lambda: accounts.ensure_owner(OWNER_EMAIL))
    link = await product.within(lambda: accounts.make_link(60))
    width, height = request.param
    context = await browser.new_context(viewport={"width": width, "height": height})
    opened = await context.new_page()
    complaints: list[str] = []
    opened.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    opened.on("pageerror", lambda e: complaints.append(str(e)))
    await opened.goto(f"{product.url}/?token={link}")
    await expect(opened.locator("body")).to_have_attribute("data-view", "chat")
    assert "token" not in opened.url
    if not await opened.locator("#naming").is_visible():
        await _menu(opened)
        await opened.click("#new-project")
    name = f"Page {uuid4().hex[:8]}"
    await opened.fill("#project-name", name)
    await opened.keyboard.press("Enter")
    await expect(opened.locator("#project option:checked")).to_have_text(name)
    await expect(opened.locator("#sheets h3")).to_have_count(2)
    yield opened
    await context.close()
    assert [c for c in complaints if "ERR_INTERNET_DISCONNECTED" not in c] == []


async def _menu(page: Page) -> None:
    """On a narrow screen the project's side is behind a button."""
    if await page.locator("#menu").is_visible() and not await page.locator("#side").is_visible():
        await page.click("#menu")


async def _ask(page: Page, prompt: str) -> None:
    await page.fill("#prompt", prompt)
    await page.keyboard.press("Enter")


async def test_a_file_becomes_a_table(page: Page) -> None:
    await _menu(page)
    await page.set_input_files("#file", {"name": "orders.csv", "mimeType": "text/csv", "buffer": CSV})
    await expect(page.locator("#preview table")).to_contain_text("North")
    await page.click("#preview button")
    await expect(page.locator("#sheet h1")).to_have_text("orders")
    await expect(page.locator("#sheet")).to_contain_text("sources.Orders · 2 rows")
    await expect(page.locator("#sheet td.none")).to_have_count(1)
    assert not await page.evaluate("document.documentElement.scrollWidth > innerWidth")


async def test_an_answer_streams_and_stays(page: Page) -> None:
    await _ask(page, "count 5")
    await expect(page.locator("#log .answer")).to_have_text("0 1 2 3 4 ", use_inner_text=False)
    await expect(page.locator("#send")).to_be_visible()
    await page.reload()
    await expect(page.locator("#log .question")).to_have_text("count 5")
    await expect(page.locator("#log .answer")).to_have_text("0 1 2 3 4 ", use_inner_text=False)


async def test_a_connection_that_is_cut(page: Page, product: Product) -> None:
    gate = uuid4().hex
    await _ask(page, f"count 40 {gate}")
    await expect(page.locator("#log .answer")).to_contain_text("19 ")
    await page.context.set_offline(True)
    await product.within(_close_streams(product))
    product.gates.of(gate).set()
    await expect(page.locator("#notice")).to_contain_text("trying again")
    await page.context.set_offline(False)
    text = "".join(f"{n} " for n in range(40))
    await expect(page.locator("#log .answer")).to_have_text(text, use_inner_text=False)
    await expect(page.locator("#notice")).to_be_empty()


def _close_streams(product: Product):
    async def close() -> None:
        product.streams.close()

    return close


async def test_stop_and_failure_are_said(page: Page) -> None:
    await _ask(page, "hang")
    await expect(page.locator("#log .answer")).to_have_text("before")
    await page.click("#stop")
    await expect(page.locator("#log .note")).to_have_text("Stopped.")
    await _ask(page, "fail")
    await expect(page.locator("#log .bad")).to_contain_text("set another")


async def test_a_used_link(browser: Browser, product: Product) -> None:
    page = await browser.new_page()
    await page.goto(f"{product.url}/?token=used")
    await expect(page.locator("#signin-text")).to_contain_text("used already or has expired")
    assert "token" not in page.url
    await page.close()
