"""Readings of shares and of the course of time."""

from dataclasses import replace

from oryxforge.agents.quick.grammar.draft import Choice, Doubt, Draft, quoted
from oryxforge.agents.quick.grammar.drafted import ask_measure, begun, field_of, kind_of, numbers
from oryxforge.agents.quick.reading import Ask, Condition, Group, Measure, Reading
from oryxforge.agents.quick.schema import Kind

TIMES = frozenset(("since", "until", "span", "spans", "month", "quarter", "weekday", "weekend", "back"))


def _timed(draft: Draft) -> bool:
    """Groups by time; False where the data has none."""
    if any(g.grain or kind_of(draft, g.of) is Kind.DATE for g in draft.groups):
        return not (draft.step and _clashing(draft))
    dates = [f for f in draft.view.fields if f.column.kind is Kind.DATE]
    years = [f for f in draft.view.fields if f.column.is_year]
    of = draft.date or (dates[0].ref if dates else None)
    if of is not None:
        draft.groups.insert(0, Group(of, draft.step or ("year" if _whole_years(draft) else "auto")))
    elif years and draft.step in ("", "year"):
        if not any(g.of == years[0].ref for g in draft.groups):
            draft.groups.insert(0, Group(years[0].ref))
    else:
        draft.doubts.append(Doubt(f"There is no column of dates in {draft.view.sheet.address}, so no trend."))
    return bool(of or (years and draft.step in ("", "year")))


def _clashing(draft: Draft) -> bool:
    """`monthly growth year over year`: by which of the two?"""
    grain = next((g.grain for g in draft.groups if g.grain not in ("", "auto")), draft.step)
    if grain == draft.step:
        draft.groups = [replace(g, grain=draft.step) if g.grain == "auto" else g for g in draft.groups]
        return False
    of = (
        f" of {quoted(m.of.column)}"
        if (m := next(iter(draft.measures), None)) and m.of and m.of.column
        else ""
    )
    made = tuple(Choice(f"by {g}", f"growth{of} by {g}") for g in (grain, draft.step))
    draft.doubts.append(Doubt(f"Growth from {grain} to {grain}, or from {draft.step} to {draft.step}?", made))
    return True


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
    if not draft.measures and not draft.noun and not _implied(draft):
        return None
    ask = Ask.GROWTH if "growth" in draft.intents else Ask.AGGREGATE
    ask = Ask.CUMULATIVE if "cumulative" in draft.intents else ask
    if ask is not Ask.AGGREGATE and draft.extreme and not _alone(draft):
        said = "I can't rank by growth: I can show the growth of each group"
        draft.doubts.append(Doubt(f"{said}, for example “growth of … by … year over year”."))
        return None
    if ask is not Ask.AGGREGATE:
        draft.groups = sorted(draft.groups, key=lambda g: not _in_time(draft, g))
    return replace(begun(draft, ask), order="", limit=None)


def _in_time(draft: Draft, group: Group) -> bool:
    field = field_of(draft, group.of)
    return bool(group.grain) or (field is not None and field.column.is_year)


def _alone(draft: Draft) -> bool:
    return all(_in_time(draft, g) for g in draft.groups)


def _implied(draft: Draft) -> bool:
    """What is measured where nothing is named: the only number, or the only takings; False where it must be asked."""
    found = numbers(draft)
    takings = [f for f in found if f.column.takings and not f.ref.joined]
    if len(found) == 1 or (len(takings) == 1 and draft.intents & {"growth", "cumulative"}):
        draft.measures = [Measure("", (takings or found)[0].ref)]
    elif found and draft.intents & {"growth", "cumulative"}:
        ask_measure(draft)
        return False
    return True


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
    if any(m.how == "mean" for m in draft.measures):
        draft.doubts.append(
            Doubt("Averages don't add up, so there is no share of them. Ask for the averages alone.")
        )
        return None
    draft.measures = [replace(m, how="sum") if m.how == "" and m.of else m for m in draft.measures]
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
