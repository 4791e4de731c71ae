"""What is told of a file before it is imported: what was found out, and why each column has its type."""

from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from oryxforge.adapters.engine import DuckEngine
from oryxforge.domain.sheets import Written
from oryxforge.domain.sources import DateOrder, LoadSettings, SheetReading, SheetSettings, SourceType

NOTHING = LoadSettings()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[DuckEngine]:
    made = DuckEngine(str(tmp_path), temp_folder=tmp_path / "temp")
    yield made
    made.close()


async def read(
    engine: DuckEngine, root: Path, content: str, settings: LoadSettings = NOTHING
) -> SheetReading:
    (root / "in").write_text(content)
    return (await engine.inspect("in", SourceType.CSV, settings))[0]


async def take(
    engine: DuckEngine, kind: SourceType, sheet: str = "data", settings: LoadSettings = NOTHING
) -> Written:
    return await engine.import_sheet("in", kind, sheet, "out", settings, lambda _: None)


def book(root: Path) -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = "Orders"
    for row in (["Overview"], [], ["region", "units"], ["N", 1], ["S", 2]):
        sheet.append(row)
    sheet.merge_cells("A1:B1")
    made.create_sheet("Plain").append(["a", "b", "c"])
    made["Plain"].append([1, 2.5, "x"])
    made.create_sheet("Empty")
    made.save(root / "in")


async def test_what_a_text_file_is(engine: DuckEngine, tmp_path: Path) -> None:
    found = await read(engine, tmp_path, "Report;;\n\nid;n;when\n1;1,5;2024-01-31\n2;2,5;2024-02-01\n")
    assert (found.name, found.rows, found.exact) == ("data", 2, True)
    assert found.detected["delimiter"] == ";"
    assert found.detected["decimal"] == ","
    assert found.detected["header_row"] == 2
    assert found.detected["lines_above_header"] == ["Report"]
    assert found.detected["top"] == [
        ["Report", "", ""],
        [],
        ["id", "n", "when"],
        ["1", "1,5", "2024-01-31"],
        ["2", "2,5", "2024-02-01"],
    ]


@pytest.mark.parametrize(
    ("values", "kind", "words"),
    [
        (["1", "2"], "BIGINT", "whole number"),
        (["1,5", "2,25"], "DOUBLE", "comma stands before decimals"),
        (["00501", "10115"], "VARCHAR", "“00501” would lose its zero"),
        (["12345678901234567890", "1"], "VARCHAR", "every digit stays"),
        (["+4930123456", "+4930123457"], "VARCHAR", "Telephone"),
        (
            ["1", "2", "3", "n. b."],
            "VARCHAR",
            "Mostly numbers, but not all can be read as such, for one “n. b.”",
        ),
        (["31/01/2024", "01/02/2024"], "DATE", "read as day/month/year"),
        (["01/02/2024", "03/04/2024"], "VARCHAR", "until you say which"),
        (["1", "n/a"], "BIGINT", "“n/a” counts as missing"),
        (["red", "blue"], "VARCHAR", "Text."),
    ],
)
async def test_why_a_column_has_its_type(
    engine: DuckEngine, tmp_path: Path, values: list[str], kind: str, words: str
) -> None:
    lines = [f"{v};x" for v in values]
    column = (await read(engine, tmp_path, "\n".join(["c;d", *lines, ""]))).columns[0]
    assert column.type == kind
    assert words in column.why


@pytest.mark.parametrize(("order", "day"), [(DateOrder.DAY, "2024-02-01"), (DateOrder.MONTH, "2024-01-02")])
async def test_dates_that_can_be_read_either_way(
    engine: DuckEngine, tmp_path: Path, order: DateOrder, day: str
) -> None:
    settings = LoadSettings(dates=order)
    found = await read(engine, tmp_path, "d\n01/02/2024\n", settings)
    assert (found.columns[0].type, found.data) == ("DATE", [[day]])
    written = await take(engine, SourceType.CSV, settings=settings)
    assert [c.type for c in written.columns] == ["DATE"]


async def test_an_import_keeps_why(engine: DuckEngine, tmp_path: Path) -> None:
    await read(engine, tmp_path, "zip,n\n" + "10115,1\n" * 20_000 + "00501,x\n")
    written = await take(engine, SourceType.CSV)
    assert written.receipt["types"] == [
        {"name": "zip", "type": "VARCHAR", "why": "Looks like numbers, but “00501” would lose its zero: kept as text."},
        {"name": "n", "type": "VARCHAR", "why": "Text."},
    ]  # fmt: skip


async def test_a_large_file_is_not_counted(engine: DuckEngine, tmp_path: Path) -> None:
    found = await read(engine, tmp_path, "a,b\n" + "1234567,some words\n" * 200_000)
    assert not found.exact
    assert found.rows is not None
    assert 180_000 < found.rows < 220_000


async def test_titles_of_a_workbook(engine: DuckEngine, tmp_path: Path) -> None:
    book(tmp_path)
    orders, plain, empty = await engine.inspect("in", SourceType.EXCEL, NOTHING)
    assert orders.detected["header_row"] == 2
    assert orders.detected["lines_above_header"] == ["Overview"]
    assert [(c.name, c.type) for c in orders.columns] == [("region", "VARCHAR"), ("units", "BIGINT")]
    assert (orders.rows, orders.exact, orders.data) == (2, True, [["N", 1], ["S", 2]])
    assert plain.detected["header_row"] == 0
    assert (empty.columns, empty.rows) == ([], 0)
    written = await take(engine, SourceType.EXCEL, "Orders")
    assert (written.rows, written.receipt["merged_cells"]) == (2, 1)


async def test_settings_of_one_sheet_alone(engine: DuckEngine, tmp_path: Path) -> None:
    book(tmp_path)
    settings = LoadSettings(sheets={"Plain": SheetSettings(-1, {"column_1": "VARCHAR"})})
    orders, plain, _ = await engine.inspect("in", SourceType.EXCEL, settings)
    assert orders.detected["header_row"] == 2
    assert (plain.columns[0].why, plain.data) == (
        "You chose this type.",
        [["a", "b", "c"], ["1", "2.5", "x"]],
    )
    written = await take(engine, SourceType.EXCEL, "Plain", settings)
    assert written.rows == 2


async def test_parquet_says_itself(engine: DuckEngine, tmp_path: Path) -> None:
    pq.write_table(pa.table({"n": [1, 2, 3]}), tmp_path / "in")
    (found,) = await engine.inspect("in", SourceType.PARQUET, NOTHING)
    assert (found.rows, found.exact, found.columns[0].type) == (3, True, "BIGINT")
    assert (await take(engine, SourceType.PARQUET)).receipt["types"]


def test_settings_come_back_as_they_were_kept() -> None:
    settings = LoadSettings(";", "cp1252", 1, ",", {"a": "DATE"}, DateOrder.DAY, {"S": SheetSettings(2, {})})
    assert LoadSettings.of_json(settings.to_json()) == settings
    before = {"delimiter": ";", "encoding": None, "header_row": None, "decimal": None, "types": {}}
    assert LoadSettings.of_json(before) == LoadSettings(";")
