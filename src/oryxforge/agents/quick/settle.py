"""What a reading leaves to the data: the last day, the grain of a trend, the steps of a histogram, the value of a look-up."""

import math
from dataclasses import replace
from datetime import date, datetime, timedelta

from oryxforge.agents.quick.fractions import with_fractions
from oryxforge.agents.quick.grammar.aggregates import LOOKUP
from oryxforge.agents.quick.grammar.periods import as_conditions
from oryxforge.agents.quick.language.dates import Period, around, resolved
from oryxforge.agents.quick.matching import View
from oryxforge.agents.quick.reading import Ask, Condition, Group, Measure, Reading, Ref
from oryxforge.agents.quick.schema import Kind
from oryxforge.agents.quick.sql.expressions import Expressions
from oryxforge.agents.quick.sql.statements import Bins
from oryxforge.agents.quick.steps import Facts

FEW_ROWS, MOST_BINS, WHOLE_SPAN = 20, 20, 50
# A time is taken to be whole where no more days than these lack at its start or end.
WHOLE = {"month": 15, "quarter": 30, "year": 30}
# Up to so many days, a trend is drawn by this grain.
SPANS = ((45, "day"), (200, "week"), (1900, "month"), (5500, "quarter"))


async def settle(reading: Reading, view: View, facts: Facts) -> tuple[Reading, Bins | None]:
    """The reading with nothing left open, and the steps of its histogram."""
    reading = await _backs(reading, view, facts)
    reading = await with_fractions(reading, view, facts)
    reading = await _grains(reading, view, facts)
    if any(m.how == LOOKUP for m in reading.measures):
        reading = await _look_up(reading, view, facts)
    if reading.ask is Ask.DISTRIBUTION:
        return await _bins(reading, view, facts)
    return reading, None


async def _extent(reading: Reading, view: View, facts: Facts, ref: Ref) -> tuple[date, date] | None:
    e = Expressions(reading, view)
    of = e.ref(ref)
    row = await facts.row(f"SELECT CAST(min({of}) AS DATE), CAST(max({of}) AS DATE)\n{e.source()}{e.where()}")
    try:
        first, last = (date.fromisoformat(str(v)[:10]) for v in row or ())
    except ValueError:
        return None
    return first, last


async def _backs(reading: Reading, view: View, facts: Facts) -> Reading:
    """Times counted back become days, from the last day that the data has."""

    async def at(conditions: tuple[Condition, ...]) -> tuple[Condition, ...]:
        made: list[Condition] = []
        for condition in conditions:
            if not condition.op.endswith("back"):
                made.append(condition)
                continue
            extent = await _extent(
                Reading(reading.ask, reading.sheet, join=reading.join), view, facts, condition.of
            )
            if extent is None:
                continue
            if str(condition.values[0]).endswith("hour"):
                made += await _hours(condition, reading, view, facts)
                continue
            parts = as_conditions(condition.of, resolved(Period(back=str(condition.values[0])), extent[1]))
            span = Condition(condition.of, "span", tuple(v for p in parts for v in p.values))
            span = replace(span, said=_counted_back(str(condition.values[0]), extent[1]))
            made.append(replace(span, op="not span") if condition.op.startswith("not") else span)
        return tuple(made)

    return replace(reading, where=await at(reading.where), part=await at(reading.part))


async def _hours(condition: Condition, reading: Reading, view: View, facts: Facts) -> list[Condition]:
    """The last hours, as what is after a moment."""
    e = Expressions(Reading(reading.ask, reading.sheet, join=reading.join), view)
    row = await facts.row(f"SELECT CAST(max({e.ref(condition.of)}) AS VARCHAR)\n{e.source()}")
    try:
        last = datetime.fromisoformat(str((row or [None])[0]))
    except ValueError:
        return []
    back = str(condition.values[0])
    since = last - timedelta(hours=int(back.partition(" ")[0]))
    op = "not moment" if condition.op.startswith("not") else "moment"
    return [replace(condition, op=op, values=(since.isoformat(" "),), said=_counted_back(back, last))]


def _counted_back(back: str, last: date) -> str:
    count, _, unit = back.partition(" ")
    asked = f"last {count} {unit}{'' if count == '1' else 's'}" if count.isdigit() else back
    return f"{asked}, counted from the newest date in the data, {last}"


async def _grains(reading: Reading, view: View, facts: Facts) -> Reading:
    groups: list[Group] = []
    for group in reading.groups:
        compared = reading.ask is Ask.GROWTH and group.grain in WHOLE
        if group.grain != "auto" and not compared:
            groups.append(group)
            continue
        extent = await _extent(reading, view, facts, group.of)
        days = (extent[1] - extent[0]).days if extent else 0
        grain = group.grain
        if grain == "auto":
            grain = next((grain for most, grain in SPANS if days <= most), "year")
        said = _unfilled(grain, *extent) if extent and reading.ask is Ask.GROWTH else ""
        groups.append(Group(group.of, grain, said))
    return replace(reading, groups=tuple(groups))


def _unfilled(grain: str, first: date, last: date) -> str:
    """Which of the first and last times the data plainly fills only in part."""
    if grain not in WHOLE:
        return ""
    begun, ended = around(first, grain), around(last, grain)
    assert begun.start is not None and ended.end is not None
    late, early = (first - begun.start).days, (ended.end - last).days - 1
    said = [f"the first {grain} only from {first}"] if late > WHOLE[grain] else []
    said += [f"the last {grain} only until {last}"] if early > WHOLE[grain] else []
    return ", ".join(said)


async def _look_up(reading: Reading, view: View, facts: Facts) -> Reading:
    """One value where the rows agree, the rows where they are few, else the mean."""
    ref = reading.measures[0].of
    assert ref is not None
    e = Expressions(reading, view)
    counts = await facts.numbers(f"SELECT count(*), count(DISTINCT {e.ref(ref)})\n{e.source()}{e.where()}")
    rows, different = (int(n or 0) for n in counts) if len(counts) == 2 else (0, 0)
    if different == 1:
        return replace(reading, measures=(Measure("only", ref),))
    if 0 < rows <= FEW_ROWS:
        named = [c.of for c in reading.where]
        texts = [f.ref for f in view.fields if f.column.kind is Kind.TEXT and not f.ref.joined][:2]
        columns = tuple(dict.fromkeys((*texts, *named, ref)))
        return replace(reading, ask=Ask.ROWS, measures=(), columns=columns, order="desc", sort=ref)
    return replace(reading, measures=(Measure("mean", ref),))


async def _bins(reading: Reading, view: View, facts: Facts) -> tuple[Reading, Bins | None]:
    e = Expressions(reading, view)
    ref = reading.columns[0]
    of = e.ref(ref)
    finite = f"isfinite({of})" if e.column(ref).type.upper() in ("DOUBLE", "FLOAT") else f"{of} IS NOT NULL"
    found = await facts.numbers(
        f"SELECT min({of}), max({of}), count(*), count(DISTINCT {of})\n{e.source()}{e.where(finite)}"
    )
    if len(found) != 4 or found[0] is None or found[1] is None:
        return reading, Bins(0.0, 1.0, 1)
    low, high, rows, different = found[0], found[1], found[2] or 0, found[3] or 0
    if different <= MOST_BINS and high - low <= WHOLE_SPAN and e.column(ref).whole:
        return replace(reading, ask=Ask.SHARE, groups=(Group(ref),), columns=()), None
    return reading, nice_bins(low, high, int(rows))


def nice_bins(low: float, high: float, rows: int) -> Bins:
    """About as many steps as the rows bear, of a round size, from a round number."""
    wanted = max(5, min(MOST_BINS, math.ceil(math.log2(rows + 1)) + 1))
    raw = (high - low) / wanted
    if raw <= 0 or not math.isfinite(raw):
        return Bins(low, 1.0, 1)
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * m for m in (1, 2, 2.5, 5, 10) if power * m >= raw * 0.999)
    start = round(math.floor(low / step) * step, 10)
    return Bins(
        start,
        step,
        max(1, math.floor((high - start) / step + 1e-9) + (0 if _on_edge(high, start, step) else 1)),
    )


def _on_edge(high: float, start: float, step: float) -> bool:
    """Whether the highest value ends a step: it then belongs to that one."""
    ratio = (high - start) / step
    return abs(ratio - round(ratio)) < 1e-9 and ratio > 0.5
