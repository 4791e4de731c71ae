"""The data screen: sheets in their tree, renamed, moved, deleted and brought back, and their versions."""

import re
from collections.abc import AsyncIterator
from uuid import UUID

import pytest_asyncio
from playwright.async_api import Page, expect

from e2e.conftest import Visit
from e2e.data_scene import Scene, looked_at, scene_of
from fixtures.results import Results
from integration.api.product import Product


@pytest_asyncio.fixture(loop_scope="session")
async def scene(product: Product) -> AsyncIterator[Scene]:
    async with scene_of(product) as found:
        yield found


async def _chosen(page: Page, sheet: str, what: str) -> None:
    line = page.get_by_role("treeitem", name=sheet, exact=True)
    await line.hover()
    await line.get_by_role("button", name=f"More for {sheet}").click()
    await page.get_by_role("menuitem", name=what, exact=True).click()


async def test_sheets_are_renamed_moved_deleted_and_brought_back(visit: Visit, scene: Scene) -> None:
    page = await scene.open(visit)
    grid = page.get_by_role("grid")
    await _chosen(page, "Orders", "Rename")
    await page.get_by_role("textbox", name="Name").fill("Bills")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Bills")).to_be_visible()
    await expect(page).to_have_url(re.compile(r"s=sales\.Bills"))
    await expect(grid.get_by_role("gridcell").first).to_have_text("1")
    await page.get_by_role("button", name="More for Bills").last.click()
    await page.get_by_role("menuitem", name="How it was read").click()
    await expect(page.get_by_role("dialog", name="How it was read")).to_contain_text("orders.csv")
    await looked_at(page)
    await page.keyboard.press("Escape")

    await _chosen(page, "Bills", "Delete")
    bills = page.get_by_role("treeitem", name="Bills", exact=True)
    await expect(bills).to_be_hidden()
    await page.get_by_role("button", name="Undo").click()
    await expect(bills).to_be_visible()
    await bills.focus()
    await page.keyboard.press("F2")
    await expect(page.get_by_role("dialog", name="Rename the sheet")).to_be_visible()
    await page.keyboard.press("Escape")

    await _chosen(page, "Bills", "Move to another dataset")
    await page.get_by_role("dialog").get_by_role("button", name="Exploration").click()
    await expect(page).to_have_url(re.compile(r"s=exploration\.Bills"))
    await expect(grid.get_by_role("gridcell").first).to_have_text("1")
    found = (await scene.client.get("/sheets", params={"project_id": scene.project})).json()["sheets"]
    gone = next(sheet["id"] for sheet in found if sheet["name"] == "Bills")
    assert (await scene.client.delete(f"/sheets/{gone}")).status_code == 204
    await page.reload()
    await expect(page.get_by_role("heading", name="This sheet is not here")).to_be_visible()
    await page.get_by_role("button", name="Deleted").click()
    await expect(page.get_by_role("button", name="Bring back Bills")).to_be_visible()
    await looked_at(page)
    await page.get_by_role("button", name="Bring back Bills").click()
    await expect(page.get_by_text("Nothing was deleted.")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(grid.get_by_role("gridcell").first).to_have_text("1")


async def _results(scene: Scene) -> None:
    """A table of two versions."""
    results = Results(scene.product, scene.owner, UUID(scene.project))
    code = "select region, count(*) as orders from sales.Orders group by all order by region"
    table = await results.table("By region", code)
    again = {"code": f"select * from ({code}) where region <> 'East'"}
    assert (await scene.client.post(f"/sheets/{table.id}/versions", json=again)).status_code == 201


async def test_versions_are_looked_at_and_gone_back_to(visit: Visit, scene: Scene) -> None:
    await _results(scene)
    page = await scene.open(visit)
    await page.get_by_role("treeitem", name="By region").click()
    await page.get_by_role("button", name="Version 2").click()
    dialog = page.get_by_role("dialog", name="Versions")
    await expect(dialog.get_by_role("listitem")).to_have_count(2)
    await looked_at(page)
    await dialog.get_by_role("button", name="Look at version 1").click()
    await expect(page.get_by_role("note")).to_contain_text("This is version 1; version 2 is the current one.")
    status = page.get_by_role("main").get_by_role("status")
    await expect(status).to_have_text("4 rows")
    await looked_at(page)
    await page.get_by_role("button", name="Go back to this one").click()
    await expect(page.get_by_role("note")).to_be_hidden()
    await expect(page.get_by_role("button", name="Version 1")).to_be_visible()
    await expect(status).to_have_text("4 rows")
