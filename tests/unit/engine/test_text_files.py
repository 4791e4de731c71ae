"""Text files of every odd sort: what is in them arrives, and nothing else."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from oryxforge.adapters.engine import DuckEngine
from oryxforge.domain.errors import Invalid
from oryxforge.domain.sheets import PageRequest, SortKey, Written
from oryxforge.domain.sources import LoadSettings, SheetPreview, SourceType

BEYOND_SAMPLE = 10_000
NOTHING = LoadSettings()


@dataclass
class Bench:
    root: Path
    engine: DuckEngine

    def put(self, content: str | bytes) -> None:
        raw = content.encode() if isinstance(content, str) else content
        (self.root / "in.csv").write_bytes(raw)

    async def preview(self, content: str | bytes, settings: LoadSettings = NOTHING) -> SheetPreview:
        self.put(content)
        return (await self.engine.preview("in.csv", SourceType.CSV, settings))["data"]

    async def take(self, content: str | bytes, settings: LoadSettings = NOTHING) -> Written:
        self.put(content)
        return await self.engine.import_sheet(
            "in.csv", SourceType.CSV, "data", "out.parquet", settings, lambda _: None
        )

    async def both(
        self, content: str | bytes, settings: LoadSettings = NOTHING
    ) -> tuple[list[str], list[str], list[list[object]]]:
        """Headers, types and rows, the same from preview and import."""
        preview = await self.preview(content, settings)
        written = await self.take(content, settings)
        head = json.loads(await self.engine.head("out.parquet"))
        assert (head["headers"], head["data"]) == (preview.headers, preview.data)
        assert [c.type for c in written.columns] == preview.types
        assert written.rows == len(preview.data)
        return preview.headers, preview.types, preview.data

    async def last_row(self) -> list[object]:
        total = (await self.engine.page("out.parquet", PageRequest(limit=0))).total
        return (await self.engine.page("out.parquet", PageRequest(offset=total - 1, limit=1))).data[0]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    engine = DuckEngine(str(tmp_path), temp_folder=tmp_path / "temp")
    yield Bench(tmp_path, engine)
    engine.close()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^"])
async def test_delimiters(bench: Bench, delimiter: str) -> None:
    content = "a,b,c\n1,x y,2.5\n2,z,3.5\n".replace(",", delimiter)
    assert await bench.both(content) == (
        ["a", "b", "c"],
        ["BIGINT", "VARCHAR", "DOUBLE"],
        [[1, "x y", 2.5], [2, "z", 3.5]],
    )


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
async def test_line_ends(bench: Bench, end: str) -> None:
    _, _, rows = await bench.both("a,b\n1,2\n3,4\n".replace("\n", end))
    assert rows == [[1, 2], [3, 4]]


async def test_mixed_line_ends(bench: Bench) -> None:
    assert (await bench.both("a,b\r\n1,2\n3,4\r\n"))[2] == [[1, 2], [3, 4]]


@pytest.mark.parametrize(
    ("encoding", "word"),
    [
        ("utf-8", "Île"),
        ("utf-8-sig", "Île"),
        ("utf-16", "Île"),
        ("utf-16-le", "Île-de-France"),
        ("utf-32", "Île"),
        ("latin-1", "Île"),
        ("cp1252", "Côte d’Azur"),
        ("cp1250", "Łódź, województwo łódzkie"),
        ("cp1251", "Москва"),
        ("cp1253", "Αθήνα"),
        ("shift_jis", "名古屋さくら京都"),
    ],
)
async def test_encodings(bench: Bench, encoding: str, word: str) -> None:
    content = f'name,n\n"{word}",1\n"{word}",2\n'.encode(encoding)
    assert (await bench.both(content))[2] == [[word, 1], [word, 2]]


async def test_a_late_letter_decides_the_encoding(bench: Bench) -> None:
    content = "name,n\n" + f"{'abc' * 40},1\n" * BEYOND_SAMPLE + "Zoë,2\n"
    written = await bench.take(content.encode("cp1252"))
    assert written.receipt["encoding"] == "cp1252"
    assert await bench.last_row() == ["Zoë", 2]


@pytest.mark.parametrize("chosen", ["utf-8", "utf-8-sig", "UTF8", "shift_jis"])
async def test_a_chosen_encoding_that_does_not_fit_is_refused(bench: Bench, chosen: str) -> None:
    settings = LoadSettings(encoding=chosen)
    for call in (bench.preview, bench.take):
        with pytest.raises(Invalid, match="look like Windows-1252: choose that") as caught:
            await call("name,n\nMüller,1\nGrün,2\n".encode("latin-1"), settings)
        assert caught.value.code == "encoding_wrong"


async def test_a_late_letter_overrules_no_choice(bench: Bench) -> None:
    content = ("name,n\n" + f"{'abc' * 40},1\n" * BEYOND_SAMPLE + "Zoë,2\n").encode("cp1252")
    with pytest.raises(Invalid, match=r"not UTF-8 .* look like Windows-1252"):
        await bench.take(content, LoadSettings(encoding="utf-8"))
    written = await bench.take(content, LoadSettings(encoding="latin-1"))
    assert written.receipt["encoding"] == "iso8859-1"


async def test_leading_zeros_long_ids_and_phones_stay_text(bench: Bench) -> None:
    _, types, rows = await bench.both(
        "zip,id,phone,n\n00501,12345678901234567890,+33612345678,-5\n90210,2,+331,0\n"
    )
    assert types == ["VARCHAR", "VARCHAR", "VARCHAR", "BIGINT"]
    assert rows[0] == ["00501", "12345678901234567890", "+33612345678", -5]


async def test_decimal_comma_and_grouped_thousands(bench: Bench) -> None:
    assert (await bench.both("a;b\n1,5;1.234,5\n-2,25;12\n"))[2] == [[1.5, 1234.5], [-2.25, 12.0]]
    assert (await bench.both('a,b\n"1,234",x\n"12,345.5",y\n'))[2] == [[1234.0, "x"], [12345.5, "y"]]
    settings = LoadSettings(decimal=",")
    assert (await bench.both("a;b\n1,234;2,5\n", settings))[2] == [[1.234, 2.5]]


async def test_words_for_missing_values(bench: Bench) -> None:
    _, types, rows = await bench.both("n,t\n1,NA\nN/A,x\nnull,NA\n")
    assert types == ["BIGINT", "VARCHAR"]
    assert rows == [[1, "NA"], [None, "x"], [None, "NA"]]


async def test_dates_and_times(bench: Bench) -> None:
    _, types, rows = await bench.both(
        "d,t,z,c,eu,us\n"
        "2024-01-31,2024-01-31 10:30:00,2024-01-31T10:30:00+02:00,10:30,31/01/2024,01/31/2024 10:30 PM\n"
        "2024-02-01,2024-02-01T00:00:00.125,2024-02-01T00:00:00Z,09:05:01,13/02/2024,02/13/2024 09:00 AM\n"
    )
    assert types == ["DATE", "TIMESTAMP", "TIMESTAMP WITH TIME ZONE", "TIME", "DATE", "TIMESTAMP"]
    assert rows[0] == [
        "2024-01-31", "2024-01-31T10:30:00", "2024-01-31T08:30:00+00:00", "10:30:00", "2024-01-31",
        "2024-01-31T22:30:00",
    ]  # fmt: skip
    assert rows[1][1] == "2024-02-01T00:00:00.125"


async def test_ambiguous_days_stay_text_and_the_receipt_says_so(bench: Bench) -> None:
    written = await bench.take("d\n01/02/2024\n03/04/2024\n")
    assert written.columns[0].type == "VARCHAR"
    assert "day first" in str(written.receipt["columns"])


async def test_days_that_do_not_exist_stay_text(bench: Bench) -> None:
    assert (await bench.both("d\n2024-02-30\n2024-02-28\n"))[1] == ["VARCHAR"]


async def test_header_names(bench: Bench) -> None:
    assert (await bench.both("a,A,a,,a_2\n1,2,3,4,5\n"))[0] == ["a", "A_3", "a_4", "column_4", "a_2"]


@pytest.mark.parametrize(
    ("content", "headers", "rows"),
    [
        ("1,2\n3,4\n", ["column_1", "column_2"], [[1, 2], [3, 4]]),
        ("Country,2019,2020\nFR,1,2\n", ["Country", "2019", "2020"], [["FR", 1, 2]]),
        ("name,city\nbob,paris\n", ["name", "city"], [["bob", "paris"]]),
        ("a,b,c\n", ["a", "b", "c"], []),
        ("a,b\nx,1,2\ny,3,4\n", ["column_1", "a", "b"], [["x", 1, 2], ["y", 3, 4]]),
        ("a\n1\n2\n", ["a"], [[1], [2]]),
        ("text\nHello, world\nI am here\n", ["text"], [["Hello, world"], ["I am here"]]),
        ("Report\n\na,b\n1,2\n", ["a", "b"], [[1, 2]]),
        ("Report,,\na,b,c\n1,2,3\n", ["a", "b", "c"], [[1, 2, 3]]),
    ],
)
async def test_where_the_header_is(
    bench: Bench, content: str, headers: list[str], rows: list[list[object]]
) -> None:
    found, _, data = await bench.both(content)
    assert (found, data) == (headers, rows)


async def test_title_lines_are_in_the_receipt(bench: Bench) -> None:
    written = await bench.take("Report of 2024\n\na,b\n1,2\n")
    assert written.receipt["lines_above_header"] == ["Report of 2024"]


async def test_settings_win(bench: Bench) -> None:
    content = "x|y,z\n1|2,3\n4|5,6\n"
    assert (await bench.both(content, LoadSettings(delimiter="|")))[0] == ["x", "y,z"]
    assert (await bench.both("a,b\nc,d\n", LoadSettings(header_row=-1)))[2] == [["a", "b"], ["c", "d"]]
    assert (await bench.both("t,u\na,b\n1,2\n", LoadSettings(header_row=1)))[0] == ["a", "b"]
    typed = LoadSettings(types={"A": "VARCHAR", "b": "DECIMAL(9,2)"})
    assert (await bench.both("a,b\n1,2.5\n", typed))[1:] == (["VARCHAR", "DECIMAL(9,2)"], [["1", "2.50"]])


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        (LoadSettings(types={"a": "BIGINT"}), "type_does_not_fit"),
        (LoadSettings(types={"nope": "BIGINT"}), "column_unknown"),
        (LoadSettings(types={"a": "BIGINT) --"}), "type_unknown"),
        (LoadSettings(types={"a": "WHATEVER"}), "type_unknown"),
        (LoadSettings(delimiter="ab"), "delimiter_invalid"),
        (LoadSettings(encoding="klingon"), "encoding_unknown"),
        (LoadSettings(encoding="ascii"), "encoding_wrong"),
        (LoadSettings(header_row=99), "header_row_missing"),
    ],
)
async def test_settings_that_do_not_fit(bench: Bench, settings: LoadSettings, code: str) -> None:
    content = "a,b\nx,é\n"
    for call in (bench.preview, bench.take):
        with pytest.raises(Invalid) as caught:
            await call(content, settings)
        assert caught.value.code == code


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        ("a,b\n1,2\n3,4,5\n", [[1, 2, None], [3, 4, 5]]),
        ("a,b,c\n1,2,3\n4,5\n6\n", [[1, 2, 3], [4, 5, None], [6, None, None]]),
        ('a,b\n1,"x\n2,y\n3,z\n', [[1, '"x'], [2, "y"], [3, "z"]]),
        ('a,b\n1,x"y\n2,"z"w\n3,"q""r"\n', [[1, 'x"y'], [2, '"z"w'], [3, 'q"r']]),
        ('a,b\n1,"x\ny"\n2\n', [[1, "x\ny"], [2, None]]),
        ('a,b\n1, "x, y"\n2,"z" \n', [[1, "x, y"], [2, "z"]]),
        ("a,b\n1,2\n\n3,4\n,\n", [[1, 2], [3, 4], [None, None]]),
    ],
)
async def test_irregular_rows_are_all_there(bench: Bench, content: str, rows: list[list[object]]) -> None:
    assert (await bench.both(content))[2] == rows


LATE = [
    ("1", "x", "VARCHAR"),
    ("1", "1.5", "DOUBLE"),
    ("1", "007", "VARCHAR"),
    ("1", "1_000", "VARCHAR"),
    ("1", "0x10", "VARCHAR"),
    ("1", "12345678901234567890", "VARCHAR"),
    ("1.5", "12345678901234567890", "VARCHAR"),
    ("1.5", "1_0.5", "VARCHAR"),
    ("1.5", "1e400", "VARCHAR"),
    ("1.5", "07.5", "VARCHAR"),
    ("", "7", "BIGINT"),
    ("2024-01-01", "2024-01-01 10:00:00", "TIMESTAMP"),
    ("2024-01-01", "soon", "VARCHAR"),
    ("2024-01-01", "epoch", "VARCHAR"),
    ("2024-01-01 10:00:00", "2024-01-01 10:00:00+02:00", "VARCHAR"),
    ("true", "yes", "VARCHAR"),
    ("true", "1", "VARCHAR"),
    ("10:30", "25:00", "VARCHAR"),
]


async def test_late_values_are_kept(bench: Bench) -> None:
    usual, late, kinds = (list(values) for values in zip(*LATE, strict=True))
    header = ",".join(f"c{i}" for i in range(len(LATE)))
    lines = f"{','.join(usual)}\n" * BEYOND_SAMPLE
    written = await bench.take(f"{header}\n{lines}{','.join(late)}\n")
    assert written.rows == BEYOND_SAMPLE + 1
    assert [c.type for c in written.columns] == kinds
    values = {"1.5": 1.5, "7": 7, "2024-01-01 10:00:00": "2024-01-01T10:00:00"}
    assert await bench.last_row() == [values.get(v, v) for v in late]


@pytest.mark.parametrize(
    ("late", "expected"),
    [
        ("1,x,9", [1, "x", 9]),
        ("1", [1, None]),
        ('1,"x', [1, '"x']),
        ('1,"x"y', [1, '"x"y']),
        ('1,"x\ny"', [1, "x\ny"]),
    ],
)
async def test_late_odd_rows_are_kept(bench: Bench, late: str, expected: list[object]) -> None:
    lines = f"1,{'some text to fill the line' * 5}\n" * BEYOND_SAMPLE
    written = await bench.take(f"a,b\n{lines}{late}\n")
    assert written.rows == BEYOND_SAMPLE + 1
    assert await bench.last_row() == expected


async def test_odd_rows_are_counted_in_the_receipt(bench: Bench) -> None:
    written = await bench.take('a,b\n1,2\n3,4,5\n"6\n"7,\n')
    assert written.receipt["rejects"] == 0
    assert written.receipt["rows_with_wrong_quotes"] == {"count": 2, "lines": [4, 5]}


@pytest.mark.parametrize("content", [b"", b"\n\n", b" \n", "\ufeff".encode()])
async def test_an_empty_file_says_so(bench: Bench, content: bytes) -> None:
    with pytest.raises(Invalid, match="empty"):
        await bench.preview(content)


async def test_a_very_long_cell(bench: Bench) -> None:
    long = "x" * 3_000_000
    await bench.take(f'a,b\n1,"{long}"\n2,y\n')
    page = await bench.engine.page("out.parquet", PageRequest(sort=(SortKey("a"),)))
    assert page.data == [[1, long], [2, "y"]]


async def test_many_columns(bench: Bench) -> None:
    names = ",".join(f"c{i}" for i in range(1000))
    values = ",".join(str(i) for i in range(1000))
    assert (await bench.both(f"{names}\n{values}\n"))[2] == [list(range(1000))]


async def test_late_values_among_many_columns(bench: Bench) -> None:
    names = ",".join(f"c{i}" for i in range(300))
    line = ",".join(["123"] * 300)
    late = ",".join(["007", *["5"] * 298, "1.5"])
    lines = f"{line}\n" * 2000
    written = await bench.take(f"{names}\n{lines}{late}\n")
    assert [c.type for c in written.columns] == ["VARCHAR", *["BIGINT"] * 298, "DOUBLE"]
    assert await bench.last_row() == ["007", *[5] * 298, 1.5]
