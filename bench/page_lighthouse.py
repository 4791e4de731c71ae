"""Lighthouse (desktop) on sign-in, chat and data of the built page, over the whole product.

    python bench/page_lighthouse.py [--out FOLDER]

Prints each category's score beside the floor that is asked for; needs Chromium, and npm for Lighthouse itself.
"""

import argparse
import json
import os
import re
import runpy
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from bench_product import Product
from playwright.sync_api import BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".venv" / "share" / "lighthouse"
LIGHTHOUSE = "lighthouse@13.5.0"
ASKED = {"performance": 95, "accessibility": 100, "best-practices": 95}
READY = re.compile(r"^ready (\S+)", re.M)


def npm() -> tuple[Path, list[str]]:
    return runpy.run_path(str(ROOT / "scripts" / "build_page.py"))["find_node"]()


def lighthouse() -> list[str]:
    """The call of Lighthouse, installed beside the virtual environment's other tools."""
    folder, command = npm()
    program = TOOLS / "node_modules" / "lighthouse" / "cli" / "index.js"
    if not program.exists():
        TOOLS.mkdir(parents=True, exist_ok=True)
        asked = [*command, "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"]
        environment = {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}
        subprocess.run([*asked, "--prefix", str(TOOLS), LIGHTHOUSE], check=True, env=environment)
    return [str(folder / "node"), str(program)]


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def scores(command: list[str], address: str, port: int, out: Path) -> Mapping[str, float]:
    """Per category, 0 to 100. The browser keeps its storage, so a signed-in one stays so."""
    asked = [address, f"--port={port}", "--preset=desktop", "--disable-storage-reset", "--quiet"]
    only = f"--only-categories={','.join(ASKED)}"
    subprocess.run([*command, *asked, only, "--output=json", f"--output-path={out}"], check=True)
    report = json.loads(out.read_text())
    for audit in report["audits"].values():
        if audit.get("score") is not None and audit["score"] < 0.9 and audit["scoreDisplayMode"] == "binary":
            print(f"    {audit['id']}: {audit['title']}")
    return {name: round(100 * report["categories"][name]["score"]) for name in ASKED}


def signed_in(context: BrowserContext, link: str) -> str:
    """The id of the sample project."""
    page: Page = context.new_page()
    page.goto(link)
    page.get_by_role("main").get_by_role("link").first.click()
    page.wait_for_url(re.compile(r"[?&]p="))
    found = re.search(r"[?&]p=([0-9a-f-]+)", page.url)
    assert found is not None
    page.close()
    return found[1]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, help="keeps the reports there")
    given = parser.parse_args()
    command = lighthouse()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        out = given.out or Path(folder)
        product = Product(Path(folder), {}, token="unused")
        product.start()
        port = free_port()
        flags = ["--headless", "--no-sandbox", "--disable-gpu", f"--remote-debugging-port={port}"]
        context = playwright.chromium.launch_persistent_context(
            str(Path(folder) / "browser"), executable_path=shutil.which("chromium"), args=flags
        )
        try:
            shown = READY.search((Path(folder) / "up.log").read_text())
            assert shown is not None
            missed = report("sign-in", scores(command, f"{product.url}/", port, out / "sign-in.json"))
            project = signed_in(context, shown[1])
            for name in ("chat", "data"):
                address = f"{product.url}/{name}?p={project}"
                missed += report(name, scores(command, address, port, out / f"{name}.json"))
        finally:
            context.close()
            product.stop()
    return 1 if missed else 0


def report(name: str, found: Mapping[str, float]) -> int:
    """Prints a screen's scores; how many are below what is asked."""
    told = "  ".join(f"{kind} {score:.0f} (asked {ASKED[kind]})" for kind, score in found.items())
    print(f"{name:8} {told}", flush=True)
    return sum(score < ASKED[kind] for kind, score in found.items())


if __name__ == "__main__":
    sys.exit(main())
