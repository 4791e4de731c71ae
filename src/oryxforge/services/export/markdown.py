"""A chat as Markdown."""

import re
from collections.abc import Sequence

from oryxforge.services.export.figures import series_table
from oryxforge.services.export.transcript import (
    Chart,
    Code,
    Item,
    Note,
    Report,
    Table,
    Text,
    Transcript,
    cell,
)

SPECIAL = re.compile(r"([\\`*_\[\]<>|~&#!$])")
LEADING = re.compile(r"^(\s*)([-+=]|\d+[.)])(?=\s|$)", re.MULTILINE)
CODE = re.compile(r"(```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)|`[^`\n]*`)", re.DOTALL)
TAG = re.compile(r"<(?=[A-Za-z/!?])")


def to_markdown(transcript: Transcript) -> str:
    parts = [f"# {plain(transcript.chat.title)}", f"Project {plain(transcript.project)}"]
    for turn in transcript.turns:
        if turn.question:
            parts.append(quote(turn.question))
        parts += [shown for item in turn.items if (shown := item_markdown(item))]
    return "\n\n".join(parts) + "\n"


def item_markdown(item: Item) -> str:
    match item:
        case Text(markdown):
            return without_html(markdown.strip())
        case Code(language, code, ok, failure):
            return fenced(code, language) + ("" if ok else f"\n\nThis did not work: {plain(failure)}")
        case Table():
            return table(item)
        case Chart(title, figure):
            return table(series_table(title, figure))
        case Report(title, markdown):
            return f"**{plain(title)}**\n\n{without_html(markdown.strip())}"
        case Note(text):
            return f"*{plain(text)}*" if text.strip() else ""


def plain(text: str) -> str:
    """One line that Markdown shows as it is: no link, no HTML, no emphasis."""
    line = SPECIAL.sub(r"\\\1", " ".join(text.split()))
    line = LEADING.sub(
        lambda m: f"{m[1]}\\{m[2]}" if not m[2][0].isdigit() else f"{m[1]}{m[2][:-1]}\\{m[2][-1]}", line
    )
    return line.replace("://", ":\\//").replace("www.", "www\\.").replace("@", "\\@")


def quote(text: str) -> str:
    return "\n".join(f"> {plain(line)}".rstrip() for line in text.strip().splitlines())


def fenced(code: str, language: str) -> str:
    """A fence longer than any that stands in the code."""
    longest = max((len(run) for run in re.findall(r"`+", code)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{code.strip(chr(10))}\n{fence}"


def without_html(markdown: str) -> str:
    """Markdown in which HTML stays text; code is left as it is."""
    parts = CODE.split(markdown)
    return "".join(part if at % 2 else TAG.sub(r"\\<", part) for at, part in enumerate(parts))


def table(shown: Table) -> str:
    title = f"**{plain(shown.title)}**\n\n" if shown.title else ""
    if not shown.headers:
        return title.strip()
    lines = [_row(shown.headers), _row(["---"] * len(shown.headers), raw=True), *map(_row, shown.rows)]
    left = shown.total - len(shown.rows)
    more = f"\n\n*{left:,} more rows*" if left > 0 else ""
    return title + "\n".join(lines) + more


def _row(values: Sequence[object], raw: bool = False) -> str:
    return "| " + " | ".join(cell(v) if raw else plain(cell(v)) for v in values) + " |"
