"""Readings of shares and of the course of time."""

from dataclasses import replace

from oryxforge.agents.quick.grammar.draft import Doubt, Draft
from oryxforge.agents.quick.grammar.drafted import begun, field_of, kind_of, numbers
from oryxforge.agents.quick.reading import Ask, Condition, Group, Measure, Reading
from oryxforge.agents.quick.schema import Kind

TIMES = frozenset(("since", "until", "span", "spans", "month", "quarter", "weekday", "weekend", "back"))


def _timed(draft: Draft) -> bool:
    """Groups by time; False where the data has none."""
    if any(g.grain or kind_of(draft, g.of) is Kind.DATE for g in draft.groups):
        return True
    dates = [f for f in draft.view.fields if f.column.kind is Kind.DATE]
    years = [f for f in draft.view.fields if f.column.is_year]
    of = draft.date or (dates[0].ref if dates else None)
    if of is not None:
        draft.groups.insert(0, Group(of, "year" if _whole_years(draft) else "auto"))
    elif years:
        if not any(g.of == years[0].ref for g in draft.groups):
            draft.groups.insert(0, Group(years[0].ref))
    else:
        draft.doubts.append(Doubt(f"There is no column of dates in {draft.view.sheet.address}, so no trend."))
    return bool(of or years)


def _whole_years(draft: Draft) -> bool:
    """`change between 2023 and 2024`: from year to year."""
    spans = [c.values for c in draft.where if c.op in ("span", "spans")]
    ends = [str(v) for values in spans for v in values]
    return (
        "growth" in draft.intents
        and bool(ends)
        and all(e.endswith("-01-01") for e in ends)
        and ends[0][:4] != str(int(ends[-1][:4]) - 1)
    )


def over_time(draft: Draft) -> Reading | None:
    if not _timed(draft):
        return None
    if not draft.measures and not draft.noun and len(numbers(draft)) == 1:
        draft.measures = [Measure("", numbers(draft)[0].ref)]
    ask = Ask.GROWTH if "growth" in draft.intents else Ask.AGGREGATE
    ask = Ask.CUMULATIVE if "cumulative" in draft.intents else ask
    if ask is not Ask.AGGREGATE and any(not g.grain for g in draft.groups) and len(draft.groups) > 1:
        draft.doubts.append(
            Doubt(
                "I can show growth and running totals of one measure over time, not by groups. Filter to one group."
            )
        )
        return None
    if ask is not Ask.AGGREGATE:
        draft.groups = sorted(draft.groups, key=lambda g: not g.grain)[:1]
    return replace(begun(draft, ask), order="")


def share(draft: Draft) -> Reading | None:
    kept = [c for c in draft.where if c.op.removeprefix("not ") not in TIMES and not _of_year(draft, c)]
    if draft.extreme and not draft.groups:
        draft.doubts.append(
            Doubt("The highest share among which groups? For example “share of amount by region”.")
        )
        return None
    times = [c for c in draft.where if c not in kept]
    counted = not draft.measures or all(m.how in ("count", "distinct") for m in draft.measures)
    if kept and (counted or not draft.groups):
        part = _after_the_verb(draft, kept)
        draft.where = [*times, *(c for c in kept if c not in part)]
        if counted:
            draft.measures = []
        return replace(begun(draft, Ask.PART), part=tuple(part))
    if times and not draft.groups:
        draft.where = []
        return replace(begun(draft, Ask.PART), part=tuple(times))
    if not draft.groups:
        draft.doubts.append(
            Doubt("A share of what, by which column? For example “share of amount by region”.")
        )
        return None
    draft.measures = [replace(m, how="sum") if m.how in ("", "mean") and m.of else m for m in draft.measures]
    reading = begun(draft, Ask.SHARE)
    return replace(reading, order=reading.order or "desc")


def _after_the_verb(draft: Draft, kept: list[Condition]) -> list[Condition]:
    """`what percentage of women survived`: the women are the whole, those who survived the part."""
    placed = sorted(kept, key=lambda c: draft.places.get(c, 0))
    verb = draft.verb if draft.verb >= 0 else None
    if verb is None:
        told = [c for c in placed if c in draft.truths]
        return told[-1:] if told and told[-1] == placed[-1] and len(placed) > 1 else placed
    return [c for c in placed if draft.places.get(c, 0) > verb] or placed[-1:]


def _of_year(draft: Draft, condition: Condition) -> bool:
    field = field_of(draft, condition.of)
    return field is not None and field.column.is_year
