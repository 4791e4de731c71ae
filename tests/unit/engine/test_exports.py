"""Files to take along: what a spreadsheet makes of them, order, limits, and nothing left behind."""

import asyncio
import csv
import io
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import duckdb
import fastexcel
import openpyxl
import polars as pl
import pytest

from oryxforge.adapters.engine import DuckEngine, xlsx
from oryxforge.domain.errors import Invalid, Unprocessable
from oryxforge.domain.exports import ExportRequest, FileFormat
from oryxforge.domain.sheets import Filter, PageRequest, SortKey

Export = Callable[..., bytes]
CSV, EXCEL, PARQUET = FileFormat.CSV, FileFormat.EXCEL, FileFormat.PARQUET
TEXTS = ["=1+1", "+a", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1", "-5", "+1,5", "+49 30 1234", "plain", ""]

UUID = "6a1b1f1e-0000-4000-8000-000000000001"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("exports")


@pytest.fixture(scope="module")
def engine(root: Path) -> Iterator[DuckEngine]:
    engine = DuckEngine(str(root), temp_folder=root / "temp")
    yield engine
    engine.close()


@pytest.fixture
def export(engine: DuckEngine, root: Path) -> Export:
    def exported(
        sql: str,
        format: FileFormat = CSV,
        columns: tuple[str, ...] = (),
        view: PageRequest | None = None,
        title: str = "Orders",
    ) -> bytes:
        connection = duckdb.connect()
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"copy ({sql}) to '{root}/one.parquet' (format parquet)")

        async def made() -> bytes:
            request = ExportRequest(format, title, columns, view or PageRequest())
            file = await engine.export("one.parquet", request)
            content = b"".join([chunk async for chunk in file.chunks])
            assert len(content) == file.size_bytes
            return content

        content = asyncio.run(made())
        assert not list((root / "temp").glob("*.part"))
        return content

    return exported


def lines(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def book(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def texts_sql() -> str:
    rows = ", ".join(f"({n}, '{t}')" for n, t in enumerate(TEXTS))
    return f'select v as "=note" from (values {rows}) t(n, v) order by n'


def test_no_text_of_a_csv_is_a_formula(export: Export) -> None:
    (header,), *rows = lines(export(texts_sql()))
    assert header == "'=note"
    guarded = ["'" + t for t in TEXTS[:7]]
    assert [row[0] for row in rows if row] == [*guarded, "-5", "+1,5", "+49 30 1234", "plain", ""]


def test_texts_of_a_workbook_stay_texts(export: Export) -> None:
    sheet = book(export(texts_sql(), EXCEL)).active
    assert sheet.freeze_panes == "A2"
    assert {c.data_type for row in sheet.iter_rows() for c in row if c.value is not None} <= {
        "s",
        "inlineStr",
    }
    shown = [c.value for c in sheet["A"]]
    assert shown[:5] == ["=note", *TEXTS[:4]]


VALUES: list[tuple[str, str, object]] = [
    ("null::integer", "", None),
    ("12345", "12345", 12345),
    ("1234567890123456789", "1234567890123456789", "1234567890123456789"),
    ("1.5::double", "1.5", 1.5),
    ("'nan'::double", "", None),
    ("'inf'::float", "", None),
    ("1.50::decimal(9,2)", "1.50", 1.5),
    ("12345678901234567.89::decimal(20,2)", "12345678901234567.89", "12345678901234567.89"),
    ("true", "true", True),
    ("'Größe <&> \"x\", y'", 'Größe <&> "x", y', 'Größe <&> "x", y'),
    ("date '2024-02-29'", "2024-02-29", datetime(2024, 2, 29)),
    ("date '1850-01-01'", "1850-01-01", "1850-01-01"),
    ("'infinity'::date", "", None),
    ("timestamp '2024-02-29 10:30:00'", "2024-02-29 10:30:00", datetime(2024, 2, 29, 10, 30)),
    ("timestamptz '2024-02-29 10:30:00+02'", "2024-02-29 08:30:00+00:00", datetime(2024, 2, 29, 8, 30)),
    ("time '10:30:00'", "10:30:00", time(10, 30)),
    ("interval '2 hours'", "02:00:00", "02:00:00"),
    ("[1, null]", "[1,null]", "[1,null]"),
    ("{'a': date '2024-01-01'}", '{"a":"2024-01-01"}', '{"a":"2024-01-01"}'),
    ("'\\xAA'::blob", "qg==", "qg=="),
    (f"'{UUID}'::uuid", UUID, UUID),
]


def test_values_of_every_type(export: Export) -> None:
    sql = "select " + ", ".join(f"{v} as c{n}" for n, (v, _, _) in enumerate(VALUES))
    _, row = lines(export(sql))
    assert row == [shown for _, shown, _ in VALUES]
    sheet = book(export(sql, EXCEL)).active
    assert [c.value for c in sheet[2]] == [held for _, _, held in VALUES]
    assert sheet["A1"].font.b


@pytest.mark.parametrize("format", list(FileFormat))
def test_an_empty_sheet_has_its_header(export: Export, format: FileFormat) -> None:
    content = export("select 1 as a, 'x' as b limit 0", format)
    if format is CSV:
        assert lines(content) == [["a", "b"]]
    elif format is EXCEL:
        assert [[c.value for c in row] for row in book(content).active.iter_rows()] == [["a", "b"]]
    else:
        assert pl.read_parquet(io.BytesIO(content)).columns == ["a", "b"]


def test_what_a_workbook_can_not_hold(export: Export) -> None:
    control = "chr(1) || 'a' || chr(11) || chr(65535) || 'b _x0041_'"
    sheet = book(export(f"select {control} as v union all select repeat('x', 40000)", EXCEL)).active
    assert sheet["A2"].value in ("ab _x005F_x0041_", "ab _x0041_")
    assert sheet["A3"].value == "x" * 16_000 + " … (cut: 40000 bytes)"
    wide = book(export("select repeat('😀', 20000) as v", EXCEL)).active
    assert len(str(wide["A2"].value).encode("utf-16-le")) // 2 <= 32_767


def test_both_readers_of_workbooks_agree(export: Export) -> None:
    content = export(
        "select i as id, 'text ' || i as note, date '2024-01-01' + i::int as day from range(5000) r(i)", EXCEL
    )
    read = fastexcel.read_excel(content).load_sheet(0).to_polars()
    assert read.shape == (5000, 3)
    assert read.row(4999)[:2] == (4999.0, "text 4999")
    assert read["day"].cast(pl.Date)[1] == date(2024, 1, 2)


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Q1/Q2 [draft]: *?", "Q1 Q2  draft"),
        ("'", "Data"),
        ("x" * 40, "x" * 31),
        ('a & "b" <c>', 'a & "b" <c>'),
    ],
)
def test_a_workbook_is_named_after_the_sheet(export: Export, title: str, shown: str) -> None:
    assert book(export("select 1 as a", EXCEL, title=title)).sheetnames == [shown]


def test_more_than_excel_holds(export: Export, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Unprocessable, match="1,048,576") as caught:
        export("select i from range(1048576) r(i)", EXCEL)
    assert caught.value.code == "too_many_rows"
    assert book(
        export("select i from range(1048576) r(i)", EXCEL, view=PageRequest(filter=(Filter("i", "lt", 2),)))
    )
    monkeypatch.setattr(xlsx, "MAX_COLUMNS", 2)
    with pytest.raises(Unprocessable) as caught:
        export("select 1 as a, 2 as b, 3 as c", EXCEL)
    assert caught.value.code == "too_many_columns"


@pytest.mark.parametrize("format", list(FileFormat))
def test_rows_and_columns_as_they_are_looked_at(export: Export, format: FileFormat) -> None:
    sql = "select i as id, (i * 7919) % 100000 as k, 'n' || i as note from range(100000) r(i)"
    view = PageRequest(0, 0, (SortKey("k", True),), (Filter("id", "gte", 10),), "n")
    content = export(sql, format, ("note", "k", "note"), view)
    if format is CSV:
        header, *rows = lines(content)
        shown = [(row[0], int(row[1])) for row in rows]
    elif format is EXCEL:
        read = fastexcel.read_excel(content).load_sheet(0).to_polars()
        header, shown = read.columns, [(note, int(k)) for note, k in read.rows()]
    else:
        read = pl.read_parquet(io.BytesIO(content))
        header, shown = read.columns, [(note, int(k)) for note, k in read.rows()]
    assert header == ["note", "k"]
    expected = sorted(((f"n{i}", i * 7919 % 100_000) for i in range(10, 100_000)), key=lambda r: -r[1])
    assert shown == expected


def test_a_whole_sheet_as_parquet_is_its_own_file(export: Export, root: Path) -> None:
    assert export("select 1 as a", PARQUET) == (root / "one.parquet").read_bytes()


@pytest.mark.parametrize("format", list(FileFormat))
@pytest.mark.parametrize(
    "name", ['a"b; drop', "select", "sélect ' \\", "<b>&amp;", "file_row_number", "? %s"]
)
def test_odd_names(export: Export, name: str, format: FileFormat) -> None:
    quoted = name.replace('"', '""')
    content = export(
        f'select 1 as "{quoted}", 2 as other', format, (name,), PageRequest(sort=(SortKey(name),))
    )
    if format is CSV:
        assert lines(content) == [[name], ["1"]]
    elif format is EXCEL:
        assert [c.value for c in book(content).active["A"]] == [name, 1]
    else:
        assert pl.read_parquet(io.BytesIO(content)).to_dict(as_series=False) == {name: [1]}


def test_what_makes_no_sense(export: Export) -> None:
    for more, code in (
        ({"columns": ("b",)}, "column_unknown"),
        ({"view": PageRequest(sort=(SortKey("b"),))}, "column_unknown"),
        ({"view": PageRequest(filter=(Filter("a", "eq", "x"),))}, "filter_value"),
    ):
        with pytest.raises(Invalid) as caught:
            export("select 1 as a", CSV, **more)
        assert caught.value.code == code


async def test_a_file_that_nobody_reads_to_the_end_is_let_go_of(engine: DuckEngine, root: Path) -> None:
    duckdb.sql(f"copy (select range as id from range(1000000)) to '{root}/long.parquet' (format parquet)")
    made = await engine.export("long.parquet", ExportRequest(CSV, "Long"))
    assert (await anext(made.chunks), made.rows) == (b"\xef\xbb\xbf", 1_000_000)
    assert len(await anext(made.chunks)) == 1 << 20
    assert not list((root / "temp").glob("*.part"))
    await made.chunks.aclose()


async def test_an_export_stops_when_it_is_cancelled(engine: DuckEngine, root: Path) -> None:
    duckdb.sql(
        f"copy (select i, hash(i) h from range(3000000) r(i)) to '{root}/big.parquet' (format parquet)"
    )
    sorted_view = PageRequest(sort=(SortKey("h"),))
    task = asyncio.create_task(engine.export("big.parquet", ExportRequest(CSV, "Big", view=sorted_view)))
    await asyncio.sleep(0.2)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not list((root / "temp").glob("*.part"))
