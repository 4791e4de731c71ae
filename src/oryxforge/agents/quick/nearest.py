"""Names and values near to a word that nothing is called, as choices."""

import difflib

from oryxforge.agents.quick.grammar.draft import CHOICES, Choice, Doubt, quoted
from oryxforge.agents.quick.language.spelling import fold
from oryxforge.agents.quick.matching import View
from oryxforge.agents.quick.schema import Kind
from oryxforge.agents.quick.sql.expressions import name, table
from oryxforge.agents.quick.steps import Facts

COLUMNS, VALUES, LIKE_NAME, LIKE_VALUE = 6, 500, 0.62, 0.7


async def with_nearest(doubt: Doubt, prompt: str, view: View, facts: Facts) -> Doubt:
    """The doubt with the columns and values that its word is near to, before its own choices."""
    if not doubt.word:
        return doubt
    start, end = doubt.span
    made = [
        Choice(by, f"{prompt[:start]}{said}{prompt[end:]}")
        for by, said in [*_columns(doubt.word, view), *await _values(doubt.word, view, facts)]
    ]
    return Doubt(doubt.text, tuple(dict.fromkeys((*made, *doubt.choices)))[:CHOICES])


def _columns(word: str, view: View) -> list[tuple[str, str]]:
    by_name = {fold(f.column.name): f.column.name for f in view.fields}
    by_name |= {s: f.column.name for f in view.fields for s in f.column.stems if len(s) > 3}
    near = difflib.get_close_matches(fold(word), list(by_name), n=3, cutoff=LIKE_NAME)
    return [(n, quoted(n)) for n in dict.fromkeys(by_name[k] for k in near)]


async def _values(word: str, view: View, facts: Facts) -> list[tuple[str, str]]:
    found: list[tuple[float, str, str]] = []
    for column in view.sheet.of_kind(Kind.TEXT)[:COLUMNS]:
        of, source = name(column.name), table(view.sheet.address)
        rows = await facts.rows(
            f"SELECT DISTINCT {of} FROM {source} WHERE length({of}) <= 60 LIMIT {VALUES}", VALUES
        )
        by_fold = {fold(str(r[0])): str(r[0]) for r in rows}
        for near in difflib.get_close_matches(fold(word), list(by_fold), n=2, cutoff=LIKE_VALUE):
            likeness = difflib.SequenceMatcher(None, fold(word), near).ratio()
            found.append((likeness, column.name, by_fold[near]))
    found.sort(key=lambda f: -f[0])
    return [(f"{c} {v}", f"{quoted(c)} = {_said(v)}") for _, c, v in found[:3]]


def _said(value: str) -> str:
    return f"'{value}'" if "'" not in value else quoted(value)
