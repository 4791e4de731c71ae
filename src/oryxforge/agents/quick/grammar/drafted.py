"""Questions to a draft, and readings begun from it."""

from dataclasses import replace

from oryxforge.agents.quick.grammar.draft import CHOICES, Choice, Doubt, Draft, quoted
from oryxforge.agents.quick.matching import Field
from oryxforge.agents.quick.reading import Ask, Measure, Reading, Ref
from oryxforge.agents.quick.schema import Kind


def begun(draft: Draft, ask: Ask) -> Reading:
    return Reading(
        ask,
        draft.view.sheet.address,
        measures=tuple(_settled(draft)),
        groups=tuple(dict.fromkeys(draft.groups)),
        where=tuple(draft.where),
        having=tuple(draft.having),
        order=draft.order if draft.order in ("asc", "desc") else "",
        limit=draft.limit,
        per=tuple(draft.per),
        chart=draft.chart,
    )


def field_of(draft: Draft, ref: Ref) -> Field | None:
    return next((f for f in draft.view.fields if f.ref == ref), None)


def kind_of(draft: Draft, ref: Ref) -> Kind:
    field = field_of(draft, ref)
    return field.column.kind if field else Kind.OTHER


def numbers(draft: Draft) -> list[Field]:
    """The columns that can be measured, those of the sheet itself first."""
    found = [f for f in draft.view.fields if f.column.kind is Kind.NUMBER and not f.column.identifying]
    return sorted(found, key=lambda f: (f.ref.joined, f.column.intensive, not f.column.takings))


def _settled(draft: Draft) -> list[Measure]:
    """The measures, each with a column and an aggregate."""
    made: list[Measure] = []
    for measure in draft.measures:
        if measure.of == Ref(""):
            named = [m.of for m in draft.measures if m.of and m.of.column]
            shown = [r for r in draft.columns if kind_of(draft, r) is Kind.NUMBER]
            measured = named or shown or [f.ref for f in numbers(draft)]
            if draft.aside and not named and not shown:
                words = ", ".join(f"“{w[:40]}”" for w in draft.aside[:4])
                draft.doubts.append(Doubt(f"I find no column for {words} in {draft.view.sheet.address}."))
                return made
            if len(measured) != 1 or (measure.how == "distinct" and not named and not shown):
                ask_measure(draft)
                return made
            measure = replace(measure, of=measured[0])
        elif measure.how == "" and measure.of:
            measure = replace(measure, how=default_aggregate(draft, measure.of))
        if measure not in made:
            made.append(measure)
    return made


def default_aggregate(draft: Draft, ref: Ref) -> str:
    field = field_of(draft, ref)
    return "mean" if field is None or field.column.intensive else "sum"


def ask_measure(draft: Draft) -> None:
    found = numbers(draft)
    if not found:
        draft.doubts.append(
            Doubt(f"There is no column of numbers in {draft.view.sheet.address} to calculate with.")
        )
        return
    stem = draft.text.rstrip(" ?.!")
    choices = tuple(Choice(f.column.name, f"{stem} of {quoted(f.column.name)}") for f in found[:CHOICES])
    draft.doubts.append(Doubt("Of which column?", choices))


def named_columns(draft: Draft, *kinds: Kind) -> list[Ref]:
    """All columns that the question names, outside its conditions."""
    named = [
        *draft.columns,
        *(m.of for m in draft.measures if m.of and m.of.column),
        *(g.of for g in draft.groups if not draft.grouped),
    ]
    return [r for r in dict.fromkeys(named) if not kinds or kind_of(draft, r) in kinds]
