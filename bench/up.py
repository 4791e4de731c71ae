"""`oryxforge up`: warm start to ready, and what the whole product holds in memory at rest.

    python bench/up.py [--rounds 5] [--rest 10]

The floor of the start, in the same rounds: an interpreter that imports FastAPI and uvicorn and does nothing else.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
from bench_product import Product, percentile

FLOOR = (sys.executable, "-c", "import fastapi, uvicorn")


def tree(product: Product) -> list[psutil.Process]:
    assert product.process is not None
    up = psutil.Process(product.process.pid)
    found = {p.pid: p for p in (up, *up.children(recursive=True))}
    postmaster = psutil.Process(product.part("postgres"))
    found |= {p.pid: p for p in (postmaster, *postmaster.children(recursive=True))}
    return list(found.values())


def start(product: Product) -> tuple[float, float]:
    """Seconds to ready, and CPU seconds spent by then."""
    began = time.perf_counter()
    product.start()
    took = time.perf_counter() - began
    spent = [p.cpu_times() for p in tree(product)]
    return took, sum(c.user + c.system for c in spent)


def floor() -> float:
    began = time.perf_counter()
    subprocess.run(FLOOR, check=True)
    return time.perf_counter() - began


def resting(product: Product, seconds: float) -> dict[str, float]:
    """Proportional set size in MB by part, after some time at rest."""
    time.sleep(seconds)
    parts: dict[str, float] = {}
    for process in tree(product):
        name = process.name()
        parts[name] = parts.get(name, 0) + process.memory_full_info().pss / 1e6
    return parts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--rest", type=float, default=10)
    given = parser.parse_args()
    took: list[float] = []
    spent: list[float] = []
    floors: list[float] = []
    memory: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        product = Product(Path(folder), {})
        first = start(product)[0]
        product.stop()
        for number in range(given.rounds):
            floors.append(floor())
            seconds, cpu = start(product)
            took.append(seconds)
            spent.append(cpu)
            if number == given.rounds - 1:
                memory = resting(product, given.rest)
            product.stop()
    ratio = percentile(took, 50) / percentile(floors, 50)
    print(
        f"up: first start {first:.2f} s; warm p50 {percentile(took, 50):.2f} s, best {min(took):.2f} s (≤ 2), "
        f"{percentile(spent, 50):.2f} s of CPU; {ratio:.1f} × importing FastAPI ({percentile(floors, 50):.2f} s)"
    )
    parts = ", ".join(f"{name} {mb:.0f}" for name, mb in sorted(memory.items(), key=lambda p: -p[1]))
    print(f"up: at rest {sum(memory.values()):.0f} MB of PSS (≤ 350): {parts}")


if __name__ == "__main__":
    main()
