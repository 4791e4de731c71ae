"""Numbers given as percentages: what they are compared with may hold fractions."""

from oryxforge.agents.quick.grammar.draft import Choice, Doubt, Draft, Line, quoted
from oryxforge.agents.quick.language.lexicon import Role
from oryxforge.agents.quick.reading import PERCENT
from oryxforge.agents.quick.schema import Kind

WORDS = ("percent", "per cent", "percents", "pct", "%")


def percent_said(line: Line, at: int) -> str:
    """PERCENT where the number is one; the word for it is read then."""
    if line.items[at].text.endswith("%"):
        return PERCENT
    place = at + 1
    item = line.get(place)
    if item is None or place in line.used or item.text.casefold() not in WORDS:
        return ""
    line.take(place)
    return PERCENT


def read_portions(line: Line, draft: Draft) -> None:
    """`more than 10% of revenue`, `top 10% of orders`: parts of a whole, which no filter here can tell."""
    for at, item in line.free(Role.NUMBER):
        following = line.get(at + 1)
        worded = following is not None and following.text.casefold() in (
            "percent of",
            "% of",
            "percentage of",
        )
        of = following is not None and following.role is Role.IN and following.text.casefold() == "of"
        ranked = line.is_free(line.before(at), Role.SUPERLATIVE)
        signed = item.text.endswith("%") or (following is not None and following.text.casefold() in WORDS)
        if not (worded or (signed and (of or ranked))):
            continue
        line.take(at, at + 1, line.before(at))
        said = "pick the first so many percent" if ranked else "filter by a share of the whole"
        draft.doubts.append(Doubt(f"I can't {said}; I can show the shares.", _shares(draft), refused=True))


def _shares(draft: Draft) -> tuple[Choice, ...]:
    amounts = [f.column for f in draft.view.fields if f.column.takings and f.column.kind is Kind.NUMBER]
    groups = [c for c in draft.view.sheet.of_kind(Kind.TEXT) if not c.identifying]
    if not amounts or not groups:
        return ()
    return tuple(
        Choice(q, q) for g in groups[:2] for q in [f"share of {quoted(amounts[0].name)} by {quoted(g.name)}"]
    )
