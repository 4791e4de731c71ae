"""What commands print: one JSON value with --json, else text and tables for people."""

import json
import sys
from collections.abc import Mapping, Sequence
from typing import TextIO

from rich import box
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn
from rich.table import Table
from rich.text import Text

UNBOUNDED = 10_000


class Output:
    """Prints results on stdout and everything else on stderr; colours only on a terminal."""

    def __init__(self, as_json: bool) -> None:
        self.as_json = as_json
        self.out = _console(sys.stdout)
        self.err = _console(sys.stderr)

    def value(self, value: Mapping[str, object]) -> None:
        """One thing: its JSON, or a line for each of its fields."""
        if self.as_json:
            self.json(value)
            return
        grid = Table(box=None, show_header=False, pad_edge=False)
        for name, field in value.items():
            grid.add_row(Text(name, style="dim"), Text(cell(field)))
        self.out.print(grid)

    def rows(self, rows: Sequence[Mapping[str, object]], columns: Sequence[str], none: str) -> None:
        """Several things: a JSON list, or a table of some columns (`none` where there are no rows)."""
        if self.as_json:
            self.json(rows)
        elif rows:
            self.table(columns, [[r.get(c) for c in columns] for r in rows])
        else:
            self.note(none)

    def table(
        self, headers: Sequence[str], data: Sequence[Sequence[object]], numeric: Sequence[bool] = ()
    ) -> None:
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
        for place, header in enumerate(headers):
            right = place < len(numeric) and numeric[place]
            table.add_column(Text(cell(header)), justify="right" if right else "left", overflow="fold")
        for row in data:
            table.add_row(*(Text(cell(v)) for v in row))
        self.out.print(table)

    def text(self, text: str) -> None:
        """A piece of running text as it comes, without a line's end."""
        sys.stdout.write(printable(text))
        sys.stdout.flush()

    def done(self, message: str, value: Mapping[str, object] | None = None) -> None:
        """Says that something was done; with --json the value instead."""
        if self.as_json:
            self.json(value if value is not None else {"message": message})
        else:
            self.out.print(Text(printable(message)), soft_wrap=True)

    def note(self, message: str) -> None:
        """A word to the person on stderr; nothing with --json."""
        if not self.as_json:
            self.err.print(Text(printable(message), style="dim"), soft_wrap=True)

    def json(self, value: object) -> None:
        sys.stdout.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")
        sys.stdout.flush()

    def progress(self) -> Progress:
        """A progress bar of bytes on stderr, shown on a terminal only."""
        columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
        shown = self.err.is_terminal and not self.as_json
        return Progress(*columns, console=self.err, transient=True, disable=not shown)


def cell(value: object) -> str:
    """A value as a cell of a table: on one line, with no control characters that a terminal would obey."""
    if value is None:
        return ""
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    return printable(str(value)).replace("\n", " ").replace("\t", " ")


def printable(text: str) -> str:
    return "".join(c if c in "\n\t" or c.isprintable() else "�" for c in text)


def _console(stream: TextIO) -> Console:
    terminal = stream.isatty()
    return Console(file=stream, width=None if terminal else UNBOUNDED, highlight=False, markup=False)
