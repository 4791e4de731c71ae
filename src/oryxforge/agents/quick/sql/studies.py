"""Statements that look at columns: correlations, gaps, outliers, duplicates, descriptions, histograms."""

from dataclasses import dataclass

from oryxforge.agents.quick.matching import View
from oryxforge.agents.quick.reading import Reading, Ref
from oryxforge.agents.quick.schema import Kind
from oryxforge.agents.quick.sql.expressions import Expressions, literal, name

IQR, SIGMAS = 1.5, 3


@dataclass(frozen=True)
class Bins:
    """Equal steps of a histogram, from `low`."""

    low: float
    step: float
    count: int


def correlation(e: Expressions) -> str:
    columns = e.reading.columns
    against = e.reading.method.endswith("against")
    first = columns[:1] if against or len(columns) == 2 else columns
    pairs = [(a, b) for at, a in enumerate(first) for b in columns[at + 1 :]]
    made = [_pair(e, a, b) for a, b in pairs]
    order = "abs(correlation) DESC NULLS LAST" if not e.reading.groups else "1"
    if len(made) == 1:
        return f"{made[0]}\nORDER BY {order}" if e.reading.groups else made[0]
    both = "\nUNION ALL\n".join(made)
    return f"SELECT * FROM (\n{both}\n)\nORDER BY {order}"


def _pair(e: Expressions, a: Ref, b: Ref) -> str:
    left, right = e.ref(a), e.ref(b)
    labels = f'{literal(a.column)} AS "column", {literal(b.column)} AS "other column"'
    groups = "".join(f"{e.group(g)} AS {name(e.group_label(g))}, " for g in e.reading.groups)
    grouped = "\nGROUP BY ALL" if groups else ""
    kept = e.where(f"{left} IS NOT NULL", f"{right} IS NOT NULL")
    if e.reading.method.startswith("spearman"):
        ranked = f"SELECT {_rank(left)} AS a, {_rank(right)} AS b {e.source()}{kept}"
        return f"SELECT {labels}, corr(a, b) AS correlation, count(*) AS n\nFROM ({ranked})"
    return f"SELECT {groups}{labels}, corr({left}, {right}) AS correlation, count(*) AS n\n{e.source()}{kept}{grouped}"


def _rank(of: str) -> str:
    return f"rank() OVER (ORDER BY {of}) + (count(*) OVER (PARTITION BY {of}) - 1) / 2.0"


def missing(e: Expressions) -> str:
    groups = "".join(f"{e.group(g)} AS {name(e.group_label(g))}, " for g in e.reading.groups)
    parts = [
        f'SELECT {groups}{literal(c.column)} AS "column", count(*) - count({e.ref(c)}) AS missing, '
        f'100.0 * (count(*) - count({e.ref(c)})) / nullif(count(*), 0) AS percent, count(*) AS "of rows"\n'
        f"{e.source()}{e.where()}{chr(10) + 'GROUP BY ALL' if groups else ''}"
        for c in e.reading.columns
    ]
    both = "\nUNION ALL\n".join(parts)
    return f"SELECT * FROM (\n{both}\n)\nORDER BY missing DESC, 1"


def outliers(e: Expressions) -> str:
    write = _by_sigmas if e.reading.method == "zscore" else _by_quartiles
    both = "\nUNION ALL\n".join(write(e, c) for c in e.reading.columns)
    return both if len(e.reading.columns) == 1 else f"SELECT * FROM (\n{both}\n)\nORDER BY outliers DESC, 1"


def _by_quartiles(e: Expressions, column: Ref) -> str:
    of = e.ref(column)
    low, high = f"q1 - {IQR} * (q3 - q1)", f"q3 + {IQR} * (q3 - q1)"
    inner = f"SELECT quantile_cont({of}, 0.25) AS q1, quantile_cont({of}, 0.75) AS q3 {e.source()}{e.where()}"
    return _outside(e, column, inner, ("q1", "q3"), (low, high))


def _by_sigmas(e: Expressions, column: Ref) -> str:
    of = e.ref(column)
    inner = f"SELECT avg({of}) AS mean, stddev_samp({of}) AS deviation {e.source()}{e.where()}"
    low, high = f"mean - {SIGMAS} * deviation", f"mean + {SIGMAS} * deviation"
    return _outside(e, column, inner, ("mean", "deviation"), (low, high))


def _outside(e: Expressions, column: Ref, inner: str, shown: tuple[str, str], bounds: tuple[str, str]) -> str:
    of = e.ref(column)
    bounded = f"SELECT *, {bounds[0]} AS lower_bound, {bounds[1]} AS upper_bound FROM ({inner})"
    values = ", ".join(f"any_value(bounds.{n}) AS {n}" for n in (*shown, "lower_bound", "upper_bound"))
    below, above = f"{of} < bounds.lower_bound", f"{of} > bounds.upper_bound"
    return (
        f'SELECT {literal(column.column)} AS "column", {values}, count(*) FILTER (WHERE {below}) AS below, '
        f"count(*) FILTER (WHERE {above}) AS above, count(*) FILTER (WHERE {below} OR {above}) AS outliers, "
        f"count({of}) AS n\n{e.source()}\nCROSS JOIN ({bounded}) AS bounds{e.where()}"
    )


def duplicates(e: Expressions) -> str:
    listed = ", ".join(e.ref(c) for c in e.reading.columns) or "*"
    return (
        f"SELECT {listed}, count(*) AS times\n{e.source()}{e.where()}\nGROUP BY ALL\nHAVING count(*) > 1\n"
        "ORDER BY times DESC, 1"
    )


def describe(e: Expressions) -> str:
    return "\nUNION ALL\n".join(_described(e, c) for c in e.reading.columns)


def _described(e: Expressions, ref: Ref) -> str:
    of, column = e.ref(ref), e.column(ref)
    numeric = column.kind is Kind.NUMBER
    nested = column.kind is Kind.OTHER
    extremes = [f"CAST({f}({of}) AS VARCHAR)" if not nested else "NULL" for f in ("min", "max")]
    middle = [
        f.format(f"CAST({of} AS DOUBLE)") if numeric else "NULL"
        for f in ("avg({})", "median({})", "stddev_samp({})")
    ]
    labels = ("lowest", "highest", "average", "median", "standard deviation")
    measured = ", ".join(f"{v} AS {name(n)}" for v, n in zip([*extremes, *middle], labels, strict=True))
    common = f"CAST(mode({of}) AS VARCHAR)" if not nested else "NULL"
    return (
        f'SELECT {literal(ref.column)} AS "column", {literal(column.type)} AS type, count({of}) AS present, '
        f"count(*) - count({of}) AS missing, count(DISTINCT {of}) AS different, {measured}, "
        f'{common} AS "most common"\n{e.source()}{e.where()}'
    )


def histogram(e: Expressions, bins: Bins) -> str:
    of = e.ref(e.reading.columns[0])
    at = f"least(floor(({of} - {literal(bins.low)}) / {literal(bins.step)}), {bins.count - 1})"
    start = f"round({literal(bins.low)} + {literal(bins.step)} * {at}, 10)"
    finite = (
        [] if e.column(e.reading.columns[0]).type.upper() not in ("DOUBLE", "FLOAT") else [f"isfinite({of})"]
    )
    return (
        f'SELECT {start} AS "from", round({start} + {literal(bins.step)}, 10) AS "to", count(*) AS count\n'
        f"{e.source()}{e.where(f'{of} IS NOT NULL', *finite)}\nGROUP BY ALL\nORDER BY 1"
    )


def scatter(reading: Reading, view: View, points: int) -> str:
    """A sample of the points of two columns, the same each time."""
    e = Expressions(reading, view)
    a, b = (e.ref(c) for c in reading.columns[:2])
    kept = e.where(f"{a} IS NOT NULL", f"{b} IS NOT NULL")
    return (
        f"SELECT {a}, {b} FROM (\nSELECT {a}, {b}\n{e.source()}{kept}\n) "
        f"USING SAMPLE reservoir({points} ROWS) REPEATABLE (1)"
        if reading.join is None
        else f"SELECT {a}, {b}\n{e.source()}{kept}\nLIMIT {points}"
    )
