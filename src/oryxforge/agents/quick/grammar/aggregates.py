"""Readings that measure, by groups or over all."""

from dataclasses import replace

from oryxforge.agents.quick.grammar.draft import CHOICES, Choice, Doubt, Draft, quoted
from oryxforge.agents.quick.grammar.drafted import begun, field_of, kind_of, numbers
from oryxforge.agents.quick.language.concepts import PERSONAL
from oryxforge.agents.quick.reading import Ask, Group, Measure, Reading, Ref
from oryxforge.agents.quick.schema import Kind
from oryxforge.agents.quick.sql.expressions import name, table

RANKED = 10
LOOKUP = "lookup"


def aggregate(draft: Draft) -> Reading | None:
    if draft.who and not draft.groups:
        person = _personal(draft)
        draft.groups = [Group(person)] if person else []
    if draft.nested and draft.grouped:
        draft.doubts.append(
            Doubt("I can't rank inside a filter. Ask for the ranking first, then for these groups.")
        )
        return None
    if draft.each:
        return _on_average(draft)
    if draft.ratio and (bare := next((m.of for m in draft.measures if m.of and m.of.column), None)):
        draft.doubts.append(_ratio(draft, bare, draft.ratio))
        return None
    if draft.extreme:
        _extremes(draft)
    if draft.sort and draft.sort not in [g.of for g in draft.groups] and draft.groups and not draft.measures:
        draft.measures = [Measure("max" if draft.order == "desc" else "min", draft.sort)]
    if draft.having and not draft.measures:
        draft.measures = [h.measure for h in draft.having]
    if _listed(draft):
        return Reading(
            Ask.VALUES, draft.view.sheet.address, where=tuple(draft.where), columns=(draft.groups[0].of,)
        )
    reading = begun(draft, Ask.AGGREGATE)
    if not reading.measures and not reading.groups and not reading.having and not draft.noun:
        return None
    if draft.by_name and not draft.extreme:
        return replace(reading, order="", sort=None)
    if draft.sort and draft.sort in [g.of for g in draft.groups]:
        return replace(reading, sort=draft.sort)
    return _ranked(draft, _looked_up(draft, reading))


def _listed(draft: Draft) -> bool:
    """`countries in Asia`: the different values, with nothing measured or counted."""
    bare = not (draft.measures or draft.having or draft.extreme or draft.noun or draft.grouped or draft.sort)
    one = len(draft.groups) == 1 and not draft.groups[0].grain
    return (
        bare
        and one
        and bool(draft.where)
        and kind_of(draft, draft.groups[0].of) is Kind.TEXT
        and not draft.chart
    )


def _ratio(draft: Draft, above: Ref, below: Ref) -> Doubt:
    """`price per square foot`: by it, or divided by it?"""
    a, b = above.column, below.column
    grouped = f"average {quoted(a)} by {quoted(b)} in {draft.view.sheet.address}"
    divided = f"SELECT sum({name(a)}) / sum({name(b)}) AS {name(f'{a} per {b}')} FROM {table(draft.view.sheet.address)}"
    said = f"Is it {a} by the values of {b}, or {a} divided by {b}?"
    return Doubt(said, (Choice(f"{a} by {b}", grouped), Choice(f"{a} divided by {b}", divided)))


def _on_average(draft: Draft) -> Reading | None:
    """`average number of orders per customer`."""
    draft.measures = []
    if len(draft.groups) != 1 or draft.groups[0].grain:
        draft.doubts.append(
            Doubt("An average number for each of what? For example “average number of orders per customer”.")
        )
        return None
    one = draft.groups[0].of
    return replace(begun(draft, Ask.AGGREGATE), measures=(Measure("each", one),), groups=())


def _looked_up(draft: Draft, reading: Reading) -> Reading:
    """`price of Espresso`: one value, if the rows agree on one."""
    bare = [m for m in draft.measures if m.how == "" and m.of]
    if len(bare) != 1 or len(draft.measures) > 1 or reading.groups or not reading.where or draft.extreme:
        return reading
    ref = bare[0].of
    field = field_of(draft, ref) if ref else None
    if field is None or not field.column.intensive:
        return reading
    return replace(reading, measures=(Measure(LOOKUP, ref),))


def _ranked(draft: Draft, reading: Reading) -> Reading:
    """Groups of words from the highest, groups of times and numbers in their own order."""
    modes = [m for m in reading.measures if m.how == "mode" and m.of]
    if modes and not reading.groups and modes[0].of:
        groups, order = (Group(modes[0].of),), reading.order or "desc"
        return replace(
            reading, measures=(Measure("count"),), groups=groups, order=order, limit=reading.limit or RANKED
        )
    if reading.order or not reading.groups:
        return reading
    words = len(reading.groups) == 1 and kind_of(draft, reading.groups[0].of) is Kind.TEXT
    return replace(reading, order="desc") if words and _is_number(draft, reading) else reading


def _is_number(draft: Draft, reading: Reading) -> bool:
    """Whether what is measured first is a number, not a day or a word."""
    first = reading.measures[0] if reading.measures else Measure("count")
    kept = first.how in ("min", "max", "mode", "only") and first.of is not None
    return not kept or kind_of(draft, first.of or Ref("")) is Kind.NUMBER


def _extremes(draft: Draft) -> None:
    """Highest and lowest: of a measure among groups, within groups, or of a column alone."""
    how = "max" if draft.order == "desc" else "min"
    bare = [m for m in draft.measures if m.how == ""]
    alone = not draft.groups and not draft.per
    within = draft.grouped and not draft.limit and not draft.per
    if bare and (alone or within):
        draft.measures = [replace(m, how=how) if m.how == "" else m for m in draft.measures]
        draft.order = "" if within else draft.order
    if draft.popular and not draft.measures:
        draft.measures = [Measure("count")]
    if not alone and not draft.measures and not draft.sort and not draft.noun and not draft.popular:
        _ask_ranking(draft)


def _ask_ranking(draft: Draft) -> None:
    stem = draft.text.rstrip(" ?.!")
    found = [f for f in numbers(draft) if not f.column.intensive][: CHOICES - 1]
    choices = [Choice(f"total {f.column.name}", f"{stem} by total {quoted(f.column.name)}") for f in found]
    choices.append(Choice("number of rows", f"{stem} by number of rows"))
    draft.doubts.append(Doubt("Ranked by what?", tuple(choices)))


def _personal(draft: Draft) -> Ref | None:
    texts = [f for f in draft.view.fields if f.column.kind is Kind.TEXT]
    return next((f.ref for w in PERSONAL for f in texts if w in f.column.stems), None)
