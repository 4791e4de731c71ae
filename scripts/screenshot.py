"""Draws docs/images/answer.png: the page after a question about the sample project. Needs Debian's chromium.

python scripts/screenshot.py [OUT.png] [--width 1280] [--dark]
"""

import argparse
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))
from survival.product import READY, Product  # noqa: E402 - tests are no package of ours

FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run")
QUIET = ("--disable-background-networking", "--disable-component-update", "--disable-sync")


def ask(page: Page, question: str) -> None:
    page.get_by_role("textbox").last.fill(question)
    page.keyboard.press("Enter")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", nargs="?", default=str(ROOT / "docs" / "images" / "answer.png"))
    parser.add_argument("--width", type=int, default=1280)
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--question", default="total amount by region")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        product = Product(Path(folder), {})
        product.token = "unused"  # noqa: S105 - the link must stay unused: the page consumes it
        product.start()
        try:
            link = READY.search((Path(folder) / "up.log").read_text())
            assert link is not None
            browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=[*FLAGS, *QUIET])
            page = browser.new_page(
                viewport={"width": given.width, "height": 860}, color_scheme="dark" if given.dark else "light"
            )
            page.on("console", lambda m: print("console:", m.type, m.text))
            page.on("pageerror", lambda e: print("page error:", e))
            page.goto(f"{link[1]}/?token={link[2]}")
            page.wait_for_timeout(2500)
            ask(page, given.question)
            page.wait_for_timeout(6000)
            page.screenshot(path=given.out)
            print(page.url)
            browser.close()
        finally:
            product.stop()


if __name__ == "__main__":
    main()
