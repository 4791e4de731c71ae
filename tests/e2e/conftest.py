"""The built page in a real browser, over the real product."""

import fcntl
import json
import runpy
import shutil
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
import pytest_asyncio
from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    ViewportSize,
    async_playwright,
    expect,
)

from fixtures.postgres import PostgresServer
from fixtures.scale import SCALE
from integration.api.product import Product, api_settings
from oryxforge.bootstrap.accounts import OWNER_EMAIL

ROOT = Path(__file__).parents[2]
CHROMIUM = shutil.which("chromium")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
DESK, PHONE = ViewportSize(width=1280, height=800), ViewportSize(width=390, height=844)
EACH = {
    "desk-light": (DESK, "light"),
    "phone-dark": (PHONE, "dark"),
    "desk-dark": (DESK, "dark"),
    "phone-light": (PHONE, "light"),
}

# A busy machine is no reason for a test to fail.
expect.set_options(timeout=20_000)


def views(*few: str) -> pytest.MarkDecorator:
    """Runs a test in the named views of EACH, at full scale in all of them."""
    shown = EACH if SCALE > 1 else few
    return pytest.mark.parametrize(("viewport", "scheme"), [EACH[name] for name in shown], ids=shown)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One loop for all of these tests, since they share a browser."""
    ours = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(ours) and pytest_asyncio.is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest.fixture(scope="session")
def built_page() -> Path:
    """The export; built where its sources have changed."""
    page = runpy.run_path(str(ROOT / "scripts" / "build_page.py"))
    with (ROOT / "web" / ".building").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            return page["build"](ROOT)
        except page["PageNotBuilt"] as error:
            pytest.skip(f"the page is not built: {error}")


@pytest.fixture(scope="session")
def product(
    built_page: Path, postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Product]:
    database = postgres_server.make_database()
    settings = api_settings(tmp_path_factory.mktemp("page"), database, auth_rate=1000)
    with Product(settings) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def browser() -> AsyncGenerator[Browser]:
    if CHROMIUM is None:
        pytest.skip("chromium is not here (Debian: apt install chromium)")
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *QUIET])
        yield started
        await started.close()


@dataclass
class Visitor:
    """A browser of somebody, and what its console complained of."""

    context: BrowserContext
    complaints: list[str] = field(default_factory=list[str])

    async def open(self, address: str) -> Page:
        page = await self.context.new_page()
        page.on("console", self._note)
        page.on("pageerror", lambda e: self.complaints.append(str(e)))
        await page.goto(address)
        return page

    async def enter(self, product: Product, address: str = "/") -> Page:
        """A page of the local owner, who has signed in before."""
        token = (await link_of(product)).partition("token=")[2]
        async with product.client() as client:
            answer = await client.post("/auth/v1/signin-link", json={"token": token})
        await self.context.add_init_script(f"({SIGNED_IN})({json.dumps(answer.text)})")
        return await self.open(urljoin(product.url, address))

    def _note(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(f"{message.text} ({message.location['url']})")


# Once: what the page makes of its session afterwards stays.
SIGNED_IN = """(session) => {
    if (origin === "null" || localStorage.getItem("signed in")) return;
    localStorage.setItem("signed in", "yes");
    localStorage.setItem(`sb-${location.hostname.split(".")[0]}-auth-token`, session);
}"""


Visit = Callable[..., Awaitable[Visitor]]


@pytest_asyncio.fixture(loop_scope="session")
async def visit(browser: Browser) -> AsyncGenerator[Visit]:
    """Makes visitors by what Playwright takes of a context; a complaint of a console fails the test."""
    visitors: list[Visitor] = []
    async with AsyncExitStack() as stack:

        async def make(viewport: ViewportSize = DESK, **given: Any) -> Visitor:
            context = await browser.new_context(viewport=viewport, **given)
            stack.push_async_callback(context.close)
            visitors.append(Visitor(context))
            return visitors[-1]

        yield make
        assert [c for v in visitors for c in v.complaints] == []


async def link_of(product: Product, ttl_s: int = 60) -> str:
    """A one-time link of the local owner."""
    accounts = product.api.services.accounts
    assert accounts is not None
    await product.within(lambda: accounts.ensure_owner(OWNER_EMAIL))
    return f"{product.url}/?token={await product.within(lambda: accounts.make_link(ttl_s))}"


AT_REST = """async () => {
    const ends = (a) => a.effect.getComputedTiming().endTime !== Infinity;
    await Promise.allSettled(document.getAnimations().filter(ends).map((a) => a.finished));
}"""


async def violations(page: Page) -> list[str]:
    """What axe finds on the page once it has come to rest: half faded in, any colour has too little contrast."""
    await page.evaluate(AT_REST)
    await page.evaluate(AXE.read_text())
    found = await page.evaluate("axe.run()")
    return [
        f"{v['id']}: {v['help']}: {node['html'][:160]} {node.get('failureSummary', '')[:200]}"
        for v in found["violations"]
        for node in v["nodes"]
    ]
