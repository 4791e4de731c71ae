"""What a question may ask that the quick analyst can't do, so that it says so rather than answer something else."""

import re
from collections.abc import Sequence

from oryxforge.agents.quick.grammar.draft import Choice, Doubt, quoted
from oryxforge.agents.quick.grammar.items import Item
from oryxforge.agents.quick.language.lexicon import Role
from oryxforge.agents.quick.matching import View
from oryxforge.agents.quick.schema import Kind

FORECAST = "predict: I only tell what the data holds. I can show how it went so far"
CAUSE = "explain causes: the data tells what happened, not why. I can show when and where it happened"
_BEYOND: tuple[tuple[str, str], ...] = (
    (
        r"predict\w*|forecast\w*|extrapolat\w*|project(?:ed|ion|ions)\b|\bwill\b|\bgoing\s+to\b|expected\b|"
        r"expect\s|\b(?:next|coming|upcoming|following)\s+(?:\d+\s+)?(?:day|week|month|quarter|year)s?\b|in\s+the\s+future",
        FORECAST,
    ),
    (
        r"regress\w*|classif\w*|cluster\w*|machine\s+learning|train(?:ing)?\s+(?:a|the|an)\b|neural\w*",
        "fit models",
    ),
    (
        r"shapiro\S*|kolmogorov\S*|anderson.darling|t.tests?\b|anova|chi.squared?|p.values?\b|hypothes[ie]s|normality|"
        r"normally\s+distributed|(?:follows?|adheres?\s+to)\s+a\s+normal|normal\s+distribution",
        "test hypotheses such as normality; I can show a distribution, its skewness and its kurtosis",
    ),
    (
        r"(?:new|derived|additional)\s+(?:column|feature|variable)s?|feature\s+engineering|preprocess\w*|imput(?:e|ing|ation)|"
        r"normali[sz]e|standardi[sz]e|one.hot|encod(?:e|ing)\s",
        "make new columns or change data; SQL can, for example `select *, a + b as c from …`",
    ),
    (
        r"\bwhy\b|what(?:'s|\s+is|\s+has|\s+have|\s+was|\s+are)?\s+(?:caus\w+|explain\w*|led\b|behind\b|driving\b|made\b)|"
        r"reasons?\s+(?:for|of|behind|why)|causes?\s+(?:of|for|behind)|explain\s+(?:the|this|why|how)|how\s+come|root\s+cause\w*|"
        r"(?:due|owing)\s+to\s+what|because\s+of\s+what|account(?:s|ed)?\s+for\s+the\s+(?:drop|fall|rise|decline|increase|decrease)",
        CAUSE,
    ),
)
BEYOND = tuple((re.compile(pattern, re.IGNORECASE), what) for pattern, what in _BEYOND)
SENTENCES = re.compile(r"[.?!]\s+(?=[A-Z\"'])")
MOST_ASIDE = 4


def beyond(text: str, items: Sequence[Item], view: View) -> Doubt | None:
    """A doubt where the question asks for what is not done here; words that name columns or values are no such."""
    for pattern, what in BEYOND:
        found = pattern.search(text)
        if found and not _named(found[0], items):
            return Doubt(
                f"I can't {what}.", _instead(items, view) if what in (FORECAST, CAUSE) else (), refused=True
            )
    return None


def _instead(items: Sequence[Item], view: View) -> tuple[Choice, ...]:
    """The course of what is asked about so far, and its groups."""
    named = [
        m.field.column for i in items for m in i.kinds(Kind.NUMBER)[:1] if not m.field.column.identifying
    ]
    implied = [c for c in view.sheet.of_kind(Kind.NUMBER) if c.takings]
    dates = view.sheet.of_kind(Kind.DATE)
    if not (named or implied):
        return ()
    of, address = quoted((named or implied)[0].name), view.sheet.address
    groups = [c for c in view.sheet.of_kind(Kind.TEXT) if not c.identifying][:1]
    made = (
        [
            f"{of} over time by {quoted(dates[0].name)} in {address}",
            f"growth of {of} by month of {quoted(dates[0].name)} in {address}",
        ]
        if dates
        else []
    )
    made += [f"{of} by {quoted(g.name)} in {address}" for g in groups]
    return tuple(Choice(q, q) for q in made)


def _named(said: str, items: Sequence[Item]) -> bool:
    words = said.strip().casefold()
    return any(
        words in i.text.casefold()
        for i in items
        if i.role in (Role.COLUMN, Role.VALUE, Role.QUOTED, Role.SHEET)
    )


def too_much(text: str, aside: Sequence[str]) -> Doubt | None:
    """A doubt where most of the question was not understood."""
    if len(aside) < MOST_ASIDE:
        return None
    words = ", ".join(f"“{w[:40]}”" for w in aside[:6])
    return Doubt(f"I understand too little of it: {words}.{one_at_a_time(text)}")


def one_at_a_time(text: str) -> str:
    return " Ask one thing at a time, in one sentence." if SENTENCES.search(text.strip()) else ""
