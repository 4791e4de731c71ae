"""Formulas of a workbook whose results were never stored: their cells read as empty, and that has to be said."""

import re
from collections import Counter
from collections.abc import Mapping

SHEET_TAG = re.compile(rb"<((?:[\w.-]+:)?)worksheet[\s>]")
PLACE = re.compile(rb"\sr=[\"']([A-Z]{1,3})(\d{1,7})[\"']")
TEXT = re.compile(rb"\st=[\"']str[\"']")
# Excel's formulas have up to 8,192 signs.
LONGEST = 1 << 16
# Of header cells, in what is told of them.
MOST_TOLD = 20


class Formulas:
    """Counts the formulas without a stored result in the XML of a sheet, which is fed to it in blocks.

    `header_row`: 0-based, -1 where there is none.
    """

    def __init__(self, header_row: int) -> None:
        self._header_row = header_row
        self._rest = b""
        self._marks: tuple[bytes, bytes, re.Pattern[bytes]] | None = None
        self._above = 0
        self._headers: list[str] = []
        self._below: Counter[int] = Counter()

    def feed(self, block: bytes) -> None:
        content = self._rest + block
        self._marks = self._marks or _marks(content)
        begin, end, cell = self._marks
        # A cell may be cut in two by the end of the block.
        cut = content.rfind(end) + len(end) if end in content else 0
        self._rest = content[max(cut, len(content) - LONGEST) :]
        if begin in content:
            for found in cell.finditer(content, 0, cut):
                self._add(found)

    def _add(self, cell: re.Match[bytes]) -> None:
        if cell[2] and TEXT.search(cell[1]):
            # An empty text is a result as well.
            return
        place = PLACE.search(cell[1])
        row = int(place[2]) - 1 if place else self._header_row + 1
        if row < self._header_row:
            self._above += 1
        elif row == self._header_row and place:
            self._headers.append((place[1] + place[2]).decode())
        else:
            self._below[_position(place[1].decode()) if place else -1] += 1

    def found(self, headers: Mapping[int, str]) -> dict[str, object] | None:
        """What a receipt tells of them, None where there are none; `headers`: of the columns that are read, by position.

        `columns`: how many cells of each column below the header; `left_out`: columns that hold nothing else.
        """
        if not (self._above or self._headers or self._below):
            return None
        named = [[headers[at], count] for at, count in sorted(self._below.items()) if at in headers]
        left_out = [_letters(at) for at in sorted(self._below) if at not in headers and at >= 0]
        return {
            "count": self._above + len(self._headers) + self._below.total(),
            "columns": named,
            "left_out": left_out,
            "headers": self._headers[:MOST_TOLD],
        }


def _marks(content: bytes) -> tuple[bytes, bytes, re.Pattern[bytes]]:
    """How a formula begins, how a cell ends, and a cell with a formula and no result, with the sheet's prefix of XML."""
    sheet = SHEET_TAG.search(content)
    prefix = sheet[1] if sheet else b""
    p = re.escape(prefix)
    formula = rb"<%sf(?:\s[^<>]*)?(?:/>|>[^<]*</%sf>)" % (p, p)
    result = rb"(<%sv(?:\s[^<>]*)?(?:/>|>\s*</%sv>))?" % (p, p)
    cell = rb"<%sc((?:\s[^<>]*)?)>\s*%s\s*%s\s*</%sc>" % (p, formula, result, p)
    return b"<%sf" % prefix, b"</%sc>" % prefix, re.compile(cell)


def _position(letters: str) -> int:
    """The position of a column by its letters: 0 for A, 26 for AA."""
    position = 0
    for letter in letters:
        position = position * 26 + ord(letter) - ord("A") + 1
    return position - 1


def _letters(position: int) -> str:
    letters = ""
    while position >= 0:
        letters = chr(ord("A") + position % 26) + letters
        position = position // 26 - 1
    return letters
