"""Two sheets read as one: where they share one key that is unique on the side that is looked up."""

from oryxforge.agents.quick.grammar.draft import Doubt
from oryxforge.agents.quick.reading import Join, Measure, Reading
from oryxforge.agents.quick.schema import Column, Kind, Sheet
from oryxforge.agents.quick.sql.expressions import name, table
from oryxforge.agents.quick.steps import Facts

# Of a looked-up value that comes once for many rows, these are right all the same.
SAFE = ("distinct", "min", "max", "only", "mode")


async def keys_between(facts: Facts, own: Sheet, other: Sheet) -> list[Join]:
    """The keys that both sheets have and that name at most one row of the other."""
    found: list[Join] = []
    for mine, its in _shared(own, other):
        sql = f"SELECT count({name(its.name)}), count(DISTINCT {name(its.name)}) FROM {table(other.address)}"
        counts = await facts.numbers(sql)
        if len(counts) == 2 and counts[0] and counts[0] == counts[1]:
            found.append(Join(other.address, mine.name, its.name))
    return found


def _shared(own: Sheet, other: Sheet) -> list[tuple[Column, Column]]:
    pairs = [(a, b) for a in own.columns for b in other.columns if a.stems == b.stems and _joinable(a, b)]
    if pairs:
        return pairs
    return [
        (a, b)
        for a in own.columns
        for b in other.columns
        if b.stems == ("id",) and a.stems[-1:] == ("id",) and a.stems[:-1] in other.names and _joinable(a, b)
    ]


def _joinable(a: Column, b: Column) -> bool:
    return (
        a.kind is b.kind
        and a.kind in (Kind.TEXT, Kind.NUMBER)
        and (a.kind is Kind.TEXT or (a.whole and b.whole))
    )


def counted_twice(reading: Reading) -> Doubt | None:
    """A measure of the looked-up sheet, whose rows the join repeats."""
    join = reading.join
    repeated = [m for m in reading.measures if m.of and m.of.joined and m.how not in SAFE]
    if join is None or not repeated:
        return None
    of = _column(repeated[0])
    return Doubt(
        f"{of} is a column of {join.sheet}, and several rows of {reading.sheet} belong to one row there: "
        f"each value would count more than once. Ask it with the columns of {join.sheet} alone, or write the SQL."
    )


def _column(measure: Measure) -> str:
    return f"“{measure.of.column}”" if measure.of else ""
