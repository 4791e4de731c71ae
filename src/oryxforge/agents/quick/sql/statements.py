"""A reading as one SQL statement."""

from collections.abc import Callable, Mapping

from oryxforge.agents.quick.matching import View
from oryxforge.agents.quick.reading import Ask, Group, Measure, Reading
from oryxforge.agents.quick.sql.expressions import CALENDAR, Expressions, name, table
from oryxforge.agents.quick.sql.studies import (
    Bins,
    correlation,
    describe,
    duplicates,
    histogram,
    missing,
    outliers,
)

COUNT = Measure("count")


def statement(reading: Reading, view: View, bins: Bins | None = None) -> str:
    """Raises LookupError where a column of the reading is not there."""
    if bins is not None:
        return histogram(Expressions(reading, view), bins)
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
    over = _window(e)
    change = f"{name(label)} - lag({name(label)}) OVER ({over})"
    relative = f"100.0 * ({change}) / nullif(lag({name(label)}) OVER ({over}), 0)"
    return _over_periods(e, label, f'{change} AS change, {relative} AS "change in percent"')


def _cumulative(e: Expressions) -> str:
    label = e.measure_label((e.reading.measures or (COUNT,))[0])
    return _over_periods(e, label, f"sum({name(label)}) OVER ({_window(e)}) AS {name(f'cumulative {label}')}")


def _over_periods(e: Expressions, label: str, more: str) -> str:
    """A measure by its time, and what compares it with the times before."""
    (group, *others), measure = e.reading.groups, (e.reading.measures or (COUNT,))[0]
    parts = "".join(f", {e.group(g)} AS {name(e.group_label(g))}" for g in others)
    names = "".join(f", {name(e.group_label(g))}" for g in others)
    inner = f"SELECT {e.group(group)} AS period{parts}, {e.measure(measure)} AS {name(label)}\n{e.source()}{e.where()}"
    order = ", ".join(str(n) for n in (*range(2, 2 + len(others)), 1))
    return (
        f"SELECT period AS {name(e.group_label(group))}{names}, {name(label)}, {more}\n"
        f"FROM (\n{inner}\nGROUP BY ALL{e.having(e.reading.having)}\n)\nORDER BY {order}"
    )


def _window(e: Expressions) -> str:
    """From period to period, within the other groups."""
    others = ", ".join(name(e.group_label(g)) for g in e.reading.groups[1:])
    return f"PARTITION BY {others} ORDER BY period" if others else "ORDER BY period"


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


def _absent(e: Expressions) -> str:
    """What has, or lacks, rows where the conditions hold."""
    reading = e.reading
    kept = [e.condition(c) for c in reading.part if reading.join is None or not c.of.joined]
    if reading.join is None:
        group = reading.groups[0]
        at = e.group(group)
        label = "" if at == name(e.group_label(group)) else f" AS {name(e.group_label(group))}"
        made = (
            f"SELECT {at}{label}\n{e.source()}{e.where(f'{at} IS NOT NULL')}\nGROUP BY ALL\n"
            f"HAVING count(*) FILTER (WHERE {' AND '.join(kept)}) = 0\nORDER BY 1"
        )
    else:
        key = f"own.{name(reading.join.own_key)} = other.{name(reading.join.its_key)}"
        there = f"EXISTS (SELECT 1 FROM {table(reading.sheet)} AS own WHERE {' AND '.join([key, *kept])})"
        outside = [e.condition(c) for c in reading.part if c.of.joined]
        found = f"NOT {there}" if reading.method.startswith("without") else there
        made = f"SELECT other.*\nFROM {table(reading.join.sheet)} AS other\nWHERE " + "\n  AND ".join(
            [*outside, found]
        )
    return f"SELECT count(*) AS count\nFROM (\n{made}\n)" if reading.method.endswith("count") else made


_WRITERS: Mapping[Ask, Callable[[Expressions], str]] = {
    Ask.AGGREGATE: _aggregate,
    Ask.ROWS: _rows,
    Ask.VALUES: _values,
    Ask.SHARE: _share,
    Ask.PART: _part,
    Ask.GROWTH: _growth,
    Ask.CUMULATIVE: _cumulative,
    Ask.DIFFERENCE: _difference,
    Ask.CORRELATION: correlation,
    Ask.MISSING: missing,
    Ask.OUTLIERS: outliers,
    Ask.DUPLICATES: duplicates,
    Ask.DESCRIBE: describe,
    Ask.ABSENT: _absent,
}
