"""Pages: filters, order, odd names, and values as JSON has them."""

import base64
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from oryxforge.adapters.engine import DuckEngine
from oryxforge.domain.errors import Invalid
from oryxforge.domain.sheets import Filter, Page, PageRequest, SortKey

Make = Callable[[str], str]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pages")


@pytest.fixture(scope="module")
def engine(root: Path) -> Iterator[DuckEngine]:
    engine = DuckEngine(str(root), temp_folder=root / "temp")
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def people(root: Path) -> str:
    sql = """select * from (values
        (1, 'Ann', 1.5, date '2024-01-01', true, [1], 'a%b'),
        (2, 'bob', null, date '2024-01-02', false, [2], 'A_B'),
        (3, null, 2.5, date '2024-01-03', null, null, ''),
        (4, 'ANNA', 'nan'::double, null, true, [], 'x')
    ) t(id, name, score, day, ok, list, code)"""
    duckdb.sql(f"copy ({sql}) to '{root}/people.parquet' (format parquet)")
    return "people.parquet"


async def ids(engine: DuckEngine, uri: str, *filters: Filter) -> list[object]:
    page = await engine.page(uri, PageRequest(filter=filters))
    assert page.total == len(page.data)
    return [row[0] for row in page.data]


@pytest.mark.parametrize(
    ("column", "op", "value", "found"),
    [
        ("id", "eq", 2, [2]),
        ("id", "eq", "2", [2]),
        ("id", "ne", 2, [1, 3, 4]),
        ("id", "gt", 2.5, [3, 4]),
        ("ID", "lte", "2.0", [1, 2]),
        ("id", "in", [1, "3", None], [1, 3]),
        ("id", "in", [], []),
        ("name", "eq", "Ann", [1]),
        ("name", "ne", "Ann", [2, 3, 4]),
        ("name", "eq", None, [3]),
        ("name", "ne", None, [1, 2, 4]),
        ("name", "in", ["bob", None], [2, 3]),
        ("name", "contains", "nn", [1, 4]),
        ("name", "starts_with", "an", [1, 4]),
        ("name", "is_null", None, [3]),
        ("name", "not_null", None, [1, 2, 4]),
        ("score", "gte", "1.5", [1, 3]),
        ("score", "is_null", None, [2, 4]),
        ("score", "not_null", None, [1, 3]),
        ("day", "lt", "2024-01-02", [1]),
        ("day", "contains", "-03", [3]),
        ("ok", "eq", True, [1, 4]),
        ("ok", "eq", "false", [2]),
        ("list", "contains", "2", [2]),
        ("list", "is_null", None, [3]),
        ("code", "contains", "%", [1]),
        ("code", "contains", "a_b", [2]),
        ("name", "eq", "' or 1=1 --", []),
    ],
)
async def test_filters(
    engine: DuckEngine, people: str, column: str, op: str, value: object, found: list[int]
) -> None:
    assert await ids(engine, people, Filter(column, op, value)) == found


async def test_what_is_shown_as_missing_sorts_last(engine: DuckEngine, people: str) -> None:
    for descending, order in ((False, [1, 3, 2, 4]), (True, [3, 1, 2, 4])):
        page = await engine.page(people, PageRequest(sort=(SortKey("score", descending),)))
        assert [row[0] for row in page.data] == order


async def test_filters_add_up(engine: DuckEngine, people: str) -> None:
    assert await ids(engine, people, Filter("id", "gt", 1), Filter("name", "not_null")) == [2, 4]


@pytest.mark.parametrize(
    ("request_", "code", "says"),
    [
        (PageRequest(filter=(Filter("nam", "eq", 1),)), "column_unknown", "`name`"),
        (PageRequest(sort=(SortKey("scor"),)), "column_unknown", "`score`"),
        (PageRequest(filter=(Filter("id", "equals", 1),)), "filter_unknown", "`eq`"),
        (PageRequest(filter=(Filter("id", "gt", "many"),)), "filter_value", "many"),
        (PageRequest(filter=(Filter("id", "eq", True),)), "filter_value", "True"),
        (PageRequest(filter=(Filter("day", "eq", "soon"),)), "filter_value", "soon"),
        (PageRequest(filter=(Filter("ok", "eq", "maybe"),)), "filter_value", "maybe"),
        (PageRequest(filter=(Filter("id", "in", 7),)), "filter_value", "list"),
        (PageRequest(filter=(Filter("list", "eq", [1]),)), "filter_unfit", "contains"),
        (PageRequest(offset=-1), "page_invalid", "offset"),
    ],
)
async def test_what_makes_no_sense(
    engine: DuckEngine, people: str, request_: PageRequest, code: str, says: str
) -> None:
    with pytest.raises(Invalid) as caught:
        await engine.page(people, request_)
    assert caught.value.code == code
    assert says in caught.value.detail


async def test_order_is_stable_and_missing_values_come_last(engine: DuckEngine, root: Path) -> None:
    sql = "select range as id, case when range % 10 > 0 then range % 3 end as k from range(300000)"
    duckdb.sql(f"copy ({sql}) to '{root}/long.parquet' (format parquet, row_group_size 30000)")
    seen: list[object] = []
    sort = (SortKey("k", descending=True),)
    for offset in range(0, 300_000, 60_000):
        page = await engine.page("long.parquet", PageRequest(offset=offset, limit=5000, sort=sort))
        seen += [row[0] for row in page.data]
    groups = [[i for i in range(300_000) if i % 10 and i % 3 == k] for k in (2, 1, 0)]
    order = [*groups[0], *groups[1], *groups[2], *range(0, 300_000, 10)]
    assert seen == [i for offset in range(0, 300_000, 60_000) for i in order[offset : offset + 5000]]


async def test_offsets_limits_and_the_cap(engine: DuckEngine, root: Path) -> None:
    duckdb.sql(f"copy (select range as id from range(25000)) to '{root}/many.parquet' (format parquet)")
    page = await engine.page("many.parquet", PageRequest(offset=24_990, limit=100))
    assert ([row[0] for row in page.data], page.total) == (list(range(24_990, 25_000)), 25_000)
    capped = await engine.page("many.parquet", PageRequest(limit=20_000))
    assert (len(capped.data), capped.truncated) == (10_000, True)
    assert (await engine.page("many.parquet", PageRequest(offset=99_999, limit=0))).data == []


async def test_odd_names(engine: DuckEngine, root: Path) -> None:
    sql = """select 1 as "a""b; drop", 2 as "FILE_row_number", 3 as filename, 4 as "sélect ' \\", 5 as oryx_row"""
    duckdb.sql(f"copy ({sql}) to '{root}/odd.parquet' (format parquet)")
    request = PageRequest(sort=(SortKey('a"b; drop'),), filter=(Filter("sélect ' \\", "eq", 4),))
    page = await engine.page("odd.parquet", request)
    assert page.headers == ['a"b; drop', "FILE_row_number", "filename", "sélect ' \\", "oryx_row"]
    assert page.data == [[1, 2, 3, 4, 5]]
    assert (await engine.page("odd.parquet", PageRequest())).data == [[1, 2, 3, 4, 5]]


VALUES: list[tuple[str, object]] = [
    ("null", None),
    ("true", True),
    ("1::tinyint", 1),
    ("9007199254740992", 9007199254740992),
    ("9007199254740993", "9007199254740993"),
    ("-9007199254740993", "-9007199254740993"),
    ("18446744073709551615::ubigint", "18446744073709551615"),
    ("1.5::double", 1.5),
    ("'nan'::double", None),
    ("'inf'::double", None),
    ("'-inf'::float", None),
    ("0.1::float", 0.1),
    ("1.50::decimal(9,2)", "1.50"),
    ("'héllo'", "héllo"),
    ("'\\xAA\\x00'::blob", base64.b64encode(b"\xaa\x00").decode()),
    ("date '2024-02-29'", "2024-02-29"),
    ("date '12024-02-29'", "12024-02-29"),
    ("'infinity'::date", None),
    ("time '10:30:00.5'", "10:30:00.5"),
    ("timestamp '2024-02-29 10:30:00'", "2024-02-29T10:30:00"),
    ("timestamp '2024-02-29 10:30:00.123456'", "2024-02-29T10:30:00.123456"),
    ("'infinity'::timestamp", None),
    ("timestamptz '2024-02-29 10:30:00+02'", "2024-02-29T08:30:00+00:00"),
    ("'2024-02-29 10:30:00.123456789+02'::timestamptz_ns", "2024-02-29T08:30:00.123456789+00:00"),
    ("timestamp_ns '2024-02-29 10:30:00.123456789'", "2024-02-29T10:30:00.123456789"),
    ("'6a1b1f1e-0000-4000-8000-000000000001'::uuid", "6a1b1f1e-0000-4000-8000-000000000001"),
    ("interval '1 day 2 hours'", "1 day 02:00:00"),
    ("'a'::enum('a', 'b')", "a"),
    ("[1, null, 9007199254740993]", [1, None, "9007199254740993"]),
    ("[1.5, 'nan'::double]", [1.5, None]),
    ("{'a': 1, 'b': {'c': date '2024-01-01'}}", {"a": 1, "b": {"c": "2024-01-01"}}),
    ("map {'k': [timestamp '2024-01-01 00:00:00.5']}", {"k": ["2024-01-01T00:00:00.5"]}),
    ("map {2: 'x'}", {"2": "x"}),
    ("[1.50::decimal(9,2)]", ["1.50"]),
    ("['\\xAA'::blob]", ["qg=="]),
    ("[timestamptz '2024-01-01 00:00:00+00']", ["2024-01-01T00:00:00+00:00"]),
]


async def test_values_from_parquet(engine: DuckEngine, root: Path) -> None:
    select = ", ".join(f"{sql} as c{i}" for i, (sql, _) in enumerate(VALUES))
    duckdb.sql(f"copy (select {select}) to '{root}/values.parquet' (format parquet)")
    page = await engine.page("values.parquet", PageRequest())
    assert page.data == [[expected for _, expected in VALUES]]


async def test_values_from_a_query(engine: DuckEngine) -> None:
    more: list[tuple[str, object]] = [
        *VALUES,
        ("170141183460469231731687303715884105727::hugeint", "170141183460469231731687303715884105727"),
        ("sum(3)", 3),
        ("'101'::bit", "101"),
        ("union_value(x := 1)", 1),
        ("[1, 2]::int[2]", [1, 2]),
        ("map {[1]: 2}", {"key": [[1]], "value": [2]}),
    ]
    select = ", ".join(f"{sql} as c{i}" for i, (sql, _) in enumerate(more))
    result = await engine.query(f"select {select}", {})
    assert result.data == [[expected for _, expected in more]]


async def test_profile_of_every_type(engine: DuckEngine, root: Path) -> None:
    select = ", ".join(f"{sql} as c{i}" for i, (sql, _) in enumerate(VALUES))
    duckdb.sql(f"copy (select {select}) to '{root}/profiled.parquet' (format parquet)")
    profiles = await engine.profile("profiled.parquet", ())
    assert len(profiles) == len(VALUES)
    assert [p.missing for p in profiles[:4]] == [1, 0, 0, 0]
    assert profiles[3].minimum == "9007199254740992"


async def test_profile_of_an_empty_sheet(engine: DuckEngine, root: Path) -> None:
    duckdb.sql(f"copy (select 1 as a, 'x' as b limit 0) to '{root}/none.parquet' (format parquet)")
    profiles = await engine.profile("none.parquet", ())
    assert [(p.missing, p.distinct, p.minimum, p.mean, p.top) for p in profiles] == [
        (0, 0, None, None, ())
    ] * 2
    assert await engine.page("none.parquet", PageRequest()) == Page(["a", "b"], ["INTEGER", "VARCHAR"], [], 0)


async def test_arrow_page_keeps_types(engine: DuckEngine, people: str) -> None:
    import pyarrow as pa

    request = PageRequest(sort=(SortKey("id", descending=True),), limit=2, filter=(Filter("id", "lt", 4),))
    stream, total = await engine.page_arrow(people, request)
    table: Any = pa.ipc.open_stream(stream).read_all()
    assert total == 3
    assert table.column("id").to_pylist() == [3, 2]
    assert str(table.schema.field("day").type) == "date32[day]"
