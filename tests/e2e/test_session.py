"""Signing in and out of the page."""

import asyncio
import re
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from playwright.async_api import Page, Route, expect

from e2e.conftest import DESK, PHONE, Visit, link_of, violations
from integration.api.product import Product

PASSWORD = "a good long password"


async def test_a_link_signs_in_once(visit: Visit, product: Product) -> None:
    link = await link_of(product)
    page = await (await visit()).open(link)
    await expect(page.get_by_role("heading", name="Projects")).to_be_visible()
    assert "token" not in page.url
    await page.reload()
    await expect(page.get_by_role("heading", name="Projects")).to_be_visible()
    other = await visit()
    page = await other.open(link)
    await expect(page.get_by_role("main").get_by_role("alert")).to_contain_text("used already or has expired")
    assert "token" not in page.url
    assert len(other.complaints) == 1
    other.complaints.clear()


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_sign_in_screen(visit: Visit, product: Product, viewport, scheme) -> None:
    page = await (await visit(viewport=viewport, color_scheme=scheme)).open(product.url)
    await expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    assert await violations(page) == []


async def _signed_up(page: Page, email: str) -> None:
    await page.get_by_role("button", name="Create an account").click()
    await page.get_by_label("E-mail").fill(email)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Create the account").click()
    await expect(page.get_by_role("heading", name="Projects")).to_be_visible()


async def test_an_account_by_password_in_two_tabs(visit: Visit, product: Product) -> None:
    email = f"{uuid4().hex[:8]}@example.org"
    visitor = await visit()
    page = await visitor.open(f"{product.url}/settings")
    await page.goto(product.url)
    await _signed_up(page, email)
    second = await visitor.open(f"{product.url}/settings")
    await expect(second.get_by_text(f"You are signed in as {email}.")).to_be_visible()
    await page.get_by_role("button", name="Sign out").click()
    for tab in (page, second):
        await expect(tab.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    await second.get_by_label("E-mail").fill(email)
    await second.get_by_label("Password").fill("not it at all")
    await second.get_by_role("button", name="Sign in", exact=True).click()
    await expect(second.get_by_text("don't fit together")).to_be_visible()
    visitor.complaints.clear()
    await second.get_by_label("Password").fill(PASSWORD)
    await second.get_by_role("button", name="Sign in", exact=True).click()
    await expect(second.get_by_text(f"You are signed in as {email}.")).to_be_visible()
    await expect(page.get_by_role("heading", name="Projects")).to_be_visible()


async def _once(event: asyncio.Event, route: Route) -> None:
    await event.wait()
    await route.continue_()


async def test_the_next_one_in_a_tab_sees_nothing_of_the_one_before(visit: Visit, product: Product) -> None:
    page = await (await visit()).open(product.url)
    await _signed_up(page, f"{uuid4().hex[:8]}@example.org")
    await page.get_by_role("button", name="New project").first.click()
    await page.get_by_role("textbox", name="Name").fill("Mine")
    await page.get_by_role("button", name="Make it").click()
    await page.get_by_role("link", name="Chat", exact=True).click()
    await page.get_by_role("textbox", name="Your question").fill("A secret of mine")
    assert "A secret of mine" in await page.evaluate("JSON.stringify(sessionStorage)")
    await page.get_by_role("button", name="Sign out").click()
    await _signed_up(page, f"{uuid4().hex[:8]}@example.org")
    assert page.url == f"{product.url}/"
    assert await page.evaluate("JSON.stringify(sessionStorage)") == "{}"


async def test_a_mail_leaves_no_trace_in_the_address(visit: Visit, product: Product) -> None:
    visitor, link = await visit(), await link_of(product)
    token = link.partition("token=")[2]
    sent = await visitor.context.request.post(f"{product.url}/auth/v1/signin-link", data={"token": token})
    told = {"expires_in": 3600, "token_type": "bearer", "type": "magiclink", **await sent.json()}
    kept = ["access_token", "refresh_token", "expires_in", "token_type", "type"]
    page = await visitor.open(f"{product.url}/#{urlencode({name: told[name] for name in kept})}")
    await expect(page.get_by_role("heading", name="Projects", exact=True)).to_be_visible()
    assert page.url == f"{product.url}/"


async def test_a_session_that_ends_loses_nothing(visit: Visit, product: Product) -> None:
    email = f"{uuid4().hex[:8]}@example.org"
    visitor = await visit()
    page = await visitor.open(product.url)
    await _signed_up(page, email)
    await page.reload()
    await page.get_by_role("button", name="New project").first.click()
    await page.get_by_role("textbox", name="Name").fill("Half typed")
    form = asyncio.Event()
    await page.route("**/*.js", lambda route: _once(form, route))
    await page.route("**/projects", lambda route: route.fulfill(status=401, json={"code": "token_expired"}))
    await page.route("**/auth/v1/token*", lambda route: route.fulfill(status=400, json={"code": 400}))
    await page.get_by_role("button", name="Make it").click()
    again = page.get_by_role("dialog", name="Sign in again")
    await expect(again).to_be_focused()
    await page.keyboard.press("Enter")
    form.set()
    await expect(again.get_by_label("Password")).to_be_focused()
    await expect(page.get_by_text("You are signed out. Sign in again; what you typed stays.")).to_be_visible()
    assert await violations(page) == []
    await page.unroute_all()
    await again.get_by_label("Password").fill(PASSWORD)
    await again.get_by_role("button", name="Sign in", exact=True).click()
    await expect(again).to_be_hidden()
    await expect(page.get_by_role("textbox", name="Name")).to_have_value("Half typed")
    visitor.complaints.clear()
    await page.get_by_role("button", name="Make it").click()
    await expect(page.get_by_role("button", name="Project: Half typed")).to_be_visible()


async def _code_for(product: Product, visit: Visit, email: str, subject: str) -> str:
    """The code of the last mail to somebody, as the owner finds it in the settings."""
    page = await (await visit()).open(await link_of(product))
    await expect(page.get_by_role("heading", name="Projects", exact=True)).to_be_visible()
    await page.goto(f"{product.url}/settings#outbox")
    mail = page.get_by_role("region", name="Outbox").get_by_role("listitem").filter(has_text=email).first
    await expect(mail).to_contain_text(subject)
    assert await violations(page) == []
    return await mail.get_by_text(re.compile(r"^\d{6}$")).inner_text()


@pytest.mark.parametrize(("viewport", "scheme"), [(DESK, "dark"), (PHONE, "light")], ids=["desk", "phone"])
async def test_a_code_by_mail(visit: Visit, product: Product, viewport, scheme) -> None:
    email = f"{uuid4().hex[:8]}@example.org"
    visitor = await visit(viewport=viewport, color_scheme=scheme)
    page = await visitor.open(product.url)
    await page.get_by_role("button", name="E-mail me a link or a code").click()
    await page.get_by_label("E-mail").fill(email)
    await page.get_by_role("button", name="Send a link and a code").click()
    await expect(page.get_by_text("a mail is on its way")).to_be_visible()
    assert await violations(page) == []
    await page.get_by_label("Code from the mail").fill("000000")
    await page.get_by_role("button", name="Go on").click()
    await expect(page.get_by_role("alert").filter(has_text="Have a new one sent")).to_be_visible()
    visitor.complaints.clear()
    await page.get_by_label("Code from the mail").fill(await _code_for(product, visit, email, "sign-in link"))
    await page.get_by_role("button", name="Go on").click()
    await expect(page.get_by_role("heading", name="Projects", exact=True)).to_be_visible()


async def test_a_forgotten_password(visit: Visit, product: Product) -> None:
    email, new = f"{uuid4().hex[:8]}@example.org", "another long password"
    visitor = await visit()
    page = await visitor.open(product.url)
    await _signed_up(page, email)
    await page.get_by_role("button", name="Sign out").click()
    await page.get_by_role("button", name="Forgot the password").click()
    await page.get_by_label("E-mail").fill(email)
    await page.get_by_role("button", name="Send a link and a code").click()
    await page.get_by_label("Code from the mail").fill(
        await _code_for(product, visit, email, "A new password")
    )
    await page.get_by_role("button", name="Go on").click()
    asked = page.get_by_role("dialog", name="Set a new password")
    assert await violations(page) == []
    await asked.get_by_label("New password").fill("short")
    await asked.get_by_role("button", name="Set the password").click()
    await expect(asked.get_by_role("alert")).to_be_visible()
    visitor.complaints.clear()
    await asked.get_by_label("New password").fill(new)
    await asked.get_by_role("button", name="Set the password").click()
    await expect(asked).to_be_hidden()
    await page.get_by_role("button", name="Sign out").click()
    await page.get_by_label("E-mail").fill(email)
    await page.get_by_label("Password").fill(new)
    await page.get_by_role("button", name="Sign in", exact=True).click()
    await expect(page.get_by_role("heading", name="Projects", exact=True)).to_be_visible()


async def test_a_link_that_is_over_says_so(visit: Visit, product: Product) -> None:
    page = await (await visit()).open(f"{product.url}/#error=access_denied&error_code=otp_expired")
    await expect(page.get_by_role("main").get_by_role("alert").first).to_contain_text("has expired")
    assert "error" not in page.url
