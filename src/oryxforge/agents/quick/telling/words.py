"""A result in plain sentences. Every number in them stands in the result."""

from collections.abc import Callable, Mapping

from oryxforge.agents.quick.numerals import cell, label, number, percent, plural, several, shown
from oryxforge.agents.quick.reading import Ask, Measure, Reading
from oryxforge.agents.quick.steps import Table
from oryxforge.agents.quick.telling.findings import (
    correlation,
    describe,
    difference,
    distribution,
    duplicates,
    missing,
    outliers,
)
from oryxforge.agents.quick.telling.phrases import NAMED, course, group_name, moment, phrase, where
from oryxforge.agents.quick.telling.saying import where_words


def tell(reading: Reading, table: Table) -> list[str]:
    """The finding, sentence by sentence."""
    if not table.data:
        return [_nothing(reading)]
    return _TELLERS[reading.ask](reading, table)


def _nothing(reading: Reading) -> str:
    if reading.ask is Ask.DUPLICATES:
        of = f" of {several([c.column for c in reading.columns])}" if reading.columns else ""
        return f"No {'value' if of else 'row'}{of} occurs more than once."
    if reading.ask is Ask.ABSENT:
        own = f"row of {reading.join.sheet}" if reading.join else f"value of {reading.groups[0].of.column}"
        every = "every" if reading.method.startswith("without") else "no"
        kept = tuple(c for c in reading.part if reading.join is None or not c.of.joined)
        outside = tuple(c for c in reading.part if c not in kept)
        own += f" where {where_words(outside)}" if outside else ""
        return f"There is none: {every} {own} has a row in {reading.sheet}{f' where {where_words(kept)}' if kept else ''}."
    return f"There is nothing to show: no row of {reading.sheet}{where(reading) or ' is there'}."


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
        return course(table, phrase(measures[0]), 1)
    return _ranking(reading, table, groups, phrase(measures[0]))


def _single(reading: Reading, table: Table) -> list[str]:
    measures = reading.measures or (Measure("count"),)
    said: list[str] = []
    for measure, value, kind in zip(measures, table.data[0], table.types, strict=False):
        if measure.of is None:
            rows = int(number(value) or 0)
            verb = "is" if rows == 1 else "are"
            said.append(f"There {verb} {plural(rows, 'row')}{where(reading)}.")
        elif value is None:
            said.append(f"There is no value of {measure.of.column}{where(reading)}.")
        else:
            unit = " %" if measure.how == "rate" else ""
            said.append(f"The {phrase(measure)}{where(reading)} is {cell(value, kind)}{unit}.")
    return said


def _ranking(reading: Reading, table: Table, groups: int, what: str) -> list[str]:
    rows = [r for r in table.data if number(r[groups]) is not None]
    kind = table.types[groups]
    if not rows:
        return [_in_turn(table, groups, what)]
    lowest = reading.order == "asc"
    ranked = sorted(rows, key=lambda r: number(r[groups]) or 0.0, reverse=not lowest)
    extreme = "lowest" if lowest else "highest"
    said = _first_place(table, ranked, groups, what, extreme)
    if what.startswith(("highest", "lowest")) and not what.startswith(extreme):
        first, last = (
            f"{cell(r[groups], kind)} ({group_name(table, r, groups)})" for r in (ranked[-1], ranked[0])
        )
        said = f"The {what} goes from {first} to {last}"
    return [f"{said}.", *_together(reading, table, groups, what)]


def _first_place(table: Table, ranked: list[list[object]], groups: int, what: str, extreme: str) -> str:
    """Who is first, with whom, and who follows."""
    first, kind = ranked[0], table.types[groups]
    value = cell(first[groups], kind)
    already = what.startswith(("highest", "lowest"))
    said = f"{group_name(table, first, groups)} has the {extreme} {what}: {value}"
    if already:
        said = f"The {what} is {value}, for {group_name(table, first, groups)}"
    ties = [r for r in ranked[1:] if number(r[groups]) == number(first[groups])]
    if ties:
        names = several([group_name(table, r, groups) for r in [first, *ties][:4]])
        more = f" and {len(ties) - 3} more" if len(ties) > 3 else ""
        return f"{names}{more} share the {what if already else f'{extreme} {what}'}: {value}"
    rest = [f"{group_name(table, r, groups)} ({cell(r[groups], kind)})" for r in ranked[1 : NAMED + 1]]
    return f"{said}, followed by {several(rest)}" if rest else said


def _in_turn(table: Table, groups: int, what: str) -> str:
    """Days or words by groups, which have no highest."""
    rows = [r for r in table.data if r[groups] is not None][: NAMED + 1]
    if not rows:
        return f"There is no {what} for any of the {plural(table.total, 'group')}."
    parts = [f"{group_name(table, r, groups)} {cell(r[groups], table.types[groups])}" for r in rows]
    more = f", and {plural(table.total - len(rows), 'more group')}" if table.total > len(rows) else ""
    return f"The {what}: {', '.join(parts)}{more}."


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


def _rows(reading: Reading, table: Table) -> list[str]:
    kept = where(reading)
    if reading.sort and reading.limit and table.data and reading.sort.column in table.headers:
        at = table.headers.index(reading.sort.column)
        first = table.data[0]
        dated = table.types[at].upper().startswith(("DATE", "TIMESTAMP"))
        names = ("latest", "earliest") if dated else ("highest", "lowest")
        extreme = names[0] if reading.order == "desc" else names[1]
        others = [f"{h} {cell(v, t)}" for h, v, t in zip(table.headers, first, table.types, strict=False)][:6]
        return [
            f"The {extreme} {reading.sort.column}{kept} is {cell(first[at], table.types[at])}: {', '.join(others)}."
        ]
    if reading.limit:
        return [f"These are {plural(len(table.data), 'row')} of {reading.sheet}{kept}."]
    verb = "is" if table.total == 1 else "are"
    said = [f"There {verb} {plural(table.total, 'row')}{kept}."]
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
    parts = [f"{group_name(table, r, groups)} {percent(number(r[-1]) or 0.0)}" for r in ranked[: NAMED + 1]]
    more = f", and {plural(table.total - len(parts), 'more group')}" if table.total > len(parts) else ""
    return [f"Of the {what}{where(reading)}, the shares are: {', '.join(parts)}{more}."]


def _part(reading: Reading, table: Table) -> list[str]:
    what = phrase(reading.measures[0] if reading.measures else None)
    part = where_words(reading.part)
    if reading.groups:
        rows = sorted(
            (r for r in table.data if number(r[-1]) is not None), key=lambda r: -(number(r[-1]) or 0.0)
        )
        parts = [
            f"{group_name(table, r, len(reading.groups))} {percent(number(r[-1]) or 0.0)}" for r in rows[:8]
        ]
        return [f"The share where {part}: {', '.join(parts)}."] if parts else ["There is no share to tell."]
    row = table.data[0]
    share = number(row[-1])
    if share is None:
        return [f"There is no share to tell: the {what}{where(reading)} is 0."]
    some, whole = cell(row[0], table.types[0]), cell(row[1], table.types[1])
    if what == "number of rows":
        return [f"In {some} of {whole} rows{where(reading)}, {part}: {percent(share)}."]
    return [f"{percent(share)} of the {what}{where(reading)}, {some} of {whole}, is where {part}."]


def _growth(reading: Reading, table: Table) -> list[str]:
    if len(reading.groups) > 1:
        return _growths(reading, table)
    said = course(table, phrase(reading.measures[0] if reading.measures else None), 1)
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
            f"The largest step up was {cell(best[2], table.types[2])} ({moment(best[0])}), "
            f"the largest step down {cell(worst[2], table.types[2])} ({moment(worst[0])})."
            if (number(worst[2]) or 0) < 0 < (number(best[2]) or 0)
            else f"The largest step was {_step(worst if (number(best[2]) or 0) <= 0 else best, table)}."
        )
    return said


def _step(row: list[object], table: Table) -> str:
    return f"{cell(row[2], table.types[2])} ({moment(row[0])})"


def _growths(reading: Reading, table: Table) -> list[str]:
    """Each group's last step."""
    last: dict[str, list[object]] = {}
    for row in table.data:
        last[label(row[1]) if len(reading.groups) == 2 else cell(row[1:-3])] = row
    told = {n: r for n, r in last.items() if number(r[-1]) is not None}
    steps = sorted(told.items(), key=lambda p: -(number(p[1][-1]) or 0.0))[: NAMED + 1]
    what = phrase(reading.measures[0] if reading.measures else None)
    if not steps:
        return [f"There is no step of the {what} to tell."]
    parts = [f"{n} {percent(number(r[-1]) or 0.0)} ({moment(r[0])})" for n, r in steps]
    more = f", and {plural(len(told) - len(steps), 'more group')}" if len(told) > len(steps) else ""
    return [f"The latest change of the {what}: {', '.join(parts)}{more}."]


def _cumulative(reading: Reading, table: Table) -> list[str]:
    if len(reading.groups) > 1:
        count = plural(len({str(r[1]) for r in table.data}), "group")
        return [
            f"The {phrase(reading.measures[0] if reading.measures else None)} is added up within {count}."
        ]
    last = table.data[-1]
    what = phrase(reading.measures[0] if reading.measures else None)
    return [f"The {what} adds up to {cell(last[2], table.types[2])} by {moment(last[0])}."]


def _absent(reading: Reading, table: Table) -> list[str]:
    """Who has, or lacks, rows."""
    own = tuple(c for c in reading.part if reading.join is None or not c.of.joined)
    where = f" where {where_words(own)}" if own else ""
    what = f"row of {reading.join.sheet}" if reading.join else f"value of {reading.groups[0].of.column}"
    lack = (
        f"no row in {reading.sheet}{where}"
        if reading.method.startswith("without")
        else f"a row in {reading.sheet}{where}"
    )
    many = (
        "values" + what.removeprefix("value")
        if what.startswith("value")
        else "rows" + what.removeprefix("row")
    )
    counted = reading.method.endswith("count")
    total = int(number(table.data[0][0]) or 0) if counted else table.total
    said = f"{total:,} {what if total == 1 else many} {'has' if total == 1 else 'have'} {lack}"
    listed = [cell(r[0], table.types[0]) for r in table.data[:8]] if not counted and not reading.join else []
    return [f"{said}{': ' + several(listed) if listed else ''}."]


_TELLERS: Mapping[Ask, Callable[[Reading, Table], list[str]]] = {
    Ask.AGGREGATE: _aggregate,
    Ask.ROWS: _rows,
    Ask.VALUES: _values,
    Ask.SHARE: _share,
    Ask.PART: _part,
    Ask.GROWTH: _growth,
    Ask.CUMULATIVE: _cumulative,
    Ask.DISTRIBUTION: distribution,
    Ask.CORRELATION: correlation,
    Ask.DIFFERENCE: difference,
    Ask.MISSING: missing,
    Ask.OUTLIERS: outliers,
    Ask.DUPLICATES: duplicates,
    Ask.DESCRIBE: describe,
    Ask.ABSENT: _absent,
}
