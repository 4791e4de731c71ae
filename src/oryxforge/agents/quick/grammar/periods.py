"""Conditions on time."""

from dataclasses import replace

from oryxforge.agents.quick.grammar.draft import CHOICES, Choice, Doubt, Draft, Line, quoted
from oryxforge.agents.quick.grammar.filters import join
from oryxforge.agents.quick.grammar.items import Item
from oryxforge.agents.quick.language.dates import Period, around
from oryxforge.agents.quick.language.lexicon import Role
from oryxforge.agents.quick.reading import Condition, Ref, Scalar
from oryxforge.agents.quick.schema import Kind


def read_periods(line: Line, draft: Draft) -> None:
    spans: dict[Ref, list[Scalar]] = {}
    for at, item in line.free(Role.PERIOD):
        before = line.before(at, Role.IN, Role.BE)
        if line.is_free(before, Role.GRAIN) and (wider := _around(item, line.items[before].value)):
            item = replace(item, period=wider)
            line.take(before)
            before = line.before(before, Role.IN, Role.BE)
        beside = line.get(before)
        ref = None
        if beside and line.is_free(before, Role.COLUMN):
            named = beside.kinds(Kind.DATE) or tuple(m for m in beside.matches[:1] if m.field.column.is_year)
            ref = named[0].field.ref if named else None
            if named:
                line.take(before)
        negation = line.before(at, Role.IN, Role.BE)
        negated = line.is_free(negation, Role.NOT)
        conditions = _period_conditions(line, draft, at, item, ref)
        if not conditions:
            continue
        line.take(at)
        if line.is_free(line.before(at), Role.COMPARISON):
            line.take(line.before(at))
        if negated:
            line.take(negation)
            draft.where.append(_excluded(conditions))
        elif len(conditions) == 2:
            spans.setdefault(conditions[0].of, []).extend(v for c in conditions for v in c.values)
        else:
            join(draft, at, conditions[0])
    for ref, ends in spans.items():
        draft.where += [Condition(ref, "spans" if len(ends) > 2 else "span", tuple(ends))]


def _around(item: Item, grain: str) -> Period | None:
    """`the week of 2024-12-24`."""
    period = item.period
    if (
        period is None
        or period.start is None
        or period.end is None
        or grain not in ("week", "month", "quarter", "year")
    ):
        return None
    return around(period.start, grain) if (period.end - period.start).days == 1 else None


def _excluded(conditions: list[Condition]) -> Condition:
    """The opposite; of a span from one day to another, as one condition."""
    if len(conditions) == 2:
        return Condition(conditions[0].of, "not span", (*conditions[0].values, *conditions[1].values))
    return Condition(conditions[0].of, f"not {conditions[0].op}", conditions[0].values)


def _period_conditions(line: Line, draft: Draft, at: int, item: Item, ref: Ref | None) -> list[Condition]:
    period = item.period or Period()
    ref = ref or date_column(line, draft, at)
    years = [f for f in draft.view.fields if f.column.is_year and (ref is None or f.ref == ref)]
    field = next((f for f in draft.view.fields if f.ref == ref), None)
    if period.back.endswith("hour") and field is not None and field.column.is_date_alone:
        draft.doubts.append(Doubt(f"{field.column.name} holds days without hours."))
        return []
    if ref is not None and not any(f.ref == ref for f in years):
        return as_conditions(ref, period)
    if period.years and years:
        first, last = period.years
        if first == 0 or last == 9999:
            return [Condition(years[0].ref, "<=" if first == 0 else ">=", (last if first == 0 else first,))]
        return [
            Condition(years[0].ref, "between", (first, last))
            if first != last
            else Condition(years[0].ref, "=", (first,))
        ]
    return []


def as_conditions(ref: Ref, period: Period) -> list[Condition]:
    if period.back:
        return [Condition(ref, "back", (period.back,))]
    if period.part:
        return [Condition(ref, period.part, (period.number,) if period.number else ())]
    found: list[Condition] = []
    if period.start:
        found.append(Condition(ref, "since", (period.start.isoformat(),)))
    if period.end:
        found.append(Condition(ref, "until", (period.end.isoformat(),)))
    return found


def date_column(line: Line, draft: Draft, at: int) -> Ref | None:
    """The column of times that a question without a name for it means: the only one, or one it names elsewhere."""
    if draft.date is not None:
        return draft.date
    dates = [f for f in draft.view.fields if f.column.kind is Kind.DATE]
    own = [f for f in dates if not f.ref.joined] or dates
    named = [(n, i.kinds(Kind.DATE)[0].field) for n, i in line.free(Role.COLUMN) if i.kinds(Kind.DATE)]
    if named and len(own) > 1:
        place, field = named[0]
        if not line.is_free(line.before(place), Role.BY, Role.AGGREGATE):
            line.take(place)
        draft.date = field.ref
        return field.ref
    if len(own) == 1:
        draft.date = own[0].ref
    elif len(own) > 1:
        item = line.items[at]
        said = "when" if item.role is not Role.PERIOD else item.text
        prompts = [f"{draft.text.rstrip(' ?.!')} using {quoted(f.column.name)}" for f in own[:CHOICES]]
        choices = tuple(Choice(f.column.name, p) for f, p in zip(own, prompts, strict=False))
        draft.doubts.append(Doubt(f"There are several dates. Which one does “{said}” mean?", choices))
        draft.date = own[0].ref
    return draft.date
