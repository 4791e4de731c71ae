"""A clean copy of a text file that the engine's reader would refuse: every line is in it, none is merged or cut."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from oryxforge.adapters.engine.dialect import Dialect
from oryxforge.adapters.engine.records import Record, careful_records
from oryxforge.adapters.engine.work import Stop

CHECK_EVERY = 10_000
KEPT_LINES = 100
MAX_CHAR_BYTES = 4


@dataclass
class Mended:
    """What the copy holds and what was odd, by line of the file; of the line numbers at most KEPT_LINES each.

    `longest`: no row of the copy takes more bytes.
    """

    rows: int = 0
    width: int = 0
    longest: int = 0
    short: int = 0
    long: int = 0
    literal: int = 0
    short_lines: list[int] = field(default_factory=list[int])
    long_lines: list[int] = field(default_factory=list[int])
    literal_lines: list[int] = field(default_factory=list[int])

    def count(self, record: Record, width: int) -> None:
        self.rows += 1
        self.width = max(self.width, len(record.cells))
        self.longest = max(
            self.longest, MAX_CHAR_BYTES * sum(map(len, record.cells)) + 4 * max(width, len(record.cells))
        )
        if len(record.cells) < width:
            self.short += 1
            _keep(self.short_lines, record.line)
        if len(record.cells) > width:
            self.long += 1
            _keep(self.long_lines, record.line)
        if record.literal:
            self.literal += 1
            _keep(self.literal_lines, record.line)

    def receipt(self) -> dict[str, object]:
        parts = {
            "short_rows": (self.short, self.short_lines),
            "long_rows": (self.long, self.long_lines),
            "rows_with_wrong_quotes": (self.literal, self.literal_lines),
        }
        return {name: {"count": n, "lines": lines} for name, (n, lines) in parts.items() if n}


def _keep(lines: list[int], line: int) -> None:
    if len(lines) < KEPT_LINES:
        lines.append(line)


def mend(source: Path, target: Path, dialect: Dialect, stop: Stop) -> Mended:
    """Copies the rows below the header, separated by commas, all quoted."""
    width = len(dialect.headers)
    mended = Mended(width=width)
    with (
        source.open("r", encoding="utf-8-sig", newline="") as lines,
        target.open("w", encoding="utf-8", newline="") as copy,
    ):
        writer = csv.writer(copy, lineterminator="\n", quoting=csv.QUOTE_ALL)
        for record in _rows(careful_records(lines, dialect.delimiter), dialect):
            if mended.rows % CHECK_EVERY == 0:
                stop.check()
            mended.count(record, width)
            cells = record.cells
            writer.writerow(cells if len(cells) >= width else [*cells, *[""] * (width - len(cells))])
    return mended


def _rows(records: Iterator[Record], dialect: Dialect) -> Iterator[Record]:
    above = dialect.skip + dialect.has_header
    single = len(dialect.headers) == 1
    for position, record in enumerate(records):
        if position >= above and (record.cells or single):
            yield record
