"""A result in plain sentences. Every number in them stands in the result."""

from collections.abc import Callable, Mapping

from oryxforge.agents.quick.concepts import names_things
from oryxforge.agents.quick.numerals import cell, label, number, percent, plural, several, shown
from oryxforge.agents.quick.reading import Ask, Measure, Reading
from oryxforge.agents.quick.saying import where_words
from oryxforge.agents.quick.steps import Table

NAMED = 3
PHRASES: Mapping[str, str] = {
    "sum": "total {}", "mean": "average {}", "median": "median {}", "min": "lowest {}", "max": "highest {}",
    "count": "number of rows with {}", "distinct": "number of different {}", "std": "standard deviation of {}",
    "var": "variance of {}", "mode": "most common {}", "range": "range of {}", "skew": "skewness of {}",
    "kurtosis": "kurtosis of {}", "only": "{}", "iqr": "interquartile range of {}", "rate": "percentage of {}",
}  # fmt: skip
STRENGTHS = ((0.1, "practically none"), (0.3, "weak"), (0.5, "moderate"), (0.7, "clear"), (1.1, "strong"))


def tell(reading: Reading, table: Table) -> list[str]:
    """The finding, sentence by sentence."""
    if not table.data:
        return [_nothing(reading)]
    return _TELLERS[reading.ask](reading, table)


def _nothing(reading: Reading) -> str:
    if reading.ask is Ask.DUPLICATES:
        of = f" of {several([c.column for c in reading.columns])}" if reading.columns else ""
        return f"No {'value' if of else 'row'}{of} occurs more than once."
    where = f" where {where_words(reading.where)}" if reading.where else ""
    return f"There is nothing to show: no row of {reading.sheet}{where or ' is there'}."


def phrase(measure: Measure | None) -> str:
    if measure is None or measure.of is None:
        return "number of rows"
    if measure.how == "quantile":
        return f"{shown(measure.at * 100)} % quantile of {measure.of.column}"
    return PHRASES.get(measure.how, "{}").format(measure.of.column)


def _where(reading: Reading) -> str:
    return f" where {where_words(reading.where)}" if reading.where else ""


def _aggregate(reading: Reading, table: Table) -> list[str]:
    groups = len(reading.per) + len(reading.groups)
    if not groups:
        return _single(reading, table)
    measures = reading.measures or (Measure("count"),)
    if (
        reading.groups
        and reading.groups[0].grain in ("day", "week", "month", "quarter", "year")
        and groups == 1
        and not reading.order
    ):
        return _course(table, phrase(measures[0]), 1)
    return _ranking(reading, table, groups, phrase(measures[0]))


def _single(reading: Reading, table: Table) -> list[str]:
    measures = reading.measures or (Measure("count"),)
    said: list[str] = []
    for measure, value, kind in zip(measures, table.data[0], table.types, strict=False):
        if measure.of is None:
            rows = int(number(value) or 0)
            verb = "is" if rows == 1 else "are"
            said.append(f"There {verb} {plural(rows, 'row')}{_where(reading)}.")
        elif value is None:
            said.append(f"There is no value of {measure.of.column}{_where(reading)}.")
        else:
            unit = " %" if measure.how == "rate" else ""
            said.append(f"The {phrase(measure)}{_where(reading)} is {cell(value, kind)}{unit}.")
    return said


def _name(table: Table, row: list[object], groups: int) -> str:
    return ", ".join(label(v, t) for v, t in zip(row[:groups], table.types, strict=False))


def _ranking(reading: Reading, table: Table, groups: int, what: str) -> list[str]:
    rows = [r for r in table.data if number(r[groups]) is not None]
    kind = table.types[groups]
    if not rows:
        return [f"There is no {what} for any of the {plural(table.total, 'group')}."]
    lowest = reading.order == "asc"
    ranked = sorted(rows, key=lambda r: number(r[groups]) or 0.0, reverse=not lowest)
    first, rest = ranked[0], ranked[1 : NAMED + 1]
    said = f"{_name(table, first, groups)} has the {'lowest' if lowest else 'highest'} {what}: {cell(first[groups], kind)}"
    if what.startswith(("highest", "lowest")):
        said = f"The {what} is {cell(first[groups], kind)}, for {_name(table, first, groups)}"
    ties = [r for r in ranked[1:] if number(r[groups]) == number(first[groups])]
    if ties:
        names = several([_name(table, r, groups) for r in [first, *ties][:4]])
        more = f" and {len(ties) - 3} more" if len(ties) > 3 else ""
        said = (
            f"{names}{more} share the {'lowest' if lowest else 'highest'} {what}: {cell(first[groups], kind)}"
        )
    elif rest:
        said += ", followed by " + several(
            [f"{_name(table, r, groups)} ({cell(r[groups], kind)})" for r in rest]
        )
    return [f"{said}.", *_together(reading, table, groups, what)]


def _together(reading: Reading, table: Table, groups: int, what: str) -> list[str]:
    """How many groups there are, and what they come to where adding them up means something."""
    if reading.limit or not table.whole or len(table.data) < 3:
        return []
    measure = (reading.measures or (Measure("count"),))[0]
    counted = f"There are {plural(table.total, 'group')}"
    if measure.how == "sum" or measure.of is None:
        total = sum(number(r[groups]) or 0.0 for r in table.data)
        return [f"{counted}; together they come to {shown(total)}."]
    return [f"{counted}."]


def _course(table: Table, what: str, at: int) -> list[str]:
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
            f"The {what} is {cell(high[at], kind)} at every time, from {_moment(first[0])} to {_moment(last[0])}."
        ]
    return [
        f"The {what} went from {cell(first[at], kind)} ({_moment(first[0])}) to {cell(last[at], kind)} ({_moment(last[0])}).",
        f"It was highest in {_moment(high[0])} ({cell(high[at], kind)}) and lowest in {_moment(low[0])} ({cell(low[at], kind)}).",
    ]


def _moment(value: object) -> str:
    return label(value)


def _rows(reading: Reading, table: Table) -> list[str]:
    where = _where(reading)
    if reading.sort and reading.limit and table.data and reading.sort.column in table.headers:
        at = table.headers.index(reading.sort.column)
        first = table.data[0]
        dated = table.types[at].upper().startswith(("DATE", "TIMESTAMP"))
        names = ("latest", "earliest") if dated else ("highest", "lowest")
        extreme = names[0] if reading.order == "desc" else names[1]
        others = [f"{h} {cell(v, t)}" for h, v, t in zip(table.headers, first, table.types, strict=False)][:6]
        return [
            f"The {extreme} {reading.sort.column}{where} is {cell(first[at], table.types[at])}: {', '.join(others)}."
        ]
    if reading.limit:
        return [f"These are {plural(len(table.data), 'row')} of {reading.sheet}{where}."]
    verb = "is" if table.total == 1 else "are"
    said = [f"There {verb} {plural(table.total, 'row')}{where}."]
    if table.total == 1:
        pairs = zip(table.headers, table.data[0], table.types, strict=False)
        said.append(", ".join(f"{h}: {cell(v, t)}" for h, v, t in list(pairs)[:8]) + ".")
    return said


def _values(reading: Reading, table: Table) -> list[str]:
    listed = [cell(r[0], table.types[0]) for r in table.data[:8]]
    more = [f"{table.total - 8:,} more"] if table.total > 8 else []
    name = reading.columns[0].column
    return [
        f"There {'is' if table.total == 1 else 'are'} {plural(table.total, 'value')} of {name}: {several(listed + more)}."
    ]


def _share(reading: Reading, table: Table) -> list[str]:
    groups, what = len(reading.groups), phrase(reading.measures[0] if reading.measures else None)
    rows = [r for r in table.data if number(r[-1]) is not None]
    ranked = sorted(rows, key=lambda r: -(number(r[-1]) or 0.0))
    if not ranked:
        return [f"There is no {what} to share out."]
    parts = [f"{_name(table, r, groups)} {percent(number(r[-1]) or 0.0)}" for r in ranked[: NAMED + 1]]
    more = f", and {plural(table.total - len(parts), 'more group')}" if table.total > len(parts) else ""
    return [f"Of the {what}{_where(reading)}, the shares are: {', '.join(parts)}{more}."]


def _part(reading: Reading, table: Table) -> list[str]:
    what = phrase(reading.measures[0] if reading.measures else None)
    part = where_words(reading.part)
    if reading.groups:
        rows = sorted(
            (r for r in table.data if number(r[-1]) is not None), key=lambda r: -(number(r[-1]) or 0.0)
        )
        parts = [f"{_name(table, r, len(reading.groups))} {percent(number(r[-1]) or 0.0)}" for r in rows[:8]]
        return [f"The share where {part}: {', '.join(parts)}."] if parts else ["There is no share to tell."]
    row = table.data[0]
    share = number(row[-1])
    if share is None:
        return [f"There is no share to tell: the {what}{_where(reading)} is 0."]
    some, whole = cell(row[0], table.types[0]), cell(row[1], table.types[1])
    if what == "number of rows":
        return [f"In {some} of {whole} rows{_where(reading)}, {part}: {percent(share)}."]
    return [f"{percent(share)} of the {what}{_where(reading)}, {some} of {whole}, is where {part}."]


def _growth(reading: Reading, table: Table) -> list[str]:
    said = _course(table, phrase(reading.measures[0] if reading.measures else None), 1)
    rows = [r for r in table.data if number(r[2]) is not None]
    first, last = number(table.data[0][1]), number(table.data[-1][1])
    if first and last is not None and len(table.data) > 1:
        said[0] = f"{said[0][:-1]}, a change of {percent(100 * (last - first) / first)}."
    if rows:
        best, worst = (
            max(rows, key=lambda r: number(r[2]) or 0.0),
            min(rows, key=lambda r: number(r[2]) or 0.0),
        )
        said.append(
            f"The largest step up was {cell(best[2], table.types[2])} ({_moment(best[0])}), "
            f"the largest step down {cell(worst[2], table.types[2])} ({_moment(worst[0])})."
            if (number(worst[2]) or 0) < 0 < (number(best[2]) or 0)
            else f"The largest step was {cell(best[2], table.types[2])} ({_moment(best[0])})."
        )
    return said


def _cumulative(reading: Reading, table: Table) -> list[str]:
    last = table.data[-1]
    what = phrase(reading.measures[0] if reading.measures else None)
    return [f"The {what} adds up to {cell(last[2], table.types[2])} by {_moment(last[0])}."]


def _distribution(reading: Reading, table: Table) -> list[str]:
    total = sum(number(r[2]) or 0 for r in table.data)
    top = max(table.data, key=lambda r: number(r[2]) or 0)
    name = reading.columns[0].column
    share = percent(100 * (number(top[2]) or 0) / total) if total else "0 %"
    return [
        f"{shown(total)} values of {name} lie between {cell(table.data[0][0])} and {cell(table.data[-1][1])}.",
        f"The fullest step is {cell(top[0])} to {cell(top[1])}, with {cell(top[2])} ({share}).",
    ]


def _correlation(reading: Reading, table: Table) -> list[str]:
    at = len(reading.groups)
    rows = [r for r in table.data if number(r[at + 2]) is not None]
    if not rows:
        return ["There is no correlation to tell: the values don't vary, or there are too few pairs."]
    method = "Spearman" if reading.method.startswith("spearman") else "Pearson"
    said: list[str] = []
    for row in sorted(rows, key=lambda r: -abs(number(r[at + 2]) or 0))[:NAMED]:
        value = number(row[at + 2]) or 0.0
        strength = next(word for limit, word in STRENGTHS if abs(value) < limit)
        sign = ("positive" if value > 0 else "negative") if abs(value) >= STRENGTHS[0][0] else ""
        inside = f"{_name(table, row, at)}: " if at else ""
        said.append(
            f"{inside}{cell(row[at])} and {cell(row[at + 1])}: {value:.2f} ({', '.join(p for p in (strength, sign) if p)}, "
            f"n = {cell(row[at + 3], 'BIGINT')})"
        )
    if len(table.data) == 1:
        return [
            f"The {method} correlation of {said[0][: said[0].index(': ')]} is {said[0][said[0].index(': ') + 2 :]}."
        ]
    return [f"The strongest {method} correlations are {'; '.join(said)}."]


def _difference(reading: Reading, table: Table) -> list[str]:
    at, what = len(reading.groups), phrase(reading.measures[0] if reading.measures else None)
    rows = [r for r in table.data if number(r[at]) is not None]
    if len(rows) < 2:
        return [f"There is only one group with a {what}, so there is no difference to tell."]
    high, low = rows[0], rows[-1]
    top, bottom = number(high[at]) or 0.0, number(low[at]) or 0.0
    n = [f", n = {cell(r[at + 1], 'BIGINT')}" if "n" in table.headers else "" for r in (high, low)]
    kind = table.types[at]
    first = f"{_name(table, high, at)} has the {'higher' if len(rows) == 2 else 'highest'} {what} ({cell(high[at], kind)}{n[0]})"
    second = (
        f"{_name(table, low, at)} the {'lower' if len(rows) == 2 else 'lowest'} ({cell(low[at], kind)}{n[1]})"
    )
    relative = f", {percent(100 * (top - bottom) / abs(bottom))} of the lower" if bottom else ""
    return [f"{first}, {second}.", f"The difference is {shown(top - bottom)}{relative}."]


def _missing(reading: Reading, table: Table) -> list[str]:
    at = len(reading.groups)
    rows = [r for r in table.data if (number(r[at + 1]) or 0) > 0]
    if not rows:
        return [f"No value is missing in {plural(len(reading.columns), 'column')} of {reading.sheet}."]
    parts = [
        f"{_name(table, r, at) + ' ' if at else ''}{cell(r[at])} {cell(r[at + 1], 'BIGINT')} ({percent(number(r[at + 2]) or 0)})"
        for r in rows[:6]
    ]
    more = f", and {len(rows) - 6} more" if len(rows) > 6 else ""
    complete = len(table.data) - len(rows)
    rest = (
        f" The other {plural(complete, 'column')} {'is' if complete == 1 else 'are'} complete."
        if complete and not at
        else ""
    )
    return [f"Missing values: {', '.join(parts)}{more}.{rest}"]


def _outliers(reading: Reading, table: Table) -> list[str]:
    said: list[str] = []
    at = {h: n for n, h in enumerate(table.headers)}
    for row in table.data[:NAMED]:
        low, high = cell(row[at["lower_bound"]]), cell(row[at["upper_bound"]])
        count, n = cell(row[at["outliers"]], "BIGINT"), cell(row[at["n"]], "BIGINT")
        said.append(
            f"{cell(row[0])}: {count} of {n} values are outliers, {cell(row[at['below']], 'BIGINT')} below {low} and "
            f"{cell(row[at['above']], 'BIGINT')} above {high}."
        )
    rule = (
        "3 standard deviations from the mean"
        if reading.method == "zscore"
        else "1.5 interquartile ranges (IQR rule)"
    )
    return [*said, f"An outlier here lies further out than {rule}."]


def _duplicates(reading: Reading, table: Table) -> list[str]:
    most = number(table.data[0][-1]) or 0
    what = "value" if reading.columns else "row"
    return [
        f"{plural(table.total, what)} occur{'s' if table.total == 1 else ''} more than once, the most frequent {shown(most)} times."
    ]


def _describe(reading: Reading, table: Table) -> list[str]:
    at = {h: n for n, h in enumerate(table.headers)}
    rows = int((number(table.data[0][at["present"]]) or 0) + (number(table.data[0][at["missing"]]) or 0))
    said = [f"{reading.sheet} has {plural(rows, 'row')}; {plural(len(table.data), 'column')} described."]
    missing = [r for r in table.data if number(r[at["missing"]])]
    said += (
        [f"Values are missing in {several([cell(r[0]) for r in missing[:6]])}."]
        if missing
        else ["No value is missing."]
    )
    measured = [r for r in table.data if number(r[at["average"]]) is not None and not names_things(str(r[0]))]
    for row in measured[:NAMED]:
        said.append(
            f"{cell(row[0])} goes from {_plain(row[at['lowest']])} to {_plain(row[at['highest']])}, "
            f"average {cell(row[at['average']])}, median {cell(row[at['median']])}."
        )
    if len(table.data) == 1 and number(table.data[0][at["average"]]) is None:
        row = table.data[0]
        said.append(
            f"{cell(row[0])} has {plural(int(number(row[at['different']]) or 0), 'different value')}; the most common is {cell(row[at['most common']])}."
        )
    return said


def _plain(value: object) -> str:
    found = number(value)
    return shown(found) if found is not None else cell(value)


_TELLERS: Mapping[Ask, Callable[[Reading, Table], list[str]]] = {
    Ask.AGGREGATE: _aggregate,
    Ask.ROWS: _rows,
    Ask.VALUES: _values,
    Ask.SHARE: _share,
    Ask.PART: _part,
    Ask.GROWTH: _growth,
    Ask.CUMULATIVE: _cumulative,
    Ask.DISTRIBUTION: _distribution,
    Ask.CORRELATION: _correlation,
    Ask.DIFFERENCE: _difference,
    Ask.MISSING: _missing,
    Ask.OUTLIERS: _outliers,
    Ask.DUPLICATES: _duplicates,
    Ask.DESCRIBE: _describe,
}
