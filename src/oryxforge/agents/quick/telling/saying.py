"""A reading in plain words: how the question was understood."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta

from oryxforge.agents.quick.language.dates import DAY_NAMES, MONTH_NAMES
from oryxforge.agents.quick.numerals import cell, label, several, shown
from oryxforge.agents.quick.reading import Ask, Condition, Group, Having, Measure, Reading, Scalar
from oryxforge.agents.quick.sql.expressions import ordinal

MEASURES: Mapping[str, str] = {
    "sum": "Sum of {}", "mean": "Average {}", "median": "Median {}", "min": "Lowest {}", "max": "Highest {}",
    "count": "Number of rows with {}", "distinct": "Number of different {}", "std": "Standard deviation of {}",
    "var": "Variance of {}", "mode": "Most common {}", "range": "Range of {}", "skew": "Skewness of {}",
    "kurtosis": "Kurtosis of {}", "only": "{}", "iqr": "Interquartile range of {}", "rate": "Percentage of {}", "each": "Average number of rows per {}",
}  # fmt: skip
OPS: Mapping[str, str] = {
    ">": "over", ">=": "at least", "<": "under", "<=": "at most", "=": "", "!=": "not",
    "contains": "contains", "starts": "starts with", "ends": "ends with",
}  # fmt: skip
LISTED, TITLE = 5, 70


def say(reading: Reading) -> str:
    """`Sum of amount by region, where year is 2024, highest first`."""
    subject = _SUBJECTS[reading.ask](reading) if reading.ask in _SUBJECTS else _measures(reading)
    groups = reading.groups if reading.ask not in (Ask.DISTRIBUTION, Ask.ABSENT) else ()
    by = f" by {several([group_words(g) + _noted(g.said) for g in groups])}" if groups else ""
    having = ", ".join(having_words(h) + _noted(h.said) for h in reading.having)
    parts = [subject + by]
    parts += [f"where {where_words(reading.where, noted=True)}"] if reading.where else []
    parts += [f"only with {having}"] if having else []
    parts += [_order(reading)] if _order(reading) else []
    said = ", ".join(parts)
    sheets = reading.sheet + (
        f" joined with {reading.join.sheet} on {reading.join.own_key}" if reading.join else ""
    )
    return f"{said} (from {sheets})"


def title(reading: Reading) -> str:
    """A short name for what the reading gives."""
    if reading.ask is Ask.DESCRIBE:
        return f"Summary of {reading.sheet.rpartition('.')[2]}"
    bare = replace(reading, order="", sort=None, limit=None, per=(), part=_unsaid(reading.part))
    bare = replace(bare, groups=tuple(replace(g, said="") for g in reading.groups))
    bare = replace(
        bare, where=_unsaid(reading.where), having=tuple(replace(h, said="") for h in reading.having)
    )
    full = say(bare).rpartition(" (from ")[0]
    full = "".join(c if c.isprintable() else " " for c in full)
    return full if len(full) <= TITLE else full[: TITLE - 1].rsplit(" ", 1)[0].rstrip(",") + "…"


def measure_words(measure: Measure) -> str:
    if measure.of is None:
        return "Number of rows"
    if measure.how == "quantile":
        return f"{ordinal(measure.at * 100)} percentile of {measure.of.column}"
    return MEASURES.get(measure.how, measure.how + " of {}").format(measure.of.column)


def group_words(group: Group) -> str:
    return f"{group.grain} of {group.of.column}" if group.grain else group.of.column


def where_words(conditions: tuple[Condition, ...], *, noted: bool = False) -> str:
    """`noted`: with how the data made a value of what was asked."""
    return several([condition_words(c) + (_noted(c.said) if noted else "") for c in conditions])


def _noted(said: str) -> str:
    return f" ({said})" if said else ""


def _unsaid(conditions: tuple[Condition, ...]) -> tuple[Condition, ...]:
    return tuple(replace(c, said="") for c in conditions)


def condition_words(condition: Condition) -> str:
    name = condition.of.column
    negative = condition.op.startswith("not ")
    op = condition.op.removeprefix("not ")
    never = " not" if negative else ""
    exact = op in ("=", "!=", "in", "between") or op == "<=" or op == ">="
    values = [
        label(v)
        if exact and isinstance(v, float | int) and float(v).is_integer() and 1000 <= v <= 9999
        else _value(v)
        for v in condition.values
    ]
    match op:
        case "in":
            listed = values[:LISTED] + ([f"{len(values) - LISTED} more"] if len(values) > LISTED else [])
            return f"{name} is{never} {' or '.join(listed)}"
        case "between":
            return f"{name} is{never} between {values[0]} and {values[1]}"
        case "above mean" | "above median" | "below mean" | "below median":
            side, how = op.split()
            return f"{name} is{never} {side} the {'average' if how == 'mean' else how} of all rows"
        case "missing" | "present":
            return f"{name} is {'missing' if (op == 'missing') is not negative else 'not missing'}"
        case "true" | "false":
            return f"{name} is {'yes' if (op == 'true') is not negative else 'no'}"
        case "since" | "until" | "span" | "spans":
            return f"{name} is{never} {_time(op, condition.values)}"
        case "moment":
            return f"{name} is{never} after {condition.values[0]}"
        case "month" | "quarter" | "weekday" | "weekend":
            return f"{name} is{never} {_part(op, condition.values)}"
        case _:
            word = OPS.get(op, op)
            if word in ("contains", "starts with", "ends with"):
                return f"{name} {'does not ' if negative else ''}{word.replace('contains', 'contain') if negative else word} {values[0]}"
            return " ".join(w for w in (f"{name} is{never}", word, values[0]) if w)


def having_words(having: Having) -> str:
    return f"{measure_words(having.measure).lower()} {OPS.get(having.op, having.op)} {shown(having.value)}"


def _value(value: Scalar) -> str:
    return f"“{cell(value)}”" if isinstance(value, str) else cell(value)


def _time(op: str, values: tuple[Scalar, ...]) -> str:
    if op == "since":
        return f"{values[0]} or later"
    if op == "until":
        return f"before {values[0]}"
    return " or ".join(span_words(str(a), str(b)) for a, b in zip(values[::2], values[1::2], strict=False))


def span_words(start: str, end: str) -> str:
    """`in 2024`, `in March 2024`, `on 2024-03-05`, `from 2024-01-01 to 2024-06-30`."""
    try:
        first, last = date.fromisoformat(start), date.fromisoformat(end) - timedelta(days=1)
    except (ValueError, OverflowError):
        return f"from {start} to before {end}"
    if first == last:
        return f"on {first}"
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        return f"in {first.year}" if first.year == last.year else f"from {first.year} to {last.year}"
    if (
        first.day == 1
        and (first.year, first.month) == (last.year, last.month)
        and (last + timedelta(days=1)).day == 1
    ):
        return f"in {MONTH_NAMES[first.month - 1]} {first.year}"
    return f"from {first} to {last}"


def _part(op: str, values: tuple[Scalar, ...]) -> str:
    if op == "weekend":
        return "on a weekend"
    numbers = [int(v) for v in values if isinstance(v, int | float)]
    if op == "quarter":
        return "in quarter " + " or ".join(str(n) for n in numbers)
    names = MONTH_NAMES if op == "month" else DAY_NAMES
    word = "in" if op == "month" else "on a"
    return f"{word} " + " or ".join(names[n - 1] for n in numbers if 0 < n <= len(names))


def _measures(reading: Reading) -> str:
    words = [measure_words(m) for m in reading.measures] or ["Number of rows"]
    return several([words[0], *(w[0].lower() + w[1:] for w in words[1:])])


def _order(reading: Reading) -> str:
    per = f" in each {several([group_words(g) for g in reading.per])}" if reading.per else ""
    if reading.limit and reading.order and not reading.sort:
        count = f"the {reading.limit} " if reading.limit > 1 else "only the "
        return f"{count}{'highest' if reading.order == 'desc' else 'lowest'}{per}"
    order = ""
    if reading.sort and reading.order:
        order = f"sorted by {reading.sort.column}, {'highest' if reading.order == 'desc' else 'lowest'} first"
    elif reading.order and reading.groups:
        order = "highest first" if reading.order == "desc" else "lowest first"
    limit = f"at most {reading.limit}" if reading.limit else ""
    return ", ".join(p for p in (order, limit) if p)


def _named(reading: Reading) -> str:
    names = [c.column for c in reading.columns]
    return several(names if len(names) <= 6 else [*names[:5], f"{len(names) - 5} more columns"])


def _rows(reading: Reading) -> str:
    return f"Rows with {_named(reading)}" if reading.columns else "Rows"


def _part_of(reading: Reading) -> str:
    of = measure_words(reading.measures[0]).lower() if reading.measures else "rows"
    return f"Percentage of the {of} where {where_words(reading.part, noted=True)}"


def _correlation(reading: Reading) -> str:
    method = "Spearman" if reading.method.startswith("spearman") else "Pearson"
    if reading.method.endswith("against"):
        return f"{method} correlation of {reading.columns[0].column} with the other numbers"
    return f"{method} correlation of {_named(reading)}"


def _outliers(reading: Reading) -> str:
    rule = (
        "more than 3 standard deviations from the mean"
        if reading.method == "zscore"
        else "beyond 1.5 interquartile ranges of the quartiles"
    )
    return f"Outliers in {_named(reading)}: values {rule}"


def _absent(reading: Reading) -> str:
    own = tuple(c for c in reading.part if reading.join is None or not c.of.joined)
    outside = tuple(c for c in reading.part if c not in own)
    subject = f"Rows of {reading.join.sheet}" if reading.join else f"Values of {reading.groups[0].of.column}"
    subject += f" where {where_words(outside, noted=True)}," if outside else ""
    with_rows = "without any row" if reading.method.startswith("without") else "with a row"
    kept = f" where {where_words(own, noted=True)}" if own else ""
    number = "Number of " + subject[0].lower() + subject[1:] if reading.method.endswith("count") else subject
    return f"{number} {with_rows} in {reading.sheet}{kept}"


_SUBJECTS: Mapping[Ask, Callable[[Reading], str]] = {
    Ask.ROWS: _rows,
    Ask.VALUES: lambda r: f"The different values of {_named(r)}",
    Ask.SHARE: lambda r: f"{_measures(r)} and its share in percent",
    Ask.PART: _part_of,
    Ask.GROWTH: lambda r: f"{_measures(r)} and its change from the one before",
    Ask.CUMULATIVE: lambda r: f"Running total of the {_measures(r).lower()}",
    Ask.DIFFERENCE: lambda r: f"{_measures(r)} compared",
    Ask.DISTRIBUTION: lambda r: f"Distribution of {_named(r)}",
    Ask.CORRELATION: _correlation,
    Ask.OUTLIERS: _outliers,
    Ask.MISSING: lambda r: f"Missing values in {_named(r)}",
    Ask.DUPLICATES: lambda r: f"Repeated values of {_named(r)}" if r.columns else "Repeated rows",
    Ask.DESCRIBE: lambda r: f"Summary of {_named(r)}",
    Ask.ABSENT: _absent,
}
