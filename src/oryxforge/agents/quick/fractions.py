"""Numbers given as percentages, made what the column holds: 5 where it holds percentages, 0.05 where it holds fractions."""

from collections.abc import Sequence
from dataclasses import replace

from oryxforge.agents.quick.matching import View
from oryxforge.agents.quick.numerals import shown
from oryxforge.agents.quick.reading import PERCENT, Ask, Condition, Having, Reading, Ref
from oryxforge.agents.quick.sql.expressions import Expressions
from oryxforge.agents.quick.steps import Facts

KEPT = ("sum", "count", "distinct", "rate", "each")


async def with_fractions(reading: Reading, view: View, facts: Facts) -> Reading:
    """The reading with every percentage settled by the values of its column."""
    where = [await _condition(c, reading, view, facts) for c in reading.where]
    part = [await _condition(c, reading, view, facts) for c in reading.part]
    having = [await _having(h, reading, view, facts) for h in reading.having]
    return replace(reading, where=tuple(where), part=tuple(part), having=tuple(having))


async def _condition(condition: Condition, reading: Reading, view: View, facts: Facts) -> Condition:
    if condition.said != PERCENT:
        return condition
    asked = [float(v) for v in condition.values if isinstance(v, int | float)]
    values, said = await _held(asked, condition.of, reading, view, facts)
    return replace(condition, values=tuple(values), said=said)


async def _having(having: Having, reading: Reading, view: View, facts: Facts) -> Having:
    if having.said != PERCENT:
        return having
    of = having.measure.of
    if of is None or having.measure.how in KEPT:
        return replace(having, said="")
    values, said = await _held([having.value], of, reading, view, facts)
    return replace(having, value=values[0], said=said)


async def _held(
    asked: Sequence[float], of: Ref, reading: Reading, view: View, facts: Facts
) -> tuple[list[float], str]:
    """The values as the column has them, and how that was told."""
    e = Expressions(Reading(Ask.ROWS, reading.sheet, join=reading.join), view)
    found = await facts.numbers(f"SELECT min({e.ref(of)}), max({e.ref(of)})\n{e.source()}")
    if len(found) != 2 or found[0] is None or found[1] is None:
        return list(asked), ""
    low, high = found[0], found[1]
    between = f"{of.column} goes from {shown(low)} to {shown(high)}"
    words = " and ".join(f"{shown(v)} %" for v in asked)
    if max(abs(low), abs(high)) > 1:
        return list(asked), f"{words} as it is: {between}"
    return [round(v / 100, 12) for v in asked], f"{words} as a fraction: {between}"
