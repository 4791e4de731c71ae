"""Which sheets a statement reads, what it answers, and how it ends when it takes too long."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from oryxforge.adapters.engine import DuckEngine
from oryxforge.domain.errors import Invalid, NotFound

TABLES = {
    "sales.Orders": "orders.parquet",
    "sales.Customers": "customers.parquet",
    "archive.Orders": "old.parquet",
    "orders": "orders.parquet",
}
SHEETS = {k: v for k, v in TABLES.items() if "." in k}
FOREVER = "select count(*) from range(10000000) a, range(10000000) b where a.range + b.range = 7"


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DuckEngine]:
    root = tmp_path_factory.mktemp("queries")
    for name, sql in {
        "orders": "select * from (values (1, 'ann', 10.5), (2, 'bob', 20.0), (3, 'ann', 7)) t(id, who, \"the amount\")",
        "customers": "select 'ann' as name, 'Oslo' as city",
        "old": "select 9 as id",
    }.items():
        duckdb.sql(f"copy ({sql}) to '{root / name}.parquet' (format parquet)")
    engine = DuckEngine(str(root), temp_folder=root / "temp")
    yield engine
    engine.close()


@pytest.mark.parametrize(
    ("sql", "data", "read"),
    [
        ("select id from SALES.orders order by id limit 1", [[1]], ["sales.Orders"]),
        ('select "the amount" from "sales"."Orders" where id = 3', [["7.0"]], ["sales.Orders"]),
        ("select city from customers", [["Oslo"]], ["sales.Customers"]),
        ("with orders as (select 5 as x) select x from orders", [[5]], []),
        (
            "with c as (from sales.Customers), d as (from c) select name from d",
            [["ann"]],
            ["sales.Customers"],
        ),
        (
            "select (select max(id) from archive.Orders), (with o as (select 4 y) select y from o)",
            [[9, 4]],
            ["archive.Orders"],
        ),
        (
            "select id from sales.Orders where id = 1 union all select id from archive.Orders order by 1",
            [[1], [9]],
            ["sales.Orders", "archive.Orders"],
        ),
        (
            "select o.id, c.city from sales.Orders o join sales.Customers c on c.name = o.who order by 1 limit 1",
            [[1, "Oslo"]],
            ["sales.Orders", "sales.Customers"],
        ),
        (
            "select id, row_number() over (partition by who order by id desc) n from sales.Orders qualify n = 1 order by id",
            [[2, 1], [3, 1]],
            ["sales.Orders"],
        ),
        ("from sales.Orders select sum(id) s", [[6]], ["sales.Orders"]),
        ("values (1), (2)", [[1], [2]], []),
        ("select x from unnest([3, 4]) t(x)", [[3], [4]], []),
        ("select * from range(2)", [[0], [1]], []),
        (
            "select id -- the key; really\nfrom sales.Orders where who <> 'b;ob' and id = 2;  -- the end",
            [[2]],
            ["sales.Orders"],
        ),
        (
            "with recursive t(n) as (select 1 union all select n + 1 from t where n < 3) select max(n) from t",
            [[3]],
            [],
        ),
        (
            "from (pivot sales.Orders on who in ('ann', 'bob') using count(*) group by id) where id = 1",
            [[1, 1, 0]],
            ["sales.Orders"],
        ),
    ],
)
async def test_reads(engine: DuckEngine, sql: str, data: list[list[object]], read: list[str]) -> None:
    result = await engine.query(sql, SHEETS)
    assert (result.data, list(result.tables), result.total) == (data, read, len(data))


async def test_describe_and_summarize(engine: DuckEngine) -> None:
    described = await engine.query("describe sales.Orders", SHEETS)
    assert [row[0] for row in described.data] == ["id", "who", "the amount"]
    summary = await engine.query("summarize sales.Orders", SHEETS)
    assert (summary.total, summary.tables) == (3, ("sales.Orders",))


async def test_names_without_a_dataset(engine: DuckEngine) -> None:
    files = {"orders": "orders.parquet", "customers": "customers.parquet"}
    result = await engine.query("select count(*) from Orders, customers", files)
    assert (result.data, result.tables) == ([[3]], ("orders", "customers"))


async def test_headers_differ(engine: DuckEngine) -> None:
    result = await engine.query("select 1 as a, 2 as A, 3 as a_2", SHEETS)
    assert result.headers == ["a", "A_3", "a_2"]
    assert result.data == [[1, 2, 3]]


@pytest.mark.parametrize(
    ("sql", "code", "says"),
    [
        ("select * from sales.Order", "table_unknown", "`sales.Orders`"),
        ("select * from nothing_like_it", "table_unknown", "there are `sales.Orders`"),
        ("select * from Orders", "table_ambiguous", "`archive.Orders`"),
        ("select amount from sales.Orders", "sql_invalid", "the amount"),
        ("selec 1", "sql_invalid", "syntax"),
        ("select who + 1 from sales.Orders", "sql_invalid", "+(VARCHAR"),
        ("", "sql_invalid", "empty"),
        ("-- nothing", "sql_not_read_only", "Only one statement"),
        ("select ?", "sql_invalid", "parameter"),
    ],
)
async def test_says_what_is_wrong(engine: DuckEngine, sql: str, code: str, says: str) -> None:
    with pytest.raises(Invalid) as caught:
        await engine.query(sql, SHEETS)
    assert caught.value.code == code
    assert says in caught.value.detail


async def test_a_sheet_whose_file_is_gone(engine: DuckEngine) -> None:
    with pytest.raises(NotFound):
        await engine.query("select * from x.Y", {"x.Y": "gone.parquet"})


async def test_too_long_a_query_is_stopped(engine: DuckEngine) -> None:
    started = time.monotonic()
    with pytest.raises(Invalid) as caught:
        await engine.query(FOREVER, SHEETS, timeout_s=0.3)
    assert caught.value.code == "query_timeout"
    assert time.monotonic() - started < 5
    assert (await engine.query("select 1", SHEETS)).data == [[1]]


async def test_a_cancelled_query_stops(engine: DuckEngine) -> None:
    task = asyncio.create_task(engine.query(FOREVER, SHEETS, timeout_s=60))
    await asyncio.sleep(0.2)
    task.cancel()
    started = time.monotonic()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert time.monotonic() - started < 5


async def test_queries_wait_for_their_turn_without_using_up_their_time(engine: DuckEngine) -> None:
    slow = [asyncio.create_task(engine.query(FOREVER, SHEETS, timeout_s=0.5)) for _ in range(2)]
    waiting = await engine.query("select 1", SHEETS, timeout_s=0.4)
    assert waiting.data == [[1]]
    assert all(isinstance(e, Invalid) for e in await asyncio.gather(*slow, return_exceptions=True))


async def test_too_much_for_its_memory(tmp_path: Path) -> None:
    engine = DuckEngine(str(tmp_path), memory_limit="64MB", temp_folder=tmp_path / "temp")
    with pytest.raises(Invalid) as caught:
        await engine.query("select list(range) from range(30000000)", {})
    assert caught.value.code == "too_big_for_memory"
    engine.close()


async def test_a_cancelled_write_leaves_nothing(engine: DuckEngine, tmp_path: Path) -> None:
    own = DuckEngine(str(tmp_path), temp_folder=tmp_path / "temp")
    task = asyncio.create_task(
        own.write_query("select range, hash(range) h from range(1000000000)", {}, "x.parquet")
    )
    async with asyncio.timeout(10):
        while not list(tmp_path.glob("*.part")):
            await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not [p for p in tmp_path.iterdir() if p.is_file()]
    own.close()


async def test_wide_integers_are_stored_whole(engine: DuckEngine, tmp_path: Path) -> None:
    own = DuckEngine(str(tmp_path), temp_folder=tmp_path / "temp")
    sql = "select 1::hugeint a, '9007199254740993000'::hugeint * 10 b, (2::hugeint ** 100)::hugeint c"
    written = (await own.write_query(sql, {}, "wide.parquet")).written
    head = await own.head("wide.parquet")
    assert {c.type for c in written.columns} == {"DECIMAL(38,0)"}
    assert b'["1","90071992547409930000","1267650600228229401496703205376"]' in head
    own.close()
