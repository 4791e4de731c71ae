"""A piece said by the agent → seen by a client of server-sent events, 200 chats at 20 pieces a second each.

    python bench/stream.py [--chats 200] [--rate 20] [--seconds 15]

The agent says the time (nanoseconds of the wall clock); each client subtracts it from its own. Load, product and
database share this machine.
"""

import argparse
import asyncio
import json
import tempfile
import time
from pathlib import Path

import httpx
from bench_product import Product, percentile, project_of


async def follow(product: Product, chat_id: str, seen: list[float]) -> int:
    """Reads one chat's stream over a bare socket; how many pieces arrived. Milliseconds of each go to `seen`."""
    host, port = product.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port), limit=2**20)
    request = (
        f"GET /chats/{chat_id}/stream HTTP/1.1\r\nHost: {host}:{port}\r\n"
        f"Authorization: Bearer {product.token}\r\nAccept: text/event-stream\r\n\r\n"
    )
    writer.write(request.encode())
    pieces = 0
    try:
        while line := await reader.readline():
            if line.startswith(b"event: end"):
                return pieces
            if line.startswith(b"data: "):
                now = time.time_ns()
                row = json.loads(line[6:])
                if row.get("role") == "assistant" and row["content"]:
                    for said in row["content"].split():
                        pieces += 1
                        seen.append((now - int(said)) / 1e6)
        return pieces
    finally:
        writer.close()


async def measure(product: Product, chats: int, rate: int, seconds: int) -> tuple[list[float], int]:
    async with httpx.AsyncClient(base_url=product.url, headers=product.headers, timeout=30) as client:
        project = await project_of(client)
        seen: list[float] = []
        tasks: list[asyncio.Task[int]] = []
        for _ in range(chats):
            prompt = f"clock {rate * seconds} every {1000 // rate}ms"
            body = {"project_id": project, "prompt": prompt, "agent": "scripted"}
            answer = await client.post("/chat", json=body)
            tasks.append(asyncio.create_task(follow(product, answer.json()["chat_id"], seen)))
        counts = await asyncio.gather(*tasks)
    return seen, chats * rate * seconds - sum(counts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chats", type=int, default=200)
    parser.add_argument("--rate", type=int, default=20)
    parser.add_argument("--seconds", type=int, default=15)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        product = Product(Path(folder), {"ORYXFORGE_SCRIPTED_AGENT": "1"})
        product.start()
        try:
            seen, lost = asyncio.run(measure(product, given.chats, given.rate, given.seconds))
        finally:
            product.stop()
    p50, p99 = percentile(seen, 50), percentile(seen, 99)
    print(
        f"{given.chats} chats × {given.rate}/s, {len(seen)} pieces, {lost} lost: "
        f"p50 {p50:.1f} ms (≤ 30), p99 {p99:.1f} ms (≤ 80)"
    )


if __name__ == "__main__":
    main()
