"""First 1000 rows of a sheet as JSON: the engine against the naive way, at several sizes of table.

    python bench/head.py [--full]

The naive way: read all with pandas, take the first rows, encode with FastAPI's default encoder. `--full` (or
ORYXFORGE_TEST_SCALE=10) adds 20 million rows; the naive way then needs 10 GB.
"""

import argparse
import asyncio
import json
import math
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

SIZES = (10_000, 1_000_000)
FULL_SIZE = 20_000_000
LIMIT_MS = 5.0
RATIO_AT = {FULL_SIZE: 1000.0}
ROUNDS = 50


def query(rows: int) -> str:
    mixed = """range AS id, (range * 7919) % 1000 AS quantity, round(random() * 1000, 2) AS price, random() AS score,
    'customer ' || range % 5000 AS customer, ['North', 'South', 'East', 'West'][1 + range % 4] AS region,
    DATE '2020-01-01' + (range % 1500)::INT AS day, TIMESTAMP '2020-01-01' + to_seconds(range) AS moment,
    range % 2 = 0 AS paid, CASE WHEN range % 10 > 0 THEN 'note ' || range % 97 END AS note"""
    more = ", ".join(
        f"random() AS measure_{i}, hash(range + {i}) % 100000 AS code_{i}, 'text ' || (range + {i}) % 1000 AS text_{i}"
        for i in range(3)
    )
    return f"SELECT {mixed}, {more}, range % 7 AS weekday FROM range({rows})"


async def ours(root: Path, uri: str) -> tuple[float, bytes]:
    """The median of the milliseconds of one call, and its answer."""
    from oryxforge.adapters.engine import DuckEngine

    engine = DuckEngine(str(root), temp_folder=root / "temp")
    took: list[float] = []
    answer = b""
    for _ in range(ROUNDS):
        started = time.perf_counter()
        answer = await engine.head(uri)
        took.append((time.perf_counter() - started) * 1000)
    engine.close()
    return statistics.median(took), answer


def naive(path: Path) -> tuple[float, bytes]:
    import pandas as pd
    from fastapi.encoders import jsonable_encoder

    pd.read_parquet(path, columns=["weekday"])
    started = time.perf_counter()
    frame = pd.read_parquet(path)
    rows: list[list[Any]] = frame.head(1000).values.tolist()
    clean = [[None if isinstance(v, float) and math.isnan(v) else v for v in row] for row in rows]
    body = json.dumps(jsonable_encoder({"headers": list(frame.columns), "data": clean})).encode()
    return (time.perf_counter() - started) * 1000, body


async def make(root: Path, rows: int) -> str:
    from oryxforge.adapters.engine import DuckEngine

    engine = DuckEngine(str(root), temp_folder=root / "temp")
    written = await engine.write_query(query(rows), {}, f"sheet-{rows}.parquet")
    engine.close()
    assert written.rows == rows
    return written.uri


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument(
        "--full", action="store_true", default=float(os.environ.get("ORYXFORGE_TEST_SCALE", "1")) >= 10
    )
    sizes = (*SIZES, FULL_SIZE) if parser.parse_args().full else SIZES
    good = True
    medians: list[float] = []
    for rows in sizes:
        with tempfile.TemporaryDirectory() as name:
            root = Path(name)
            uri = asyncio.run(make(root, rows))
            milliseconds, answer = asyncio.run(ours(root, uri))
            slow, body = naive(root / uri)
            assert len(json.loads(answer)["data"]) == len(json.loads(body)["data"]) == 1000
            ratio = slow / milliseconds
            fine = milliseconds <= LIMIT_MS and ratio >= RATIO_AT.get(rows, 1)
            good &= fine
            medians.append(milliseconds)
            print(
                f"head of {rows:>10,} rows x 20: {milliseconds:.2f} ms (≤ {LIMIT_MS:g}), naive {slow:,.0f} ms, "
                f"ratio {ratio:,.0f}: {'ok' if fine else 'MISSED'}"
            )
    print(f"largest to smallest table: {max(medians) / min(medians):.2f} x")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
