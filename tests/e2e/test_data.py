"""The data screen: a sheet in the grid, by mouse and by keys."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote
from uuid import UUID

import polars as pl
import pytest_asyncio
from playwright.async_api import Locator, Page, ViewportSize, expect

from e2e.conftest import Visit, views, violations
from e2e.data_scene import LONG, ROWS, Scene, looked_at, scene_of
from fixtures.results import Results
from integration.api.product import Product


@pytest_asyncio.fixture(loop_scope="session")
async def scene(product: Product) -> AsyncIterator[Scene]:
    async with scene_of(product) as found:
        yield found


def _cell(page: Page, row: int, column: int) -> Locator:
    """By their numbers from 0."""
    return page.locator(f'[data-r="{row}"] [data-c="{column}"]')


def _head(page: Page, column: str) -> Locator:
    return page.get_by_role("columnheader", name=re.compile(f"^{column} "))


async def _panel(page: Page, column: str) -> Locator:
    await page.get_by_role("button", name=f"About {column}").click()
    return page.get_by_role("dialog", name=f"About {column}")


@views("desk-light", "phone-dark")
async def test_a_sheet_is_filtered_sorted_and_searched(
    visit: Visit, scene: Scene, viewport: ViewportSize, scheme: str
) -> None:
    page = await scene.open(visit, None, viewport, scheme)
    await looked_at(page)
    await page.get_by_role("treeitem", name="Orders").click()
    status = page.get_by_role("main").get_by_role("status")
    await expect(status).to_have_text("1,000 rows")
    await expect(_cell(page, 0, 1)).to_have_text("North")
    await looked_at(page)

    panel = await _panel(page, "region")
    await panel.get_by_label("Show rows where it").select_option("is")
    await panel.get_by_label("Value", exact=True).fill("South")
    await page.keyboard.press("Enter")
    await expect(status).to_have_text("250 of 1,000 rows")
    await panel.get_by_role("button", name=re.compile("North.*25%")).click()
    await expect(status).to_have_text("500 of 1,000 rows")
    await panel.get_by_role("button", name=re.compile("North.*25%"), pressed=True).click()
    await expect(status).to_have_text("250 of 1,000 rows")
    await looked_at(page)
    await page.keyboard.press("Escape")
    await expect(panel).to_be_hidden()

    sort = _head(page, "number").get_by_role("button").first
    await sort.click()
    await expect(_head(page, "number")).to_have_attribute("aria-sort", "ascending")
    await sort.click()
    await expect(_head(page, "number")).to_have_attribute("aria-sort", "descending")
    await expect(_cell(page, 0, 0)).to_have_text("998")
    await page.get_by_label("Search all columns").fill("note 99")
    await expect(status).to_have_text("2 of 1,000 rows")
    await page.reload()
    await expect(status).to_have_text("2 of 1,000 rows")
    await expect(_cell(page, 0, 0)).to_have_text("998")
    await page.get_by_role("button", name="Clear the search").click()
    await page.get_by_role("button", name="Change: region is “South”").click()
    await expect(
        page.get_by_role("dialog", name="About region").get_by_label("Value", exact=True)
    ).to_have_value("South")
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Remove the filter of region").click()
    await expect(status).to_have_text("1,000 rows")


async def test_a_column_is_measured_and_the_view_taken_along(
    visit: Visit, scene: Scene, tmp_path: Path
) -> None:
    page = await scene.open(visit)
    panel = await _panel(page, "amount")
    figures = panel.get_by_role("definition")
    await expect(figures).to_have_text(
        ["1,000", "none", "1,000", "0", "499.5", "249.75", "249.75", "124.875 to 374.625"]
    )
    await panel.get_by_role("button", name="from 480 to 500: 40 rows").click()
    status = page.get_by_role("main").get_by_role("status")
    await expect(status).to_have_text("40 of 1,000 rows")
    await looked_at(page)
    await panel.get_by_role("button", name="Descending").click()
    await panel.get_by_role("button", name="Move left").click()
    await page.keyboard.press("Escape")
    await expect(_cell(page, 0, 1)).to_have_text("499.5")
    for name, read in (("CSV", pl.read_csv), ("Excel", pl.read_excel), ("Parquet", pl.read_parquet)):
        await page.get_by_role("button", name="Export").click()
        async with page.expect_download() as download:
            await page.get_by_role("menuitem", name=name).click()
        saved = await download.value
        path = tmp_path / saved.suggested_filename
        await saved.save_as(path)
        assert path.stem == "Orders"
        table = read(path)
        assert table.shape == (40, 6) and table.columns[:3] == ["number", "amount", "region"]
        assert table.row(0)[:3] == (1000, 499.5, "West")
    await expect(page.get_by_text(re.compile(r"Orders\.parquet is saved, .* KB"))).to_be_visible()


async def test_columns_are_hidden_frozen_moved_and_sized(visit: Visit, scene: Scene) -> None:
    page = await scene.open(visit)
    heads = page.get_by_role("columnheader").locator("span.truncate:first-child")
    panel = await _panel(page, "amount")
    await panel.get_by_role("button", name="Move left").click()
    await expect(heads).to_have_text(["number", "amount", "region", "ordered", "express", "note"])
    wide = (await _head(page, "amount").bounding_box() or {"width": 0})["width"]
    await panel.get_by_role("button", name="Wider").click()
    await panel.get_by_role("button", name="Freeze").click()
    await expect(heads).to_have_text(["amount", "number", "region", "ordered", "express", "note"])
    assert (await _head(page, "amount").bounding_box() or {})["width"] == wide + 24
    await panel.get_by_role("button", name="Hide").click()
    await expect(heads).to_have_text(["number", "region", "ordered", "express", "note"])
    await page.get_by_role("button", name="Columns").click()
    await page.get_by_role("checkbox", name="express").uncheck()
    await page.get_by_role("checkbox", name="amount").check()
    await expect(heads).to_have_text(["amount", "number", "region", "ordered", "note"])
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Show express").click()
    await expect(heads).to_have_text(["amount", "number", "region", "ordered", "express", "note"])

    none = json.dumps({"hidden": ["amount", "number", "region", "ordered", "express", "note"]})
    await page.goto(f"{scene.product.url}/data?p={scene.project}&s=sales.Orders&v={quote(none)}")
    await expect(page.get_by_role("heading", name="All columns are hidden")).to_be_visible()
    assert await violations(page) == []
    await page.get_by_role("button", name="Show them").click()
    await expect(heads).to_have_count(6)


async def _dragged(page: Page, what: Locator, to: tuple[float, float]) -> None:
    """Takes something up with the mouse and carries it to a place, where it is held."""
    box = await what.bounding_box()
    assert box
    await page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    await page.mouse.down()
    await page.mouse.move(*to, steps=8)


async def _at(what: Locator, part: float = 0.5) -> tuple[float, float]:
    """A place in the middle of its height, so far along its width."""
    box = await what.bounding_box()
    assert box
    return box["x"] + box["width"] * part, box["y"] + box["height"] / 2


async def test_columns_and_sheets_are_dragged_and_widths_kept(visit: Visit, scene: Scene) -> None:
    page = await scene.open(visit)
    grid = page.get_by_role("grid")
    heads = page.get_by_role("columnheader").locator("span.truncate:first-child")
    amount, region = _head(page, "amount"), _head(page, "region")

    wide = (await amount.bounding_box() or {"width": 0})["width"] + 70
    for head, by in ((amount, 70), (region, 150)):
        edge = head.locator(".cursor-col-resize")
        x, y = await _at(edge)
        await _dragged(page, edge, (x + by, y))
        await page.mouse.up()
    await expect(amount).to_have_css("width", f"{wide:g}px")
    dragged = (await region.bounding_box() or {"width": 0})["width"]
    await region.locator(".cursor-col-resize").dblclick()
    await expect(region).not_to_have_css("width", f"{dragged:g}px")
    fitted = (await region.bounding_box() or {"width": 0})["width"]
    assert 56 < fitted < dragged

    await _dragged(page, amount.get_by_role("button").first, await _at(_head(page, "number"), 0.2))
    line = grid.locator("xpath=..").locator("> [aria-hidden].bg-accent")
    place = (await _at(_head(page, "number"), 0))[0] - (await _at(grid, 0))[0]
    await expect(line).to_have_css("left", f"{place:g}px")
    await page.keyboard.press("Escape")
    await page.mouse.up()
    await expect(heads.first).to_have_text("number")
    await _dragged(page, amount.get_by_role("button").first, await _at(_head(page, "number"), 0.2))
    await page.mouse.up()
    moved = ["amount", "number", "region", "ordered", "express", "note"]
    await expect(heads).to_have_text(moved)
    await expect(amount).to_have_attribute("aria-sort", "none")
    await expect(page).to_have_url(re.compile(r"[?&]v=.*order"))
    await page.reload()
    await expect(heads).to_have_text(moved)
    for head, width in ((amount, wide), (region, fitted)):
        await expect(head).to_have_css("width", f"{width:g}px")

    orders = page.get_by_role("treeitem", name="Orders", exact=True)
    await _dragged(page, orders, await _at(page.get_by_role("treeitem", name="Exploration")))
    await page.mouse.up()
    await expect(page).to_have_url(re.compile(r"s=exploration\.Orders"))
    await expect(page.get_by_text("Orders is in Exploration now.")).to_be_visible()
    await page.get_by_role("button", name="Undo").click()
    await expect(page).to_have_url(re.compile(r"s=sales\.Orders"))
    await expect(amount).to_have_css("width", f"{wide:g}px")

    found = (await scene.client.get("/datasets", params={"project_id": scene.project})).json()["datasets"]
    sales = next(dataset["id"] for dataset in found if dataset["name"] == "Sales")
    assert (await scene.client.delete(f"/datasets/{sales}")).status_code == 204
    await page.reload()
    await page.get_by_role("button", name="Deleted").click()
    await expect(page.get_by_text("A dataset with 1 sheet")).to_be_visible()
    await looked_at(page)
    await page.get_by_role("button", name="Bring back the dataset Sales").click()
    await expect(page.get_by_text("Sales is back with 1 sheet.")).to_be_visible()
    await expect(page.get_by_text("Nothing was deleted.")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(orders).to_be_visible()


async def test_the_keyboard_does_as_in_a_spreadsheet(visit: Visit, scene: Scene) -> None:
    page = await scene.open(visit)
    grid = page.get_by_role("grid")
    press = page.keyboard.press
    await grid.focus()
    await press("ArrowRight")
    await press("Shift+ArrowDown")
    await press("Control+c")
    await expect(page.get_by_text("2 cells copied.")).to_be_visible()
    assert await page.evaluate("navigator.clipboard.readText()") == "North\nSouth"
    await press("Control+End")
    await expect(_cell(page, ROWS - 1, 0)).to_have_text("1000")
    await expect(page.get_by_text("Row 1,000, note")).to_be_visible()
    await press("PageUp")
    await press("Home")
    await press("Control+ArrowUp")
    await expect(page.get_by_text("Row 1, number")).to_be_visible()
    await press("Shift+PageDown")
    await press("Escape")
    await press("Control+Home")
    await press("End")
    await press("Enter")
    peek = page.get_by_role("dialog", name="note")
    await expect(peek).to_contain_text(LONG.strip())
    await press("Escape")
    await expect(grid).to_be_focused()
    await press("Home")
    await press("ArrowUp")
    head = _head(page, "number")
    wide = (await head.bounding_box() or {"width": 0})["width"]
    await press("Alt+ArrowRight")
    await press("Shift+ArrowRight")
    await press("Enter")
    await expect(head).to_have_attribute("aria-sort", "ascending")
    await expect(head).to_have_attribute("aria-colindex", "3")
    assert (await head.bounding_box() or {})["width"] == wide + 24
    await press("Alt+ArrowDown")
    await expect(page.get_by_role("dialog", name="About number")).to_be_visible()
    await press("Escape")
    await expect(grid).to_be_focused()
    await press("Control+f")
    await expect(page.get_by_label("Search all columns")).to_be_focused()
    await page.keyboard.type("note 500")
    await expect(page.get_by_role("main").get_by_role("status")).to_have_text("1 of 1,000 rows")
    await press("ArrowDown")
    await expect(grid).to_be_focused()


MIDDLE = """grid => {
    const { x, y, width, height } = grid.getBoundingClientRect();
    const row = document.elementFromPoint(x + 20, y + height / 2)?.closest('[data-r]');
    return row ? [Number(row.dataset.r), row.textContent] : null;
}"""


async def _in_the_middle(grid: Locator, row: int) -> None:
    """Waits until a row near this one stands in the middle of the grid, with what it holds."""
    found = None
    for _ in range(200):
        found = await grid.evaluate(MIDDLE)
        if found and abs(found[0] - row) < 200 and found[1] == f"{found[0] + 1:,}{found[0] + 1}":
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"{found} stands in the middle, not row {row}")


async def test_any_of_many_rows_is_reached_by_the_bar_and_the_wheel(visit: Visit, scene: Scene) -> None:
    """More rows than a browser can scroll by pixels."""
    rows = 250_000
    results = Results(scene.product, scene.owner, UUID(scene.project))
    table = await results.table("Many", f"select range + 1 as n from range({rows})")
    page = await scene.open(visit, table.address)
    grid = page.get_by_role("grid")
    for part in (0.5, 0.02, 0.98):
        await grid.evaluate("(grid, part) => { grid.scrollTop = part * grid.scrollHeight; }", part)
        await _in_the_middle(grid, round(rows * part))
    await grid.evaluate("grid => { grid.scrollTop = grid.scrollHeight; }")
    await expect(_cell(page, rows - 1, 0)).to_be_in_viewport()
    await grid.hover()
    for _ in range(10):
        await page.mouse.wheel(0, -320)
        await asyncio.sleep(0.02)
    await expect(_cell(page, rows - 110, 0)).to_be_in_viewport()
