"""Insert committed → event in supabase-js, by chats and rate; the memory of idle sockets.

    python bench/realtime.py [--seconds 8] [--only idle,20x20,250x20,1000x10] [--idle 5000]

A writer inserts what is due every 20 ms, all chats in one statement, as the worker does. Each row holds the time before
its statement was sent; the time when the statement was answered is kept too. Both ends use one clock. The product (API,
worker, Postgres), the writer and all clients share this machine.
"""

import argparse
import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import psutil
from bench_product import Product, percentile, project_of

from oryxforge.embedded.postgres import EmbeddedPostgres

HERE = Path(__file__).parent
TICK_S = 0.02
INSERT = """
insert into chat_messages (chat_id, project_id, seq, attempt, role, kind, content)
select c, $2, s, 1, 'assistant', 'text', $4 from unnest($1::uuid[], $3::int[]) as g(c, s)
"""


@dataclass
class Clients:
    """The Node process."""

    process: asyncio.subprocess.Process

    async def call(self, **said: object) -> dict[str, Any]:
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(json.dumps(said).encode() + b"\n")
        answer = await self.process.stdout.readline()
        if not answer:
            raise RuntimeError("the clients ended")
        return json.loads(answer)


@dataclass
class Written:
    sent_ms: dict[tuple[int, int], float] = field(default_factory=dict)
    committed_ms: dict[tuple[int, int], float] = field(default_factory=dict)


async def write(db: asyncpg.Connection, project: str, chats: list[str], rate: int, seconds: float) -> Written:
    """Each chat at its own moments within a period, so that rows come spread, as answers do."""
    written, began = Written(), time.monotonic()
    done = [0] * len(chats)
    while (passed := time.monotonic() - began) < seconds:
        due: list[tuple[int, int]] = []
        for n in range(len(chats)):
            wanted = int((passed + n / len(chats) / rate) * rate)
            due += [(n, seq) for seq in range(done[n] + 1, wanted + 1)]
            done[n] = max(done[n], wanted)
        if due:
            sent = time.time() * 1000
            await db.execute(
                INSERT, [chats[n] for n, _ in due], project, [seq for _, seq in due], f"{sent} {'x' * 60}"
            )
            committed = time.time() * 1000
            for one in due:
                written.sent_ms[one], written.committed_ms[one] = sent, committed
        await asyncio.sleep(max(0.0, TICK_S - (time.monotonic() - began - passed)))
    return written


def burnt(product: Product, clients: Clients) -> dict[str, float]:
    """CPU seconds so far of each side."""
    server = psutil.Process(product.part("postgres"))
    sides = {
        "api": [psutil.Process(product.part("api"))],
        "postgres": [server, *server.children()],
        "clients": [psutil.Process(clients.process.pid)],
        "writer": [psutil.Process()],
    }
    return {
        side: sum(t.user + t.system for t in (p.cpu_times() for p in processes))
        for side, processes in sides.items()
    }


async def measure(
    clients: Clients,
    db: asyncpg.Connection,
    project: str,
    product: Product,
    chats: int,
    rate: int,
    seconds: float,
) -> str:
    ids = await make_chats(db, project, chats)
    await clients.call(do="follow", chats=ids)
    before = burnt(product, clients)
    written = await write(db, project, ids, rate, seconds)
    after = burnt(product, clients)
    await asyncio.sleep(1.5)
    flat = (await clients.call(do="report"))["arrivals"]
    await clients.call(do="close")
    seen = [(int(flat[i]), int(flat[i + 1]), float(flat[i + 2])) for i in range(0, len(flat), 3)]
    last = [0] * chats
    in_order = True
    for n, seq, _ in seen:
        in_order = in_order and seq == last[n] + 1
        last[n] = seq
    lost = len(written.sent_ms) - len({(n, seq) for n, seq, _ in seen})
    sent = [at - written.sent_ms[n, seq] for n, seq, at in seen]
    committed = [at - written.committed_ms[n, seq] for n, seq, at in seen]
    return (
        f"{chats} chats × {rate}/s, {len(seen)} events, {lost} lost, in order: {'yes' if in_order else 'NO'}; "
        f"committed → event p50 {percentile(committed, 50):.1f} p99 {percentile(committed, 99):.1f} ms; "
        f"insert sent → event p50 {percentile(sent, 50):.1f} p99 {percentile(sent, 99):.1f} ms; CPU "
        + ", ".join(f"{side} {(after[side] - before[side]) / seconds:.0%}" for side in after)
    )


async def make_chats(db: asyncpg.Connection, project: str, count: int) -> list[str]:
    rows = await db.fetch(
        "insert into chats (project_id, user_id, title, agent) "
        "select p.id, p.user_owner, 'bench', 'scripted' from projects p, generate_series(1, $2) where p.id = $1 returning id",
        project,
        count,
    )
    return [str(row["id"]) for row in rows]


async def idle(clients: Clients, db: asyncpg.Connection, project: str, product: Product, count: int) -> str:
    api = psutil.Process(product.part("api"))
    (chat,) = await make_chats(db, project, 1)
    await clients.call(do="idle", chats=[chat] * 50)
    before = api.memory_info().rss
    await clients.call(do="idle", chats=[chat] * count)
    after = api.memory_info().rss
    return f"{count} idle subscribed sockets: {(after - before) / 1024 / count:.1f} KB each (≤ 40)"


async def run(product: Product, given: argparse.Namespace) -> None:
    async with httpx.AsyncClient(base_url=product.url, headers=product.headers, timeout=30) as client:
        project = await project_of(client)
        config = (await client.get("/config.json")).json()
    postgres = EmbeddedPostgres(product.folder / "data")
    db = await asyncpg.connect(postgres.url("postgres"))
    node = shutil.which("node")
    assert node is not None
    process = await asyncio.create_subprocess_exec(
        node,
        str(HERE / "realtime_clients.mjs"),
        env={
            **os.environ,
            "GATEWAY_URL": product.url,
            "PUBLISHABLE_KEY": config["supabase_publishable_key"],
            "TOKEN": product.token,
        },
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        limit=2**28,
    )
    clients = Clients(process)
    try:
        for case in given.only.split(","):
            print(f"load {os.getloadavg()[0]:.1f}", flush=True)
            if case == "idle":
                print(await idle(clients, db, project, product, given.idle), flush=True)
                print("beside them: " + await measure(clients, db, project, product, 20, 20, 5), flush=True)
            else:
                chats, rate = (int(n) for n in case.split("x"))
                print(await measure(clients, db, project, product, chats, rate, given.seconds), flush=True)
    finally:
        process.terminate()
        await process.wait()
        await db.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--only", default="idle,20x20,250x20,1000x10")
    parser.add_argument("--idle", type=int, default=5000)
    given = parser.parse_args()
    if shutil.which("node") is None or not (HERE.parent / "tests/supabase_js/node_modules").exists():
        print("skipped: it needs Node and tests/supabase_js/node_modules (npm install there)")
        sys.exit(0)
    with tempfile.TemporaryDirectory() as folder:
        product = Product(Path(folder), {"ORYXFORGE_SCRIPTED_AGENT": "1"})
        product.start()
        try:
            asyncio.run(run(product, given))
        finally:
            product.stop()


if __name__ == "__main__":
    main()
