"""Any table, written by others, arrives with the right JSON: head and page against an expectation of our own."""

import asyncio
import base64
import csv
import datetime as dt
import io
import json
import math
import tempfile
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fixtures.scale import scaled
from oryxforge.adapters.engine import DuckEngine
from oryxforge.domain.sheets import PageRequest, Written
from oryxforge.domain.sources import LoadSettings, SheetPreview, SourceType

SAFE = 2**53
CALM = settings(
    deadline=None,
    max_examples=scaled(20),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
Column = tuple[Any, list[Any]]


def expected(value: object) -> object:
    """A value as JSON has it, by the rules in words and without the engine."""
    match value:
        case None | bool() | str():
            return value
        case int():
            return value if -SAFE <= value <= SAFE else str(value)
        case float():
            return value if math.isfinite(value) else None
        case Decimal():
            return f"{value:f}"
        case bytes():
            return base64.b64encode(value).decode()
        case dt.datetime():
            shown = value.astimezone(dt.UTC) if value.tzinfo else value
            return trimmed(shown.isoformat())
        case dt.time():
            return trimmed(value.isoformat())
        case dt.date():
            return value.isoformat()
        case list():
            return [expected(v) for v in value]  # pyright: ignore[reportUnknownVariableType]
        case dict():
            return {str(k): expected(v) for k, v in value.items()}  # pyright: ignore[reportUnknownVariableType,reportUnknownArgumentType]
        case UUID():
            return str(value)
        case _:
            raise AssertionError(type(value))


def trimmed(iso: str) -> str:
    if "." not in iso:
        return iso
    clock, rest = iso.split(".")
    return (clock + "." + rest[:6].rstrip("0")).rstrip(".") + rest[6:]


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)
MOMENTS = st.datetimes(dt.datetime(1, 1, 2), dt.datetime(9999, 12, 30))
SCALARS: list[tuple[Any, st.SearchStrategy[Any]]] = [
    (pa.bool_(), st.booleans()),
    (pa.int8(), st.integers(-128, 127)),
    (pa.int64(), st.integers(-(2**63), 2**63 - 1)),
    (pa.uint64(), st.integers(0, 2**64 - 1)),
    (pa.float64(), st.floats()),
    # Quarters, which are written alike in any width.
    (pa.float32(), st.integers(-(2**15), 2**15).map(lambda i: i / 4) | st.sampled_from([math.nan, math.inf])),
    (pa.float16(), st.integers(-(2**10), 2**10).map(lambda i: i / 4) | st.sampled_from([math.nan, -math.inf])),
    (pa.decimal128(30, 4), st.decimals(-(10**20), 10**20, places=4)),
    (pa.string(), TEXT),
    (pa.large_string(), TEXT),
    (pa.binary(), st.binary(max_size=8)),
    (pa.date32(), st.dates()),
    (pa.time64("us"), st.times()),
    (pa.timestamp("us"), MOMENTS),
    (pa.timestamp("ms"), MOMENTS.map(lambda m: m.replace(microsecond=m.microsecond // 1000 * 1000))),
    (pa.timestamp("us", "Europe/Paris"), st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2200, 1, 1), timezones=st.just(dt.UTC))),
    (pa.timestamp("ns", "Europe/Paris"), st.datetimes(dt.datetime(1700, 1, 1), dt.datetime(2200, 1, 1), timezones=st.just(dt.UTC))),
    (pa.timestamp("ns"), st.datetimes(dt.datetime(1700, 1, 1), dt.datetime(2200, 1, 1))),
    (pa.dictionary(pa.int32(), pa.string()), TEXT),
]  # fmt: skip


@st.composite
def kinds(draw: st.DrawFn) -> tuple[Any, st.SearchStrategy[Any]]:
    kind, values = draw(st.sampled_from(SCALARS))
    if pa.types.is_dictionary(kind):
        return kind, values
    match draw(st.sampled_from(["scalar", "scalar", "scalar", "list", "struct", "map", "deep"])):
        case "list":
            return pa.list_(kind), st.lists(st.none() | values, max_size=3)
        case "struct":
            struct = pa.struct([("a", kind), ("b c", pa.int64())])
            return struct, st.fixed_dictionaries({"a": st.none() | values, "b c": st.integers(-5, 5)})
        case "map":
            entries = st.dictionaries(st.text("abc", min_size=1, max_size=2), values, max_size=2)
            return pa.map_(pa.string(), kind), entries
        case "deep":
            return pa.list_(pa.struct([("x", kind)])), st.lists(
                st.fixed_dictionaries({"x": values}), max_size=2
            )
        case _:
            return kind, values


@st.composite
def columns(draw: st.DrawFn) -> list[Column]:
    rows = draw(st.integers(0, 5))
    chosen = draw(st.lists(kinds(), min_size=1, max_size=5))
    return [
        (kind, draw(st.lists(st.none() | values, min_size=rows, max_size=rows))) for kind, values in chosen
    ]


NAMES = st.lists(st.sampled_from(["a", "A", "", "b", 'q"; drop', "select", "é", "a_2", "file_row_number"]), min_size=5, max_size=5)  # fmt: skip


def as_arrow(kind: Any, values: list[Any]) -> Any:
    if pa.types.is_map(kind):
        return pa.array([None if v is None else list(v.items()) for v in values], kind)
    return pa.array(values, kind)


def unique(names: Sequence[str]) -> list[str]:
    """What the names have to satisfy, not how: there, different without case, kept where nothing is in the way."""
    return [n.lower() for n in names]


async def arrive(root: Path, kind: SourceType) -> tuple[SheetPreview, Written, dict[str, Any], list[Any]]:
    engine = DuckEngine(str(root), memory_limit="256MB", threads=1, temp_folder=root / "temp")
    preview = (await engine.preview("in", kind, LoadSettings()))["data"]
    written = await engine.import_sheet("in", kind, "data", "out.parquet", LoadSettings(), lambda _: None)
    head = json.loads(await engine.head("out.parquet"))
    page = await engine.page("out.parquet", PageRequest())
    assert page.headers == head["headers"] == preview.headers
    assert page.data == head["data"] == preview.data
    assert page.total == written.rows == len(page.data)
    engine.close()
    return preview, written, head, page.data


@CALM
@given(columns(), NAMES)
def test_any_parquet_file(table: list[Column], names: list[str]) -> None:
    arrays = [as_arrow(kind, values) for kind, values in table]
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        pq.write_table(pa.Table.from_arrays(arrays, names=names[: len(arrays)]), root / "in")
        _, written, head, data = asyncio.run(arrive(root, SourceType.PARQUET))
    rows = len(table[0][1])
    assert written.rows == rows
    assert data == [[expected(values[i]) for _, values in table] for i in range(rows)]
    assert len(set(unique(head["headers"]))) == len(arrays)
    assert all(head["headers"])


PLAIN_CELLS: list[st.SearchStrategy[str]] = [
    st.integers(-(10**17), 10**17).map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=6),
    st.sampled_from(["true", "false"]),
    st.dates(dt.date(1000, 1, 1)).map(str),
    st.sampled_from(["007", "1_000", "0x1F", "1e400", "12345678901234567890", "+331234567", "-0", "1,5", "1,234", "  x ", "n/a", "'", '"', 'a"b', "a,b", "a\nb", "\\", "epoch", "infinity", "today", "NaN", "1.", ".5", "--", "10:30", "24:00", "2024-02-30", "01/02/2024"]),
]  # fmt: skip


@st.composite
def texts(draw: st.DrawFn) -> list[list[str]]:
    """Rows of cells, each column of one sort with strays of any other."""
    width = draw(st.integers(2, 4))
    sorts = [draw(st.sampled_from(PLAIN_CELLS)) for _ in range(width)]
    strays = st.one_of(*PLAIN_CELLS)
    cell = [s if draw(st.booleans()) else st.one_of(s, s, s, s, strays, st.just("")) for s in sorts]
    return draw(st.lists(st.tuples(*cell).map(list), min_size=1, max_size=6))


MISSING = {"na", "n/a", "#n/a", "<na>", "nan", "-nan", "null", "none", "nil", "-", "--", "?", ".", "#value!", "#ref!", "#div/0!"}  # fmt: skip


def keeps(cell: str, value: object, kind: str) -> bool:
    """Whether a value says what the text said."""
    if kind == "VARCHAR":
        return value == (cell or None)
    bare = cell.strip(" \t\r\n\v\f\xa0")
    if value is None:
        return bare == "" or bare.lower() in MISSING or (kind == "DOUBLE" and "inf" in bare.lower())
    match kind:
        case "BIGINT":
            return str(value) == bare
        case "DOUBLE":
            spellings = {bare, bare.replace(",", ""), bare.replace(".", "").replace(",", ".")}
            same = [s for s in spellings if is_float(s) and float(s) == value]
            return bool(same) and not bare.lstrip("-").startswith("00") and "_" not in bare
        case "BOOLEAN":
            return bare.lower() == str(value).lower()
        case "TIME":
            return str(value).startswith(bare.zfill(5))
        case _:
            return same_moment(bare, str(value))


def is_float(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def same_moment(text: str, iso: str) -> bool:
    for style in ("%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%Y-%m-%d %H:%M:%S"):
        try:
            return dt.datetime.strptime(text, style) == dt.datetime.fromisoformat(iso)
        except ValueError:
            continue
    return False


@CALM
@given(texts(), st.sampled_from([",", ";", "\t", "|"]), st.sampled_from(["\n", "\r\n"]), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))  # fmt: skip
def test_any_csv_file(rows: list[list[str]], delimiter: str, end: str, encoding: str) -> None:
    headers = [f"col {letter}" for letter in "abcd"[: len(rows[0])]]
    content = io.StringIO(newline="")
    writer = csv.writer(content, delimiter=delimiter, lineterminator=end)
    writer.writerows([headers, *rows])
    settings_load = LoadSettings(delimiter=delimiter, header_row=0)
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        (root / "in").write_bytes(content.getvalue().encode(encoding))
        head, types = asyncio.run(arrive_text(root, settings_load))
    assert head["headers"] == headers
    assert len(head["data"]) == len(rows)
    for row, values in zip(rows, head["data"], strict=True):
        for cell, value, kind in zip(row, values, types, strict=True):
            assert keeps(cell, value, kind), (cell, value, kind)


async def arrive_text(root: Path, how: LoadSettings) -> tuple[dict[str, Any], list[str]]:
    engine = DuckEngine(str(root), memory_limit="256MB", threads=1, temp_folder=root / "temp")
    preview = (await engine.preview("in", SourceType.CSV, how))["data"]
    written = await engine.import_sheet("in", SourceType.CSV, "data", "out.parquet", how, lambda _: None)
    head = json.loads(await engine.head("out.parquet"))
    assert (head["headers"], head["data"]) == (preview.headers, preview.data)
    assert written.rows == len(head["data"])
    engine.close()
    return head, [c.type for c in written.columns]


@CALM
@given(st.binary(max_size=200) | st.text(max_size=100).map(str.encode) | st.text('ab1," \n\r;\t', max_size=60).map(str.encode))  # fmt: skip
def test_any_bytes_are_read_or_refused_with_a_reason(content: bytes) -> None:
    from oryxforge.domain.errors import Invalid

    async def take(root: Path) -> None:
        engine = DuckEngine(str(root), memory_limit="256MB", threads=1, temp_folder=root / "temp")
        try:
            kind = await engine.detect("in", "in.csv")
            preview = (await engine.preview("in", kind, LoadSettings()))["data"]
            written = await engine.import_sheet(
                "in", kind, "data", "out.parquet", LoadSettings(), lambda _: None
            )
            head = json.loads(await engine.head("out.parquet"))
            assert written.rows == len(preview.data), content
            assert head["data"] == preview.data
        except Invalid as error:
            assert error.detail
        finally:
            engine.close()

    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "in").write_bytes(content)
        asyncio.run(take(Path(name)))
