"""Files that a spreadsheet opens: a text stays a text."""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import openpyxl
import pyarrow as pa
import pytest
from rich.progress import Progress

from oryxforge.cli.export import Pages, Table, Written, write
from oryxforge.domain.errors import Failed

ROWS: dict[str, list[object]] = {
    "note": ["=1+1", "plain", None],
    "=who": ["#N/A", "@me", "x"],
    "phone": ["+49 30 1234", "-5", "+1,5"],
    "delta": [-1, 2, 3],
    "plus": ["+a", "b", "c"],
}


class Fixed:
    def __iter__(self) -> Iterator[Table]:
        yield cast("Table", pa.table(ROWS))


def export(file: Path) -> Written:
    with Progress(disable=True) as progress:
        return write(cast("Pages", Fixed()), file, progress)


def test_excel_gets_texts_and_no_formulas(tmp_path: Path) -> None:
    written = export(tmp_path / "rows.xlsx")
    assert written == Written(3)
    sheet = openpyxl.load_workbook(tmp_path / "rows.xlsx").active
    assert sheet is not None
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert {c.data_type for c in cells} == {"s", "n"}
    assert [c.value for c in sheet[2]] == ["=1+1", "#N/A", "+49 30 1234", -1, "+a"]
    assert [c.value for c in sheet[1]] == list(ROWS)


@pytest.mark.parametrize("name", ["rows.csv", "rows.parquet", "rows.xlsx"])
def test_a_place_that_can_not_be_written_to_is_said_so(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Failed, match="Name another place"):
        export(tmp_path / "file" / name)


def test_a_csv_keeps_its_values_and_names_the_columns_that_look_like_formulas(tmp_path: Path) -> None:
    written = export(tmp_path / "rows.csv")
    assert written == Written(3, ("note", "=who", "plus"))
    assert '"=1+1"' in (tmp_path / "rows.csv").read_text()
