"""What a column of texts holds, found from samples; and SQL that converts it, or refuses, but never loses a digit."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

WHITE = " \t\r\n\v\f\xa0"
GUARD_MARK = "a value does not fit the type of its column"
MISSING_WORDS = frozenset(
    {
        "na",
        "n/a",
        "#n/a",
        "<na>",
        "nan",
        "-nan",
        "null",
        "none",
        "nil",
        "-",
        "--",
        "?",
        ".",
        "#value!",
        "#ref!",
        "#div/0!",
    }
)
INTEGER = r"-?(0|[1-9][0-9]{0,17})"
# A plus is no sign before many digits: that is a telephone number.
NUMBER = (
    r"(-?(0|[1-9][0-9]{0,14})(\.[0-9]*)?|-?\.[0-9]+|\+(0|[1-9][0-9]{0,5})(\.[0-9]*)?)([eE][-+]?[0-9]{1,3})?"
)
INFINITY = r"[-+]?(inf|Inf|INF|infinity|Infinity)"
COMMA = r"-?(0|[1-9][0-9]{0,14}|[1-9][0-9]{0,2}(\.[0-9]{3})+)(,[0-9]+)?"
GROUPED = r"-?(0|[1-9][0-9]{0,14}|[1-9][0-9]{0,2}(,[0-9]{3})+)(\.[0-9]+)?"
ISO_DATE = r"[0-9]{4}([-/])[0-9]{1,2}[-/][0-9]{1,2}"
CLOCK = r"[0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?"
ISO_TIMESTAMP = rf"{ISO_DATE}[ T]{CLOCK}"
ZONED = rf"{ISO_TIMESTAMP} ?(Z|[-+][0-9]{{2}}(:?[0-9]{{2}})?)"


class Kind(StrEnum):
    """The value is the SQL type of the column."""

    BIGINT = "BIGINT"
    DOUBLE = "DOUBLE"
    BOOLEAN = "BOOLEAN"
    DATE = "DATE"
    TIMESTAMP = "TIMESTAMP"
    ZONED = "TIMESTAMP WITH TIME ZONE"
    TIME = "TIME"
    VARCHAR = "VARCHAR"


DAYS = ("%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y", "%m-%d-%Y", "%d/%m/%y", "%m/%d/%y", "%d.%m.%y",
        "%d-%b-%Y", "%d-%b-%y", "%d %b %Y", "%b %d, %Y", "%b %d %Y", "%d %B %Y", "%B %d, %Y")  # fmt: skip
CLOCKS = ("%H:%M", "%H:%M:%S", "%I:%M %p", "%I:%M:%S %p")
STYLES = dict.fromkeys(DAYS, Kind.DATE) | {f"{d} {c}": Kind.TIMESTAMP for d in DAYS for c in CLOCKS}


FIRST = {"day": "%d", "month": "%m"}
AMBIGUOUS = "dates that can be read day first or month first; kept as text"


@dataclass(frozen=True)
class Plan:
    """How the texts of one column become values: its kind, the way numbers or days are written, words for missing."""

    kind: Kind
    style: str = ""
    missing: frozenset[str] = frozenset()
    trimmed: bool = False
    forced: str = ""
    note: str = ""
    unseen: bool = False

    @property
    def type(self) -> str:
        return self.forced or self.kind.value


def plan_column(
    values: Iterable[str | None], decimal: str | None, delimiter: str, first: str | None = None
) -> Plan:
    """The narrowest plan that keeps every value; `first` (day, month) decides for dates that allow either."""
    texts = {v for v in values if v is not None}
    missing = frozenset(v.strip(WHITE).lower() for v in texts) & MISSING_WORDS
    trimmed = any(v != v.strip(WHITE) for v in texts)
    present = [v for v in (t.strip(WHITE) for t in texts) if v.lower() not in MISSING_WORDS and v]
    if not present:
        return Plan(Kind.VARCHAR, unseen=not texts)
    attempts = (
        lambda: _number_plan(present, decimal, delimiter),
        lambda: _boolean_plan(present),
        lambda: _time_plan(present),
        lambda: _styled_plan(present, first),
    )
    for attempt in attempts:
        plan = attempt()
        if plan is not None:
            return replace(plan, missing=missing, trimmed=trimmed) if plan.kind != Kind.VARCHAR else plan
    return Plan(Kind.VARCHAR)


def _number_plan(texts: Sequence[str], decimal: str | None, delimiter: str) -> Plan | None:
    if _all(INTEGER, texts):
        return Plan(Kind.BIGINT)
    if decimal == ",":
        return Plan(Kind.DOUBLE, ",") if _all(COMMA, texts) else None
    if _all(f"{NUMBER}|{INFINITY}", texts):
        return Plan(Kind.DOUBLE)
    if decimal == ".":
        return Plan(Kind.DOUBLE, "grouped") if _all(GROUPED, texts) else None
    if _all(GROUPED, texts) and (delimiter == "," or not _all(COMMA, texts)):
        return Plan(Kind.DOUBLE, "grouped")
    if _all(COMMA, texts) and not _all(GROUPED, texts):
        return Plan(Kind.DOUBLE, ",")
    return None


def _boolean_plan(texts: Sequence[str]) -> Plan | None:
    return Plan(Kind.BOOLEAN) if all(t.lower() in ("true", "false") for t in texts) else None


def _time_plan(texts: Sequence[str]) -> Plan | None:
    if _all(ISO_DATE, texts) and all(_is_day(t) for t in texts):
        return Plan(Kind.DATE)
    if _all(f"{ISO_TIMESTAMP}|{ISO_DATE}", texts) and all(_is_day(re.split("[ T]", t)[0]) for t in texts):
        return Plan(Kind.TIMESTAMP)
    if _all(ZONED, texts) and all(_is_day(re.split("[ T]", t)[0]) for t in texts):
        return Plan(Kind.ZONED)
    return Plan(Kind.TIME) if _all(CLOCK, texts) and all(_is_clock(t) for t in texts) else None


def _is_day(text: str) -> bool:
    parts = re.split("[-/]", text)
    try:
        date(int(parts[0]), int(parts[1]), int(parts[2]))
    except (ValueError, IndexError):
        return False
    return True


def _is_clock(text: str) -> bool:
    hours, minutes, *seconds = text.split(":")
    return int(hours) < 24 and int(minutes) < 60 and all(float(s) < 60 for s in seconds)


def _styled_plan(texts: Sequence[str], first: str | None) -> Plan | None:
    if not all(6 <= len(t) <= 30 and t[-1].isalnum() and any(c.isdigit() for c in t) for t in texts):
        return None
    fitting = [style for style in STYLES if all(_parsed(t, style) is not None for t in texts)]
    if not fitting:
        return None
    fitting = [style for style in fitting if style.startswith(FIRST.get(first or "", "%"))] or fitting
    style, *others = fitting
    if any(_parsed(t, style) != _parsed(t, other) for other in others for t in texts):
        return Plan(Kind.VARCHAR, note=AMBIGUOUS)
    return Plan(STYLES[style], style)


def _parsed(text: str, style: str) -> datetime | None:
    try:
        return datetime.strptime(text, style)
    except ValueError:
        return None


def _all(pattern: str, texts: Sequence[str]) -> bool:
    return all(map(re.compile(pattern).fullmatch, texts))


def conversion(plan: Plan, column: str, position: int) -> str:
    """SQL that gives the column's value, or fails with GUARD_MARK where it would not keep it whole."""
    failure = f"error('{GUARD_MARK}: {position}')"
    if plan.unseen:
        return f"CASE WHEN {column} IS NULL THEN CAST(NULL AS VARCHAR) ELSE {failure} END"
    if plan.kind == Kind.VARCHAR and not plan.forced:
        return column
    source = _source(plan, column)
    quick = [] if plan.forced or plan.style else QUICK[plan.kind](source)
    branches = [f"WHEN {test} THEN {value}" for test, value in quick]
    branches.append(f"WHEN {source} IS NULL THEN NULL")
    if plan.missing:
        branches.append(f"WHEN {_is_missing(plan, source)} THEN NULL")
    guarded = f"WHEN {guard(plan, source)} THEN {_value(plan, source)}"
    if guarded not in branches:
        branches.append(guarded)
    return f"CASE {' '.join(branches)} ELSE {failure} END"


def bare_conversion(plan: Plan, column: str) -> str:
    """SQL of the value without a guard, for columns that were checked by `refusal` before."""
    if plan.unseen or (plan.kind == Kind.VARCHAR and not plan.forced):
        return column
    source = _source(plan, column)
    value = _value(plan, source)
    return f"CASE WHEN NOT {_is_missing(plan, source)} THEN {value} END" if plan.missing else value


def refusal(plan: Plan, column: str) -> str:
    """SQL that is true where `conversion` would fail."""
    if plan.unseen:
        return f"{column} IS NOT NULL"
    if plan.kind == Kind.VARCHAR and not plan.forced:
        return "false"
    source = _source(plan, column)
    present = f"{source} IS NOT NULL AND NOT coalesce({guard(plan, source)}, false)"
    return f"{present} AND NOT {_is_missing(plan, source)}" if plan.missing else present


def _source(plan: Plan, column: str) -> str:
    return f"trim({column}, '{WHITE}')" if plan.trimmed else column


def _is_missing(plan: Plan, source: str) -> str:
    words = ", ".join("'" + w + "'" for w in sorted(plan.missing))
    return f"coalesce(lower({source}) IN ({words}), false)"


def _value(plan: Plan, source: str) -> str:
    if plan.style == ",":
        return f"TRY_CAST(replace(replace({source}, '.', ''), ',', '.') AS {plan.type})"
    if plan.style == "grouped":
        return f"TRY_CAST(replace({source}, ',', '') AS {plan.type})"
    if plan.style:
        return f"CAST(try_strptime({source}, '{plan.style}') AS {plan.kind})"
    return f"TRY_CAST({source} AS {plan.type})"


def guard(plan: Plan, source: str) -> str:
    """SQL that is true where the value keeps what the text says."""
    value = _value(plan, source)
    if plan.forced:
        return f"{value} IS NOT NULL"
    if plan.style:
        pattern = {",": COMMA, "grouped": GROUPED}.get(plan.style)
        return f"{value} IS NOT NULL" if pattern is None else f"regexp_full_match({source}, '{pattern}')"
    return GUARDS[plan.kind](source, value)


def _double(source: str, value: str) -> str:
    written = f"isfinite({value}) AND regexp_full_match({source}, '{NUMBER}')"
    return f"({written}) OR (isinf({value}) AND regexp_full_match({source}, '{INFINITY}'))"


GUARDS: dict[Kind, Callable[[str, str], str]] = {
    Kind.BIGINT: lambda source, value: f"CAST({value} AS VARCHAR) = {source}",
    Kind.DOUBLE: _double,
    Kind.BOOLEAN: lambda source, _: f"lower({source}) IN ('true', 'false')",
    Kind.DATE: lambda source, value: f"{value} IS NOT NULL AND regexp_full_match({source}, '{ISO_DATE}')",
    Kind.TIMESTAMP: lambda source, value: (
        f"{value} IS NOT NULL AND regexp_full_match({source}, '{ISO_TIMESTAMP}|{ISO_DATE}')"
    ),
    Kind.ZONED: lambda source, value: f"{value} IS NOT NULL AND regexp_full_match({source}, '{ZONED}')",
    Kind.TIME: lambda source, value: f"{value} IS NOT NULL AND regexp_full_match({source}, '{CLOCK}')",
}


# The usual spellings, told apart by comparisons that cost a tenth of a regular expression; a CAST that fails here
# fails in `guard` too.
def _quick_integer(source: str) -> list[tuple[str, str]]:
    value = f"TRY_CAST({source} AS BIGINT)"
    return [(f"CAST({value} AS VARCHAR) = {source}", value)]


def _quick_double(source: str) -> list[tuple[str, str]]:
    value = f"TRY_CAST({source} AS DOUBLE)"
    short = f"strlen({source}) <= 15 AND {source} BETWEEN '-' AND '9~' AND NOT contains({source}, '_')"
    zeros = f"{source} BETWEEN '00' AND '09~' OR {source} BETWEEN '-00' AND '-09~'"
    return [(f"{short} AND NOT ({zeros}) AND isfinite({value})", value)]


def _quick_date(source: str) -> list[tuple[str, str]]:
    digits = f"strlen({source}) BETWEEN 8 AND 10 AND {source} BETWEEN '0' AND '9~'"
    return [(digits, f"CAST({source} AS DATE)")]


def _quick_timestamp(source: str) -> list[tuple[str, str]]:
    seconds = f"strlen({source}) = 19 AND substring({source}, 17, 1) = ':'"
    return [(seconds, f"CAST({source} AS TIMESTAMP)")]


QUICK: dict[Kind, Callable[[str], list[tuple[str, str]]]] = {
    Kind.BIGINT: _quick_integer,
    Kind.DOUBLE: _quick_double,
    Kind.BOOLEAN: lambda source: [(f"{source} = 'true'", "true"), (f"{source} = 'false'", "false")],
    Kind.DATE: _quick_date,
    Kind.TIMESTAMP: _quick_timestamp,
    Kind.ZONED: lambda _: [],
    Kind.TIME: lambda _: [],
}
