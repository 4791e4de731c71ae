"""Why a column has its type, in a sentence for people."""

import re
from collections.abc import Callable, Iterable, Sequence

from oryxforge.adapters.engine.kinds import (
    AMBIGUOUS,
    COMMA,
    GROUPED,
    ISO_DATE,
    MISSING_WORDS,
    NUMBER,
    STYLES,
    WHITE,
    Kind,
    Plan,
)

SHOWN = 3
SHOWN_CHARS = 24
MOST = 0.5
PARTS = {"%d": "day", "%m": "month", "%Y": "year", "%y": "year (two digits)", "%b": "month's name",
         "%B": "month's name", "%H:%M:%S": "time", "%H:%M": "time", "%I:%M:%S %p": "time", "%I:%M %p": "time"}  # fmt: skip
PLAIN = {
    Kind.BIGINT: "Every value is a whole number.",
    Kind.DOUBLE: "Every value is a number.",
    Kind.BOOLEAN: "Every value is true or false.",
    Kind.DATE: "Every value is a date, year first.",
    Kind.TIMESTAMP: "Every value is a date with a time, year first.",
    Kind.ZONED: "Every value is a date with a time and its zone.",
    Kind.TIME: "Every value is a time of day.",
}
NUMBERS = {
    ",": "Every value is a number; the comma stands before decimals.",
    "grouped": "Every value is a number; commas part the thousands.",
}
LEADING_ZERO = re.compile(r"-?0[0-9]+")
DIGITS = re.compile(r"-?[0-9]+")
PHONE = re.compile(r"\+[0-9]{7,}")
ANY_NUMBER = re.compile(f"{NUMBER}|{COMMA}|{GROUPED}|{DIGITS.pattern}")
ANY_DATE = re.compile(rf"{ISO_DATE}([ T].*)?|[0-9]{{1,2}}[./-][0-9]{{1,2}}[./-][0-9]{{2,4}}([ T].*)?")


def reason(plan: Plan, values: Iterable[str | None], *, chosen: bool) -> str:
    """Why the values are read by the plan; `chosen`: a person said so."""
    if chosen:
        return "You chose this type."
    if plan.note == AMBIGUOUS:
        return "Dates that can be read day first or month first: kept as text until you say which."
    texts = list(dict.fromkeys(v.strip(WHITE) for v in values if v is not None))
    present = [t for t in texts if t and t.lower() not in MISSING_WORDS]
    if not present:
        return "No value in the rows that were looked at."
    if plan.kind == Kind.VARCHAR:
        return _why_text(present)
    missing = f" {_quoted(sorted(plan.missing))} counts as missing." if plan.missing else ""
    return _why_values(plan) + missing


def decimal_of(plans: Sequence[Plan]) -> str | None:
    """The decimal sign of the numbers, None where they have none."""
    if any(plan.style == "," for plan in plans):
        return ","
    return "." if any(plan.kind == Kind.DOUBLE for plan in plans) else None


def _why_values(plan: Plan) -> str:
    if plan.style in NUMBERS:
        return NUMBERS[plan.style]
    if plan.style in STYLES:
        return f"Every value is a date, read as {_spelled(plan.style)}."
    return PLAIN[plan.kind]


def _spelled(style: str) -> str:
    for part, words in sorted(PARTS.items(), key=lambda p: -len(p[0])):
        style = style.replace(part, words)
    return style


def _why_text(texts: Sequence[str]) -> str:
    if all(map(DIGITS.fullmatch, texts)):
        zeros = _matching(texts, LEADING_ZERO.fullmatch)
        if zeros:
            return f"Looks like numbers, but {_quoted(zeros[:1])} would lose its zero: kept as text."
        longest = sorted(texts, key=len)[-1]
        return (
            f"Whole numbers that are too long, such as {_quoted([longest])}: kept as text, every digit stays."
        )
    if all(map(PHONE.fullmatch, texts)):
        return f"Telephone numbers, such as {_quoted(texts[:1])}: kept as text."
    for what, pattern in (("numbers", ANY_NUMBER), ("dates", ANY_DATE)):
        others = _matching(texts, lambda t, p=pattern: p.fullmatch(t) is None)
        if len(others) < len(texts) * (1 - MOST):
            odd = others or _matching(texts, LEADING_ZERO.fullmatch) or texts
            return (
                f"Mostly {what}, but not all can be read as such, for one {_quoted(odd[:1])}: kept as text."
            )
    return "Text."


def _matching(texts: Sequence[str], test: Callable[[str], object]) -> list[str]:
    return [t for t in texts if test(t)]


def _quoted(texts: Sequence[str]) -> str:
    cut = [t if len(t) <= SHOWN_CHARS else t[:SHOWN_CHARS] + "…" for t in texts[:SHOWN]]
    return ", ".join(f"“{t}”" for t in cut)
