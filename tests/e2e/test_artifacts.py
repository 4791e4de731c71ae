"""Tables, charts and reports on the page: looked at, changed, run again, taken away as files."""

import asyncio
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from playwright.async_api import Page, ViewportSize, expect

from e2e.conftest import PHONE, Visit, Visitor, views, violations
from fixtures.results import Results
from integration.api.product import Product
from integration.api.test_path import import_body, upload
from oryxforge.bootstrap.accounts import OWNER_EMAIL
from oryxforge.domain.identity import Actor
from oryxforge.domain.sheets import Sheet

CSV = b"region,amount\nNorth,10.0\nSouth,20.5\nEast,30.0\n"
BY_REGION = "select region, amount as total from sales.Orders order by region"
BARS: dict[str, Any] = {
    "data": [{"type": "bar", "x": ["East", "North", "South"], "y": [30.0, 10.0, 20.5]}],
    "layout": {"title": {"text": "Sales by region"}, "xaxis": {"title": {"text": "Region"}}},
}


@dataclass(frozen=True)
class Desk:
    """A project with the sheet `sales.Orders`, and somebody who saves results in it."""

    product: Product
    project: str
    results: Results

    def address(self, sheet: Sheet) -> str:
        return f"{self.product.url}/artifact?p={self.project}&a={sheet.id}"

    async def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        actor = self.results.actor
        async with self.product.client(self.product.token(actor.user_id, OWNER_EMAIL)) as client:
            answer = await client.post(path, json=body)
            assert answer.status_code < 300, answer.text
            return answer.json()


@pytest_asyncio.fixture(loop_scope="session")
async def desk(product: Product) -> Desk:
    accounts = product.api.services.accounts
    assert accounts is not None
    owner = await product.within(lambda: accounts.ensure_owner(OWNER_EMAIL))
    async with product.client(product.token(owner.id, OWNER_EMAIL)) as client:
        made = await client.post("/projects", json={"name": f"Results {uuid4().hex[:6]}"})
        project = made.json()["id"]
        source = await upload(client, project, "orders.csv", CSV)
        body = import_body(project, source, {"data": "Orders"})
        assert (await client.post("/files/import", json=body)).status_code == 200
    return Desk(product, project, Results(product, Actor(owner.id, OWNER_EMAIL), UUID(project)))


class Look:
    """Opens a result in a browser of the owner."""

    def __init__(self, visit: Visit, desk: Desk) -> None:
        self._visit = visit
        self._desk = desk
        self.visitors: list[Visitor] = []

    async def __call__(self, sheet: Sheet, **given: Any) -> Page:
        self.visitors.append(await self._visit(**given))
        page = await self.visitors[-1].enter(self._desk.product, self._desk.address(sheet))
        await expect(page.get_by_role("tab", name="Versions")).to_be_visible()
        return page


@pytest.fixture
def look(visit: Visit, desk: Desk) -> Look:
    return Look(visit, desk)


async def _looked_at(page: Page) -> None:
    assert await violations(page) == []
    wide = "[document.documentElement, main].some((e) => e.scrollWidth > e.clientWidth)"
    assert not await page.evaluate(wide)


async def _drawn(page: Page) -> None:
    await expect(page.locator("[data-plot] .main-svg").first).to_be_visible()


@views("desk-light")
async def test_the_look_of_a_chart(desk: Desk, look: Look, viewport: ViewportSize, scheme: str) -> None:
    chart = await desk.results.chart("By region", BY_REGION, BARS)
    page = await look(chart, viewport=viewport, color_scheme=scheme)
    await _drawn(page)
    await _looked_at(page)
    await page.get_by_role("button", name="Show as table").click()
    await expect(page.get_by_role("cell", name="East")).to_be_visible()
    await _looked_at(page)
    await page.get_by_role("button", name="Show as chart").click()

    await page.get_by_role("button", name="Change look").click()
    await page.get_by_label("Title").fill("Shares <b>of</b> sales")
    await page.get_by_label("Kind").select_option("pie")
    await expect(page.locator("[data-plot] .pielayer .slice")).to_have_count(3)
    await _looked_at(page)
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("heading", name="Shares <b>of</b> sales")).to_be_visible()

    await page.get_by_role("tab", name="Versions").click()
    await expect(page.get_by_text("Title, kind: pie, by you")).to_be_visible()
    await _looked_at(page)
    await page.get_by_role("button", name="Look at version 1").click()
    await expect(page.get_by_role("heading", name="Sales by region")).to_be_visible()
    await page.get_by_role("button", name="Make it current").click()
    await expect(page.get_by_text("is the current one")).to_be_hidden()
    await expect(page.get_by_role("heading", name="Sales by region")).to_be_visible()


@views("desk-dark")
async def test_code_is_changed_and_run(desk: Desk, look: Look, viewport: ViewportSize, scheme: str) -> None:
    chart = await desk.results.chart("By region", BY_REGION, BARS)
    page = await look(chart, viewport=viewport, color_scheme=scheme)
    await page.get_by_role("tab", name="Code").click()
    await expect(page.get_by_role("link", name="sales.Orders version 1")).to_be_visible()
    await expect(page.get_by_role("group", name="Code in sql").locator("span").first).to_be_visible()
    await _looked_at(page)

    await page.get_by_role("button", name="Edit and run").click()
    editor = page.get_by_role("textbox", name="SQL of By region")
    await editor.fill("select nothing from sales.Orders")
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_role("alert").filter(has_text="nothing")).to_be_visible()
    await expect(page.get_by_role("button", name="Save as new version")).to_be_disabled()
    look.visitors[0].complaints.clear()
    await editor.fill(BY_REGION.replace("amount as", "100 * amount as"))
    await page.get_by_role("tab", name="Versions").click()
    await page.get_by_role("tab", name="Code").click()
    await expect(editor).to_contain_text("100 * amount")
    await page.get_by_role("button", name="Run", exact=True).click()
    await expect(page.get_by_role("region", name="Rows of the preview").get_by_text("3000")).to_be_visible()
    await _drawn(page)
    await _looked_at(page)
    await page.get_by_role("button", name="Save as new version").click()
    await expect(page.get_by_text("Written byyou")).to_be_visible()
    await page.get_by_role("tab", name="Versions").click()
    await expect(page.get_by_text("Run by you")).to_be_visible()


@views("phone-light")
async def test_a_report_is_read(desk: Desk, look: Look, viewport: ViewportSize, scheme: str) -> None:
    chart = await desk.results.chart("By region", BY_REGION, BARS)
    table = await desk.results.table("Orders of all", BY_REGION)
    text = (
        f"# Found\n\nThe **East** sold most[^1].\n\n![Regions](sheet:{chart.address})\n\n## The numbers\n\n"
        f"![Orders](sheet:{table.address})\n\n## Next\n\n- Look at the North\n\n[^1]: In the year to March.\n"
    )
    report = await desk.results.report("Report of sales", text)
    page = await look(report, viewport=viewport, color_scheme=scheme)
    await _drawn(page)
    await expect(page.get_by_role("heading", name="The numbers")).to_be_visible()
    await expect(page.get_by_role("region", name="Orders").get_by_text("South")).to_be_visible()
    await _looked_at(page)
    if viewport == PHONE:
        await page.locator("summary", has_text="Contents").click()
    await page.get_by_role("navigation", name="Contents").get_by_role("link", name="Next").click()
    await expect(page.get_by_role("heading", name="Next")).to_be_focused()
    await page.get_by_role("main").get_by_role("link", name="1", exact=True).click()
    await expect(page.locator(":target")).to_contain_text("In the year to March.")
    await page.get_by_role("link", name="back").click()
    await expect(page.locator("sup:target")).to_be_in_viewport()
    await page.get_by_role("tab", name="Sources").click()
    await expect(page.get_by_role("link", name=f"{chart.address} version 1")).to_be_visible()


async def test_a_report_leaves_as_a_file(desk: Desk, look: Look, tmp_path: Path) -> None:
    chart = await desk.results.chart("By region", BY_REGION, BARS)
    table = await desk.results.table("Many", "select range as n from range(1200)")
    shown = f"![Regions](sheet:{chart.address})\n\n![Many](sheet:{table.address})\n"
    written = "Rose[^1].\n\n- [x] Ask\n\n## Next\n\n[Settings](/settings)\n\n## Last\n\n[^1]: By four.\n"
    report = await desk.results.report("Report", f"# Found\n\n{shown}\n{written}")
    page = await look(report)
    await _drawn(page)
    text = await _downloaded(page, "Download Report", "Markdown", tmp_path / "a.md")
    assert text.startswith(b"# Found")
    html = (await _downloaded(page, "Download Report", "Page (HTML)", tmp_path / "a.html")).decode()
    assert "<h3" in html
    assert 'src="data:image/svg+xml' in html
    assert "<button" not in html
    assert "<script" not in html
    assert "width=device-width" in html
    assert f'href="{desk.product.url}/settings"' in html
    printing = asyncio.create_task(page.evaluate(PRINTED))
    await page.get_by_role("button", name="Print or save as PDF").click()
    paper = await printing
    assert "Found" in paper
    assert re.search("<(button|input|svg)", paper) is None
    for kept in (html, paper):
        assert "☑ Ask" in re.sub("<[^>]+>", "", kept)
        goals = re.findall('href="#([^"]+)"', kept)
        assert {"paper-note-1", "paper-noted-1"} <= set(goals) <= set(re.findall(' id="([^"]+)"', kept))
    assert 'aria-label="Contents"' in html
    assert (paper.count("<tr"), "The first 1,000 of 1,200 rows are printed." in paper) == (1001, True)


async def test_a_chart_leaves_as_a_file(desk: Desk, look: Look, tmp_path: Path) -> None:
    chart = await desk.results.chart("By region", BY_REGION, BARS)
    page = await look(chart, color_scheme="dark")
    await _drawn(page)
    picture = await _downloaded(page, "Download Sales by region", "Picture (PNG)", tmp_path / "a.png")
    assert picture.startswith(b"\x89PNG")
    drawing = await _downloaded(page, "Download Sales by region", "Drawing (SVG)", tmp_path / "a.svg")
    assert b"Sales by region" in drawing


PRINTED = "new Promise((done) => { window.print = () => done(document.body.lastElementChild.innerHTML) })"


async def _downloaded(page: Page, button: str, item: str, path: Path) -> bytes:
    await page.get_by_role("button", name=button).click()
    async with page.expect_download() as started:
        await page.get_by_role("menuitem", name=item).click()
    await (await started.value).save_as(path)
    return path.read_bytes()


async def test_a_chart_follows_the_theme(desk: Desk, look: Look) -> None:
    chart = await desk.results.chart("By region", BY_REGION, BARS)
    page = await look(chart, color_scheme="light")
    label = page.locator("[data-plot] .xtick text").first
    await expect(label).to_have_css("fill", "rgb(102, 98, 87)")
    await page.emulate_media(color_scheme="dark")
    await expect(label).to_have_css("fill", "rgb(168, 164, 152)")


async def test_older_data_is_said_and_run_again(desk: Desk, look: Look) -> None:
    table = await desk.results.table("Totals", BY_REGION)
    chart = await desk.results.chart("By total", f"select * from {table.address} order by region", BARS)
    await desk.post(f"/sheets/{table.id}/versions", {"code": BY_REGION.replace("amount", "2 * amount")})
    page = await look(chart)
    await expect(page.get_by_text("Older data.")).to_be_visible()
    await page.get_by_role("button", name="See").click()
    await _looked_at(page)
    await page.get_by_role("button", name="Run again on the newest data").click()
    await expect(page.get_by_text("Older data.")).to_be_hidden()
    await page.get_by_role("tab", name="Chart").click()
    await page.get_by_role("button", name="Show as table").click()
    await expect(page.get_by_role("cell", name="60")).to_be_visible()


async def test_a_table_in_the_grid(desk: Desk, look: Look) -> None:
    table = await desk.results.table("Totals", BY_REGION)
    page = await look(table)
    await expect(page.get_by_text("South")).to_be_visible()
    await _looked_at(page)


HOSTILE: dict[str, Any] = {
    "data": [
        {
            "type": "bar",
            "name": "<img src=http://192.0.2.1/n.png>",
            "x": ["<a href='http://192.0.2.1/'>x</a>", "<script>document.title='taken'</script>"],
            "y": [1, 2],
            "hovertemplate": "<a href='javascript:alert(1)'>go</a><img src=http://192.0.2.1/h.png>",
        },
        {"type": "image", "source": "http://192.0.2.1/s.png"},
        {"x": list(range(30_000)), "y": list(range(30_000))},
    ],
    "layout": {
        "title": {"text": "<img src=x onerror=\"document.title='taken'\">Sales"},
        "images": [{"source": "http://192.0.2.1/i.png", "xref": "paper", "yref": "paper"}],
        "updatemenus": [{"buttons": [{"label": "Sign in", "method": "relayout", "args": [{}]}]}],
        "annotations": [{"text": "<a href='http://192.0.2.1/'>Your session has ended</a>", "x": 0, "y": 1}],
    },
}


async def test_a_hostile_chart_only_draws(desk: Desk, look: Look) -> None:
    chart = await desk.results.chart("By region", BY_REGION, HOSTILE)
    page = await look(chart)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.reload()
    await _drawn(page)
    await expect(page.get_by_text(re.compile(r"of 30,002 points are drawn, picked evenly"))).to_be_visible()
    await expect(page.get_by_text("“image” can't be drawn here")).to_be_visible()
    assert await page.locator("[data-plot] a, [data-plot] img, [data-plot] script").count() == 0
    assert await page.locator("[data-plot] image").count() == 0
    await page.mouse.move(640, 400)
    assert [url for url in asked if not url.startswith((desk.product.url, "blob:", "data:"))] == []
    assert "taken" not in await page.title()
