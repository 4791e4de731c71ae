"""A hundred pieces a second into a chat of 10,000 messages on the page: how long its frames take, in Chromium.

    python bench/page_stream.py [--messages 10000] [--rate 100] [--seconds 20]

Frames are the times between calls of requestAnimationFrame while the answer streams in; one takes 16.7 ms at best. Load,
product and browser share this machine: how long the same page's frames take while nothing happens is the floor.
"""

import argparse
import asyncio
import json
import shutil
import tempfile
import time
from pathlib import Path

import httpx
import psycopg
from bench_product import Product, percentile, project_of
from playwright.async_api import Page, async_playwright, expect

from oryxforge.embedded.postgres import EmbeddedPostgres

FRAME_MS, AIM_MS = 1000 / 60, 20.0
OPENINGS, IDLE_S = 3, 5
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
ANSWER = (
    "The total is **{n}**, of which:\n\n| region | amount |\n|---|---|\n| North | {n} |\n\n- one\n- two\n"
)
SEEN = "() => { window.watching = false; return frames_ms; }"
WATCH = """() => {
    window.frames_ms = [];
    let last = performance.now();
    const frame = (now) => { frames_ms.push(now - last); last = now; window.watching && requestAnimationFrame(frame); };
    window.watching = true;
    requestAnimationFrame(frame);
}"""
FILL = """
insert into public.chat_messages (chat_id, project_id, seq, role, kind, content, metadata)
select c.id, c.project_id, n,
  case when n %% 5 = 1 then 'user' else 'assistant' end,
  case n %% 5 when 3 then 'tool_use' when 4 then 'tool_result' else 'text' end,
  case n %% 5 when 1 then 'question ' || n when 2 then 'Let me look.' when 0 then replace(%(answer)s::text, '{n}', n::text) else '' end,
  case n %% 5
    when 3 then jsonb_build_object('id', (n / 5)::text, 'tool', 'run_sql', 'input', jsonb_build_object('sql', 'select ' || n))
    when 4 then jsonb_build_object('id', (n / 5)::text, 'tool', 'run_sql', 'ok', true, 'text', '1 row', 'duration_ms', 3)
    else '{}' end
from public.chats c, generate_series(%(first)s::int, %(last)s::int) n where c.id = %(chat)s
"""


async def make_chat(client: httpx.AsyncClient, folder: Path, messages: int) -> tuple[str, str]:
    """The project's id and that of a chat with so many messages."""
    project = await project_of(client)
    body = {"project_id": project, "prompt": "count 1", "agent": "scripted"}
    chat = (await client.post("/chat/query", json=body)).json()["chat_id"]
    found = (await client.get(f"/chats/{chat}/messages")).json()["messages"]
    url = EmbeddedPostgres(folder / "data").url("postgres")
    values = {"chat": chat, "first": found[-1]["seq"] + 1, "last": messages, "answer": ANSWER}
    with psycopg.connect(url, autocommit=True) as db:
        db.execute(FILL, values)
    return project, chat


async def measure(product: Product, folder: Path, messages: int, rate: int, seconds: int) -> None:
    session = json.dumps({"access_token": product.token, "refresh_token": "", "expires_in": 3000})
    async with (
        httpx.AsyncClient(base_url=product.url, headers=product.headers, timeout=60) as client,
        async_playwright() as playwright,
    ):
        project, long = await make_chat(client, folder, messages)
        _, short = await make_chat(client, folder, 10)
        browser = await playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=[*FLAGS, *QUIET]
        )
        page = await browser.new_page(viewport={"width": 1280, "height": 800})
        await sign_in(page, product, session)
        address = f"{product.url}/chat?p={project}&c="
        first = await open_chat(page, address + short, 10)
        opened = {length: [] for length in (10, messages)}
        for _ in range(OPENINGS):
            for length, chat in ((10, short), (messages, long)):
                opened[length].append(await open_chat(page, address + chat, length))
        await page.evaluate(WATCH)
        await asyncio.sleep(IDLE_S)
        idle = percentile(await page.evaluate(SEEN), 95)
        frames = await stream(page, client, long, rate, seconds)
        heap = await page.evaluate("performance.memory.usedJSHeapSize")
        await browser.close()
    p50, p95, worst = percentile(frames, 50), percentile(frames, 95), max(frames)
    few, many = (percentile(took, 50) for took in opened.values())
    print(
        f"{rate} pieces/s into {messages:,} messages, {len(frames)} frames: p50 {p50:.1f} ms, p95 {p95:.1f} ms "
        f"(≤ {AIM_MS:.0f}; {p95 / FRAME_MS:.2f} × a frame of {FRAME_MS:.1f} ms; idle p95 {idle:.1f} ms), worst {worst:.0f} ms; "
        f"opened in {many:.2f} s (10 messages: {few:.2f} s, with nothing cached {first:.2f} s); "
        f"{heap / 1e6:.0f} MB of JavaScript"
    )


async def open_chat(page: Page, address: str, messages: int) -> float:
    """How many seconds pass until the chat's last answer stands there."""
    began = time.perf_counter()
    await page.goto(address)
    last = page.get_by_role("region", name="Conversation").get_by_text(
        f"question {messages - messages % 5 - 4}"
    )
    await last.wait_for(timeout=60_000)
    return time.perf_counter() - began


async def stream(page: Page, client: httpx.AsyncClient, chat: str, rate: int, seconds: int) -> list[float]:
    """The times of the frames, in milliseconds, from an answer's beginning to its end.

    Raises AssertionError where the page does not show all of it. The API tells the end: to look into the page meanwhile
    would cost frames.
    """
    await page.get_by_label("Your question").fill(f"count {rate * seconds} every {1000 // rate}ms")
    await page.keyboard.press("Enter")
    log = page.get_by_role("region", name="Conversation")
    await expect(log).to_contain_text("1 2 3 ", timeout=60_000)
    await page.evaluate(WATCH)
    while (await client.get(f"/chats/{chat}")).json()["status"] == "processing":
        await asyncio.sleep(0.25)
    frames: list[float] = await page.evaluate(SEEN)
    await expect(log).to_contain_text(f" {rate * seconds - 1} {rate * seconds}")
    return frames


async def sign_in(page: Page, product: Product, session: str) -> None:
    """Puts the session where supabase-js keeps it."""
    await page.goto(f"{product.url}/icon.svg")
    await page.evaluate(
        "(s) => localStorage.setItem('sb-127-auth-token', JSON.stringify({...JSON.parse(s), token_type: 'bearer',"
        " expires_at: Math.floor(Date.now() / 1000) + 3000, user: {}}))",
        session,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--rate", type=int, default=100)
    parser.add_argument("--seconds", type=int, default=20)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        product = Product(folder, {"ORYXFORGE_SCRIPTED_AGENT": "1", "ORYXFORGE_PAGE": "next"})
        product.start()
        try:
            asyncio.run(measure(product, folder, given.messages, given.rate, given.seconds))
        finally:
            product.stop()


if __name__ == "__main__":
    main()
