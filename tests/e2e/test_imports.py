"""Bringing data in on the page: files dropped, pasted or chosen, looked into, imported; an upload that is cut goes on."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import openpyxl
import pytest
from playwright.async_api import Page, Request, Route, ViewportSize, expect

from e2e.conftest import DESK, Visit, Visitor, views, violations
from fixtures.scale import SCALE
from integration.api.product import Product

BIG_BYTES = 1_000_000_000 if SCALE >= 10 else 20_000_000
PART_BYTES = 8_000_000
ORDERS = "Orders of 2026;;;\n\nid;zip;amount;ordered\n1;00501;1.234,50;03/04/2026\n2;10115;7,25;04/05/2026\n"


@dataclass
class At:
    """A page with a project of its own, on its list of files."""

    visitor: Visitor
    page: Page
    project: str

    async def files(self) -> None:
        await self.page.goto(re.sub(r"/data\?.*", f"/data?p={self.project}&files=1", self.page.url))
        await expect(self.page.get_by_role("heading", name="Files", exact=True)).to_be_visible()

    async def bring(self, *paths: Path) -> None:
        async with self.page.expect_file_chooser() as chooser:
            await self.page.get_by_role("main").get_by_role("button", name="Add data").first.click()
        await (await chooser.value).set_files(list(paths))

    async def looked_at(self) -> None:
        assert await violations(self.page) == []
        wide = "[document.documentElement, main].some((e) => e.scrollWidth > e.clientWidth)"
        assert not await self.page.evaluate(wide)


Open = Callable[..., Awaitable[At]]


@pytest.fixture
def at(visit: Visit, product: Product) -> Open:
    async def opened(viewport: ViewportSize = DESK, scheme: str = "light") -> At:
        visitor = await visit(viewport=viewport, color_scheme=scheme)
        page = await visitor.enter(product)
        await page.get_by_role("main").get_by_role("button", name="New project").click()
        await page.get_by_role("textbox", name="Name").fill(f"Data {uuid4().hex[:6]}")
        await page.keyboard.press("Enter")
        await expect(page).to_have_url(re.compile(r"/data\?p="))
        found = At(visitor, page, page.url.partition("p=")[2].partition("&")[0])
        await found.files()
        return found

    return opened


def _written(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.write_text(content)
    return path


@views("phone-dark")
async def test_a_file_from_the_disk_to_its_receipt(
    at: Open, tmp_path: Path, viewport: ViewportSize, scheme: str
) -> None:
    here = await at(viewport, scheme)
    page = here.page
    await here.looked_at()
    await here.bring(_written(tmp_path, "orders.csv", ORDERS))
    await expect(page.get_by_label("Delimiter")).to_contain_text("Semicolon")
    await expect(page.get_by_text("“Orders of 2026”")).to_be_visible()
    await expect(page.get_by_role("cell", name="00501")).to_be_visible()
    await here.looked_at()

    await page.get_by_label("Dates such as 01/02").select_option("Day first")
    await expect(page.get_by_role("cell", name="2026-04-03")).to_be_visible()
    await page.get_by_label("Type of id").select_option("VARCHAR")
    await page.get_by_label("Name of the sheet").fill("Orders")
    await page.get_by_role("button", name="Import", exact=True).click()
    await expect(page.get_by_role("status").filter(has_text="Imported 1 sheet")).to_be_visible()
    await expect(page.get_by_text("2 in the file = 2 in the sheet + 0 rejected")).to_be_visible()
    await expect(page.get_by_role("row", name="id Text You chose this type.")).to_be_visible()
    await expect(page.get_by_text("would lose its zero")).to_be_visible()
    await here.looked_at()

    await page.get_by_role("link", name="Import again").click()
    await expect(page.get_by_text("Makes version 2 of Orders.")).to_be_visible()
    await expect(page.get_by_label("Type of id")).to_have_value("VARCHAR")
    await page.get_by_label("Type of id").select_option("As found")
    await page.get_by_role("button", name="Import", exact=True).click()
    await expect(page.get_by_role("row", name="id Whole number")).to_be_visible()
    await page.get_by_role("button", name="Undo the import").click()
    await expect(page.get_by_text("Makes version 2 of Orders.")).to_be_visible()


async def test_a_workbook_into_a_dataset_of_its_own(at: Open, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    first.title = "Orders"
    for row in (["Quarterly overview"], [], ["region", "units", "price"], ["N", 1, 2.5], ["S", 2, 3]):
        first.append(row)
    first.merge_cells("A1:C1")
    first.append(["E", "=1+1", 5])
    # Names that every object of the page's language has as well.
    book.create_sheet("constructor").append(["__proto__", "toString"])
    book["constructor"].append([7, "Ada"])
    book.create_sheet("Sums").append(["=SUM(Orders!B4:B6)"])
    book.create_sheet("Blank")
    book.save(tmp_path / "Quarter.xlsx")

    here = await at()
    page = here.page
    await here.bring(tmp_path / "Quarter.xlsx")
    await expect(page.get_by_role("columnheader", name="region")).to_be_visible()
    await expect(page.get_by_text("By column: units (1).")).to_be_visible()
    await expect(page.get_by_text("Sums holds nothing but formulas")).to_be_visible()
    await page.get_by_role("button", name="constructor").click()
    await expect(page.get_by_label("Type of __proto__")).to_have_value("")
    await page.get_by_label("Type of __proto__").select_option("VARCHAR")
    await expect(page.get_by_role("button", name="Why __proto__ is Text")).to_be_visible()
    await page.get_by_role("button", name="Blank").click()
    await expect(page.get_by_text("This sheet is empty")).to_be_visible()
    await here.looked_at()
    await page.get_by_label("Name for constructor").fill("Orders")
    await expect(page.get_by_text("Two sheets have this name.").first).to_be_visible()
    await page.get_by_label("Name for constructor").fill("__proto__")
    await page.get_by_label("Name of the dataset").fill("Sources")
    await page.get_by_role("button", name="Import 2 sheets").click()
    await page.get_by_role("button", name="Import into that one").click()
    await page.get_by_role("button", name="Import 2 sheets").click()
    await expect(
        page.get_by_text("1 merged cell: the value stands in the first of its cells.")
    ).to_be_visible()
    await expect(page.get_by_text("1 cell of the file holds a formula")).to_be_visible()
    await expect(page.get_by_role("region", name="__proto__", exact=True)).to_contain_text(
        "You chose this type."
    )
    await here.looked_at()
    await page.get_by_role("button", name="Undo the import").click()
    await expect(page.get_by_role("button", name="Import 2 sheets")).to_be_visible()
    assert len(here.visitor.complaints) == 1
    here.visitor.complaints.clear()


async def test_files_that_are_dropped_or_are_no_tables(at: Open) -> None:
    here = await at()
    page = here.page
    dropped = await page.evaluate_handle("""() => {
        const moved = new DataTransfer();
        moved.items.add(new File(['a,b\\n1,2\\n'], 'small.csv'));
        moved.items.add(new File([new Uint8Array([137, 80, 78, 71, 13, 10, 26, 10])], 'picture.png'));
        return moved;
    }""")
    await page.dispatch_event("body", "dragenter", {"dataTransfer": dropped})
    await expect(page.get_by_text("Drop into Data")).to_be_visible()
    await page.dispatch_event("body", "drop", {"dataTransfer": dropped})
    tray = page.get_by_role("region", name="Uploads")
    await expect(tray.get_by_text("This file is a picture.")).to_be_visible()
    await expect(tray.get_by_text("1 file ready, 1 failed")).to_be_visible()
    await here.looked_at()
    await page.get_by_role("button", name="Close the list of uploads").click()
    await expect(tray).to_be_hidden()
    more = page.get_by_role("button", name="More for small.csv")
    await more.click()
    await page.get_by_role("menuitem", name="Delete").click()
    await expect(more).to_be_hidden()
    await page.get_by_role("button", name="Undo").click()
    await expect(more).to_be_visible()
    here.visitor.complaints.clear()


async def test_a_table_that_is_pasted(at: Open) -> None:
    here = await at()
    await here.page.evaluate("""() => {
        const clipboardData = new DataTransfer();
        clipboardData.setData('text/plain', 'city\\tpeople\\nOslo\\t717710\\n');
        dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }""")
    await expect(here.page.get_by_role("heading", name="Pasted")).to_be_visible()
    await expect(here.page.get_by_role("cell", name="717710")).to_be_visible()


def _big(path: Path) -> int:
    """Writes a large table, line by line; its number of rows."""
    line = "{},a text that makes the row somewhat longer,{}.25\n"
    rows = 0
    with path.open("w") as file:
        file.write("n,words,amount\n")
        while file.tell() < BIG_BYTES:
            file.write("".join(line.format(n, n % 97) for n in range(rows, rows + 10_000)))
            rows += 10_000
    return rows


class Cuts:
    """Cuts the line at one part of an upload, and holds another until the page has gone; knows where parts began."""

    def __init__(self, here: At, first: int, second: int) -> None:
        self._here = here
        self._first, self._second = first, second
        self.offsets: list[int] = []
        self.held = asyncio.Event()

    async def __call__(self, route: Route, request: Request) -> None:
        if request.method != "PATCH":
            await route.continue_()
            return
        self.offsets.append(int(request.headers["upload-offset"]))
        if len(self.offsets) == self._first:
            await self._here.page.context.set_offline(True)
            await route.abort("internetdisconnected")
        elif len(self.offsets) == self._second:
            self.held.set()
        else:
            await route.continue_()


@pytest.mark.timeout(60 if SCALE < 10 else 900)
async def test_an_upload_that_is_cut_twice_goes_on(at: Open, tmp_path: Path) -> None:
    rows = _big(tmp_path / "big.csv")
    here = await at()
    page = here.page
    parts = BIG_BYTES // PART_BYTES
    cuts = Cuts(here, max(2, parts // 3), max(3, parts // 2))
    await page.route("**/files/uploads/**", cuts)
    await here.bring(tmp_path / "big.csv")
    tray = page.get_by_role("region", name="Uploads")
    await expect(tray.get_by_text("You are offline.")).to_be_visible(timeout=120_000)
    await page.context.set_offline(False)
    async with asyncio.timeout(300):
        await cuts.held.wait()
    await page.unroute("**/files/uploads/**")
    await page.reload()
    await expect(tray.get_by_text("choose the file again, and it goes on from there")).to_be_visible()

    begun: list[int] = []
    page.on("request", lambda r: begun.append(_offset(r)) if r.method == "PATCH" else None)
    async with page.expect_file_chooser() as chooser:
        await tray.get_by_role("button", name="Choose the file").click()
    await (await chooser.value).set_files(tmp_path / "big.csv")
    await expect(page.get_by_role("button", name="Import", exact=True)).to_be_enabled(timeout=300_000)
    assert begun[0] >= PART_BYTES * (max(3, parts // 2) - 2)
    await page.get_by_role("button", name="Import", exact=True).click()
    counted = f"{rows:,} in the file = {rows:,} in the sheet + 0 rejected"
    await expect(page.get_by_text(counted)).to_be_visible(timeout=400_000)
    here.visitor.complaints.clear()


async def test_an_upload_is_cancelled_in_the_middle_of_a_part(at: Open, tmp_path: Path) -> None:
    _big(tmp_path / "big.csv")
    here = await at()
    page = here.page
    network = await page.context.new_cdp_session(page)
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 2_000_000}
    await network.send("Network.emulateNetworkConditions", slow)
    await here.bring(tmp_path / "big.csv")
    tray = page.get_by_role("region", name="Uploads")
    await expect(tray.get_by_text(re.compile(r"^[1-7]\.\d MB of"))).to_be_visible()
    async with page.expect_response(lambda r: r.request.method == "DELETE") as answered:
        await tray.get_by_role("button", name="Cancel big.csv").click()
    assert (await answered.value).status == 204
    await expect(tray).to_be_hidden()


def _offset(request: Request) -> int:
    return int(request.headers["upload-offset"])
