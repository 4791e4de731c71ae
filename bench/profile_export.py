"""Column profiles and exports against DuckDB's own SUMMARIZE and COPY in the same run.

    python bench/profile_export.py [--rows 5000000] [--rounds 3]

Best of the rounds; both sides have the same memory and threads.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from oryxforge.adapters.engine import DuckEngine
from oryxforge.domain.exports import ExportRequest, FileFormat
from oryxforge.domain.sheets import PageRequest

MEMORY, THREADS = "512MB", 2
PROFILE_LIMIT, EXPORT_LIMIT = 1.5, 1.5
COLUMNS = {
    "number": "random() * 1000",
    "id": "range",
    "day": "DATE '2020-01-01' + (range % 1500)::INT",
    "category": "'customer ' || range % 5000",
    "note": "'note ' || hash(range)",
}


def generate(path: Path, rows: int) -> None:
    select = ", ".join(f"{sql} AS {name}" for name, sql in COLUMNS.items())
    duckdb.sql(
        f"COPY (SELECT {select} FROM range({rows})) TO '{path}' (FORMAT parquet, ROW_GROUP_SIZE 122880)"
    )


def best(rounds: int, work: Callable[[], object]) -> float:
    took: list[float] = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        took.append(time.perf_counter() - started)
    return min(took)


def report(what: str, ours: float, floor: float, limit: float) -> bool:
    ratio = ours / floor
    is_good = ratio <= limit
    print(
        f"{what}: {ours:.2f} s, DuckDB's own {floor:.2f} s, ratio {ratio:.2f} (≤ {limit}): {'ok' if is_good else 'MISSED'}"
    )
    return is_good


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sheet = folder / "sheet.parquet"
        generate(sheet, options.rows)
        engine = DuckEngine(str(folder), memory_limit=MEMORY, threads=THREADS, temp_folder=folder / "temp")
        plain = duckdb.connect(config={"memory_limit": MEMORY, "threads": THREADS})
        loop = asyncio.new_event_loop()

        def profiled(column: str) -> None:
            loop.run_until_complete(engine.distribution(sheet.name, column, PageRequest()))

        def exported(format: FileFormat) -> None:
            async def made() -> None:
                # With columns named, or a whole sheet as Parquet would cost nothing.
                request = ExportRequest(format, "Sheet", tuple(COLUMNS))
                file = await engine.export(sheet.name, request)
                await file.chunks.aclose()

            loop.run_until_complete(made())

        def summarized(column: str) -> None:
            plain.execute(f"SUMMARIZE SELECT {column} FROM '{sheet}'").fetchall()

        def copied(format: FileFormat) -> None:
            target = folder / f"plain.{format}"
            plain.execute(f"COPY (FROM '{sheet}') TO '{target}' (FORMAT {format})").fetchall()

        good = [
            report(
                f"profile of {column}",
                best(options.rounds, lambda c=column: profiled(c)),
                best(options.rounds, lambda c=column: summarized(c)),
                PROFILE_LIMIT,
            )
            for column in ("number", "id", "day")
        ]
        for column in ("category", "note"):
            # SUMMARIZE counts no values of texts: the figure is shown, and no limit meant.
            report(
                f"profile of {column}, with frequent values",
                best(options.rounds, lambda c=column: profiled(c)),
                best(options.rounds, lambda c=column: summarized(c)),
                float("inf"),
            )
        good += [
            report(
                f"export as {format}",
                best(options.rounds, lambda f=format: exported(f)),
                best(options.rounds, lambda f=format: copied(f)),
                EXPORT_LIMIT,
            )
            for format in (FileFormat.CSV, FileFormat.PARQUET)
        ]
        engine.close()
        loop.close()
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
