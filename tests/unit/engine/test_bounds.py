"""Whatever a query does, it ends in seconds, memory stays below a bound, and the event loop goes on."""

import asyncio
import os
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from oryxforge.adapters.engine import DuckEngine, page
from oryxforge.domain.errors import Invalid
from oryxforge.domain.sheets import PageRequest
from oryxforge.domain.sources import LoadSettings, SourceType
from unit.engine.apart import engine_processes, watched

MEMORY = 128 << 20
MOST = MEMORY + (384 << 20) + (100 << 20)
TOO_BIG = {"result_too_big", "too_big_for_memory"}
GREEDY = {
    "one cell": "select repeat('x', 2000000000)",
    "cells inside": "select sum(length(repeat('x', 30000000) || range)) from range(2048)",
    "rows of large cells": "select repeat('x', 1000000) || range from range(1001)",
    "string_agg": "select string_agg(repeat('x', 1000), '') from range(3000000)",
    "list": "select list(range) from range(200000000)",
    "unnest": "select unnest(range(1000000000))",
    "doubling": "with recursive t(s) as (select 'xx' union all select s || s from t where length(s) < 4e9) select max(length(s)) from t",
    "lpad": "select lpad('x', 2000000000, 'y')",
    "columns": f"select {', '.join(f'range as c{i}' for i in range(10000))} from range(1000)",
    "more columns": f"select {', '.join(f'1 as c{i}' for i in range(20000))}",
    "pivot": f"from (pivot (select range r from range(3000)) on r in ({', '.join(map(str, range(3000)))}) using list(r) group by r)",
    "map": "select map(range(100000), range(100000))",
    "deep values": "select " + "[" * 600 + "1" + "]" * 600,
    "deep SQL": "select " + "(" * 20000 + "1" + ")" * 20000,
    "a long chain": "select " + "+".join(["1"] * 200000),
    "nested structs": "select " + "{'a':" * 300 + "1" + "}" * 300,
    "large vectors": "select max(length(regexp_replace(repeat('ab', 500000) || range, '(a|b)(b|a)*c?', 'x', 'g'))) from range(2048)",
}
SLOW = {
    "join": "select count(*) from range(10000000) a, range(10000000) b where a.range + b.range = 7",
    "regex": "select count(*) from range(100000000) where regexp_matches(repeat('a', 20000) || range, '(a*)*(a*)*b$')",
    "rows": "select range, hash(range) from range(1000000000000)",
    "levenshtein": "select levenshtein(repeat('a', 200000), repeat('b', 200000))",
}


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[DuckEngine]:
    engine = DuckEngine(str(tmp_path), memory_limit="128MB", threads=2, temp_folder=tmp_path / "temp")
    yield engine
    engine.close()


async def ends(engine: DuckEngine, sql: str, timeout_s: float) -> str:
    """How a query ends, within bounds."""
    started = time.monotonic()
    async with watched() as seen:
        try:
            await engine.query(sql, {}, timeout_s=timeout_s)
            code = "answered"
        except Invalid as error:
            code = error.code
    assert time.monotonic() - started < timeout_s + 8
    assert seen["stall"] < 1
    assert seen["memory"] < MOST
    assert (await engine.query("select 42", {})).data == [[42]]
    return code


@pytest.mark.parametrize("what", GREEDY)
async def test_greedy(engine: DuckEngine, what: str) -> None:
    code = await ends(engine, GREEDY[what], 4)
    assert code in {*TOO_BIG, "query_timeout", "sql_invalid"}, code


@pytest.mark.parametrize("what", SLOW)
async def test_slow(engine: DuckEngine, what: str) -> None:
    assert await ends(engine, SLOW[what], 1) == "query_timeout"


async def test_a_written_table_has_limits(tmp_path: Path) -> None:
    engine = DuckEngine(
        str(tmp_path), temp_folder=tmp_path / "temp", write_timeout_s=1, max_written_bytes=1 << 20
    )
    endless = "select a.range from range(10000000) a, range(10000000) b where a.range + b.range = 7"
    for sql, code in (
        (endless, "query_timeout"),
        ("select hash(range) from range(10000000)", "result_too_big"),
    ):
        with pytest.raises(Invalid) as caught:
            await engine.write_query(sql, {}, "x.parquet")
        assert caught.value.code == code
    assert not [p for p in tmp_path.iterdir() if p.is_file()]
    engine.close()


async def test_large_cells_are_shown_cut(engine: DuckEngine, tmp_path: Path) -> None:
    large = "repeat('x', 5000000)"
    duckdb.sql(
        f"copy (select {large} as t, [{large}] as l, {large}::blob as b) to '{tmp_path}/in' (format parquet)"
    )
    await engine.import_sheet("in", SourceType.PARQUET, "data", "out", LoadSettings(), lambda _: None)
    (row,) = (await engine.page("out", PageRequest())).data
    assert all(len(str(cell)) < 1100 and "5000" in str(cell) for cell in row)
    assert len(await engine.head("out")) < 5000


async def test_a_head_of_large_rows_is_shorter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = DuckEngine(str(tmp_path), temp_folder=tmp_path / "temp")
    columns = ", ".join(f"repeat('x', 4000) || range as c{i}" for i in range(20))
    duckdb.sql(f"copy (select {columns} from range(600)) to '{tmp_path}/in' (format parquet)")
    written = await engine.import_sheet(
        "in", SourceType.PARQUET, "data", "out", LoadSettings(), lambda _: None
    )
    assert written.rows == 600
    assert len(await engine.head("out")) < 33 << 20
    with pytest.raises(Invalid) as caught:
        await engine.page("out", PageRequest())
    assert caught.value.code == "result_too_big"
    assert len((await engine.page("out", PageRequest(limit=100))).data) == 100
    monkeypatch.setattr(page, "MAX_ARROW", 20 << 20)
    with pytest.raises(Invalid) as caught:
        await engine.page_arrow("out", PageRequest())
    assert caught.value.code == "result_too_big"
    engine.close()


async def test_nothing_is_left_of_its_processes(tmp_path: Path) -> None:
    before = engine_processes()
    engine = DuckEngine(str(tmp_path), temp_folder=tmp_path / "temp")
    task = asyncio.create_task(engine.query(SLOW["join"], {}))
    await engine.query("select 1", {})
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    engine.close()
    assert engine_processes() <= before
    assert not list((tmp_path / "temp").glob("apart-*"))


async def test_a_process_that_was_killed_is_replaced(engine: DuckEngine) -> None:
    before = engine_processes()
    await engine.query("select 1", {})
    for child in engine_processes() - before:
        os.kill(child.pid, 9)
        child.wait()
    assert (await engine.query("select 1", {})).data == [[1]]
