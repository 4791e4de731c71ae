"""The settings: a model's key, budgets, tokens for scripts and assistants, the outbox, one's account."""

import asyncio
import json
import re
import shlex
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest_asyncio
from playwright.async_api import Locator, Page, ViewportSize, expect

from e2e.chat_room import room_of
from e2e.conftest import Visit, views, violations
from integration.api.product import Product
from stubs.messages_api import Fault, MessagesStub


@pytest_asyncio.fixture(loop_scope="session")
async def stub() -> AsyncIterator[MessagesStub]:
    async with MessagesStub() as served:
        yield served


async def _settings(page: Page, product: Product, part: str = "") -> None:
    await expect(page.get_by_role("heading", name="Projects", exact=True)).to_be_visible()
    await page.goto(f"{product.url}/settings{part}")
    await expect(page.get_by_role("heading", name="Settings")).to_be_visible()


async def _looked_at(page: Page) -> None:
    assert await violations(page) == []
    assert not await page.evaluate(
        "[document.documentElement, main].some((e) => e.scrollWidth > e.clientWidth)"
    )


async def _copied(part: Locator, label: str) -> str:
    """What the button of a block copies, which is what the block shows."""
    shown = await part.get_by_label(label, exact=True).text_content()
    await part.get_by_role("button", name=f"Copy {label}").click()
    await expect(part.get_by_text("Copied")).to_be_attached()
    copied = await part.page.evaluate("navigator.clipboard.readText()")
    assert copied == shown
    return copied


@views("phone-dark")
async def test_a_model_of_ones_own(
    visit: Visit, product: Product, stub: MessagesStub, viewport: ViewportSize, scheme: str
) -> None:
    visitor = await visit(viewport=viewport, color_scheme=scheme)
    page = await visitor.enter(product)
    await _settings(page, product)
    part = page.get_by_role("region", name="Model")
    await expect(part.get_by_text("the built-in analyst answers")).to_be_visible()
    await part.get_by_label("Who serves the model").select_option("endpoint")
    await part.get_by_label("Address").fill(stub.url)
    await part.get_by_label("Model", exact=True).fill("qwen3:8b")
    await part.get_by_label("Token, if it asks for one").fill("a-token-of-mine-1234")
    stub.script(Fault(401, "authentication_error"))
    await part.get_by_role("button", name="Try it and save").click()
    await expect(part.get_by_role("alert")).to_contain_text("refused the key")
    await _looked_at(page)
    visitor.complaints.clear()
    await part.get_by_role("button", name="Try it and save").click()
    await expect(part.get_by_text(stub.url)).to_be_visible()
    await expect(part.get_by_text("key ending in 1234")).to_be_visible()
    assert "a-token-of-mine" not in await page.content()
    await expect(page.get_by_role("region", name="About").get_by_text("claude")).to_be_visible()
    await _looked_at(page)
    await part.get_by_role("button", name="Remove").click()
    await page.get_by_role("button", name="Undo").click()
    await expect(part.get_by_text("key ending in 1234")).to_be_visible()
    await part.get_by_role("button", name="Remove").click()
    await expect(part.get_by_text("the built-in analyst answers")).to_be_visible()
    await page.goto("about:blank")
    async with product.client() as client, asyncio.timeout(10):
        while "claude" in (await client.get("/config.json")).json()["agents"]:
            await asyncio.sleep(0.05)


@views("desk-light")
async def test_a_token_for_a_script(
    visit: Visit, product: Product, viewport: ViewportSize, scheme: str
) -> None:
    name = f"Report {uuid4().hex[:6]}"
    visitor = await visit(
        viewport=viewport, color_scheme=scheme, permissions=["clipboard-read", "clipboard-write"]
    )
    page = await visitor.enter(product)
    async with room_of(product) as room:
        odd = f"{uuid4().hex[:6]} 'q' $HOME `id` \\ \""
        project = (await room.owner.client.post("/projects", json={"name": odd})).json()
    await _settings(page, product)
    await page.keyboard.press("Control+k")
    await page.get_by_role("combobox", name="Commands").fill("mcp")
    await page.keyboard.press("Enter")
    part = page.get_by_role("region", name="Assistants")
    await expect(part).to_be_in_viewport()
    await part.get_by_label("Project", exact=True).select_option(odd)
    address = f"{product.url}/projects/{project['id']}/mcp"
    await part.get_by_role("tab", name="JSON").click()
    server = json.loads(await _copied(part, "the JSON over http"))["mcpServers"]["oryxforge"]
    assert server["url"] == address
    await _looked_at(page)
    await part.get_by_role("tab", name="Same machine").click()
    assert shlex.split(await _copied(part, "the line for this machine"))[-1] == odd
    await _looked_at(page)
    await part.get_by_role("tab", name="Claude Code").click()
    lines = await _copied(part, "the Claude Code lines")
    assert address in shlex.split(lines)

    await part.get_by_role("button", name="New token").click()
    await page.get_by_label("What it is for").fill(name)
    await page.get_by_label("Good for").select_option("7")
    await _looked_at(page)
    await page.get_by_role("button", name="Make the token").click()
    shown = page.get_by_role("dialog", name=name)
    secret = await shown.get_by_text(re.compile(r"^oryx_")).inner_text()
    await _looked_at(page)
    await expect(shown.get_by_label("the Claude Code lines", exact=True)).to_have_text(lines)
    await shown.get_by_role("tab", name="Python").click()
    await expect(shown.get_by_label("the Python lines", exact=True)).to_contain_text(product.url)
    async with product.client(secret) as script:
        assert (await script.get("/projects")).status_code == 200
        asked = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
        told = await script.post(server["url"], json=asked)
        assert "list_sheets" in {tool["name"] for tool in told.json()["result"]["tools"]}
        await shown.get_by_role("button", name="I have it").click()
        assert secret not in await page.content()
        await page.get_by_role("button", name=f"Revoke {name}").click()
        await _looked_at(page)
        await page.get_by_role("button", name="Revoke it").click()
        await expect(page.get_by_text(f"{name} opens nothing any more.")).to_be_visible()
        assert (await script.get("/projects")).status_code == 401


@views("phone-light")
async def test_a_budget(visit: Visit, product: Product, viewport: ViewportSize, scheme: str) -> None:
    page = await (await visit(viewport=viewport, color_scheme=scheme)).enter(product)
    await _settings(page, product)
    part = page.get_by_role("region", name="Budgets")
    change = part.get_by_role("button", name="a limit for You, in all projects")
    await change.click()
    await part.get_by_label("US dollars a month").fill("much")
    await expect(part.get_by_role("alert")).to_be_visible()
    await part.get_by_label("US dollars a month").fill("20")
    await _looked_at(page)
    await page.keyboard.press("Enter")
    await expect(part.get_by_text("of $20.00")).to_be_visible()
    await _looked_at(page)
    await change.click()
    await part.get_by_label("US dollars a month").fill("")
    await page.keyboard.press("Enter")
    await expect(part.get_by_text("of $20.00")).to_be_hidden()


async def test_another_person_sees_no_key_and_no_outbox(visit: Visit, product: Product) -> None:
    page = await (await visit()).open(product.url)
    await page.get_by_role("button", name="Create an account").click()
    await page.get_by_label("E-mail").fill(f"{uuid4().hex[:8]}@example.org")
    await page.get_by_label("Password").fill("a good long password")
    await page.get_by_role("button", name="Create the account").click()
    await _settings(page, product)
    await expect(page.get_by_text("Only the owner of this installation sets the model.")).to_be_visible()
    await expect(page.get_by_role("region", name="About").get_by_text("Database")).to_be_visible()
    await expect(page.get_by_role("region", name="Outbox")).to_be_hidden()
    part = page.get_by_role("region", name="Assistants")
    await expect(part.get_by_text("You have no project yet")).to_be_visible()
    await part.get_by_role("button", name="New project").click()
    await expect(page.get_by_role("dialog", name="New project")).to_be_visible()
