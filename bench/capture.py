"""How changes are got out of Postgres: the replication stream against statement trigger + NOTIFY + re-read.

    python bench/capture.py [--seconds 2] [--rounds 3] [--no-sync]

What the writers lose by it (rows a second against nobody listening, in turns in one run), and commit → row in another
process at 50 inserts a second. Reader, writers and Postgres share this machine. Commits are durable, so a slow disk
hides what the processor does; `--no-sync` waits for no disk.
"""

import argparse
import asyncio
import multiprocessing
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

import asyncpg
from bench_product import percentile

from oryxforge.embedded.gateway.realtime.pgoutput import Change, Decoder
from oryxforge.embedded.gateway.realtime.stream import ChangeStream
from oryxforge.embedded.postgres import EmbeddedPostgres

SCHEMA = """
create table pieces (
  id bigint generated always as identity primary key, chat_id uuid not null default gen_random_uuid(), seq int not null,
  content text not null, metadata jsonb not null default '{}', created_at timestamptz not null default now()
);
create publication pieces for table pieces;
create function tell() returns trigger language plpgsql as $$
begin
  perform pg_notify('pieces', (select min(id) || ':' || max(id) from added));
  return null;
end $$;
"""
TRIGGER = "create trigger tell after insert on pieces referencing new table as added for each statement execute function tell()"
INSERT = "insert into pieces (seq, content) select s, $2 from generate_series(1, $1) s"
CONTENT = 4


async def stream(url: str, pipe: Connection) -> None:
    decoder, seen = Decoder(), list[float]()

    async def take(batch: list[bytes]) -> None:
        now = time.time()
        for data in batch:
            change = decoder.decode(data)
            if isinstance(change, Change):
                value = change.row[CONTENT - 1]
                assert isinstance(value, bytes)
                seen.append((now - float(value.split()[0])) * 1000)

    async def begin() -> None:
        return

    reader = ChangeStream(url, "pieces", begin, take, lambda: None)
    running = asyncio.create_task(reader.run())
    await reader.live()
    await _until_told(pipe, seen)
    running.cancel()


async def notify(url: str, pipe: Connection) -> None:
    seen: list[float] = []
    ranges: asyncio.Queue[str] = asyncio.Queue()
    listener, reader = await asyncpg.connect(url), await asyncpg.connect(url)

    def heard(*given: object) -> None:
        ranges.put_nowait(str(given[3]))

    await listener.add_listener("pieces", heard)

    async def read() -> None:
        while True:
            spans = [await ranges.get()]
            while not ranges.empty():
                spans.append(ranges.get_nowait())
            lows, highs = zip(*(map(int, s.split(":")) for s in spans), strict=True)
            rows = await reader.fetch(
                "select p.* from unnest($1::bigint[], $2::bigint[]) as s(low, high)"
                " join pieces p on p.id between s.low and s.high",
                list(lows),
                list(highs),
            )
            now = time.time()
            seen.extend((now - float(row["content"].split()[0])) * 1000 for row in rows)

    running = asyncio.create_task(read())
    await _until_told(pipe, seen)
    running.cancel()
    await listener.close()
    await reader.close()


async def _until_told(pipe: Connection, seen: list[float]) -> None:
    pipe.send("live")
    while not pipe.poll():
        await asyncio.sleep(0.05)
    pipe.send(seen)


def read(method: str, url: str, pipe: Connection) -> None:
    asyncio.run({"stream": stream, "notify": notify}[method](url, pipe))


async def write(url: str, writers: int, rows: int, seconds: float, pause_s: float = 0) -> float:
    """Rows a second."""

    async def one() -> int:
        db, written, end = await asyncpg.connect(url), 0, time.monotonic() + seconds
        while time.monotonic() < end:
            await db.execute(INSERT, rows, f"{time.time()} {'x' * 60}")
            written += rows
            await asyncio.sleep(pause_s)
        await db.close()
        return written

    return sum(await asyncio.gather(*(one() for _ in range(writers)))) / seconds


def written(url: str, writers: int, rows: int, seconds: float, pause_s: float = 0) -> float:
    return asyncio.run(write(url, writers, rows, seconds, pause_s))


def with_reader(method: str, url: str, work: Callable[[], float]) -> tuple[float, list[float]]:
    if method == "none":
        return work(), []
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=read, args=(method, url, theirs))
    process.start()
    assert ours.recv() == "live"
    rate = work()
    time.sleep(0.5)
    ours.send("end")
    seen = ours.recv()
    process.join(10)
    return rate, seen


async def prepare(url: str, method: str) -> None:
    db = await asyncpg.connect(url)
    await db.execute("truncate pieces")
    await db.execute("drop trigger if exists tell on pieces")
    if method == "notify":
        await db.execute(TRIGGER)
    await db.close()


async def make(url: str) -> None:
    db = await asyncpg.connect(url)
    await db.execute(SCHEMA)
    await db.close()


def measure(url: str, seconds: float, rounds: int) -> None:
    cases = {"1 writer × 100 rows": (1, 100), "1 writer × 1 row": (1, 1), "8 writers × 1 row": (8, 1)}
    methods = ("none", "stream", "notify")
    for name, (writers, rows) in cases.items():
        rates: dict[str, list[float]] = {m: [] for m in methods}
        for _ in range(rounds):
            for method in methods:
                asyncio.run(prepare(url, method))
                work = partial(written, url, writers, rows, seconds)
                rates[method].append(with_reader(method, url, work)[0])
        bare = statistics.median(rates["none"])
        said = ", ".join(
            f"{m} {statistics.median(rates[m]):.0f} ({statistics.median(rates[m]) / bare - 1:+.0%})"
            for m in methods
        )
        print(f"{name}, rows/s: {said}", flush=True)
    for method in methods[1:]:
        asyncio.run(prepare(url, method))
        work = partial(written, url, 1, 1, seconds * 2, 0.02)
        _, seen = with_reader(method, url, work)
        print(
            f"{method}: insert sent → row, 50/s: p50 {percentile(seen, 50):.2f} p99 {percentile(seen, 99):.2f} ms",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--no-sync", action="store_true")
    given = parser.parse_args()
    print(f"load {os.getloadavg()[0]:.1f}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        postgres = EmbeddedPostgres(
            Path(folder), settings={"synchronous_commit": "off"} if given.no_sync else {}
        )
        postgres.start()
        try:
            url = postgres.url("postgres", "postgres")
            asyncio.run(make(url))
            measure(url, given.seconds, given.rounds)
        finally:
            postgres.stop()


if __name__ == "__main__":
    sys.exit(main())
