"""load-dataframe against its floor: requests a second of the endpoint and of a bare ASGI app, in turns.

    python bench/load_dataframe.py [--rows 1000000] [--seconds 5] [--connections 8]

Both check the token, run the transaction, read the same file and send the same bytes (bench/bare_app.py).
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

import duckdb
import httpx
from bench_product import Product, percentile

from oryxforge.bootstrap.embedded import installed
from oryxforge.settings import Settings

BARE_PORT = 8921
ROUNDS = 7
COLUMNS = ", ".join(
    f"(i * {n + 3}) % 1000 as int_{n}, i / {n + 7} as real_{n}, 'text ' || (i % {n + 90}) as text_{n}, "
    f"date '2020-01-01' + (i % {n + 900})::int as day_{n}"
    for n in range(5)
)


def make_sheet(product: Product, folder: Path, rows: int) -> dict[str, str]:
    """The body of a request for a sheet of 20 columns."""
    file = folder / "wide.parquet"
    duckdb.sql(f"copy (select {COLUMNS} from range({rows}) r(i)) to '{file}' (format parquet)")
    with httpx.Client(base_url=product.url, headers=product.headers, timeout=600) as client:
        project = client.post("/projects", json={"name": "Bench"}).json()["id"]
        with file.open("rb") as body:
            answer = client.post("/files/upload", data={"project_id": project}, files={"file": body})
        source = answer.json()["id"]
        client.post(
            "/files/import",
            json={
                "project_id": project,
                "data_source_id": source,
                "settings_save": {
                    "createNewDataset": True,
                    "datasetName": "Bench",
                    "selectedSheets": {"data": "Wide"},
                },
                "settings_load": {},
            },
        ).raise_for_status()
    return {"project_id": project, "name_python": "bench.Wide"}


async def hammer(url: str, token: str, body: dict[str, str], seconds: float, connections: int) -> list[float]:
    """Milliseconds of each request, from connections that each send one after another."""
    parts = urlsplit(url)
    sent = json.dumps(body).encode()
    request = (
        f"POST /data/load-dataframe HTTP/1.1\r\nHost: {parts.netloc}\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(sent)}\r\n\r\n"
    ).encode() + sent
    end = time.perf_counter() + seconds
    took: list[float] = []

    async def one() -> None:
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port, limit=2**22)
        while (start := time.perf_counter()) < end:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200"), head
            length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
            await reader.readexactly(length)
            took.append((time.perf_counter() - start) * 1000)
        writer.close()

    await asyncio.gather(*(one() for _ in range(connections)))
    return took


def start_bare(product: Product) -> subprocess.Popen[bytes]:
    data = product.folder / "data"
    settings = installed(Settings(data=data))
    assert settings.database_url is not None
    environment = {
        **os.environ,
        "BENCH_DATABASE_URL": settings.database_url.get_secret_value(),
        "BENCH_KEY": str(settings.key_file),
        "BENCH_FILES": settings.files_root,
        "BENCH_PORT": str(BARE_PORT),
    }
    return subprocess.Popen([sys.executable, str(Path(__file__).parent / "bare_app.py")], env=environment)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--connections", type=int, default=8)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        product = Product(Path(name), {})
        product.start()
        bare: subprocess.Popen[bytes] | None = None
        try:
            body = make_sheet(product, Path(name), given.rows)
            bare = start_bare(product)
            time.sleep(2)
            floor, ours, ratios = [], [], []
            for _ in range(ROUNDS):
                bare_took, our_took = (
                    asyncio.run(hammer(url, product.token, body, given.seconds, given.connections))
                    for url in (f"http://127.0.0.1:{BARE_PORT}", product.url)
                )
                floor += bare_took
                ours += our_took
                ratios.append(len(our_took) / len(bare_took))
        finally:
            if bare is not None:
                bare.terminate()
                bare.wait(10)
            product.stop()
    ratio, each = percentile(ratios, 50), given.seconds * ROUNDS
    print(
        f"load-dataframe of {given.rows:,} rows: {len(ours) / each:.0f}/s, floor {len(floor) / each:.0f}/s, "
        f"ratio {ratio:.2f} (≥ 0.80); p50 {percentile(ours, 50):.1f} ms against {percentile(floor, 50):.1f} ms"
    )


if __name__ == "__main__":
    main()
