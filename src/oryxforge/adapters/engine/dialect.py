"""How a text file is divided into cells, found in its first records."""

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from oryxforge.adapters.engine.headers import unique_headers
from oryxforge.adapters.engine.records import Cells, careful_records, strict_records
from oryxforge.domain.errors import Invalid
from oryxforge.domain.sources import LoadSettings

USUAL = (",", "\t", ";", "|")
UNUSUAL = ("\x1f", "\x01", "^", "~", "¦", ":")
NEVER = ("\x1f", "\x1e", "\x1d", "\x02")
MAX_TITLES = 20
NUMBER = re.compile(r"\s*[-+]?[$€£]?(\d[\d.,\s]*|\.\d+)([eE][-+]?\d+)?%?\s*")
DATE = re.compile(r"\s*\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([ T].*)?\s*")
YEARISH = re.compile(r"\s*\d{1,4}\s*")


@dataclass(frozen=True)
class Dialect:
    """`skip` counts the records above the header (or the first row), blank ones too.

    `padded`: some rows are short; `irregular`: the engine's own reader would refuse or change some lines.
    """

    delimiter: str
    has_header: bool
    skip: int
    headers: tuple[str, ...]
    padded: bool
    irregular: bool
    skipped: tuple[str, ...]


@dataclass(frozen=True)
class Sample:
    """The first rows of a file below its header, as texts, each as wide as the headers; `total` where those are all.

    `top`: the first rows of the file as they stand, what is above the header too.
    """

    dialect: Dialect
    rows: list[list[str | None]]
    total: int | None
    top: tuple[Cells, ...] = ()


@dataclass(frozen=True)
class _Reading:
    delimiter: str
    records: list[Cells]
    strict: bool

    @property
    def widths(self) -> Counter[int]:
        return Counter(len(r) for r in self.records if r)

    @property
    def width(self) -> int:
        """The usual number of cells; the larger one where two are as usual."""
        widths = self.widths
        return max(widths, key=lambda w: (widths[w], w), default=0)

    @property
    def score(self) -> float:
        """The share of records of the usual width, 0 where that is a single cell."""
        widths = self.widths
        return widths[self.width] / sum(widths.values()) if self.width > 1 else 0.0


def read_sample(text: str, whole: bool, settings: LoadSettings) -> Sample:
    """Finds delimiter and header. Raises Invalid where there is nothing to read."""
    if not text.strip("\ufeff \t\r\n\0"):
        raise Invalid("The file is empty: it holds no header and no row.", code="file_empty")
    lines = _lines(text, whole)
    reading = _reading(lines, settings.delimiter)
    odd = "\0" in text or _has_mixed_line_ends(text) or _has_spaced_quotes(text, reading.delimiter)
    return _sample(reading, settings, odd, whole)


def _has_mixed_line_ends(text: str) -> bool:
    """Whether lines end in more than one way outside quotes."""
    bare = re.sub(r'"[^"]*"', "", text) if "\r" in text else ""
    ends = ("\r\n" in bare, re.search(r"(?<!\r)\n", bare), re.search(r"\r(?!\n)", bare))
    return sum(map(bool, ends)) > 1


def _lines(text: str, whole: bool) -> list[str]:
    lines = list(io.StringIO(text, newline=""))
    return lines if whole or len(lines) < 2 else lines[:-1]


def _has_spaced_quotes(text: str, delimiter: str) -> bool:
    """Whether a cell may start with spaces and a quote, which the engine's reader takes for either."""
    return ' "' in text and re.search(rf'(^|{re.escape(delimiter)}) +"', text, re.MULTILINE) is not None


def _reading(lines: list[str], asked: str | None) -> _Reading:
    if asked is not None:
        return _parse(lines, _checked_delimiter(asked))
    text = "".join(lines)
    usual = [_parse(lines, d) for d in USUAL if d in text]
    best = max(usual, key=lambda r: (r.score, r.width), default=None)
    if best is not None and (best.score >= 0.5 or _in_most_lines(best.delimiter, lines)):
        return best
    unusual = [_parse(lines, d) for d in UNUSUAL if d in text]
    other = max(unusual, key=lambda r: (r.score, r.width), default=None)
    if other is not None and other.score >= 0.9:
        return other
    return _parse(lines, next(d for d in NEVER if d not in text))


def _checked_delimiter(asked: str) -> str:
    delimiter = {"\\t": "\t", "tab": "\t"}.get(asked, asked)
    if len(delimiter) != 1 or delimiter in '\r\n"':
        raise Invalid(
            "A delimiter is one character, such as `,`, `;`, `|` or a tab.", code="delimiter_invalid"
        )
    return delimiter


def _in_most_lines(delimiter: str, lines: Sequence[str]) -> bool:
    filled = [line for line in lines if line.strip()]
    return sum(delimiter in line for line in filled) >= 0.9 * len(filled)


def _parse(lines: list[str], delimiter: str) -> _Reading:
    try:
        return _Reading(delimiter, strict_records(lines, delimiter), strict=True)
    except csv.Error:
        return _Reading(delimiter, [r.cells for r in careful_records(lines, delimiter)], strict=False)


def _sample(reading: _Reading, settings: LoadSettings, odd: bool, whole: bool) -> Sample:
    records = reading.records
    first = _first_record(reading, settings)
    below = records[first + 1 :]
    asked = settings.header_row
    has_header = _is_header(records[first], below) if asked is None else asked != -1
    rows = below if has_header else records[first:]
    body_width = max((len(r) for r in rows), default=1)
    names = _names(records[first], rows) if has_header else []
    width = max(body_width, len(names))
    rows = [r for r in rows if r or width == 1]
    short = any(len(r) != width for r in rows) or (has_header and len(records[first]) != width)
    spans_lines = any("\n" in c or "\r" in c for r in rows for c in r)
    dialect = Dialect(
        delimiter=reading.delimiter,
        has_header=has_header,
        skip=first,
        headers=tuple(unique_headers([*names, *[""] * (width - len(names))])),
        padded=short,
        irregular=not reading.strict or odd or (short and spans_lines),
        skipped=tuple(reading.delimiter.join(r).rstrip(reading.delimiter) for r in records[:first] if any(r)),
    )
    return Sample(
        dialect, [padded(r, width) for r in rows], len(rows) if whole else None, tuple(records[:MAX_TITLES])
    )


def padded(record: Cells, width: int) -> list[str | None]:
    cells: list[str | None] = [c or None for c in record]
    return cells + [None] * (width - len(cells))


def _first_record(reading: _Reading, settings: LoadSettings) -> int:
    """The index of the header (or of the first row where there is none)."""
    return first_record(reading.records, reading.width, settings.header_row)


def first_record(records: Sequence[Cells], width: int, asked: int | None) -> int:
    """The index of the header below titles, or of the row that was asked for. Raises Invalid where there is none."""
    filled = [i for i, r in enumerate(records) if any(c.strip() for c in r)]
    if asked is not None and asked > 0:
        if asked >= len(records):
            raise Invalid(
                f"There is no row {asked} for a header: the file starts with {len(records)} rows.",
                code="header_row_missing",
            )
        return asked
    if asked is not None or not filled:
        return filled[0] if filled else 0
    for position in filled[:MAX_TITLES]:
        if not _is_title(records, position, width):
            return position
    return filled[0]


def _is_title(records: Sequence[Cells], position: int, width: int) -> bool:
    """Whether a record stands above the table: one cell where rows have several."""
    record = records[position]
    if width < 2 or position + 1 >= len(records):
        return False
    if len(record) == 1:
        return True
    following = [r for r in records[position + 1 :] if _filled(r)][:3]
    if width == 2:
        # Of two columns one may have no name: only a blank row below tells a title apart.
        apart = not _filled(records[position + 1])
        return _filled(record) == 1 and apart and bool(following) and _filled(following[0]) == 2
    return _filled(record) <= 1 and width >= 3 and any(_filled(r) >= max(2, width / 2) for r in following)


def _filled(record: Cells) -> int:
    return sum(bool(c.strip()) for c in record)


def _is_header(record: Cells, below: Sequence[Cells]) -> bool:
    cells = [c for c in record if c.strip()]
    values = [c for c in cells if NUMBER.fullmatch(c) or DATE.fullmatch(c)]
    if not values:
        return bool(cells)
    if len(values) == len(record) or not below:
        return False
    years = all(YEARISH.fullmatch(v) for v in values)
    if years and len(set(values)) == len(values) > 1:
        return True
    return _names_number_columns(record, below)


def _names_number_columns(record: Cells, below: Sequence[Cells]) -> bool:
    """Whether most texts of the record stand above columns of numbers."""
    texts = [i for i, c in enumerate(record) if c.strip() and not NUMBER.fullmatch(c)]
    above_numbers = 0
    for i in texts:
        column = [r[i] for r in below[:200] if i < len(r) and r[i].strip()]
        numbers = sum(bool(NUMBER.fullmatch(c)) for c in column)
        above_numbers += bool(column) and numbers > 0.8 * len(column)
    return above_numbers > len(texts) / 2


def _names(header: Cells, rows: Sequence[Cells]) -> Cells:
    """The header's cells; where every row has one more, the first column has no name."""
    filled = [r for r in rows if r]
    if len(header) > 1 and header[-1] and filled and all(len(r) == len(header) + 1 for r in filled):
        return ["", *header]
    return header
