"""Workbooks: every sheet, every cell, each in the type that its column allows."""

import datetime as dt
import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import openpyxl
import pytest

from oryxforge.adapters.engine import DuckEngine
from oryxforge.adapters.engine.formulas import Formulas
from oryxforge.domain.errors import Invalid
from oryxforge.domain.sheets import Written
from oryxforge.domain.sources import LoadSettings, SheetSettings, SourceType

XLS = Path(__file__).with_name("two_sheets.xls")
Rows = Sequence[Sequence[object]]


class Bench:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.engine = DuckEngine(str(root), temp_folder=root / "temp")

    def put(self, **sheets: Rows) -> None:
        book = openpyxl.Workbook()
        book.remove(book.active)  # pyright: ignore[reportArgumentType]
        for name, rows in sheets.items():
            sheet = book.create_sheet(name)
            for row in rows:
                sheet.append(list(row))
        content = io.BytesIO()
        book.save(content)
        (self.root / "in.xlsx").write_bytes(content.getvalue())

    async def take(self, sheet: str, settings: LoadSettings | None = None) -> Written:
        return await self.engine.import_sheet(
            "in.xlsx", SourceType.EXCEL, sheet, "out.parquet", settings or LoadSettings(), lambda _: None
        )

    async def column(self, values: Sequence[object]) -> tuple[str, list[object]]:
        """The type and the values that a column gets, the same from preview and import."""
        self.put(S=[["h", "x"], *([v, 1] for v in values)])
        preview = (await self.engine.preview("in.xlsx", SourceType.EXCEL, LoadSettings()))["S"]
        written = await self.take("S")
        head = json.loads(await self.engine.head("out.parquet"))
        assert (head["data"], written.columns[0].type) == (preview.data, preview.types[0])
        return preview.types[0], [row[0] for row in preview.data]


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    bench = Bench(tmp_path_factory.mktemp("bench"))
    yield bench
    bench.engine.close()


@pytest.mark.parametrize(
    ("values", "kind", "expected"),
    [
        ([1, 2, None], "BIGINT", [1, 2, None]),
        ([1, 2.5], "DOUBLE", [1.0, 2.5]),
        ([1.0, 2.0], "BIGINT", [1, 2]),
        (["007", "8"], "VARCHAR", ["007", "8"]),
        ([1, "x", None], "VARCHAR", ["1", "x", None]),
        ([True, False], "BOOLEAN", [True, False]),
        ([dt.date(2024, 1, 31), None], "DATE", ["2024-01-31", None]),
        ([dt.datetime(2024, 1, 31, 10, 30)], "TIMESTAMP", ["2024-01-31T10:30:00"]),
        ([dt.time(10, 30)], "TIME", ["10:30:00"]),
        ([dt.datetime(2024, 1, 31), "n/a"], "VARCHAR", ["2024-01-31 00:00:00", "n/a"]),
        ([None, None], "VARCHAR", [None, None]),
        ([1e300, 2], "DOUBLE", [1e300, 2.0]),
        (["a\nb", 'q"'], "VARCHAR", ["a\nb", 'q"']),
    ],
)
async def test_columns(bench: Bench, values: list[object], kind: str, expected: list[object]) -> None:
    assert await bench.column(values) == (kind, expected)


async def test_a_late_text_is_kept(bench: Bench) -> None:
    bench.put(S=[["n"], *([i] for i in range(3000)), ["the end"]])
    written = await bench.take("S")
    assert (written.rows, written.columns[0].type) == (3001, "VARCHAR")
    page = await bench.engine.query(
        "select n from x.S where n in ('2999', 'the end')", {"x.S": "out.parquet"}
    )
    assert page.data == [["2999"], ["the end"]]


async def test_text_among_dates_is_kept_and_said(bench: Bench) -> None:
    bench.put(S=[["d"], *([v] for v in [dt.date(2024, 1, 1), "n/a"] * 1500)])
    written = await bench.take("S")
    assert written.receipt["columns_kept_as_text"] == ["d"]
    result = await bench.engine.query("select count(d), max(d) from x.S", {"x.S": "out.parquet"})
    assert result.data == [[3000, "n/a"]]


async def test_every_sheet_is_shown(bench: Bench) -> None:
    bench.put(One=[["a"], [1]], Empty=[], Header=[["a", "b"]], Two=[["x", "X", None], [1, 2, 3]])
    assert await bench.engine.detect("in.xlsx", "in.xlsx") == SourceType.EXCEL
    preview = await bench.engine.preview("in.xlsx", SourceType.EXCEL, LoadSettings())
    assert list(preview) == ["One", "Empty", "Header", "Two"]
    assert (preview["Empty"].headers, preview["Empty"].data) == ([], [])
    assert (preview["Header"].headers, preview["Header"].data) == (["a", "b"], [])
    assert (preview["Two"].headers, preview["Two"].data) == (["x", "X_2", "column_3"], [[1, 2, 3]])


async def test_preview_shows_at_most_the_limit(bench: Bench) -> None:
    bench.put(S=[["a"], *([i] for i in range(50))])
    preview = await bench.engine.preview("in.xlsx", SourceType.EXCEL, LoadSettings(), limit=5)
    assert preview["S"].data == [[i] for i in range(5)]


async def test_short_header_and_ragged_rows(bench: Bench) -> None:
    bench.put(S=[["a", "b"], [1, 2, 3], [4], [], ["x", None, 5]])
    written = await bench.take("S")
    assert [c.name for c in written.columns] == ["a", "b", "column_3"]
    head = json.loads(await bench.engine.head("out.parquet"))
    assert head["data"] == [["1", 2, 3], ["4", None, None], [None, None, None], ["x", None, 5]]


async def test_header_row_settings(bench: Bench) -> None:
    bench.put(S=[["Report"], [], ["a", "b"], [1, 2]])
    await bench.take("S", LoadSettings(header_row=2))
    assert json.loads(await bench.engine.head("out.parquet")) == {"headers": ["a", "b"], "data": [[1, 2]]}
    bench.put(S=[["x", 1], ["y", 2]])
    await bench.take("S", LoadSettings(header_row=-1))
    head = json.loads(await bench.engine.head("out.parquet"))
    assert head == {"headers": ["column_1", "column_2"], "data": [["x", 1], ["y", 2]]}


async def test_names_that_look_like_doubled_ones(bench: Bench) -> None:
    bench.put(S=[["a", "a", "a_1", 2024, "b_7", "b"], [1, 2, 3, 4, 5, 6]])
    written = await bench.take("S")
    assert [c.name for c in written.columns] == ["a", "a_2", "a_1", "2024", "b_7", "b"]


async def test_a_header_row_that_is_not_there(bench: Bench) -> None:
    bench.put(S=[["a"], [1]])
    with pytest.raises(Invalid) as caught:
        await bench.take("S", LoadSettings(header_row=99))
    assert caught.value.code in ("sheet_unreadable", "sheet_empty")


async def test_chosen_types(bench: Bench) -> None:
    bench.put(S=[["a", "b"], [1, "x"]])
    written = await bench.take("S", LoadSettings(types={"A": "VARCHAR"}))
    assert [c.type for c in written.columns] == ["VARCHAR", "VARCHAR"]
    with pytest.raises(Invalid) as caught:
        await bench.take("S", LoadSettings(types={"b": "BIGINT"}))
    assert caught.value.code == "type_does_not_fit"


async def test_old_workbooks(bench: Bench) -> None:
    (bench.root / "old.xls").write_bytes(XLS.read_bytes())
    assert await bench.engine.detect("old.xls", "old.xls") == SourceType.EXCEL
    preview = await bench.engine.preview("old.xls", SourceType.EXCEL, LoadSettings())
    assert preview["Orders"].types == ["BIGINT", "VARCHAR", "DOUBLE", "DATE", "VARCHAR"]
    assert preview["Orders"].data[1] == [2, "Zoë", 2.25, "2024-02-01", "90210"]
    assert preview["Notes"].data == [["hello"]]


@pytest.mark.parametrize(("sheet", "code"), [("Nope", "sheet_unknown"), ("Empty", "sheet_empty")])
async def test_sheets_that_can_not_be_taken(bench: Bench, sheet: str, code: str) -> None:
    bench.put(One=[["a"], [1]], Empty=[])
    with pytest.raises(Invalid) as caught:
        await bench.take(sheet)
    assert caught.value.code == code


async def test_a_damaged_workbook_says_so(bench: Bench) -> None:
    bench.put(One=[["a"], [1]])
    whole = (bench.root / "in.xlsx").read_bytes()
    (bench.root / "in.xlsx").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(Invalid, match="damaged"):
        await bench.engine.detect("in.xlsx", "in.xlsx")
    with pytest.raises(Invalid, match="damaged"):
        await bench.engine.preview("in.xlsx", SourceType.EXCEL, LoadSettings())


def _as_a_script_leaves_it(root: Path) -> None:
    """A workbook whose formulas nobody has calculated, below a title and beside a column of nothing else."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "S"
    for row in (["Bill", "=1"], [], ["item", "price", "=UPPER(B3)", "total"]):
        sheet.append(row)
    for at in range(4, 8):
        sheet.append([f"i{at}", at, None, f"=B{at}*2", *(["=NOW()"] if at == 5 else [])])
    sheet["D7"] = 14
    book.create_sheet("Sums").append(["=SUM(S!B4:B7)"])
    book.save(root / "in.xlsx")


async def test_formulas_without_a_stored_result_are_told(bench: Bench) -> None:
    _as_a_script_leaves_it(bench.root)
    told = {"count": 6, "columns": [["total", 3]], "left_out": ["E"], "headers": ["C3"]}
    reading, sums = await bench.engine.inspect("in.xlsx", SourceType.EXCEL, LoadSettings())
    assert reading.detected["formulas_without_result"] == told
    assert sums.detected["formulas_without_result"] == {
        "count": 1,
        "columns": [],
        "left_out": ["A"],
        "headers": [],
    }
    written = await bench.take("S")
    assert (written.rows, written.receipt["formulas_without_result"]) == (4, told)
    assert [c.why for c in reading.columns][2:] == [
        "No cell of it holds a value.",
        "Every cell is a whole number.",
    ]
    with pytest.raises(Invalid, match="save it, then bring it again"):
        await bench.take("Sums")


@pytest.mark.parametrize(
    ("cells", "lost"),
    [
        ('<c r="A2"><f>1+1</f><v>2</v></c><c r="B2" t="str"><f>""</f><v></v></c>', None),
        ('<c r="A2"><v>1</v></c><c r="B2" s="1"><f t="shared" si="0"/></c>', [["b", 1]]),
        ('<c r="A2"><f>1</f>\n<v /></c><c r="B2" t="str"><f>A2&gt;1</f></c>', [["a", 1], ["b", 1]]),
        ('<x:c r="A2"><x:v>1</x:v></x:c><x:c r="B2"><x:f>1</x:f><x:v/></x:c>', [["b", 1]]),
    ],
)
def test_formulas_as_programs_write_them(cells: str, lost: list[list[object]] | None) -> None:
    prefix = "x:" if "<x:" in cells else ""
    content = (
        f"<{prefix}worksheet><{prefix}sheetData>{cells}</{prefix}sheetData></{prefix}worksheet>".encode()
    )
    for size in (len(content), 48):
        formulas = Formulas(0)
        # Cut anywhere; the first block tells how the sheet is written.
        for start in range(0, len(content), size):
            formulas.feed(content[start : start + size])
        found = formulas.found({0: "a", 1: "b"})
        assert (found["columns"] if found else None) == lost


async def test_names_that_are_words_of_other_languages(bench: Bench) -> None:
    names = ["constructor", "toString", "__proto__"]
    bench.put(__proto__=[names, [1, 2, 3]])
    settings = LoadSettings(sheets={"__proto__": SheetSettings(types={"__proto__": "VARCHAR"})})
    reading = (await bench.engine.inspect("in.xlsx", SourceType.EXCEL, settings))[0]
    assert (reading.name, [c.name for c in reading.columns]) == ("__proto__", names)
    written = await bench.take("__proto__", settings)
    assert [(c.name, c.type) for c in written.columns][2] == ("__proto__", "VARCHAR")
