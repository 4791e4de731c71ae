"""From a question to a reading of it: which sheet it speaks of, and what its words do there."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from oryxforge.agents.quick.followup import is_marked, merged
from oryxforge.agents.quick.grammar.absent import is_absent
from oryxforge.agents.quick.grammar.compose import compose
from oryxforge.agents.quick.grammar.draft import CHOICES, Choice, Doubt, Draft, Line
from oryxforge.agents.quick.grammar.items import Hit, Item, coverage, cut, unexplained
from oryxforge.agents.quick.grammar.limits import beyond, one_at_a_time, too_much
from oryxforge.agents.quick.grammar.passes import read_all
from oryxforge.agents.quick.grammar.unread import too_bare
from oryxforge.agents.quick.joins import counted_twice, keys_between
from oryxforge.agents.quick.language.lexicon import Role
from oryxforge.agents.quick.language.spelling import root
from oryxforge.agents.quick.language.tokens import Token, tokenise
from oryxforge.agents.quick.matching import View, names_sheet
from oryxforge.agents.quick.nearest import with_nearest
from oryxforge.agents.quick.reading import Ask, Reading
from oryxforge.agents.quick.schema import Sheet
from oryxforge.agents.quick.sql.expressions import Expressions
from oryxforge.agents.quick.sql.statements import Bins, statement
from oryxforge.agents.quick.steps import Facts
from oryxforge.agents.quick.telling.saying import say
from oryxforge.agents.quick.values import find_hits
from oryxforge.ports.toolbox import Toolbox

NUMBERED = re.compile(r"^\s*(?:(?:question|task|q)\s*)?\d{1,3}\s*[.):]\s+(?=\S)", re.IGNORECASE)
MOST_TOKENS, MOST_SHEETS = 120, 12
HAD = re.compile(
    r"\b(?:without|no|never|not|with|who|that|which|have|has|ordered|bought|purchased|\w+n't)\b",
    re.IGNORECASE,
)
TIE, TARGET, BASED, FOLLOWED, GAIN, EXPLAINING, JOINED = 0.05, 0.5, 0.3, 0.8, 0.4, 0.1, 6
NEARLY = 0.95
ANY_TABLE = ("rows", "describe", "missing", "duplicates", "outliers", "correlation", "zscore")


@dataclass(frozen=True)
class Understood:
    """A reading, or what keeps from one; `aside` are words that were left out of it, `named` whether
    the question names the sheet."""

    view: View | None = None
    reading: Reading | None = None
    doubts: tuple[Doubt, ...] = ()
    aside: tuple[str, ...] = ()
    intents: frozenset[str] = frozenset()
    named: bool = False


Scored = tuple[float, list[Item], View]


class Reader:
    """Reads questions about the sheets of one project; `base` is the reading of the question before."""

    def __init__(self, sheets: Sequence[Sheet], toolbox: Toolbox, base: Reading | None = None) -> None:
        self._sheets = sheets
        self._worded = [s for s in sheets if not s.derived]
        self._toolbox = toolbox
        self._facts = Facts(toolbox)
        self._base = base if base and _usable(base, sheets) else None

    async def read(self, prompt: str, target: str | None) -> Understood:
        text, named = _addresses(_numbered(prompt), self._sheets)
        tokens = tokenise(text)
        if len(tokens) > MOST_TOKENS:
            return Understood(
                doubts=(Doubt("The question is too long for me. Ask it in one short sentence."),)
            )
        views = self._views(named)
        hits = await self._hits(text, tokens, views)
        scored = [self._scored(text, tokens, v, hits, prompt, target) for v in views]
        scored.sort(key=lambda s: -s[0])
        joined = await self._had(text, tokens, hits) if len(scored) > 1 else None
        joined = joined or (await self._joined(text, tokens, scored, hits) if len(scored) > 1 else None)
        if isinstance(joined, Doubt):
            return Understood(doubts=(joined,))
        best = joined or scored[0]
        tied = [v.sheet for score, _, v in scored if best[0] - score < TIE]
        if len(tied) > 1 and best[0] < TIE and (_unknown(best[1]) or not _wants_data(best[1])):
            return Understood(aside=_unknown(best[1]), intents=_intents(best[1]))
        if len(tied) > 1:
            return Understood(doubts=(_which_sheet(prompt, tied),), intents=_intents(best[1]))
        read = await self._read(prompt, tokens, best[1], best[2])
        return replace(read, named=read.named or bool(named))

    def _views(self, named: Sequence[Sheet]) -> list[View]:
        sheets = list(named) or self._worded or list(self._sheets)
        views = [View.of(s) for s in sheets]
        based = view_of(self._base, self._sheets) if self._base and not named else None
        return (
            views
            if based is None or based in views
            else [*(v for v in views if v.sheet != based.sheet), based]
        )

    async def _hits(self, text: str, tokens: Sequence[Token], views: Sequence[View]) -> list[Hit]:
        """The values that words nothing else explains name, looked up in the likeliest sheets."""
        first = [(cut(text, tokens, v, self._worded), v) for v in views]
        open_ones = set[int].intersection(*(unexplained(items) for items, _ in first))
        if not open_ones:
            return []
        ranked = sorted(first, key=lambda p: -coverage(p[0], p[1]))
        sheets = [s for _, v in ranked[:MOST_SHEETS] for s in (v.sheet, v.joined) if s]
        return await find_hits(self._toolbox, text, tokens, open_ones, list(dict.fromkeys(sheets)))

    def _scored(
        self,
        text: str,
        tokens: Sequence[Token],
        view: View,
        hits: Sequence[Hit],
        prompt: str,
        target: str | None,
    ) -> Scored:
        items = cut(text, tokens, view, self._worded, hits)
        score = coverage(items, view) + (TARGET if view.sheet.address == target else 0.0)
        if self._base and view.sheet.address == self._base.sheet:
            score += FOLLOWED if is_marked(prompt) else BASED
        return score, items, view

    async def _joined(
        self, text: str, tokens: Sequence[Token], scored: Sequence[Scored], hits: Sequence[Hit]
    ) -> Scored | Doubt | None:
        """Two sheets together, where they explain clearly more than any one."""
        best: tuple[float, View] | None = None
        lone = len(_unknown(scored[0][1]))

        def needed(items: Sequence[Item]) -> float:
            """Less where both sheets are named to be joined, or a word means something only with both."""
            joining = "join" in _intents(items) and sum(i.role is Role.SHEET for i in items) > 1
            return 0.0 if joining else EXPLAINING if len(_unknown(items)) < lone else GAIN

        for own in scored[:JOINED]:
            for other in scored[:JOINED]:
                if own[2].sheet == other[2].sheet or own[2].joined or other[2].joined:
                    continue
                view = own[2].with_joined(other[2].sheet)
                items = cut(text, tokens, view, self._worded, hits)
                score = coverage(items, view)
                if score - scored[0][0] > needed(items) and (best is None or score > best[0] + TIE):
                    best = (score, view)
        if best is None or best[1].joined is None:
            return None
        return await self._on_key(text, tokens, best, hits, scored[0][0], needed)

    async def _had(self, text: str, tokens: Sequence[Token], hits: Sequence[Hit]) -> Scored | None:
        """`customers without orders`: the sheet that is looked up, seen from the only one that it has rows in."""
        subject = next((s for t in tokens for s in self._worded if names_sheet([t], s)), None)
        if subject is None or not HAD.search(text):
            return None
        found: list[Scored] = []
        named: list[Scored] = []
        for other in [s for s in self._worded if s != subject][:MOST_SHEETS]:
            keys = await keys_between(self._facts, other, subject)
            view = View.of(other).with_joined(subject, keys[0]) if len(keys) == 1 else None
            items = cut(text, tokens, view, self._worded, hits) if view else []
            if view is None or not is_absent(
                Line(items, [(t.start, t.end) for t in tokens]), Draft(text, view)
            ):
                continue
            found.append((coverage(items, view), items, view))
            stems = {root(t.norm) for t in tokens}
            named += found[-1:] if any(root(w) in stems for n in other.names for w in n) else []
        chosen = named or found
        return chosen[0] if len(chosen) == 1 else None

    async def _on_key(
        self,
        text: str,
        tokens: Sequence[Token],
        best: tuple[float, View],
        hits: Sequence[Hit],
        least: float,
        needed: Callable[[Sequence[Item]], float],
    ) -> Scored | Doubt | None:
        own, other = best[1].sheet, best[1].joined
        assert other is not None
        for first, second in ((own, other), (other, own)):
            keys = await keys_between(self._facts, first, second)
            if len(keys) == 1:
                view = View.of(first).with_joined(second, keys[0])
                items = cut(text, tokens, view, self._worded, hits)
                score = coverage(items, view)
                return (score, items, view) if score - least > needed(items) else None
            if keys:
                named = " and ".join(f"“{k.own_key}”" for k in keys)
                return Doubt(
                    f"{first.address} and {second.address} share several keys, {named}; write the join as SQL."
                )
        return Doubt(
            f"This needs both {own.address} and {other.address}, but they share no column that names one row of the "
            "other, so I can't join them. Give them a common key, or write the SQL."
        )

    async def _read(
        self, prompt: str, tokens: Sequence[Token], items: Sequence[Item], view: View
    ) -> Understood:
        line = Line(items, [(t.start, t.end) for t in tokens])
        draft = Draft(
            prompt, view, binary=await self._binary(items, view), unique=await self._unique(items, view)
        )
        read_all(line, draft)
        unable = beyond(prompt, items, view) or too_much(prompt, draft.aside)
        draft.doubts[:0] = [unable] if unable else []
        reading = None
        if not draft.doubts:
            base = self._base if self._base and self._base.sheet == view.sheet.address else None
            reading = (merged(base, draft) if base else None) or compose(draft)
        if reading and not reading.join and view.join and _uses_join(reading):
            reading = replace(reading, join=view.join)
        bare = too_bare(reading, draft) if reading else None
        draft.doubts += [bare] if bare else []
        doubts = [*draft.doubts, *([d] if reading and (d := counted_twice(reading)) else [])]
        doubts[:1] = [await with_nearest(d, prompt, view, self._facts) for d in doubts[:1]]
        doubts[:1] = [replace(d, text=d.text + one_at_a_time(prompt)) if d.word else d for d in doubts[:1]]
        return Understood(
            view,
            None if doubts else reading,
            tuple(doubts),
            tuple(draft.aside),
            frozenset(draft.intents),
            draft.sheeted,
        )

    async def _binary(self, items: Sequence[Item], view: View) -> frozenset[str]:
        """The columns, among those named, that hold nothing but 0 and 1."""
        matched = [m.field for i in items if i.role is Role.COLUMN for m in i.matches[:2]]
        named = [
            f
            for f in dict.fromkeys(matched)
            if f.column.whole and not f.ref.joined and not f.column.identifying
        ][:8]
        if not named:
            return frozenset()
        e = Expressions(Reading(Ask.AGGREGATE, view.sheet.address), view)
        parts = ", ".join(
            f"min({e.ref(f.ref)}), max({e.ref(f.ref)}), CAST(bool_and({e.ref(f.ref)} IN (0, 1)) AS INTEGER)"
            for f in named
        )
        found = await self._facts.numbers(f"SELECT {parts}\n{e.source()}")
        triples = [found[n : n + 3] for n in range(0, len(found), 3)]
        return frozenset(f.column.name for f, t in zip(named, triples, strict=False) if t == [0.0, 1.0, 1.0])

    async def _unique(self, items: Sequence[Item], view: View) -> frozenset[str]:
        """The numbers of rows, among those named, that name hardly any row twice."""
        matched = [i.matches[0].field for i in items if i.role is Role.COLUMN]
        named = [f for f in matched if f.column.identifying and not f.column.is_year and not f.ref.joined]
        if not named:
            return frozenset()
        e = Expressions(Reading(Ask.AGGREGATE, view.sheet.address), view)
        fields = list(dict.fromkeys(named))[:4]
        counts = ", ".join(f"count(DISTINCT {e.ref(f.ref)})" for f in fields)
        rows, *different = await self._facts.numbers(f"SELECT count(*), {counts}\n{e.source()}") or [None]
        pairs = zip(fields, different, strict=False)
        return frozenset(f.column.name for f, n in pairs if rows and n and n >= NEARLY * rows)


def view_of(reading: Reading, sheets: Sequence[Sheet]) -> View | None:
    """The view that a reading works on; None where a sheet is there no more."""
    own = next((s for s in sheets if s.address == reading.sheet), None)
    if own is None or reading.join is None:
        return View.of(own) if own else None
    other = next((s for s in sheets if reading.join and s.address == reading.join.sheet), None)
    return View.of(own).with_joined(other, reading.join) if other else None


def _usable(base: Reading, sheets: Sequence[Sheet]) -> bool:
    """Whether an earlier reading still fits the data."""
    view = view_of(base, sheets)
    if view is None:
        return False
    bins = Bins(0.0, 1.0, 1) if base.ask is Ask.DISTRIBUTION else None
    try:
        statement(base, view, bins)
        say(base)
    except (LookupError, TypeError, ValueError):
        return False
    return True


def _uses_join(reading: Reading) -> bool:
    refs = [
        *reading.columns,
        *(m.of for m in reading.measures if m.of),
        *(g.of for g in (*reading.groups, *reading.per)),
        *(c.of for c in (*reading.where, *reading.part)),
        *(h.measure.of for h in reading.having if h.measure.of),
        *([reading.sort] if reading.sort else []),
    ]
    return any(r.joined for r in refs)


def _wants_data(items: Sequence[Item]) -> bool:
    """Whether something is asked of some table, though none is named."""
    listing = bool(_intents(items) & {"sheets", "columns"})
    return any(
        (i.role is Role.AGGREGATE and not (listing and i.value == "count"))
        or (i.role is Role.INTENT and i.value in ANY_TABLE)
        for i in items
    )


def _unknown(items: Sequence[Item]) -> tuple[str, ...]:
    return tuple(
        i.text for i in items if i.role in (Role.WORD, Role.QUOTED) and any(c.isalnum() for c in i.text)
    )


def _intents(items: Sequence[Item]) -> frozenset[str]:
    return frozenset(i.value for i in items if i.role is Role.INTENT)


def _numbered(prompt: str) -> str:
    """Without the number of the question: `1. …`, `Question 2: …`; every other word stays in its place."""
    return NUMBERED.sub(lambda m: " " * len(m[0]), prompt)


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
