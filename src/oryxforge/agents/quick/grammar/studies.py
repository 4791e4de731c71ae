"""Readings that look at columns: their gaps, outliers, shape, relations, differences."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from oryxforge.agents.quick.grammar.aggregates import aggregate
from oryxforge.agents.quick.grammar.draft import Doubt, Draft
from oryxforge.agents.quick.grammar.drafted import (
    ask_measure,
    begun,
    default_aggregate,
    field_of,
    kind_of,
    named_columns,
    numbers,
)
from oryxforge.agents.quick.reading import Ask, Condition, Group, Measure, Reading, Ref
from oryxforge.agents.quick.schema import Kind

MATRIX = 12
LONGEST_QUARTER = 92


def _study(draft: Draft, ask: Ask, columns: Sequence[Ref], method: str = "") -> Reading:
    kept = [g for g in draft.groups if not _identifies(draft, g.of)]
    groups = tuple(kept) if draft.grouped else ()
    where = tuple(draft.where)
    return Reading(
        ask,
        draft.view.sheet.address,
        groups=groups,
        where=where,
        columns=tuple(columns),
        method=method,
        chart=draft.chart,
    )


def _identifies(draft: Draft, ref: Ref) -> bool:
    field = field_of(draft, ref)
    return field is not None and field.column.identifying and field.column.name in draft.unique


def duplicates(draft: Draft) -> Reading:
    grouped = [g.of for g in draft.groups] if draft.grouped else []
    columns = dict.fromkeys((*grouped, *named_columns(draft)))
    return replace(_study(draft, Ask.DUPLICATES, list(columns)), groups=())


def missing(draft: Draft) -> Reading:
    own = [Ref(c.name) for c in draft.view.sheet.columns]
    grouped = [g.of for g in draft.groups] if draft.grouped else []
    return _study(draft, Ask.MISSING, [r for r in named_columns(draft) if r not in grouped] or own)


def outliers(draft: Draft) -> Reading | None:
    if draft.groups and draft.grouped:
        draft.doubts.append(
            Doubt("I look for outliers over all rows, not by groups. Filter to one group first.")
        )
        return None
    things = {f.ref for f in draft.view.fields if f.column.identifying and not f.column.is_year}
    named = [r for r in named_columns(draft, Kind.NUMBER) if r not in things]
    columns = named or [f.ref for f in numbers(draft) if not f.ref.joined]
    if not columns:
        ask_measure(draft)
        return None
    return _study(draft, Ask.OUTLIERS, columns, "zscore" if "zscore" in draft.intents else "iqr")


def correlation(draft: Draft) -> Reading | None:
    named, found = named_columns(draft), named_columns(draft, Kind.NUMBER)
    if draft.aside and not named:
        words = ", ".join(f"“{w[:40]}”" for w in draft.aside[:4])
        draft.doubts.append(Doubt(f"Between which columns? I find none for {words}."))
        return None
    words = [r for r in named if r not in found]
    if any(m.how in ("count", "distinct") for m in draft.measures):
        draft.doubts.append(Doubt("A correlation with a count needs groups to count in; write it as SQL."))
        return None
    if words and len(found) == 1:
        return _compared(draft, found[0], words[0])
    if words:
        names = ", ".join(r.column for r in words)
        draft.doubts.append(Doubt(f"A correlation needs columns of numbers; {names} has none."))
        return None
    method = "spearman" if "spearman" in draft.intents else "pearson"
    everything = [f.ref for f in numbers(draft) if not f.ref.joined]
    if len(found) == 1:
        return _study(
            draft, Ask.CORRELATION, [*found, *(r for r in everything if r != found[0])], f"{method} against"
        )
    columns = found or everything[:MATRIX]
    if len(columns) < 2:
        draft.doubts.append(Doubt("A correlation needs two columns of numbers; there are none."))
        return None
    return _study(draft, Ask.CORRELATION, columns, method)


def _compared(draft: Draft, number: Ref, by: Ref) -> Reading:
    """The relation of a number to groups: its means."""
    made = _study(draft, Ask.DIFFERENCE, ())
    return replace(made, measures=(Measure("mean", number),), groups=(Group(by),))


def describe(draft: Draft) -> Reading:
    numeric = named_columns(draft, Kind.NUMBER)
    if draft.groups and draft.grouped and numeric:
        measures = tuple(
            Measure(how, r) for r in numeric for how in ("count", "mean", "median", "std", "min", "max")
        )
        return replace(_study(draft, Ask.AGGREGATE, ()), measures=measures)
    own = [Ref(c.name) for c in draft.view.sheet.columns]
    return replace(_study(draft, Ask.DESCRIBE, named_columns(draft) or own), groups=())


def difference(draft: Draft) -> Reading | None:
    groups = list(draft.groups)
    if not groups:
        groups = [Group(c.of) for c in draft.where if c.op == "in" and len(c.values) > 1]
    if not groups:
        groups = [Group(c.of, _grain_of(c)) for c in draft.where if c.op == "spans"]
        groups += [
            Group(c.of, c.op) for c in draft.where if c.op in ("month", "quarter") and len(c.values) > 1
        ]
    if not groups:
        groups = [Group(c.of) for c in draft.where if c.op in ("=", "true", "false")][:1]
        if groups:
            draft.where = [c for c in draft.where if c.of != groups[0].of]
    several = [Group(c.of) for c in draft.where if c.op == "in" and len(c.values) > 1]
    several += [Group(c.of, _grain_of(c)) for c in draft.where if c.op == "spans"]
    several = [g for g in several if g.of not in [own.of for own in groups]]
    if groups and several:
        draft.groups = [*groups, *several]
        return aggregate(draft)
    draft.groups = groups
    if not groups and pair(draft):
        return correlation(draft)
    if not groups or len(draft.measures) > 1:
        return aggregate(draft)
    bare = draft.measures[0] if draft.measures else Measure("count")
    if bare.how == "" and bare.of:
        field = field_of(draft, bare.of)
        summed = bool(groups[0].grain) or (field is not None and field.column.takings)
        draft.measures = [Measure(default_aggregate(draft, bare.of) if summed else "mean", bare.of)]
    return replace(begun(draft, Ask.DIFFERENCE), order="", limit=None)


def pair(draft: Draft) -> bool:
    """Whether two numbers are named, with no aggregate."""
    return len(draft.measures) == 2 and all(
        m.how == "" and kind_of(draft, m.of or Ref("")) is Kind.NUMBER for m in draft.measures
    )


def _grain_of(condition: Condition) -> str:
    days = [date.fromisoformat(str(v)) for v in condition.values]
    longest = max((b - a).days for a, b in zip(days[::2], days[1::2], strict=False))
    starts = {(d.month, d.day) for d in days}
    if starts == {(1, 1)}:
        return "year"
    quarters = all(m % 3 == 1 and d == 1 for m, d in starts) and longest <= LONGEST_QUARTER
    return "quarter" if quarters else "day" if longest == 1 else "month"


def distribution(draft: Draft) -> Reading | None:
    shapes = [m for m in draft.measures if m.how in ("skew", "kurtosis")]
    if shapes:
        draft.measures = shapes
        return aggregate(draft)
    refs = named_columns(draft)
    if not refs and draft.groups:
        return begun(draft, Ask.SHARE)
    if not refs:
        ask_measure(draft)
        return None
    first = refs[0]
    if (
        draft.groups
        and draft.grouped
        and kind_of(draft, first) is Kind.NUMBER
        and default_aggregate(draft, first) == "sum"
    ):
        draft.measures = [Measure("sum", first)]
        return replace(begun(draft, Ask.SHARE), order="desc")
    if draft.grouped and kind_of(draft, first) is Kind.NUMBER:
        draft.measures, draft.columns = [Measure("", first)], []
        return describe(draft)
    draft.measures = []
    if kind_of(draft, first) is Kind.NUMBER and not _few(draft, first):
        return _study(draft, Ask.DISTRIBUTION, refs[:1])
    grain = "auto" if kind_of(draft, first) is Kind.DATE else ""
    draft.groups = [Group(first, grain), *(draft.groups if draft.grouped else [])]
    words = kind_of(draft, first) is Kind.TEXT
    return replace(begun(draft, Ask.SHARE), order="desc" if words else "")


def _few(draft: Draft, ref: Ref) -> bool:
    field = field_of(draft, ref)
    return ref.column in draft.binary or (
        field is not None and field.column.identifying and field.column.whole
    )
