"""What a question may ask that the quick analyst can't do, so that it says so rather than answer something else."""

import re
from collections.abc import Sequence

from oryxforge.agents.quick.grammar.draft import Doubt
from oryxforge.agents.quick.grammar.items import Item
from oryxforge.agents.quick.language.lexicon import Role

_BEYOND: tuple[tuple[str, str], ...] = (
    (r"predict\w*|forecast\w*|extrapolat\w*|will\s+be", "predict; I only tell what the data holds"),
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
        r"^\s*why\b|what\s+(?:caused|explains)|reasons?\s+for",
        "explain causes; I can compare groups and times",
    ),
)
BEYOND = tuple((re.compile(pattern, re.IGNORECASE), what) for pattern, what in _BEYOND)
SENTENCES = re.compile(r"[.?!]\s+(?=[A-Z\"'])")
MOST_ASIDE = 4


def beyond(text: str, items: Sequence[Item]) -> Doubt | None:
    """A doubt where the question asks for what is not done here; words that name columns or values are no such."""
    for pattern, what in BEYOND:
        found = pattern.search(text)
        if found and not _named(found[0], items):
            return Doubt(f"I can't {what}.")
    return None


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
