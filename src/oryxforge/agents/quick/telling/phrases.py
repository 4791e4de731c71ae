"""Turns of phrase that sentences share."""

from collections.abc import Mapping

from oryxforge.agents.quick.numerals import cell, label, number, shown
from oryxforge.agents.quick.reading import Measure, Reading
from oryxforge.agents.quick.steps import Table
from oryxforge.agents.quick.telling.saying import where_words

NAMED = 3


PHRASES: Mapping[str, str] = {
    "sum": "total {}", "mean": "average {}", "median": "median {}", "min": "lowest {}", "max": "highest {}",
    "count": "number of rows with {}", "distinct": "number of different {}", "std": "standard deviation of {}",
    "var": "variance of {}", "mode": "most common {}", "range": "range of {}", "skew": "skewness of {}",
    "kurtosis": "kurtosis of {}", "only": "{}", "iqr": "interquartile range of {}", "rate": "percentage of {}", "each": "average number of rows per {}",
}  # fmt: skip


def phrase(measure: Measure | None) -> str:
    if measure is None or measure.of is None:
        return "number of rows"
    if measure.how == "quantile":
        return f"{shown(measure.at * 100)} % quantile of {measure.of.column}"
    return PHRASES.get(measure.how, "{}").format(measure.of.column)


def where(reading: Reading) -> str:
    return f" where {where_words(reading.where)}" if reading.where else ""


def group_name(table: Table, row: list[object], groups: int) -> str:
    return ", ".join(label(v, t) for v, t in zip(row[:groups], table.types, strict=False))


def course(table: Table, what: str, at: int) -> list[str]:
    """A measure over time: its ends, its highest and lowest."""
    rows = [(r, v) for r in table.data if (v := number(r[at])) is not None and r[0] is not None]
    if not rows:
        return [f"There is no {what} at any time."]
    kind = table.types[at]
    if len(rows) == 1:
        return [f"The {what} in {cell(rows[0][0][0])} is {cell(rows[0][0][at], kind)}."]
    high, low = max(rows, key=lambda p: p[1])[0], min(rows, key=lambda p: p[1])[0]
    first, last = rows[0][0], rows[-1][0]
    if number(high[at]) == number(low[at]):
        return [
            f"The {what} is {cell(high[at], kind)} at every time, from {moment(first[0])} to {moment(last[0])}."
        ]
    return [
        f"The {what} went from {cell(first[at], kind)} ({moment(first[0])}) to {cell(last[at], kind)} ({moment(last[0])}).",
        f"It was highest in {moment(high[0])} ({cell(high[at], kind)}) and lowest in {moment(low[0])} ({cell(low[at], kind)}).",
    ]


def moment(value: object) -> str:
    return label(value)
