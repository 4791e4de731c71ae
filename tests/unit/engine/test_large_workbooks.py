"""Workbooks that are far larger than their files: memory stays below a bound, and what is too much is refused."""

import asyncio
import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import openpyxl
import pytest

from oryxforge.adapters.engine import DuckEngine
from oryxforge.adapters.engine import workbook as limits
from oryxforge.domain.errors import OryxError, Unprocessable
from oryxforge.domain.sources import LoadSettings, SourceType
from unit.engine.apart import engine_processes, watched

START = b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
END = b"</sheetData></worksheet>"
CELLS = 50
Write = Callable[[IO[bytes]], None]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[DuckEngine]:
    engine = DuckEngine(str(tmp_path), temp_folder=tmp_path / "temp")
    yield engine
    engine.close()


def put(root: Path, first_sheet: Write, book: openpyxl.Workbook | None = None) -> None:
    """A workbook whose first sheet has the XML that is written."""
    if book is None:
        book = openpyxl.Workbook()
        book.create_sheet("Other").append(["x", "y"])
        book.create_sheet("Empty")
    content = io.BytesIO()
    book.save(content)
    with (
        zipfile.ZipFile(content) as source,
        zipfile.ZipFile(root / "in", "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            with target.open(name, "w") as sink:
                if name.endswith("sheet1.xml"):
                    first_sheet(sink)
                else:
                    sink.write(source.read(name))


def many_rows(rows: int) -> Write:
    def write(sink: IO[bytes]) -> None:
        row = b"<row>" + b"<c><v>1</v></c>" * CELLS + b"</row>"
        sink.write(START)
        for _ in range(rows // 1000):
            sink.write(row * 1000)
        sink.write(END)

    return write


def sparse(sink: IO[bytes]) -> None:
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    sink.write(START + b'<row r="1"><c r="A1"><v>1</v></c></row>' + far + END)


async def test_the_preview_reads_only_first_rows(engine: DuckEngine, tmp_path: Path) -> None:
    put(tmp_path, many_rows(40_000))
    async with watched() as seen:
        preview = await engine.preview("in", SourceType.EXCEL, LoadSettings(header_row=-1), limit=7)
    assert seen["memory"] < 200 << 20
    assert seen["stall"] < 1
    assert preview["Sheet"].data == [[1] * CELLS] * 7
    assert preview["Other"].data == [["x", "y"]]
    assert preview["Empty"].headers == []


async def test_a_whole_sheet_in_bounds(engine: DuckEngine, tmp_path: Path) -> None:
    put(tmp_path, many_rows(20_000))
    how = LoadSettings(header_row=-1)
    written = await engine.import_sheet("in", SourceType.EXCEL, "Sheet", "out", how, lambda _: None)
    assert (written.rows, len(written.columns)) == (20_000, CELLS)


async def test_too_many_cells_are_refused_before_they_are_read(engine: DuckEngine, tmp_path: Path) -> None:
    put(tmp_path, many_rows(limits.MAX_CELLS // CELLS + 1000))
    async with watched() as seen:
        with pytest.raises(Unprocessable, match="million cells") as caught:
            await engine.import_sheet("in", SourceType.EXCEL, "Sheet", "out", LoadSettings(), lambda _: None)
    assert caught.value.code == "workbook_too_large"
    assert seen["memory"] < 250 << 20
    written = await engine.import_sheet(
        "in", SourceType.EXCEL, "Other", "out", LoadSettings(), lambda _: None
    )
    assert len(written.columns) == 2


@pytest.mark.parametrize("call", ["preview", "import", "sheet_names"])
async def test_two_cells_far_apart(engine: DuckEngine, tmp_path: Path, call: str) -> None:
    put(tmp_path, sparse)
    async with watched() as seen:
        try:
            if call == "preview":
                await engine.preview("in", SourceType.EXCEL, LoadSettings())
            elif call == "import":
                await engine.import_sheet(
                    "in", SourceType.EXCEL, "Sheet", "out", LoadSettings(), lambda _: None
                )
            else:
                await engine.sheet_names("in", SourceType.EXCEL)
        except OryxError as error:
            assert isinstance(error, Unprocessable)
            assert call == "import"
    assert seen["memory"] < 1600 << 20


async def test_empty_columns_are_not_talked_about(
    engine: DuckEngine, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    book = openpyxl.Workbook()
    for row in (["a", "b"], [1, None], [2, None]):
        book["Sheet"].append(row)
    book.save(tmp_path / "in")
    await engine.preview("in", SourceType.EXCEL, LoadSettings())
    await engine.import_sheet("in", SourceType.EXCEL, "Sheet", "out", LoadSettings(), lambda _: None)
    assert "dtype" not in "".join(capfd.readouterr())


async def test_a_bomb_is_refused_before_it_is_unpacked(engine: DuckEngine, tmp_path: Path) -> None:
    def zeros(sink: IO[bytes]) -> None:
        for _ in range(1100):
            sink.write(bytes(1 << 20))

    put(tmp_path, zeros)
    assert (tmp_path / "in").stat().st_size < 2 << 20
    for call in (
        engine.preview("in", SourceType.EXCEL, LoadSettings()),
        engine.sheet_names("in", SourceType.EXCEL),
        engine.import_sheet("in", SourceType.EXCEL, "Sheet", "out", LoadSettings(), lambda _: None),
    ):
        with pytest.raises(Unprocessable, match="unpacks to"):
            await call


def test_cut_rows_end_where_they_should(tmp_path: Path) -> None:
    def prefixed(sink: IO[bytes]) -> None:
        row = b'<x:row r="%d" spans="1:2"><x:c r="A%d"><x:v>%d</x:v></x:c></x:row>'
        sink.write(START.replace(b"<worksheet", b"<x:worksheet").replace(b"<sheetData", b"<x:sheetData"))
        for i in range(1, 100_000):
            sink.write(row % (i, i, i))
        sink.write(b"</x:sheetData></x:worksheet>")

    put(tmp_path, prefixed)
    assert limits.cut_workbook(tmp_path / "in", tmp_path / "cut", 3)
    with zipfile.ZipFile(tmp_path / "cut") as archive:
        content = archive.read("xl/worksheets/sheet1.xml")
    assert content.count(b"<x:row ") == 3
    assert content.endswith(b"</x:row></x:sheetData></x:worksheet>")


async def test_no_process_is_left(tmp_path: Path) -> None:
    others = engine_processes()
    engine = DuckEngine(str(tmp_path), memory_limit="128MB")
    book = openpyxl.Workbook()
    book["Sheet"].append(["a"])
    book.save(tmp_path / "in")
    await engine.preview("in", SourceType.EXCEL, LoadSettings())
    assert engine_processes() - others
    engine.close()
    async with asyncio.timeout(5):
        while engine_processes() - others:
            await asyncio.sleep(0.02)
