"""POST /chat under an even load: latency as a percentile of the answers, at 100 starts a second.

    python bench/chat_post.py [--rate 100] [--seconds 20]

Starts the embedded product on a temporary folder with the scripted agent; the load comes from this process.
"""

import argparse
import asyncio
import tempfile
import time
from pathlib import Path

import httpx
from bench_product import Product, percentile, project_of


async def load(product: Product, rate: int, seconds: int) -> list[float]:
    """Milliseconds of each answer, counted from the moment at which it was due."""
    limits = httpx.Limits(max_connections=64, max_keepalive_connections=64)
    async with httpx.AsyncClient(base_url=product.url, headers=product.headers, limits=limits) as client:
        project = await project_of(client)
        took: list[float] = []

        async def one(due: float) -> None:
            body = {"project_id": project, "prompt": "count 1 every 0ms", "agent": "scripted"}
            answer = await client.post("/chat", json=body)
            assert answer.status_code == 202, answer.text
            took.append((time.perf_counter() - due) * 1000)

        await asyncio.gather(*(one(time.perf_counter()) for _ in range(8)))
        took.clear()
        start = time.perf_counter()
        tasks: list[asyncio.Task[None]] = []
        for n in range(rate * seconds):
            due = start + n / rate
            await asyncio.sleep(max(0, due - time.perf_counter()))
            tasks.append(asyncio.create_task(one(due)))
        await asyncio.gather(*tasks)
        return took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=int, default=100)
    parser.add_argument("--seconds", type=int, default=20)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        product = Product(Path(folder), {"ORYXFORGE_SCRIPTED_AGENT": "1"})
        product.start()
        try:
            took = asyncio.run(load(product, given.rate, given.seconds))
        finally:
            product.stop()
    p50, p99 = percentile(took, 50), percentile(took, 99)
    print(
        f"POST /chat at {given.rate}/s, {len(took)} starts: p50 {p50:.1f} ms (≤ 10), p99 {p99:.1f} ms (≤ 50)"
    )


if __name__ == "__main__":
    main()
