"""Kill -9 of any part at a random moment while twenty chats stream: every chat ends whole, single and in order."""

import asyncio
import os
import random
import signal
import time
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from fixtures.scale import scaled
from stubs.messages_api import MessagesStub, Text, in_thread
from stubs.messages_api import Reply as StubReply
from survival.product import Product
from survival.reader import Reader, counting, text

ROUNDS = max(3, scaled(3))
SCRIPTED, CLAUDE = 17, 3
WORDS = [f"w{n} " for n in range(60)]
END_WITHIN_S = 20
VICTIMS = ("worker", "api", "postgres", "all", "frozen worker")


@pytest.fixture(scope="module")
def stub() -> Generator[MessagesStub]:
    with in_thread() as served:
        served.script(then=StubReply([Text(WORDS, 0.05)]))
        yield served


@pytest.fixture(scope="module")
def product(stub: MessagesStub, tmp_path_factory: pytest.TempPathFactory) -> Generator[Product]:
    folder: Path = tmp_path_factory.mktemp("product")
    environment = {
        "ORYXFORGE_SCRIPTED_AGENT": "1",
        "ORYXFORGE_SILENT_AFTER_S": "6",
        "ORYXFORGE_MAX_CLAUDE": "3",
        "ANTHROPIC_API_KEY": "test",
        "ANTHROPIC_BASE_URL": stub.url,
    }
    running = Product(folder, environment)
    running.start()
    yield running
    running.stop()


@asynccontextmanager
async def client_of(product: Product) -> AsyncGenerator[httpx.AsyncClient]:
    limits = httpx.Limits(max_connections=200)
    async with httpx.AsyncClient(
        base_url=product.url, headers=product.headers, timeout=httpx.Timeout(30), limits=limits
    ) as client:
        yield client


async def project_of(client: httpx.AsyncClient) -> str:
    answer = await client.get("/projects")
    answer.raise_for_status()
    found = answer.json()
    projects = found["projects"] if isinstance(found, dict) else found
    return projects[0]["id"]


async def start_chats(client: httpx.AsyncClient) -> dict[str, str]:
    """The chats by id, each with the text that its answer must be."""
    project = await project_of(client)
    expected: dict[str, str] = {}
    for number in range(SCRIPTED + CLAUDE):
        scripted = number < SCRIPTED
        count = 60 + number
        body = {
            "project_id": project,
            "prompt": f"count {count} every 50ms" if scripted else "Say the words.",
            "agent": "scripted" if scripted else "claude",
        }
        answer = await client.post("/chat", json=body)
        assert answer.status_code == 202, answer.text
        words = "".join(f"{n} " for n in range(1, count + 1)) if scripted else "".join(WORDS)
        expected[answer.json()["chat_id"]] = words
    return expected


async def strike(product: Product, victim: str) -> float:
    """Kills, waits until it serves again; the moment of that, on the monotonic clock."""
    if victim == "all":
        product.kill_all()
        await asyncio.to_thread(product.start)
    elif victim == "frozen worker":
        pid = product.part("worker")
        os.kill(pid, signal.SIGSTOP)
        await asyncio.sleep(9)
        os.kill(pid, signal.SIGCONT)
    else:
        product.kill_part(victim)
    return time.monotonic()


async def rows_of(client: httpx.AsyncClient, chat_id: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    after: int | None = 0
    while after is not None:
        answer = await client.get(f"/chats/{chat_id}/messages", params={"after": after, "limit": 500})
        answer.raise_for_status()
        rows += answer.json()["messages"]
        after = answer.json()["next"]
    return rows


@pytest.mark.timeout(120 + 60 * ROUNDS)
@pytest.mark.slow
async def test_every_chat_survives_every_kill(product: Product) -> None:
    dice = random.Random(os.environ.get("ORYXFORGE_TEST_SEED", "oryx"))
    victims = (
        [VICTIMS[n % len(VICTIMS)] for n in range(ROUNDS)] if ROUNDS > 3 else ["worker", "postgres", "all"]
    )
    for number, victim in enumerate(victims):
        await one_round(product, victim, dice.uniform(0.3, 3.0), f"round {number}, {victim}")


async def one_round(product: Product, victim: str, moment: float, name: str) -> None:
    async with client_of(product) as client:
        expected = await start_chats(client)
        readers = [Reader(chat_id) for chat_id in expected]  # pyright: ignore[reportArgumentType]
        over = asyncio.Event()
        following = [asyncio.create_task(r.follow(client, over)) for r in readers]
        await asyncio.sleep(moment)
        back = await strike(product, victim)
        done, late = await asyncio.wait(following, timeout=END_WITHIN_S)
        over.set()
        for task in late:
            task.cancel()
        await asyncio.gather(*following, return_exceptions=True)
        took = time.monotonic() - back
        assert not late, f"{name}: {len(late)} chats did not end within {END_WITHIN_S} s of the restart"
        for task in done:
            task.result()
        print(f"{name} at {moment:.1f} s: all ended {took:.1f} s after it was back")
        for reader in readers:
            await check(client, reader, expected[str(reader.chat_id)], name)


async def check(client: httpx.AsyncClient, reader: Reader, expected: str, name: str) -> None:
    assert reader.status == "completed", f"{name}: {reader.status}"
    seqs = [r["seq"] for r in reader.rows]
    assert seqs == list(range(1, len(seqs) + 1)), f"{name}: a piece is missing, twice or out of order: {seqs}"
    stored = await rows_of(client, str(reader.chat_id))
    assert [r["seq"] for r in counting(reader.rows)] == [r["seq"] for r in stored], name
    assert text(stored) == text(counting(reader.rows)) == expected, name
