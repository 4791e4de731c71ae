"""Readings that measure, by groups or over all."""

from dataclasses import replace

from oryxforge.agents.quick.grammar.draft import CHOICES, Choice, Doubt, Draft, quoted
from oryxforge.agents.quick.grammar.drafted import begun, default_aggregate, field_of, kind_of, numbers
from oryxforge.agents.quick.language.concepts import PERSONAL
from oryxforge.agents.quick.reading import Ask, Condition, Group, Having, Measure, Reading, Ref
from oryxforge.agents.quick.schema import Kind
from oryxforge.agents.quick.sql.expressions import Expressions, name, table

RANKED = 10
OPERATORS = {">": "over", ">=": "at least", "<": "under", "<=": "at most"}
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
    if draft.each_one and (measure := _mean_of_each(draft)):
        draft.doubts.append(_per_one(draft, measure, draft.each_one))
        return None
    if draft.adverb and (timed := _mean_by_time(draft)):
        draft.doubts.append(_by_time(draft, *timed))
        return None
    if draft.ratio and (bare := next((m.of for m in draft.measures if m.of and m.of.column), None)):
        draft.doubts.append(_ratio(draft, bare, draft.ratio))
        return None
    if draft.extreme:
        _extremes(draft)
    if draft.sort and draft.sort not in [g.of for g in draft.groups] and draft.groups and not draft.measures:
        draft.measures = [Measure("max" if draft.order == "desc" else "min", draft.sort)]
    if draft.having and not draft.measures:
        draft.measures = [h.measure for h in draft.having]
    typical = any(c.op.startswith(("above", "below")) for c in draft.where)
    if typical and draft.groups and not draft.grouped and not draft.measures and _of_rows(draft):
        return Reading(Ask.ROWS, draft.view.sheet.address, where=tuple(draft.where))
    if typical and draft.groups and not draft.grouped:
        said = "I can compare rows with the average of all rows, not groups with the average of groups."
        draft.doubts.append(Doubt(f"{said} Ask for the groups first: they come from the highest."))
        return None
    if _listed(draft) and (amount := _amount(draft)):
        if draft.view.sheet.column(amount.of.column) and _says_total(draft, amount):
            draft.where.remove(amount)
            draft.having.append(
                Having(Measure("sum", amount.of), amount.op, float(amount.values[0]), amount.said)
            )
            draft.measures = [Measure("sum", amount.of)]
        else:
            draft.doubts.append(by_row_or_whole(draft, draft.groups[0].of, amount))
            return None
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


def _of_rows(draft: Draft) -> bool:
    """Whether what is asked for is a row: a person, an order by its number."""
    field = field_of(draft, draft.groups[0].of)
    return len(draft.groups) == 1 and (draft.who or (field is not None and field.column.identifying))


def _amount(draft: Draft) -> Condition | None:
    """The limit of `regions with revenue over 2000`: each row's amount, or a region's?"""
    found = (c for c in draft.where if c.op in OPERATORS and default_aggregate(draft, c.of) == "sum")
    return next((c for c in found if isinstance(c.values[0], int | float)), None)


def _says_total(draft: Draft, amount: Condition) -> bool:
    field = field_of(draft, amount.of)
    said = "total" in draft.text.casefold()
    return said and field is not None and field.column.stems[:1] == ("total",)


def by_row_or_whole(draft: Draft, of: Ref, amount: Condition) -> Doubt:
    limit = f"{OPERATORS[amount.op]} {amount.values[0]:g}"
    name, number, address = quoted(of.column), quoted(amount.of.column), draft.view.sheet.address
    return Doubt(
        f"Is it the {amount.of.column} of one row, or the total of each {of.column}?",
        (
            Choice("of one row", f"rows of {address} with {number} {limit}"),
            Choice("the total", f"{name} with total {number} {limit} in {address}"),
        ),
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
    if len(draft.groups) == 1 and draft.groups[0].grain:
        draft.doubts.append(_by_time(draft, Measure("count"), draft.groups[0]))
        return None
    if len(draft.groups) != 1:
        draft.doubts.append(
            Doubt("An average number for each of what? For example “average number of orders per customer”.")
        )
        return None
    one = draft.groups[0].of
    return replace(begun(draft, Ask.AGGREGATE), measures=(Measure("each", one),), groups=())


def _mean_by_time(draft: Draft) -> tuple[Measure, Group] | None:
    """The total and the time of `average monthly revenue`."""
    if len(draft.measures) != 1 or len(draft.groups) != 1 or not draft.groups[0].grain:
        return None
    measure = draft.measures[0]
    adds = (
        measure.of is not None and bool(measure.of.column) and default_aggregate(draft, measure.of) == "sum"
    )
    return (Measure("sum", measure.of), draft.groups[0]) if measure.how == "mean" and adds else None


def _mean_of_each(draft: Draft) -> Ref | None:
    """The measure of `average amount per customer`."""
    one = len(draft.measures) == 1 and len(draft.groups) == 1
    measure = draft.measures[0] if one else None
    if measure is None or measure.how != "mean" or not measure.of or not measure.of.column:
        return None
    return measure.of if default_aggregate(draft, measure.of) == "sum" else None


def _per_one(draft: Draft, of: Ref, one: Ref) -> Doubt:
    e = Expressions(Reading(Ask.AGGREGATE, draft.view.sheet.address, where=tuple(draft.where)), draft.view)
    address, listed = draft.view.sheet.address, f"average {quoted(of.column)} by {quoted(one.column)}"
    open_ended = any(c.op.endswith("back") or c.said for c in draft.where) or draft.view.join
    sql = (
        ""
        if open_ended
        else (
            f"SELECT {e.measure(Measure('sum', of))} / count(DISTINCT {e.ref(one)}) AS {name(f'{of.column} per {one.column}')} "
            f"{e.source()} {e.where()}".replace("\n", " ")
        )
    )
    each = Choice(f"{listed}, a list", f"{listed} in {address}")
    offered = (Choice(f"one number: all {of.column} over the number of {one.column}", sql), each)
    return Doubt("Which average is it?", offered if sql else offered[1:])


def _by_time(draft: Draft, measure: Measure, group: Group) -> Doubt:
    """`average monthly revenue`: the mean of the months' totals, or the rows' mean in each month?"""
    e = Expressions(Reading(Ask.AGGREGATE, draft.view.sheet.address, where=tuple(draft.where)), draft.view)
    made, at = e.measure(measure), e.group(group)
    open_ended = any(c.op.endswith("back") or c.said for c in draft.where) or draft.view.join
    sql = (
        ""
        if open_ended
        else (
            f"SELECT avg(total) AS {name(f'average per {group.grain}')} FROM (SELECT {at} AS period, {made} AS total "
            f"{e.source().replace(chr(10), ' ')}{e.where().replace(chr(10), ' ')} GROUP BY ALL)"
        )
    )
    address = draft.view.sheet.address
    what = f"total of {measure.of.column}" if measure.of else "number of rows"
    of = quoted(measure.of.column) if measure.of else ""
    each = (
        f"average {of} by {group.grain} in {address}"
        if of
        else f"number of rows by {group.grain} in {address}"
    )
    labels = (
        f"average of each {group.grain}'s {what}",
        f"average {of} of one row, by {group.grain}" if of else f"{what} by {group.grain}",
    )
    offered = (Choice(labels[0], sql), Choice(labels[1], each))
    return Doubt("Which average is it?", offered if sql else offered[1:])


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
