"""From a question to a reading of it: which sheet it speaks of, and what its words do there."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from oryxforge.agents.quick import filters, slots, unread
from oryxforge.agents.quick.compose import compose
from oryxforge.agents.quick.draft import CHOICES, Choice, Doubt, Draft, Line
from oryxforge.agents.quick.expressions import Expressions
from oryxforge.agents.quick.items import Item, coverage, cut, unexplained
from oryxforge.agents.quick.lexicon import Role
from oryxforge.agents.quick.matching import View
from oryxforge.agents.quick.reading import Ask, Reading
from oryxforge.agents.quick.schema import Kind, Sheet
from oryxforge.agents.quick.steps import Facts
from oryxforge.agents.quick.tokens import Token, tokenise
from oryxforge.agents.quick.values import find_hits
from oryxforge.ports.toolbox import Toolbox

MOST_TOKENS, MOST_SHEETS = 120, 12
TIE, TARGET = 0.05, 0.5
ANY_TABLE = ("rows", "describe", "missing", "duplicates", "outliers", "correlation", "zscore")
SWITCHING = ("count", "rate")


@dataclass(frozen=True)
class Understood:
    """A reading, or what keeps from one; `aside` are words that were left out of it."""

    view: View | None = None
    reading: Reading | None = None
    doubts: tuple[Doubt, ...] = ()
    aside: tuple[str, ...] = ()
    intents: frozenset[str] = frozenset()


class Reader:
    """Reads questions about the sheets of one project."""

    def __init__(self, sheets: Sequence[Sheet], toolbox: Toolbox) -> None:
        self._sheets = sheets
        self._toolbox = toolbox
        self._facts = Facts(toolbox)

    async def read(self, prompt: str, target: str | None) -> Understood:
        text, named = _addresses(prompt, self._sheets)
        tokens = tokenise(text)
        if len(tokens) > MOST_TOKENS:
            return Understood(
                doubts=(Doubt("The question is too long for me. Ask it in one short sentence."),)
            )
        sheets = named or [s for s in self._sheets if not s.derived] or list(self._sheets)
        views = [View.of(s) for s in sheets]
        first = [cut(text, tokens, v, self._sheets) for v in views]
        open_ones = set[int].intersection(*(unexplained(items) for items in first))
        ranked = sorted(zip(first, views, strict=True), key=lambda p: -coverage(p[0], p[1]))
        searched = [v.sheet for _, v in ranked[:MOST_SHEETS]]
        hits = await find_hits(self._toolbox, text, tokens, open_ones, searched) if open_ones else []
        cuts = (
            [(cut(text, tokens, v, self._sheets, hits), v) for v in views]
            if hits
            else list(zip(first, views, strict=True))
        )
        scored = [(coverage(i, v) + (TARGET if v.sheet.address == target else 0), i, v) for i, v in cuts]
        scored.sort(key=lambda s: -s[0])
        best = scored[0]
        tied = [v.sheet for score, _, v in scored if best[0] - score < TIE]
        if len(tied) > 1 and best[0] < TIE and not _wants_data(best[1]):
            return Understood(aside=_unknown(best[1]), intents=_intents(best[1]))
        if len(tied) > 1:
            return Understood(doubts=(_which_sheet(prompt, tied),), intents=_intents(best[1]))
        return await self._read(prompt, text, tokens, best[1], best[2])

    async def _read(
        self, prompt: str, text: str, tokens: Sequence[Token], items: Sequence[Item], view: View
    ) -> Understood:
        line = Line(items, [(t.start, t.end) for t in tokens])
        draft = Draft(prompt, view, binary=await self._binary(items, view))
        passes(line, draft)
        reading = compose(draft) if not draft.doubts else None
        return Understood(
            view,
            None if draft.doubts else reading,
            tuple(draft.doubts),
            tuple(draft.aside),
            frozenset(draft.intents),
        )

    async def _binary(self, items: Sequence[Item], view: View) -> frozenset[str]:
        """The columns, among those named, that hold nothing but 0 and 1."""
        if not any(
            (i.role is Role.AGGREGATE and i.value in SWITCHING)
            or (i.role is Role.INTENT and i.value in ("share", "distribution"))
            for i in items
        ):
            return frozenset()
        matched = [m.field for i in items if i.role is Role.COLUMN for m in i.matches[:2]]
        named = [f for f in dict.fromkeys(matched) if f.column.kind is Kind.NUMBER and not f.ref.joined][:8]
        if not named:
            return frozenset()
        e = Expressions(Reading(Ask.AGGREGATE, view.sheet.address), view)
        parts = ", ".join(
            f"min({e.ref(f.ref)}), max({e.ref(f.ref)}), count(DISTINCT {e.ref(f.ref)})" for f in named
        )
        found = await self._facts.numbers(f"SELECT {parts}\n{e.source()}")
        triples = [found[n : n + 3] for n in range(0, len(found), 3)]
        return frozenset(f.column.name for f, t in zip(named, triples, strict=False) if t == [0.0, 1.0, 2.0])


def passes(line: Line, draft: Draft) -> None:
    """Each reads what it knows and leaves the rest to the next."""
    filters.read_missing(line, draft)
    filters.read_comparisons(line, draft)
    filters.read_named_values(line, draft)
    filters.read_values(line, draft)
    filters.read_truths(line, draft)
    filters.read_periods(line, draft)
    slots.read_superlatives(line, draft)
    slots.read_sorting(line, draft)
    slots.read_groups(line, draft)
    slots.read_measures(line, draft)
    slots.read_intents(line, draft)
    slots.read_nouns(line, draft)
    slots.read_leftovers(line, draft)
    unread.check(line, draft)


def _wants_data(items: Sequence[Item]) -> bool:
    """Whether something is asked of some table, though none is named."""
    named = (i.role is Role.AGGREGATE or (i.role is Role.INTENT and i.value in ANY_TABLE) for i in items)
    return any(named)


def _unknown(items: Sequence[Item]) -> tuple[str, ...]:
    return tuple(
        i.text for i in items if i.role in (Role.WORD, Role.QUOTED) and any(c.isalnum() for c in i.text)
    )


def _intents(items: Sequence[Item]) -> frozenset[str]:
    return frozenset(i.value for i in items if i.role is Role.INTENT)


def _addresses(prompt: str, sheets: Sequence[Sheet]) -> tuple[str, list[Sheet]]:
    """The question with the addresses in it blanked out, and the sheets that they name."""
    found: list[Sheet] = []
    text = prompt
    for sheet in sorted(sheets, key=lambda s: -len(s.address)):
        pattern = re.compile(rf'(?<![\w."])"?{re.escape(sheet.address)}"?(?![\w."])', re.IGNORECASE)
        if pattern.search(text):
            found.append(sheet)
            text = pattern.sub(lambda m: " " * len(m[0]), text)
    return text, found


def _which_sheet(prompt: str, sheets: Sequence[Sheet]) -> Doubt:
    stem = prompt.rstrip(" ?.!")
    choices = tuple(Choice(s.address, f"{stem} in {s.address}") for s in sheets[:CHOICES])
    return Doubt("In which table?", choices)
