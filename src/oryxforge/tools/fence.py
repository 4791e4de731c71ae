"""Results as a model reads them: capped, and fenced so that a cell can't pass for an instruction."""

import json
from collections.abc import Sequence

MODEL_ROWS = 50
CELL = 200
TEXT = 30_000
OPEN, CLOSE = "<data>", "</data>"


def table(headers: Sequence[str], data: Sequence[Sequence[object]], total: int) -> str:
    """The first rows as JSON lines between fences, and how many there are in all."""
    shown = [[_cell(v) for v in row] for row in data[:MODEL_ROWS]]
    lines = [json.dumps([_cell(h) for h in headers], ensure_ascii=False)]
    lines += [json.dumps(row, ensure_ascii=False) for row in shown]
    more = f"\n({total} rows in all; the first {len(shown)} shown)" if total > len(shown) else ""
    return fenced("\n".join(lines)) + more


def fenced(text: str) -> str:
    inside = text[:TEXT].replace("<", "\\u003c")
    cut = "\n(cut)" if len(text) > TEXT else ""
    return f"{OPEN}\n{inside}\n{CLOSE}{cut}"


def _cell(value: object) -> object:
    if isinstance(value, str) and len(value) > CELL:
        return value[:CELL] + "…"
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, default=str)[:CELL]
    return value
