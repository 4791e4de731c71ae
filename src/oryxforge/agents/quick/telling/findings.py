"""The findings of studies of columns, in sentences."""

from oryxforge.agents.quick.language.concepts import names_things
from oryxforge.agents.quick.numerals import cell, number, percent, plural, several, shown
from oryxforge.agents.quick.reading import Reading
from oryxforge.agents.quick.steps import Table
from oryxforge.agents.quick.telling.phrases import NAMED, group_name, phrase

STRENGTHS = ((0.1, "practically none"), (0.3, "weak"), (0.7, "moderate"), (1.1, "strong"))


def distribution(reading: Reading, table: Table) -> list[str]:
    total = sum(number(r[2]) or 0 for r in table.data)
    top = max(table.data, key=lambda r: number(r[2]) or 0)
    name = reading.columns[0].column
    share = percent(100 * (number(top[2]) or 0) / total) if total else "0 %"
    return [
        f"{shown(total)} values of {name} lie between {cell(table.data[0][0])} and {cell(table.data[-1][1])}.",
        f"The fullest step is {cell(top[0])} to {cell(top[1])}, with {cell(top[2])} ({share}).",
    ]


def correlation(reading: Reading, table: Table) -> list[str]:
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
        inside = f"{group_name(table, row, at)}: " if at else ""
        said.append(
            f"{inside}{cell(row[at])} and {cell(row[at + 1])}: {value:.2f} ({', '.join(p for p in (strength, sign) if p)}, "
            f"n = {cell(row[at + 3], 'BIGINT')})"
        )
    if len(table.data) == 1:
        return [
            f"The {method} correlation of {said[0][: said[0].index(': ')]} is {said[0][said[0].index(': ') + 2 :]}."
        ]
    return [f"The strongest {method} correlations are {'; '.join(said)}."]


def difference(reading: Reading, table: Table) -> list[str]:
    at, what = len(reading.groups), phrase(reading.measures[0] if reading.measures else None)
    rows = [r for r in table.data if number(r[at]) is not None]
    if len(rows) < 2:
        return [f"There is only one group with a {what}, so there is no difference to tell."]
    high, low = rows[0], rows[-1]
    top, bottom = number(high[at]) or 0.0, number(low[at]) or 0.0
    n = [f", n = {cell(r[at + 1], 'BIGINT')}" if "n" in table.headers else "" for r in (high, low)]
    kind = table.types[at]
    first = f"{group_name(table, high, at)} has the {'higher' if len(rows) == 2 else 'highest'} {what} ({cell(high[at], kind)}{n[0]})"
    second = f"{group_name(table, low, at)} the {'lower' if len(rows) == 2 else 'lowest'} ({cell(low[at], kind)}{n[1]})"
    relative = f", {percent(100 * (top - bottom) / abs(bottom))} of the lower" if bottom else ""
    return [f"{first}, {second}.", f"The difference is {shown(top - bottom)}{relative}."]


def missing(reading: Reading, table: Table) -> list[str]:
    at = len(reading.groups)
    rows = [r for r in table.data if (number(r[at + 1]) or 0) > 0]
    if not rows:
        return [f"No value is missing in {plural(len(reading.columns), 'column')} of {reading.sheet}."]
    parts = [
        f"{group_name(table, r, at) + ' ' if at else ''}{cell(r[at])} {cell(r[at + 1], 'BIGINT')} ({percent(number(r[at + 2]) or 0)})"
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


def outliers(reading: Reading, table: Table) -> list[str]:
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


def duplicates(reading: Reading, table: Table) -> list[str]:
    most = number(table.data[0][-1]) or 0
    what = "value" if reading.columns else "row"
    return [
        f"{plural(table.total, what)} occur{'s' if table.total == 1 else ''} more than once, the most frequent {shown(most)} times."
    ]


def describe(reading: Reading, table: Table) -> list[str]:
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
