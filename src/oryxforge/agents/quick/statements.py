"""A reading as one SQL statement."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from oryxforge.agents.quick.expressions import CALENDAR, Expressions, literal, name, table
from oryxforge.agents.quick.matching import View
from oryxforge.agents.quick.reading import Ask, Group, Measure, Reading, Ref
from oryxforge.agents.quick.schema import Kind

COUNT = Measure("count")
IQR, SIGMAS = 1.5, 3


@dataclass(frozen=True)
class Bins:
    """Equal steps of a histogram, from `low`."""

    low: float
    step: float
    count: int


def statement(reading: Reading, view: View, bins: Bins | None = None) -> str:
    """Raises LookupError where a column of the reading is not there."""
    if bins is not None:
        return _histogram(Expressions(reading, view), bins)
    return _WRITERS[reading.ask](Expressions(reading, view))


def _aggregate(e: Expressions) -> str:
    measures = e.reading.measures or (COUNT,)
    return _grouped(e, [(e.measure(m), e.measure_label(m)) for m in measures])


def _grouped(e: Expressions, measures: list[tuple[str, str]], order: str | None = None) -> str:
    reading = e.reading
    groups = [(e.group(g), e.group_label(g)) for g in (*reading.per, *reading.groups)]
    made = f"SELECT {_selected([*groups, *measures])}\n{e.source()}{e.where()}"
    if not groups:
        return made
    made += "\nGROUP BY ALL" + e.having(reading.having)
    if reading.per and reading.limit:
        return _within(e, made, _labels([*groups, *measures]))
    made += "\nORDER BY " + (order or _order(e, len(groups)))
    return f"{made}\nLIMIT {reading.limit}" if reading.limit else made


def _within(e: Expressions, made: str, labels: list[str]) -> str:
    """The highest or lowest few in each group."""
    inside, count = len(e.reading.per), len(e.reading.per) + len(e.reading.groups)
    by = f"{name(labels[count])} {'ASC' if e.reading.order == 'asc' else 'DESC'} NULLS LAST"
    parts = ", ".join(name(label) for label in labels[:inside])
    first = ", ".join(str(n + 1) for n in range(inside))
    ties = ", ".join(name(label) for label in labels[inside:count])
    rank = f"row_number() OVER (PARTITION BY {parts} ORDER BY {by}, {ties})"
    return f"SELECT * FROM (\n{made}\n)\nQUALIFY {rank} <= {e.reading.limit}\nORDER BY {first}, {by}, {ties}"


def _selected(items: list[tuple[str, str]]) -> str:
    made = zip(items, _labels(items), strict=True)
    return ", ".join(
        expression if expression == name(free) else f"{expression} AS {name(free)}"
        for (expression, _), free in made
    )


def _labels(items: list[tuple[str, str]]) -> list[str]:
    """Labels that differ without regard to case."""
    made: list[str] = []
    for _, label in items:
        free, number = label, 2
        while free.lower() in (m.lower() for m in made):
            free, number = f"{label} {number}", number + 1
        made.append(free)
    return made


def _order(e: Expressions, groups: int) -> str:
    reading = e.reading
    fixed = [str(n + 1) for n in range(len(reading.per))]
    by_group = [_calendar(e, g, at + 1) for at, g in enumerate((*reading.per, *reading.groups))]
    if reading.order and reading.sort is None:
        return ", ".join(
            [*fixed, f"{groups + 1} {reading.order.upper()} NULLS LAST", *by_group[len(fixed) :]]
        )
    if reading.order:
        return ", ".join(f"{p} {reading.order.upper()} NULLS LAST" for p in by_group)
    return ", ".join(by_group)


def _calendar(e: Expressions, group: Group, at: int) -> str:
    return f"min({CALENDAR[group.grain].format(e.ref(group.of))})" if group.grain in CALENDAR else str(at)


def _rows(e: Expressions) -> str:
    reading = e.reading
    listed = ", ".join(e.ref(c) for c in reading.columns) or ("own.*" if reading.join else "*")
    parts = [f"SELECT {listed}\n{e.source()}{e.where()}"]
    if reading.sort:
        parts.append(f"ORDER BY {e.ref(reading.sort)} {(reading.order or 'asc').upper()} NULLS LAST")
    if reading.limit:
        parts.append(f"LIMIT {reading.limit}")
    return "\n".join(parts)


def _values(e: Expressions) -> str:
    listed = ", ".join(e.ref(c) for c in e.reading.columns)
    limit = f"\nLIMIT {e.reading.limit}" if e.reading.limit else ""
    return f"SELECT {listed}, count(*) AS {name(_free('count', e))}\n{e.source()}{e.where()}\nGROUP BY ALL\nORDER BY 1{limit}"


def _free(label: str, e: Expressions) -> str:
    return f"{label} of rows" if any(c.column.lower() == label for c in e.reading.columns) else label


def _share(e: Expressions) -> str:
    measure = (e.reading.measures or (COUNT,))[0]
    made = e.measure(measure)
    return _grouped(
        e, [(made, e.measure_label(measure)), (f"100.0 * {made} / sum({made}) OVER ()", "percent")]
    )


def _part(e: Expressions) -> str:
    measure = (e.reading.measures or (COUNT,))[0]
    made, label = e.measure(measure), e.measure_label(measure)
    kept = " AND ".join(e.condition(c) for c in e.reading.part)
    part = f"{made} FILTER (WHERE {kept})"
    shown = [
        (part, f"{label} of the part"),
        (made, label),
        (f"100.0 * {part} / nullif({made}, 0)", "percent"),
    ]
    return _grouped(e, shown)


def _growth(e: Expressions) -> str:
    label = e.measure_label((e.reading.measures or (COUNT,))[0])
    change = f"{name(label)} - lag({name(label)}) OVER (ORDER BY period)"
    relative = f"100.0 * ({change}) / nullif(lag({name(label)}) OVER (ORDER BY period), 0)"
    return _over_periods(e, label, f'{change} AS change, {relative} AS "change in percent"')


def _cumulative(e: Expressions) -> str:
    label = e.measure_label((e.reading.measures or (COUNT,))[0])
    return _over_periods(
        e, label, f"sum({name(label)}) OVER (ORDER BY period) AS {name(f'cumulative {label}')}"
    )


def _over_periods(e: Expressions, label: str, more: str) -> str:
    """A measure by its time, and what compares it with the times before."""
    group, measure = e.reading.groups[0], (e.reading.measures or (COUNT,))[0]
    inner = (
        f"SELECT {e.group(group)} AS period, {e.measure(measure)} AS {name(label)}\n{e.source()}{e.where()}"
    )
    return (
        f"SELECT period AS {name(e.group_label(group))}, {name(label)}, {more}\n"
        f"FROM (\n{inner}\nGROUP BY ALL{e.having(e.reading.having)}\n)\nORDER BY 1"
    )


def _difference(e: Expressions) -> str:
    measure = (e.reading.measures or (COUNT,))[0]
    made, label = e.measure(measure), e.measure_label(measure)
    shown = [(made, label), (f"{made} - max({made}) OVER ()", "difference from the highest")]
    if measure.of is not None:
        of = e.ref(measure.of)
        more = [(f"count({of})", "n")]
        more += [(f"stddev_samp({of})", "standard deviation")] if measure.how == "mean" else []
        shown = [shown[0], *more, shown[1]]
    return _grouped(e, shown, order=f"{len(e.reading.groups) + 1} DESC NULLS LAST, 1")


def _correlation(e: Expressions) -> str:
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


def _missing(e: Expressions) -> str:
    groups = "".join(f"{e.group(g)} AS {name(e.group_label(g))}, " for g in e.reading.groups)
    parts = [
        f'SELECT {groups}{literal(c.column)} AS "column", count(*) - count({e.ref(c)}) AS missing, '
        f'100.0 * (count(*) - count({e.ref(c)})) / nullif(count(*), 0) AS percent, count(*) AS "of rows"\n'
        f"{e.source()}{e.where()}{chr(10) + 'GROUP BY ALL' if groups else ''}"
        for c in e.reading.columns
    ]
    both = "\nUNION ALL\n".join(parts)
    return f"SELECT * FROM (\n{both}\n)\nORDER BY missing DESC, 1"


def _outliers(e: Expressions) -> str:
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


def _duplicates(e: Expressions) -> str:
    listed = ", ".join(e.ref(c) for c in e.reading.columns) or "*"
    return (
        f"SELECT {listed}, count(*) AS times\n{e.source()}{e.where()}\nGROUP BY ALL\nHAVING count(*) > 1\n"
        "ORDER BY times DESC, 1"
    )


def _describe(e: Expressions) -> str:
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


def _histogram(e: Expressions, bins: Bins) -> str:
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


def sheet_rows(address: str) -> str:
    return f"SELECT count(*) AS count FROM {table(address)}"


_WRITERS: Mapping[Ask, Callable[[Expressions], str]] = {
    Ask.AGGREGATE: _aggregate,
    Ask.ROWS: _rows,
    Ask.VALUES: _values,
    Ask.SHARE: _share,
    Ask.PART: _part,
    Ask.GROWTH: _growth,
    Ask.CUMULATIVE: _cumulative,
    Ask.DIFFERENCE: _difference,
    Ask.CORRELATION: _correlation,
    Ask.MISSING: _missing,
    Ask.OUTLIERS: _outliers,
    Ask.DUPLICATES: _duplicates,
    Ask.DESCRIBE: _describe,
}
