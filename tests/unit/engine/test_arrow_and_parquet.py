"""Tables that other programs made: odd types, odd names, damage."""

import json
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from oryxforge.adapters.engine import DuckEngine
from oryxforge.adapters.engine.values import plain
from oryxforge.domain.errors import Invalid
from oryxforge.domain.sheets import Written
from oryxforge.domain.sources import LoadSettings, SourceType


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[DuckEngine]:
    engine = DuckEngine(str(tmp_path), temp_folder=tmp_path / "temp")
    yield engine
    engine.close()


def streamed(table: Any) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue().to_pybytes()


async def take(engine: DuckEngine, root: Path, table: Any) -> Written:
    pq.write_table(table, root / "in")
    return await engine.import_sheet("in", SourceType.PARQUET, "data", "out", LoadSettings(), lambda _: None)


async def rows(engine: DuckEngine) -> list[list[object]]:
    return json.loads(await engine.head("out"))["data"]


ODD: dict[str, tuple[Any, list[object]]] = {
    "null": (pa.array([None, None], pa.null()), [None, None]),
    "float16": (pa.array([1.5, None], pa.float16()), [1.5, None]),
    "wide decimal": (pa.array([Decimal("1.5"), None], pa.decimal256(50, 2)), ["1.50", None]),
    "zoned ns": (
        pa.array([1000, None], pa.timestamp("ns", "UTC")),
        ["1970-01-01T00:00:00.000001+00:00", None],
    ),
    "view": (pa.array(["a", None], pa.string_view()), ["a", None]),
    "codes": (pa.array(["a", None]).dictionary_encode(), ["a", None]),
    "fixed": (pa.array([[1, 2], None], pa.list_(pa.int32(), 2)), [[1, 2], None]),
}


@pytest.mark.parametrize("name", list(ODD))
async def test_odd_types_from_arrow(engine: DuckEngine, name: str) -> None:
    array, expected = ODD[name]
    await engine.write_arrow(streamed(pa.table({"c": array})), "out")
    assert [row[0] for row in await rows(engine)] == expected


@pytest.mark.parametrize("name", [n for n in ODD if n != "wide decimal"])
async def test_odd_types_from_parquet(engine: DuckEngine, tmp_path: Path, name: str) -> None:
    array, expected = ODD[name]
    await take(engine, tmp_path, pa.table({"c": array}))
    assert [row[0] for row in await rows(engine)] == expected


@pytest.mark.parametrize(
    ("unit", "values", "expected"),
    [
        ("s", [90061, -1, None], ["25:01:01", "-00:00:01", None]),
        ("ms", [1500, 0, None], ["00:00:01.5", "00:00:00", None]),
        ("us", [-1, 2**62, None], ["-00:00:00.000001", "1281023894:00:27.387904", None]),
        ("ns", [1, 3_600_000_000_000, None], ["00:00:00.000000001", "01:00:00", None]),
    ],
)
async def test_durations_are_no_bare_numbers(
    engine: DuckEngine, tmp_path: Path, unit: str, values: list[int | None], expected: list[str | None]
) -> None:
    table = pa.table({"d": pa.array(values, pa.duration(unit)), "n": pa.array([1, 2, 3])})
    written = await take(engine, tmp_path, table)
    assert [(c.name, c.type) for c in written.columns] == [("d", "VARCHAR"), ("n", "BIGINT")]
    assert written.receipt["durations_as_text"] == ["d"]
    assert [row[0] for row in await rows(engine)] == expected
    preview = (await engine.preview("in", SourceType.PARQUET, LoadSettings()))["data"]
    assert [row[0] for row in preview.data] == expected


async def test_durations_in_lists_structs_and_maps_are_no_bare_numbers(
    engine: DuckEngine, tmp_path: Path
) -> None:
    clock = pa.duration("ms")
    within = pa.struct([("n", pa.int64()), ("took", clock), ("all", pa.list_(pa.struct([("d'", clock)])))])
    table = pa.table(
        {
            "list": pa.array([[1500, None, -1], None, []], pa.list_(clock)),
            "struct": pa.array(
                [{"n": 1, "took": 90_061_000, "all": [{"d'": 1}]}, None, {"n": 2, "took": None, "all": None}],
                within,
            ),
            "map": pa.array([[("a", 1000)], None, []], pa.map_(pa.string(), clock)),
            "plain": pa.array([[1], None, []], pa.list_(pa.int64())),
        }
    )
    written = await take(engine, tmp_path, table)
    assert written.receipt["durations_as_text"] == ["list", "struct", "map"]
    expected = [
        [
            ["00:00:01.5", None, "-00:00:00.001"],
            {"n": 1, "took": "25:01:01", "all": [{"d'": "00:00:00.001"}]},
            {"a": "00:00:01"},
            [1],
        ],
        [None, None, None, None],
        [[], {"n": 2, "took": None, "all": None}, {}, []],
    ]
    assert await rows(engine) == expected
    preview = (await engine.preview("in", SourceType.PARQUET, LoadSettings()))["data"]
    assert preview.data == expected


@pytest.mark.parametrize(
    ("microseconds", "shown"),
    [
        (90_061_500_000, "25:01:01.5"),
        (-1, "-00:00:00.000001"),
        (0, "00:00:00"),
        (86_400_000_000 * 400, "9600:00:00"),
    ],
)
def test_a_duration_in_an_answer(microseconds: int, shown: str) -> None:
    assert plain([timedelta(microseconds=microseconds)]) == [shown]


async def test_durations_can_be_counted_with(engine: DuckEngine, tmp_path: Path) -> None:
    frame = pd.DataFrame({"d": pd.to_timedelta([1.5, 90000, -3], unit="s")})
    frame.to_parquet(tmp_path / "in")
    await engine.import_sheet("in", SourceType.PARQUET, "data", "out", LoadSettings(), lambda _: None)
    sql = "select sum(epoch(d::interval)) from x.S"
    assert (await engine.query(sql, {"x.S": "out"})).data == [[89998.5]]
    await engine.write_arrow(streamed(pa.Table.from_pandas(frame)), "out")
    assert (await engine.query(sql, {"x.S": "out"})).data == [[89998.5]]


async def test_doubled_and_empty_names(engine: DuckEngine, tmp_path: Path) -> None:
    table = pa.Table.from_arrays([pa.array([i]) for i in range(4)], names=["a", "A", "", "a"])
    for written in (await take(engine, tmp_path, table), await engine.write_arrow(streamed(table), "out")):
        assert [c.name for c in written.columns] == ["a", "A_2", "column_3", "a_3"]
        assert await rows(engine) == [[0, 1, 2, 3]]


async def test_no_rows(engine: DuckEngine, tmp_path: Path) -> None:
    table = pa.table({"a": pa.array([], pa.int64()), "b": pa.array([], pa.string())})
    for written in (await take(engine, tmp_path, table), await engine.write_arrow(streamed(table), "out")):
        assert (written.rows, [c.type for c in written.columns]) == (0, ["BIGINT", "VARCHAR"])
        assert await rows(engine) == []


async def test_decimals_that_would_lose_digits(engine: DuckEngine, tmp_path: Path) -> None:
    table = pa.table({"c": pa.array([Decimal(10) ** 40], pa.decimal256(45, 0))})
    for call in (take(engine, tmp_path, table), engine.write_arrow(streamed(table), "out")):
        with pytest.raises(Invalid):
            await call


@pytest.mark.parametrize("stream", [b"", b"junk", b"\xff\xff\xff\xff\x00", streamed(pa.table({}))])
async def test_what_is_no_table(engine: DuckEngine, stream: bytes) -> None:
    with pytest.raises(Invalid):
        await engine.write_arrow(stream, "out")


async def test_a_damaged_parquet_file_says_so(engine: DuckEngine, tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": list(range(1000))}), tmp_path / "whole")
    whole = (tmp_path / "whole").read_bytes()
    (tmp_path / "in").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(Invalid, match="damaged"):
        await engine.preview("in", SourceType.PARQUET, LoadSettings())
    with pytest.raises(Invalid, match="damaged"):
        await engine.import_sheet("in", SourceType.PARQUET, "data", "out", LoadSettings(), lambda _: None)
