"""What every Engine and Reader does, over a local folder and over an object store."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import duckdb
import pytest

from oryxforge.adapters.engine import DuckEngine
from oryxforge.adapters.files import FsspecFiles
from oryxforge.domain.errors import Invalid, NotFound
from oryxforge.domain.exports import ExportRequest, FileFormat
from oryxforge.domain.sheets import Filter, PageRequest, SortKey, Written
from oryxforge.domain.sources import LoadSettings, SourceType
from oryxforge.ports.engine import ImportProgress

CSV = b"region,amount,day,code\nNorth,10,2024-01-01,007\nSouth,20.5,2024-01-02,008\nNorth,,2024-01-03,009\n"
TYPES = ["VARCHAR", "DOUBLE", "DATE", "VARCHAR"]
ROWS = [
    ["North", 10.0, "2024-01-01", "007"],
    ["South", 20.5, "2024-01-02", "008"],
    ["North", None, "2024-01-03", "009"],
]
SHEET = "p/sheets/orders/1.parquet"
TABLES = {"sales.Orders": SHEET}


class Bench:
    """An engine and the file store of the same root."""

    def __init__(self, root: str, temp: Path) -> None:
        self.files = FsspecFiles(root)
        self.engine = DuckEngine(root, memory_limit="256MB", temp_folder=temp)

    async def put(self, key: str, content: bytes) -> str:
        async def once() -> AsyncIterator[bytes]:
            yield content

        await self.files.write(key, once(), 1 << 30)
        return key

    async def take(self, content: bytes, kind: SourceType = SourceType.CSV, sheet: str = "data") -> Written:
        source = await self.put(f"p/sources/{uuid4().hex}", content)
        return await self.engine.import_sheet(source, kind, sheet, SHEET, LoadSettings(), lambda _: None)


@pytest.fixture(params=["local", "object"])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    root = str(tmp_path / "root") if request.param == "local" else f"memory://bucket-{uuid4().hex}/data"
    bench = Bench(root, tmp_path / "temp")
    yield bench
    bench.engine.close()


async def test_preview_of_a_csv(bench: Bench) -> None:
    key = await bench.put("p/orders.csv", CSV)
    assert await bench.engine.detect(key, "orders.csv") == SourceType.CSV
    preview = (await bench.engine.preview(key, SourceType.CSV, LoadSettings(), limit=2))["data"]
    assert preview.headers == ["region", "amount", "day", "code"]
    assert preview.types == TYPES
    assert preview.data == ROWS[:2]


async def test_import_head_and_page(bench: Bench) -> None:
    seen: list[ImportProgress] = []
    source = await bench.put("p/orders.csv", CSV)
    written = await bench.engine.import_sheet(
        source, SourceType.CSV, "data", SHEET, LoadSettings(), seen.append
    )
    assert (written.rows, [c.type for c in written.columns]) == (3, TYPES)
    assert written.size_bytes == len(await bench.files.read(SHEET))
    assert (seen[-1].stage, seen[-1].rows_done, seen[-1].bytes_done) == ("done", 3, len(CSV))
    head = json.loads(await bench.engine.head(SHEET))
    assert head == {"headers": ["region", "amount", "day", "code"], "data": ROWS}
    page = await bench.engine.page(SHEET, PageRequest())
    assert (page.headers, page.types, page.data, page.total) == (head["headers"], TYPES, ROWS, 3)


async def test_head_is_made_again_where_it_is_missing(bench: Bench) -> None:
    await bench.take(CSV)
    kept = await bench.engine.head(SHEET)
    await bench.files.delete(f"{SHEET}.head.json")
    assert await bench.engine.head(SHEET) == kept
    assert await bench.files.exists(f"{SHEET}.head.json")


async def test_sorted_and_filtered_page(bench: Bench) -> None:
    await bench.take(CSV)
    request = PageRequest(
        limit=1, sort=(SortKey("amount", descending=True),), filter=(Filter("region", "eq", "North"),)
    )
    page = await bench.engine.page(SHEET, request)
    assert (page.data, page.total) == ([ROWS[0]], 2)


async def test_page_as_arrow(bench: Bench) -> None:
    import pyarrow as pa

    await bench.take(CSV)
    stream, total = await bench.engine.page_arrow(SHEET, PageRequest(offset=1, limit=1))
    table = pa.ipc.open_stream(stream).read_all()
    assert (total, table.column("amount").to_pylist()) == (3, [20.5])


async def test_query(bench: Bench) -> None:
    await bench.take(CSV)
    result = await bench.engine.query(
        "select region, sum(amount) s from sales.orders group by 1 order by 1", TABLES
    )
    assert (result.headers, result.data) == (["region", "s"], [["North", 10.0], ["South", 20.5]])
    assert (result.total, result.tables) == (2, ("sales.Orders",))


async def test_query_counts_what_it_does_not_show(bench: Bench) -> None:
    await bench.take(CSV)
    result = await bench.engine.query("select * from sales.Orders order by amount desc;", TABLES, limit=1)
    assert (result.data, result.total) == ([ROWS[1]], 3)


async def test_write_query(bench: Bench) -> None:
    await bench.take(CSV)
    target = "p/sheets/totals/1.parquet"
    made = await bench.engine.write_query("select count(*) n, sum(1) s from sales.Orders", TABLES, target)
    assert made.tables == ("sales.Orders",)
    assert made.duration_ms >= 0
    written = made.written
    assert (written.rows, [c.type for c in written.columns]) == (1, ["BIGINT", "BIGINT"])
    assert (await bench.engine.page(target, PageRequest())).data == [[3, 3]]


async def test_write_arrow_and_read_parquet(bench: Bench) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.table({"a": [1, None], "b": [["x"], None]})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    written = await bench.engine.write_arrow(sink.getvalue().to_pybytes(), SHEET)
    assert [(c.name, c.type) for c in written.columns] == [("a", "BIGINT"), ("b", "VARCHAR[]")]
    stored = await bench.engine.read_parquet_bytes(SHEET)
    assert pq.read_table(pa.BufferReader(stored)).to_pydict() == table.to_pydict()


async def test_profile(bench: Bench) -> None:
    written = await bench.take(CSV)
    region, amount, day, _ = await bench.engine.profile(SHEET, written.columns)
    assert (region.distinct, region.top[0]) == (2, ("North", 2))
    assert (amount.missing, amount.minimum, amount.maximum, amount.mean) == (1, "10.0", "20.5", 15.25)
    assert (day.minimum, day.maximum) == ("2024-01-01", "2024-01-03")


async def test_distribution_of_a_column(bench: Bench) -> None:
    await bench.take(CSV)
    found = await bench.engine.distribution(SHEET, "amount", PageRequest(search="north"))
    assert (found.rows, found.missing, found.minimum, found.median) == (2, 1, 10.0, 10.0)


@pytest.mark.parametrize("format", list(FileFormat))
async def test_export(bench: Bench, tmp_path: Path, format: FileFormat) -> None:
    import fastexcel
    import polars as pl

    await bench.take(CSV)
    for view, rows in ((PageRequest(), 3), (PageRequest(search="north"), 2)):
        made = await bench.engine.export(SHEET, ExportRequest(format, "Orders", view=view))
        content = b"".join([chunk async for chunk in made.chunks])
        assert (made.rows, made.size_bytes) == (rows, len(content))
        if format is FileFormat.PARQUET:
            read = pl.read_parquet(content)
        elif format is FileFormat.CSV:
            read = pl.read_csv(content)
        else:
            read = fastexcel.read_excel(content).load_sheet(0).to_polars()
        assert (read.columns, read.height) == (["region", "amount", "day", "code"], rows)
        assert read["amount"].to_list()[0] == 10.0
    assert not list(tmp_path.rglob("*.part"))


async def test_parquet_source(bench: Bench, tmp_path: Path) -> None:
    path = tmp_path / "in.parquet"
    duckdb.sql(f"copy (select 1 as a, 2 as A_2, {{'x': [1, 2]}} as n) to '{path}' (format parquet)")
    written = await bench.take(path.read_bytes(), SourceType.PARQUET)
    assert (await bench.engine.page(written.uri, PageRequest())).data == [[1, 2, {"x": [1, 2]}]]


async def test_what_is_not_there(bench: Bench) -> None:
    engine = bench.engine
    for call in (
        engine.head(SHEET),
        engine.page(SHEET, PageRequest()),
        engine.page_arrow(SHEET, PageRequest()),
        engine.profile(SHEET, ()),
        engine.distribution(SHEET, "amount", PageRequest()),
        engine.export(SHEET, ExportRequest(FileFormat.PARQUET, "Orders")),
        engine.export(SHEET, ExportRequest(FileFormat.CSV, "Orders")),
        engine.read_parquet_bytes(SHEET),
        engine.query("select * from sales.Orders", TABLES),
        engine.preview("p/none.csv", SourceType.CSV, LoadSettings()),
    ):
        with pytest.raises(NotFound):
            await call


async def test_failed_import_leaves_nothing(bench: Bench, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="empty"):
        await bench.take(b"\n\n")
    assert not await bench.files.exists(SHEET)
    assert not list(tmp_path.rglob("*.part"))


async def test_cancelled_import_leaves_nothing(bench: Bench, tmp_path: Path) -> None:
    lines = b"".join(b"%d,some text %d,%d.5\n" % (i, i, i) for i in range(200_000))
    source = await bench.put("p/big.csv", b"a,b,c\n" + lines)
    started = asyncio.Event()
    task = asyncio.create_task(
        bench.engine.import_sheet(
            source, SourceType.CSV, "data", SHEET, LoadSettings(), lambda _: started.set()
        )
    )
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not await bench.files.exists(SHEET)
    assert not list(tmp_path.rglob("*.part"))
