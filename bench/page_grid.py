"""A sheet of 5,000,000 rows in the grid: frames while scrolling at its end, and a page of its rows, in Chromium.

    python bench/page_grid.py [--rows 5000000] [--seconds 10]

The sheet is made with DuckDB and imported through the product. Frames are the times between calls of
requestAnimationFrame while the wheel turns at the last rows; beside them those of the same page at rest. A page of
rows is timed in the browser, from asking to the last byte, at places that the product has not been asked for before.
"""

import argparse
import asyncio
import json
import random
import shutil
import tempfile
from pathlib import Path

import duckdb
import httpx
from bench_product import Product, percentile, project_of
from page_stream import FLAGS, QUIET, WATCH, sign_in
from playwright.async_api import Page, async_playwright, expect

FRAME_AIM_MS, ROWS_AIM_MS, PAGE_ROWS, PAGES = 35.0, 150.0, 200, 40
MAKE = """
copy (select range as number, (range * 7919) % 1000 as quantity, round(random() * 1000, 2) as price,
  'customer ' || range % 5000 as customer, ['North', 'South', 'East', 'West'][1 + range % 4] as region,
  date '2020-01-01' + (range % 1500)::int as day, timestamp '2020-01-01' + to_seconds(range) as at,
  range % 2 = 0 as paid, case when range % 10 > 0 then 'note ' || range % 97 end as note
  from range($rows)) to '$path' (format parquet)
"""
STOP = "() => { window.watching = false; return frames_ms; }"
ASK = """async ([body, token]) => {
    const began = performance.now();
    const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` };
    const answer = await fetch('/data/query', { method: 'POST', headers, body: JSON.stringify(body) });
    const { data } = await answer.json();
    return [performance.now() - began, data.length];
}"""


async def imported(client: httpx.AsyncClient, folder: Path, rows: int) -> str:
    """The project that has the sheet `big.Rows`."""
    path = folder / "rows.parquet"
    duckdb.execute(MAKE.replace("$rows", str(rows)).replace("$path", str(path)))
    project = await project_of(client)
    with path.open("rb") as file:
        sent = await client.post("/files/upload", data={"project_id": project}, files={"file": file})
    sent.raise_for_status()
    save = {"createNewDataset": True, "datasetName": "Big", "selectedSheets": {"data": "Rows"}}
    body = {"project_id": project, "data_source_id": sent.json()["id"], "settings_save": save}
    made = await client.post("/files/import", json=body)
    made.raise_for_status()
    job = made.json() if made.status_code == 202 else {"status": "completed"}
    while job["status"] not in ("completed", "failed", "cancelled"):
        await asyncio.sleep(1)
        job = (await client.get(f"/jobs/{job['id']}")).raise_for_status().json()
    assert job["status"] == "completed", job
    return project


async def frames(page: Page, seconds: float, work: bool) -> list[float]:
    """While the wheel turns up and down over the grid, or while nothing happens."""
    await page.evaluate(WATCH)
    ends = asyncio.get_running_loop().time() + seconds
    turn = 0
    while asyncio.get_running_loop().time() < ends:
        if work:
            turn += 1
            await page.mouse.wheel(0, -240 if turn // 40 % 2 == 0 else 240)
        await asyncio.sleep(1 / 60)
    return await page.evaluate(STOP)


async def measure(product: Product, folder: Path, rows: int, seconds: float) -> None:
    session = json.dumps({"access_token": product.token, "refresh_token": "", "expires_in": 3000})
    async with httpx.AsyncClient(base_url=product.url, headers=product.headers, timeout=600) as client:
        project = await imported(client, folder, rows)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=[*FLAGS, *QUIET]
        )
        page = await browser.new_page(viewport={"width": 1280, "height": 800})
        await sign_in(page, product, session)
        await page.goto(f"{product.url}/data?p={project}&s=big.Rows")
        grid = page.get_by_role("grid")
        await expect(page.locator('[data-r="0"] [data-c="0"]')).to_have_text("0", timeout=30_000)
        await grid.focus()
        await page.keyboard.press("Control+ArrowDown")
        last = page.locator(f'[data-r="{rows - 1}"] [data-c="0"]')
        await expect(last).to_have_text(str(rows - 1), timeout=30_000)
        await grid.hover()
        idle = await frames(page, seconds / 2, work=False)
        scrolled = await frames(page, seconds, work=True)
        took = await pages(page, product.token, project, rows)
        await browser.close()
    _say(rows, idle, scrolled, took)


async def pages(page: Page, token: str, project: str, rows: int) -> list[float]:
    chance, took = random.Random(7), list[float]()
    for n in range(PAGES):
        offset = rows - PAGE_ROWS if n == 0 else chance.randrange(rows * 9 // 10, rows - PAGE_ROWS)
        body = {"project_id": project, "name_python": "big.Rows", "offset": offset, "limit": PAGE_ROWS}
        ms, given = await page.evaluate(ASK, [body, token])
        assert given == PAGE_ROWS, given
        took.append(ms)
    return took


def _say(rows: int, idle: list[float], scrolled: list[float], took: list[float]) -> None:
    rest, p95, page_ms = (percentile(values, 95) for values in (idle, scrolled, took))
    print(
        f"grid at row {rows:,}, {len(scrolled)} frames while scrolling: p50 {percentile(scrolled, 50):.1f} ms, "
        f"p95 {p95:.1f} ms (≤ {FRAME_AIM_MS:.0f}; {p95 / rest:.2f} × the page at rest, {rest:.1f} ms), "
        f"worst {max(scrolled):.0f} ms"
    )
    print(
        f"a page of {PAGE_ROWS} rows there, {len(took)} asked for: p50 {percentile(took, 50):.0f} ms, "
        f"p95 {page_ms:.0f} ms (≤ {ROWS_AIM_MS:.0f})"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--seconds", type=float, default=10)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        product = Product(folder, {"ORYXFORGE_PAGE": "next"})
        product.start()
        try:
            asyncio.run(measure(product, folder, given.rows, given.seconds))
        finally:
            product.stop()


if __name__ == "__main__":
    main()
