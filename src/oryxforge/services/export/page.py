"""A chat as one HTML page that needs nothing else: no script, no font, no network."""

from collections.abc import Sequence
from html import escape

from oryxforge.ports.markup import Markup
from oryxforge.services.export.drawing import drawn
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

STYLE = """
:root { color-scheme: light dark; --ink: #1d2624; --soft: #5c6864; --line: #d9dfdb; --panel: #f4f6f3; --paper: #fff }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8ece9; --soft: #a3aeaa; --line: #38423e; --panel: #1e2623; --paper: #151b19 }
}
body { font: 16px/1.6 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 46rem;
  margin: 0 auto; padding: 2rem 1.25rem 4rem; overflow-wrap: anywhere }
header p, figcaption, .more, .note { color: var(--soft); font-size: .875rem }
h1 { line-height: 1.2; margin-bottom: .25rem } section { margin-top: 2.5rem }
.question { white-space: pre-wrap; background: var(--panel); border-radius: .75rem; padding: .75rem 1rem; margin: 0;
  font-size: 1rem; font-weight: 600 }
figure { margin: 1.25rem 0 } .scroll { overflow-x: auto }
table { overflow-wrap: normal; border-collapse: collapse; font-size: .875rem; font-variant-numeric: tabular-nums }
th, td { border-bottom: 1px solid var(--line); padding: .3rem .75rem .3rem 0; text-align: left; vertical-align: top;
  max-width: 24rem; overflow-wrap: break-word }
td.n { text-align: right } pre { background: var(--panel); border-radius: .5rem; padding: .75rem 1rem; overflow-x: auto;
  white-space: pre-wrap; font-size: .8125rem } svg { width: 100%; height: auto; font: 11px system-ui, sans-serif }
svg text { fill: var(--soft) } svg .grid { stroke: var(--line) } summary { cursor: pointer; color: var(--soft);
  font-size: .875rem } .failed { color: #b3402a } .task { list-style: none; margin-left: -1.4em }
.footnotes { margin-top: 1rem; color: var(--soft); font-size: .875rem } .footnotes-sep { border: 0; margin: 0 }
@media print { body { max-width: none; padding: 0 } section, figure { break-inside: avoid } .scroll { overflow: visible }
  tr { break-inside: avoid } .wide table { font-size: .625rem }
  .wide :is(th, td) { padding-right: .4rem; overflow-wrap: anywhere } }
"""
MANY_COLUMNS = 8
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def to_html(transcript: Transcript, markup: Markup) -> str:
    chat = transcript.chat
    said = f"{escape(transcript.project)} · {chat.created_at:%d %B %Y} · {escape(chat.agent)}"
    turns = "".join(
        f"<section>{_question(turn.question)}{''.join(_item(i, markup) for i in turn.items)}</section>"
        for turn in transcript.turns
    )
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(chat.title)}</title><style>{STYLE}</style></head><body>"
        f"<header><h1>{escape(chat.title)}</h1><p>{said}</p></header><main>{turns}</main></body></html>\n"
    )


def _question(text: str) -> str:
    return f'<h2 class="question">{escape(text.strip())}</h2>' if text.strip() else ""


def _item(item: Item, markup: Markup) -> str:
    match item:
        case Text(markdown):
            return markup.html(markdown)
        case Code():
            return _code(item)
        case Table():
            return _figure(item.title, _table(item))
        case Chart(title, figure):
            shown = drawn(title, figure)
            return _figure(title, shown or _table(series_table("", figure)))
        case Report(title, markdown):
            return f"<article><h2>{escape(title)}</h2>{markup.html(markdown)}</article>"
        case Note(text):
            return f'<p class="note">{escape(text)}</p>' if text.strip() else ""


def _code(code: Code) -> str:
    name = {"sql": "SQL", "python": "Python"}.get(code.language, "Step")
    failed = "" if code.ok else f'<p class="failed">This did not work: {escape(code.failure)}</p>'
    return f"<details open><summary>{name}</summary><pre>{escape(code.code)}</pre>{failed}</details>"


def _figure(title: str, shown: str) -> str:
    return f"<figure><figcaption>{escape(title)}</figcaption>{shown}</figure>"


def _table(table: Table) -> str:
    if not table.headers:
        return ""
    head = "".join(f'<th scope="col">{escape(h)}</th>' for h in table.headers)
    body = "".join(f"<tr>{_cells(row)}</tr>" for row in table.rows)
    left = table.total - len(table.rows)
    more = f'<p class="more">{left:,} more rows</p>' if left > 0 else ""
    wide = " wide" if len(table.headers) > MANY_COLUMNS else ""
    return f'<div class="scroll{wide}" tabindex="0"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>{more}'


def _cells(row: Sequence[object]) -> str:
    return "".join(
        f'<td class="n">{escape(cell(v))}</td>'
        if isinstance(v, int | float) and not isinstance(v, bool)
        else f"<td>{escape(cell(v))}</td>"
        for v in row
    )
