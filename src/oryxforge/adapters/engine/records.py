"""Text into records that never swallow a line: quotes by the rules, or as they stand where they break them."""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

MAX_RECORD_LINES = 500
MAX_RECORD_CHARS = 1 << 22

csv.field_size_limit(1 << 30)
Cells = list[str]


@dataclass(frozen=True)
class Record:
    """One record and the number of its first line (from 1); `literal`: its quotes were wrong and stay in its cells."""

    cells: Cells
    line: int
    literal: bool = False


def strict_records(lines: Iterable[str], delimiter: str) -> list[Cells]:
    """All records by the rules of CSV, spaces before an opening quote left out. Raises csv.Error."""
    space = re.compile(rf'(^|{re.escape(delimiter)}) +"(?=[^"\r\n{re.escape(delimiter)}])')
    opened = (space.sub(r'\1"', line) if ' "' in line else line for line in lines)
    return list(csv.reader(opened, delimiter=delimiter, strict=True))


def careful_records(lines: Iterable[str], delimiter: str) -> Iterator[Record]:
    """Records by the rules where they hold; a line whose quotes break them, or never end, is a record of its own."""
    splitter = _Splitter(delimiter)
    for text in lines:
        yield from splitter.feed(text)
    yield from splitter.finish()


class _Splitter:
    def __init__(self, delimiter: str) -> None:
        self._delimiter = delimiter
        self._pending: list[str] = []
        self._line = 1

    def feed(self, text: str) -> Iterator[Record]:
        self._pending.append(text)
        if len(self._pending) == 1 or '"' in text or self._is_too_long():
            yield from self._drain(final=False)

    def finish(self) -> Iterator[Record]:
        yield from self._drain(final=True)

    def _drain(self, *, final: bool) -> Iterator[Record]:
        while self._pending:
            lines = self._shortest_record()
            if lines == 0:
                if not final and not self._is_too_long():
                    return
                lines = 1
            yield self._record(lines)

    def _shortest_record(self) -> int:
        """How many lines the first record takes: 0 where its quotes are still open, 1 where they are wrong."""
        for count, text in enumerate(self._pending, 1):
            if count > 1 and '"' not in text:
                continue
            try:
                _one(self._pending[:count], self._delimiter)
            except _Open:
                continue
            except csv.Error:
                return 1
            return count
        return 0

    def _record(self, count: int) -> Record:
        taken, self._pending = self._pending[:count], self._pending[count:]
        line = self._line
        self._line += count
        try:
            return Record(_one(taken, self._delimiter), line)
        except csv.Error:
            cells = "".join(taken).rstrip("\r\n").split(self._delimiter)
            return Record(cells, line, literal=True)

    def _is_too_long(self) -> bool:
        lines = self._pending
        return len(lines) > MAX_RECORD_LINES or (len(lines) > 1 and sum(map(len, lines)) > MAX_RECORD_CHARS)


class _Open(csv.Error):
    """The text ends inside a quoted cell."""


def _one(lines: list[str], delimiter: str) -> Cells:
    """The single record of some lines. Raises csv.Error where they are none."""
    try:
        return strict_records(lines, delimiter)[0]
    except csv.Error as error:
        if "unexpected end of data" in str(error):
            raise _Open from error
        mark = re.escape(delimiter)
        closed = re.sub(rf'" +(?={mark}|[\r\n]*$)', '"', "".join(lines))
        return strict_records(closed.splitlines(keepends=True), delimiter)[0]
