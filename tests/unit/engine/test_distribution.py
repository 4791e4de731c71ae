"""Columns measured one by one: every type, what is missing, filters, and histograms at round places."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from oryxforge.adapters.engine import DuckEngine, distribution
from oryxforge.domain.errors import Invalid
from oryxforge.domain.profiles import Bin, Distribution, ValueCount
from oryxforge.domain.sheets import Filter, PageRequest

Measure = Callable[..., Distribution]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("distributions")


@pytest.fixture(scope="module")
def engine(root: Path) -> Iterator[DuckEngine]:
    engine = DuckEngine(str(root), temp_folder=root / "temp")
    yield engine
    engine.close()


@pytest.fixture
def measure(engine: DuckEngine, root: Path) -> Measure:
    """The column `v` of what a SELECT gives."""

    def measured(sql: str, column: str = "v", request: PageRequest | None = None) -> Distribution:
        duckdb.sql("set TimeZone = 'UTC'")
        duckdb.sql(f"copy ({sql}) to '{root}/one.parquet' (format parquet)")
        return asyncio.run(engine.distribution("one.parquet", column, request or PageRequest()))

    return measured


def values(kind: str, *texts: str) -> str:
    rows = ", ".join(f"({t})" for t in texts)
    return f"select v::{kind} as v from (values {rows}) t(v)"


def spread(found: Distribution) -> list[tuple[object, object, int]]:
    return [(b.start, b.end, b.rows) for b in found.bins]


def test_whole_numbers(measure: Measure) -> None:
    found = measure(values("bigint", "1", "2", "2", "5", "null"))
    assert (found.type, found.rows, found.missing, found.distinct) == ("BIGINT", 5, 1, 3)
    assert (found.minimum, found.maximum, found.mean, found.median) == (1, 5, 2.5, 2.0)
    assert found.quartiles == (1.75, 2.75)
    assert not found.is_distinct_estimated
    assert found.top[0] == ValueCount(2, 2)
    assert spread(found) == [(1.0, 2.0, 1), (2.0, 3.0, 2), (3.0, 4.0, 0), (4.0, 5.0, 0), (5.0, 6.0, 1)]


def test_doubles_with_what_is_no_number(measure: Measure) -> None:
    found = measure(values("double", "'nan'", "'inf'", "'-inf'", "null", "'0.3'", "'0.7'", "'1'", "'0'"))
    assert (found.rows, found.missing, found.distinct) == (8, 4, 4)
    assert (found.minimum, found.maximum, found.mean, found.median) == (0.0, 1.0, 0.5, 0.5)
    assert found.bins[6] == Bin(0.3, 0.35, 1)
    assert found.bins[-1] == Bin(0.95, 1.0, 1)
    assert sum(b.rows for b in found.bins) == 4


def test_decimals_keep_their_digits(measure: Measure) -> None:
    found = measure(values("decimal(18,2)", "1.50", "2.25", "12345678901234.56"))
    assert (found.minimum, found.maximum, found.median) == ("1.50", "12345678901234.56", 2.25)
    assert found.top[0] == ValueCount("1.50", 1)
    assert sum(b.rows for b in found.bins) == 3


@pytest.mark.parametrize(
    ("kind", "low", "high"),
    [
        ("double", "-1.7976931348623157e308", "1.7976931348623157e308"),
        ("double", "5e-324", "1e-323"),
        ("double", "1e16", "1.0000000000000002e16"),
        ("float", "-3.4028235e38", "3.4028235e38"),
        ("bigint", "-9223372036854775808", "9223372036854775807"),
        ("ubigint", "0", "18446744073709551615"),
        ("decimal(38,0)", "-9" * 1 + "9" * 37, "9" * 38),
        ("tinyint", "-128", "127"),
        ("date", "'290000-01-01 (BC)'", "'294000-12-31'"),
        ("timestamp", "'290000-01-01 (BC)'", "'294000-12-31'"),
        ("timestamp_ns", "'1700-01-01'", "'2262-01-01'"),
        ("timestamptz", "'1000-01-01 00:00:00+00'", "'9999-01-01 00:00:00+00'"),
        ("time", "'00:00:00'", "'23:59:59.999999'"),
        ("time", "'24:00:00'", "'00:00:00'"),
    ],
)
def test_the_widest_and_the_narrowest_ranges_have_bins(
    measure: Measure, kind: str, low: str, high: str
) -> None:
    found = measure(values(kind, low, high, low))
    assert 1 <= len(found.bins) <= 30
    assert sum(b.rows for b in found.bins) == 3
    assert None not in (found.minimum, found.maximum, found.median)


def test_one_value_is_one_bin(measure: Measure) -> None:
    assert spread(measure(values("integer", "7", "7"))) == [(7.0, 7.0, 2)]
    assert spread(measure(values("date", "'2024-01-01'"))) == [("2024-01-01", "2024-01-01", 1)]


def test_dates_by_days(measure: Measure) -> None:
    found = measure(
        "select date '2024-01-01' + i::int as v from range(40) r(i) union all "
        "select 'infinity'::date union all select null"
    )
    assert (found.rows, found.missing) == (42, 2)
    assert (found.minimum, found.maximum, found.median) == ("2024-01-01", "2024-02-09", "2024-01-20")
    assert found.quartiles == ("2024-01-10", "2024-01-30")
    assert (len(found.bins), found.bins[0], found.mean) == (20, Bin("2024-01-01", "2024-01-03", 2), None)


def test_times_with_a_zone_by_hours(measure: Measure) -> None:
    found = measure("select timestamptz '2024-01-01 00:30:00+02' + to_minutes(i) as v from range(1440) r(i)")
    assert found.minimum == "2023-12-31T22:30:00+00:00"
    assert (found.bins[0].start, found.bins[0].rows) == ("2023-12-31T22:00:00+00:00", 30)
    assert (found.bins[1].end, found.bins[1].rows) == ("2024-01-01T00:00:00+00:00", 60)
    assert len(found.bins) == 25


def test_times_of_day(measure: Measure) -> None:
    found = measure("select time '00:00:00' + to_minutes(i) as v from range(1440) r(i)")
    assert (found.minimum, found.maximum, found.median) == ("00:00:00", "23:59:00", "11:59:00")
    assert (len(found.bins), found.bins[-1]) == (24, Bin("23:00:00", "24:00:00", 60))


def test_texts(measure: Measure) -> None:
    long = "x" * 10_000
    found = measure(values("varchar", "'b'", "'a'", "'b'", "''", "null", f"'{long}'"))
    assert (found.missing, found.distinct, found.minimum) == (1, 4, "")
    assert found.top[:3] == (ValueCount("b", 2), ValueCount("", 1), ValueCount("a", 1))
    assert str(found.top[3].value).endswith(" … (cut: 10000 bytes)")
    assert (found.bins, found.median, found.quartiles, found.mean) == ((), None, None, None)


def test_at_most_ten_frequent_values(measure: Measure) -> None:
    found = measure("select 't' || (i % 200) as v from range(2000) r(i)")
    assert (len(found.top), found.distinct) == (10, 200)
    assert not measure("select i % 200 as v from range(2000) r(i)").top


def test_flags(measure: Measure) -> None:
    found = measure(values("boolean", "true", "true", "false", "null"))
    assert found.top == (ValueCount(True, 2), ValueCount(False, 1))
    assert (found.minimum, found.maximum, found.bins) == (False, True, ())


@pytest.mark.parametrize(
    ("kind", "texts", "top"),
    [
        ("integer[]", ["[1, 2]", "[1, 2]", "null"], [1, 2]),
        ("struct(a integer)", ["{'a': 1}", "{'a': 1}", "null"], {"a": 1}),
        ("map(varchar, integer)", ["map {'k': 1}", "map {'k': 1}", "null"], {"k": 1}),
        ("blob", ["'\\xAA'", "'\\xAA'", "null"], "qg=="),
        ("interval", ["'02:00:00'", "'02:00:00'", "null"], "02:00:00"),
        (
            "uuid",
            ["'6a1b1f1e-0000-4000-8000-000000000001'"] * 2 + ["null"],
            "6a1b1f1e-0000-4000-8000-000000000001",
        ),
    ],
)
def test_what_has_no_scale(measure: Measure, kind: str, texts: list[str], top: object) -> None:
    found = measure(values(kind, *texts))
    assert (found.rows, found.missing, found.distinct, found.bins) == (3, 1, 1, ())
    assert len(found.top) == 1
    assert found.top[0].rows == 2
    assert found.top[0].value == top or kind in ("integer[]", "struct(a integer)", "map(varchar, integer)")


@pytest.mark.parametrize(
    "kind", ["bigint", "double", "varchar", "boolean", "date", "timestamptz", "time", "integer[]"]
)
def test_nothing_there(measure: Measure, kind: str) -> None:
    for sql, rows in (
        (f"select null::{kind} as v from range(3)", 3),
        (f"select null::{kind} as v limit 0", 0),
    ):
        found = measure(sql)
        assert (found.rows, found.missing, found.distinct) == (rows, rows, 0)
        told = (found.minimum, found.maximum, found.mean, found.median, found.quartiles)
        assert (told, found.top, found.bins) == ((None,) * 5, (), ())


def test_only_the_rows_that_are_looked_at(measure: Measure) -> None:
    sql = "select i as v, case when i % 2 = 0 then 'even' else 'odd' end as k from range(100) r(i)"
    found = measure(sql, request=PageRequest(filter=(Filter("k", "eq", "even"),), search="9"))
    assert (found.rows, found.missing, found.maximum) == (5, 0, 98)
    with pytest.raises(Invalid) as caught:
        measure(sql, request=PageRequest(filter=(Filter("v", "eq", "many"),)))
    assert caught.value.code == "filter_value"


@pytest.mark.parametrize(
    "name", ['a"b; drop', "value", "measured", "rows", "sélect ' \\", "file_row_number", "%s ?"]
)
def test_odd_names(measure: Measure, name: str) -> None:
    quoted = name.replace('"', '""')
    found = measure(f'select 1 as "{quoted}", 2 as other', name)
    assert (found.column, found.minimum, found.rows) == (name, 1, 1)
    filtered = measure(
        f'select 1 as "{quoted}", 2 as other', name, PageRequest(filter=(Filter("other", "eq", 2),))
    )
    assert filtered == found


def test_a_column_that_is_not_there(measure: Measure) -> None:
    with pytest.raises(Invalid, match="`amount`") as caught:
        measure("select 1 as amount", "amounts")
    assert caught.value.code == "column_unknown"


def test_long_columns_are_estimated(measure: Measure, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(distribution, "EXACT_ROWS", 1000)
    monkeypatch.setattr(distribution, "EXACT_DISTINCT", 1000)
    monkeypatch.setattr(distribution, "EXACT_QUARTILES", 1000)
    found = measure(
        "select case when i % 10 = 0 then 'often' else 'text ' || i end as v from range(20000) r(i)"
    )
    assert found.is_distinct_estimated
    assert found.distinct == pytest.approx(18_001, rel=0.1)
    assert found.top[0] == ValueCount("often", 2000)
    numbers = measure("select i as v from range(20000) r(i)")
    assert numbers.median == pytest.approx(9_999.5, rel=0.02)
    exact = measure("select i % 7 as v from range(20000) r(i)")
    assert (exact.distinct, exact.is_distinct_estimated) == (7, False)
