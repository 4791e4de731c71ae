"""Import of a large CSV against DuckDB's own COPY in the same run, each in a process of its own.

    python bench/import_csv.py [--megabytes 100] [--rounds 3]

Best of the rounds; CPU seconds are the fairer measure where the machine has other work. At 100 MB the start-up of
the process weighs, so the limit is meant for 1000.
"""

import argparse
import asyncio
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BYTES_PER_ROW = 128
LIMIT_RATIO = 1.3
LIMIT_RSS_MB = 1024


def generate(path: Path, megabytes: int) -> None:
    import duckdb

    rows = megabytes * 1_000_000 // BYTES_PER_ROW
    duckdb.connect(config={"memory_limit": "512MB", "threads": 2}).execute(
        f"""COPY (SELECT range AS id, (range * 7919) % 1000 AS quantity, round(random() * 1000, 2) AS price,
        round(random(), 6) AS score, 'customer ' || range % 5000 AS customer,
        ['North', 'South', 'East', 'West'][1 + range % 4] AS region,
        DATE '2020-01-01' + (range % 1500)::INT AS day, TIMESTAMP '2020-01-01' + to_seconds(range) AS at,
        range % 2 = 0 AS paid, CASE WHEN range % 10 > 0 THEN 'note, with "quotes" ' || range % 97 END AS note,
        hash(range) % 1000000007 AS code, lpad((range % 100000)::VARCHAR, 5, '0') AS zip
        FROM range({rows})) TO '{path}' (HEADER)"""
    )


def copy_plain(folder: Path) -> int:
    import duckdb

    connection = duckdb.connect(config={"memory_limit": "512MB", "threads": 2})
    row = connection.execute(
        f"COPY (FROM read_csv('{folder}/in.csv')) TO '{folder}/plain.parquet' (FORMAT parquet)"
    ).fetchone()
    return int(row[0]) if row else 0


def import_ours(folder: Path) -> int:
    from oryxforge.adapters.engine import DuckEngine
    from oryxforge.domain.sources import LoadSettings, SourceType

    engine = DuckEngine(str(folder), temp_folder=folder / "temp")
    written = asyncio.run(
        engine.import_sheet("in.csv", SourceType.CSV, "data", "ours.parquet", LoadSettings(), lambda _: None)
    )
    engine.close()
    return written.rows


def child(task: str, folder: Path) -> None:
    started = time.perf_counter()
    rows = {"plain": copy_plain, "ours": import_ours}[task](folder)
    seconds = time.perf_counter() - started
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu = used.ru_utime + used.ru_stime
    print(json.dumps({"rows": rows, "seconds": seconds, "cpu": cpu, "peak_mb": used.ru_maxrss / 1024}))


def measured(task: str, folder: Path) -> dict[str, float]:
    answer = subprocess.run(
        [sys.executable, __file__, "--child", task, str(folder)], check=True, capture_output=True, text=True
    )
    return json.loads(answer.stdout)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--megabytes", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--child", nargs=2)
    options = parser.parse_args()
    if options.child:
        child(options.child[0], Path(options.child[1]))
        return 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        generate(folder / "in.csv", options.megabytes)
        results = [
            (task, measured(task, folder)) for _ in range(options.rounds) for task in ("plain", "ours")
        ]
        best = {
            (task, figure): min(r[figure] for t, r in results if t == task)
            for task in ("plain", "ours")
            for figure in ("seconds", "cpu", "rows")
        }
        peak = max(r["peak_mb"] for t, r in results if t == "ours")
        size = (folder / "in.csv").stat().st_size / 1e6
    ratio = best["ours", "seconds"] / best["plain", "seconds"]
    cpu_ratio = best["ours", "cpu"] / best["plain", "cpu"]
    good = min(ratio, cpu_ratio) <= LIMIT_RATIO and peak <= LIMIT_RSS_MB
    good &= best["ours", "rows"] == best["plain", "rows"]
    print(
        f"import of a {size:.0f} MB CSV: {best['ours', 'seconds']:.2f} s, DuckDB's own COPY "
        f"{best['plain', 'seconds']:.2f} s, ratio {ratio:.2f}, of CPU seconds {cpu_ratio:.2f} (≤ {LIMIT_RATIO}), "
        f"peak {peak:.0f} MB (≤ {LIMIT_RSS_MB}): {'ok' if good else 'MISSED'}"
    )
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
