"""Draws every screen of the page into docs/screens/*.webp: python scripts/screenshots.py [--only PART] [--out DIR]

Starts the product on a temporary folder with its sample project. Needs Debian's chromium and the built page.
"""

import argparse
import base64
import json
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx
from playwright.sync_api import Browser, Locator, Page, StorageState, sync_playwright

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))
from stubs.messages_api import MessagesStub, in_thread, say, use  # noqa: E402 - tests are no package of ours
from survival.product import READY, Product  # noqa: E402

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--hide-scrollbars",
)
QUIET = ("--disable-background-networking", "--disable-component-update", "--disable-sync")
SIZES = {"desk": (1440, 900), "phone": (390, 844)}
QUALITY = 82
MOST_BYTES = 2_500_000
WAIT_MS = 30_000
LIGHT, BOTH = ("desk-light",), ("desk-light", "desk-dark")
EVERY = (*BOTH, "phone-light")

CSV = "day;store;amount;paid\n" + "".join(
    f"{1 + n % 28:02}.03.2026;{('Mitte', 'Nord', 'Hafen')[n % 3]};{12 + n * 7 % 90},{n % 10}0;{('yes', 'no')[n % 2]}\n"
    for n in range(80)
)
REPORT = """## What stands out

The **South** sells most, and its lead grows. Coffee leads in every region.

| Region | Trend |
| --- | --- |
| South | up since spring |
| East | flat |

## What to look at next

1. Which products the East lacks.
2. Whether the rise in the South holds in autumn.
"""
WORDS = (
    "The South sells most. ", "Its share has grown in each quarter, ", "and coffee is the reason: ",
    "it makes up almost half of what is sold there. ", "The East lags behind in every category. ",
) * 8  # fmt: skip


@dataclass
class Tour:
    """A running product with something on every screen."""

    product: Product
    stub: MessagesStub
    project: str = ""
    chat: str = ""
    live: str = ""
    chart: str = ""
    report: str = ""
    source: str = ""

    def prepare(self) -> None:
        with httpx.Client(base_url=self.product.url, headers=self.product.headers, timeout=120) as api:
            self.project = api.get("/projects").json()["projects"][0]["id"]
            self.chat = self._ask(api, "total amount by region", "quick")
            self._ask(api, "amount per month", "quick")
            model = {
                "provider": "endpoint",
                "base_url": self.stub.url,
                "model": "claude-sonnet-5",
                "secret": "stub",
            }
            api.post("/models/claude", json=model).raise_for_status()
            self.stub.script(
                use("save_report", {"name": "Where we sell", "markdown": REPORT}), say("It is written.")
            )
            self._ask(api, "Write a report about where we sell most", "claude")
            self.stub.script(then=say(*WORDS, delay_s=0.5))
            sheets = api.get("/sheets", params={"project_id": self.project}).json()["sheets"]
            self.chart = next((s["id"] for s in sheets if s["type"] == "chart"), "")
            self.report = next((s["id"] for s in sheets if s["type"] == "report"), "")
            sent = {"file": ("till.csv", CSV, "text/csv")}
            made = api.post("/files/upload", data={"project_id": self.project}, files=sent)
            self.source = made.raise_for_status().json()["id"]
            budget = {"monthly_usd": 20}
            api.patch("/budgets/mine", json=budget).raise_for_status()
            api.post("/tokens", json={"name": "Nightly report", "days": 90}).raise_for_status()

    def ask_live(self) -> str:
        """A chat whose answer goes on for some time; the one that goes on already, if any."""
        body = {"project_id": self.project, "prompt": "Why does the South sell more?", "agent": "claude"}
        with httpx.Client(base_url=self.product.url, headers=self.product.headers, timeout=60) as api:
            if self.live and api.get(f"/chats/{self.live}").json()["status"] == "processing":
                return self.live
            self.live = api.post("/chat", json=body).raise_for_status().json()["chat_id"]
        return self.live

    def _ask(self, api: httpx.Client, prompt: str, agent: str) -> str:
        body = {"project_id": self.project, "prompt": prompt, "agent": agent}
        return api.post("/chat/query", json=body).raise_for_status().json()["chat_id"]


@dataclass(frozen=True)
class Shot:
    """One screen: where it is, what shows that it is there, and what is done before it is drawn."""

    name: str
    address: Callable[[Tour], str]
    ready: Callable[[Page], Locator]
    views: tuple[str, ...] = LIGHT
    do: Callable[[Page], object] = lambda _: None
    signed_in: bool = True


def heading(name: str) -> Callable[[Page], Locator]:
    return lambda page: page.get_by_role("heading", name=name).first


def words(text: str) -> Callable[[Page], Locator]:
    return lambda page: page.get_by_role("main").get_by_text(text).first


def at(screen: str, **more: str) -> Callable[[Tour], str]:
    """An address of the project; `{chat}` and the like stand for what the tour has made."""
    query = "".join(f"&{name}={value}" for name, value in more.items())
    return lambda tour: f"/{screen}?p={tour.project}" + query.format(**vars(tour))


def press(keys: str) -> Callable[[Page], object]:
    return lambda page: page.keyboard.press(keys)


def beside(page: Page) -> None:
    """Opens the chart beside the chat, and shows the question."""
    page.get_by_role("button", name="Open").last.click()
    page.get_by_text("total amount by region").last.scroll_into_view_if_needed()


SHOTS = (
    Shot("sign-in", lambda _: "/", lambda p: p.get_by_role("button", name="Sign in"), EVERY, signed_in=False),
    Shot("projects", lambda _: "/", heading("Projects"), EVERY),
    Shot("people", at("project"), heading("People")),
    Shot("data", at("data"), lambda p: p.get_by_label("Find a sheet"), ("desk-light", "phone-light")),
    Shot("grid", at("data", s="sources.Orders"), lambda p: p.get_by_role("grid"), EVERY),
    Shot("import", at("data", source="{source}"), lambda p: p.get_by_role("region", name="First rows"), EVERY),
    Shot("chat", at("chat", c="{chat}"), lambda p: p.locator(".js-plotly-plot, table").first, EVERY),
    Shot("beside", at("chat", c="{chat}"), lambda p: p.locator(".js-plotly-plot").nth(1), BOTH, beside),
    Shot("answering", lambda t: f"/chat?p={t.project}&c={t.ask_live()}", words("The South sells"), ("desk-light", "phone-dark")),
    Shot("new-chat", at("chat"), lambda p: p.get_by_role("form", name="Ask"), ("desk-light", "phone-light")),
    Shot("chart", at("artifact", a="{chart}"), lambda p: p.locator(".js-plotly-plot").first, BOTH),
    Shot("report", at("artifact", a="{report}"), heading("What stands out")),
    Shot("workflow", at("workflow"), heading("Workflow"), EVERY),
    Shot("settings", lambda _: "/settings", heading("Model"), EVERY),
    Shot("palette", at("data"), lambda p: p.get_by_role("dialog"), BOTH, press("Control+k")),
    Shot("keyboard", at("data"), lambda p: p.get_by_role("dialog", name="Keyboard"), LIGHT, press("?")),
    Shot("menu", at("data"), lambda p: p.get_by_role("dialog", name="Menu"), ("phone-light",), lambda p: p.get_by_role("button", name="Menu").click()),
)  # fmt: skip


def draw(browser: Browser, tour: Tour, shot: Shot, view: str, state: StorageState | None) -> bytes:
    """The picture as WebP."""
    device, scheme = view.split("-")
    width, height = SIZES[device]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
        storage_state=state,
        reduced_motion="reduce",
        device_scale_factor=1.5 if device == "phone" else 1,
    )
    page = context.new_page()
    page.on("pageerror", lambda e: print(f"{shot.name} {view}: {e}"))
    page.set_default_timeout(WAIT_MS)
    page.goto(tour.product.url + shot.address(tour))
    page.locator("main").wait_for()
    page.wait_for_load_state("networkidle") if shot.name != "answering" else None
    shot.do(page)
    shot.ready(page).wait_for()
    page.wait_for_timeout(400)
    session = context.new_cdp_session(page)
    drawn = session.send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
    picture = base64.b64decode(drawn["data"])
    context.close()
    return picture


def signed_in(browser: Browser, product: Product) -> StorageState:
    """The owner's session in a browser; the product's requests go in its name, too."""
    link = READY.search((product.folder / "up.log").read_text())
    assert link is not None
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{link[1]}/?token={link[2]}")
    page.get_by_role("heading", name="Projects", exact=True).wait_for()
    state = context.storage_state()
    context.close()
    kept = [
        e["value"]
        for o in state.get("origins", [])
        for e in o["localStorage"]
        if e["name"].endswith("-auth-token")
    ]
    product.token = json.loads(kept[0])["access_token"]
    return state


def write_index(folder: Path) -> None:
    """A page of all the pictures that are there, in the order of the tour."""
    parts = ["# The screens", "Drawn by `python scripts/screenshots.py` on the sample project.\n"]
    for shot in SHOTS:
        drawn = [v for v in shot.views if (folder / f"{shot.name}-{v}.webp").exists()]
        parts.append(f"## {shot.name.capitalize().replace('-', ' ')}")
        parts += [f"![{shot.name}, {v.replace('-', ', ')}]({shot.name}-{v}.webp)" for v in drawn]
    (folder / "README.md").write_text("\n".join(parts) + "\n")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "screens")
    parser.add_argument("--only", default="", help="Screens whose name contains this.")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    failed = 0
    with tempfile.TemporaryDirectory() as folder, in_thread() as stub, sync_playwright() as play:
        product = Product(Path(folder), {})
        product.token = "unused"  # noqa: S105 - the link is for the page, which uses it up
        product.start()
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=[*FLAGS, *QUIET])
        try:
            state = signed_in(browser, product)
            tour = Tour(product, stub)
            tour.prepare()
            for shot in (s for s in SHOTS if given.only in s.name):
                for view in shot.views:
                    try:
                        picture = draw(browser, tour, shot, view, state if shot.signed_in else None)
                        (given.out / f"{shot.name}-{view}.webp").write_bytes(picture)
                        print(f"{shot.name}-{view}: {len(picture):,} bytes")
                    except Exception as error:  # noqa: BLE001 - one screen that is not there must not hide the others
                        failed += 1
                        print(f"{shot.name}-{view}: not drawn ({str(error).splitlines()[0]})")
        finally:
            browser.close()
            product.stop()
    write_index(given.out)
    total = sum(path.stat().st_size for path in given.out.glob("*.webp"))
    print(f"{total:,} bytes together")
    return 1 if failed or total > MOST_BYTES else 0


if __name__ == "__main__":
    sys.exit(main())
