"""From what the passes found to one reading."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from oryxforge.agents.quick.concepts import PERSONAL
from oryxforge.agents.quick.draft import CHOICES, Choice, Doubt, Draft, quoted
from oryxforge.agents.quick.matching import Field
from oryxforge.agents.quick.reading import Ask, Condition, Group, Measure, Reading, Ref
from oryxforge.agents.quick.schema import Kind

SHOWN_ROWS, RANKED, MATRIX = 10, 10, 12
TIMES = frozenset(("since", "until", "span", "spans", "month", "quarter", "weekday", "weekend", "back"))
LISTS = frozenset(("sheets", "columns", "show", "rows"))
LOOKUP = "lookup"


def compose(draft: Draft) -> Reading | None:
    """The reading, or None where there is none; what is unsure is in `draft.doubts`."""
    lists = draft.intents & {"sheets", "columns"} and draft.intents <= LISTS
    if lists and not (draft.measures or draft.groups or draft.where or draft.columns):
        return None
    for applies, build in _BUILDERS:
        if applies(draft):
            return build(draft)
    return _aggregate(draft)


def _new(draft: Draft, ask: Ask) -> Reading:
    return Reading(
        ask,
        draft.view.sheet.address,
        measures=tuple(_settled(draft)),
        groups=tuple(draft.groups),
        where=tuple(draft.where),
        having=tuple(draft.having),
        order=draft.order if draft.order in ("asc", "desc") else "",
        limit=draft.limit,
        per=tuple(draft.per),
        chart=draft.chart,
    )


def field_of(draft: Draft, ref: Ref) -> Field | None:
    return next((f for f in draft.view.fields if f.ref == ref), None)


def _kind(draft: Draft, ref: Ref) -> Kind:
    field = field_of(draft, ref)
    return field.column.kind if field else Kind.OTHER


def numbers(draft: Draft) -> list[Field]:
    """The columns that can be measured, those of the sheet itself first."""
    found = [f for f in draft.view.fields if f.column.kind is Kind.NUMBER and not f.column.identifying]
    return sorted(found, key=lambda f: f.ref.joined)


def _settled(draft: Draft) -> list[Measure]:
    """The measures, each with a column and an aggregate."""
    made: list[Measure] = []
    for measure in draft.measures:
        if measure.of == Ref(""):
            named = [m.of for m in draft.measures if m.of and m.of.column]
            measured = named or [f.ref for f in numbers(draft)]
            if len(measured) != 1:
                _ask_measure(draft)
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


def _ask_measure(draft: Draft) -> None:
    found = numbers(draft)
    if not found:
        draft.doubts.append(
            Doubt(f"There is no column of numbers in {draft.view.sheet.address} to calculate with.")
        )
        return
    stem = draft.text.rstrip(" ?.!")
    choices = tuple(Choice(f.column.name, f"{stem} of {quoted(f.column.name)}") for f in found[:CHOICES])
    draft.doubts.append(Doubt("Of which column?", choices))


def _refs(draft: Draft, *kinds: Kind) -> list[Ref]:
    """All columns that the question names, outside its conditions."""
    named = [
        *draft.columns,
        *(m.of for m in draft.measures if m.of and m.of.column),
        *(g.of for g in draft.groups if not draft.grouped),
    ]
    return [r for r in dict.fromkeys(named) if not kinds or _kind(draft, r) in kinds]


def _has(*intents: str) -> Callable[[Draft], bool]:
    return lambda draft: bool(draft.intents & set(intents))


def _study(draft: Draft, ask: Ask, columns: Sequence[Ref], method: str = "") -> Reading:
    groups = tuple(draft.groups) if draft.grouped else ()
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


def _duplicates(draft: Draft) -> Reading:
    return _study(draft, Ask.DUPLICATES, _refs(draft))


def _missing(draft: Draft) -> Reading:
    own = [Ref(c.name) for c in draft.view.sheet.columns]
    return _study(draft, Ask.MISSING, _refs(draft) or own)


def _outliers(draft: Draft) -> Reading | None:
    columns = _refs(draft, Kind.NUMBER) or [f.ref for f in numbers(draft) if not f.ref.joined]
    if not columns:
        _ask_measure(draft)
        return None
    return _study(draft, Ask.OUTLIERS, columns, "zscore" if "zscore" in draft.intents else "iqr")


def _correlation(draft: Draft) -> Reading | None:
    named, found = _refs(draft), _refs(draft, Kind.NUMBER)
    words = [r for r in named if r not in found]
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


def _describe(draft: Draft) -> Reading:
    numeric = _refs(draft, Kind.NUMBER)
    if draft.groups and draft.grouped and numeric:
        measures = tuple(
            Measure(how, r) for r in numeric for how in ("count", "mean", "median", "std", "min", "max")
        )
        return replace(_study(draft, Ask.AGGREGATE, ()), measures=measures)
    own = [Ref(c.name) for c in draft.view.sheet.columns]
    return replace(_study(draft, Ask.DESCRIBE, _refs(draft) or own), groups=())


def _difference(draft: Draft) -> Reading | None:
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
    draft.groups = groups
    if not groups and _pair(draft):
        return _correlation(draft)
    if not groups or len(draft.measures) > 1:
        return _aggregate(draft)
    bare = draft.measures[0] if draft.measures else Measure("count")
    if bare.how == "" and bare.of:
        timed = bool(groups[0].grain)
        draft.measures = [Measure(default_aggregate(draft, bare.of) if timed else "mean", bare.of)]
    return replace(_new(draft, Ask.DIFFERENCE), order="", limit=None)


def _pair(draft: Draft) -> bool:
    """Whether two numbers are named, with no aggregate."""
    return len(draft.measures) == 2 and all(
        m.how == "" and _kind(draft, m.of or Ref("")) is Kind.NUMBER for m in draft.measures
    )


def _grain_of(condition: Condition) -> str:
    years = all(str(v).endswith("-01-01") for v in condition.values)
    return "year" if years else "month"


def _distribution(draft: Draft) -> Reading | None:
    refs = _refs(draft)
    if not refs and draft.groups:
        return _new(draft, Ask.SHARE)
    if not refs:
        _ask_measure(draft)
        return None
    first = refs[0]
    if draft.grouped and _kind(draft, first) is Kind.NUMBER:
        draft.measures, draft.columns = [Measure("", first)], []
        return _describe(draft)
    draft.measures = []
    if _kind(draft, first) is Kind.NUMBER and not _few(draft, first):
        return _study(draft, Ask.DISTRIBUTION, refs[:1])
    grain = "auto" if _kind(draft, first) is Kind.DATE else ""
    draft.groups = [Group(first, grain), *(draft.groups if draft.grouped else [])]
    words = _kind(draft, first) is Kind.TEXT
    return replace(_new(draft, Ask.SHARE), order="desc" if words else "")


def _few(draft: Draft, ref: Ref) -> bool:
    field = field_of(draft, ref)
    return ref.column in draft.binary or (
        field is not None and field.column.identifying and field.column.whole
    )


def _timed(draft: Draft) -> bool:
    """Groups by time; False where the data has none."""
    if any(g.grain or _kind(draft, g.of) is Kind.DATE for g in draft.groups):
        return True
    dates = [f for f in draft.view.fields if f.column.kind is Kind.DATE]
    years = [f for f in draft.view.fields if f.column.is_year]
    of = draft.date or (dates[0].ref if dates else None)
    if of is not None:
        draft.groups.insert(0, Group(of, "auto"))
    elif years:
        if not any(g.of == years[0].ref for g in draft.groups):
            draft.groups.insert(0, Group(years[0].ref))
    else:
        draft.doubts.append(Doubt(f"There is no column of dates in {draft.view.sheet.address}, so no trend."))
    return bool(of or years)


def _over_time(draft: Draft) -> Reading | None:
    if not _timed(draft):
        return None
    if not draft.measures and not draft.noun and len(numbers(draft)) == 1:
        draft.measures = [Measure("", numbers(draft)[0].ref)]
    ask = Ask.GROWTH if "growth" in draft.intents else Ask.AGGREGATE
    ask = Ask.CUMULATIVE if "cumulative" in draft.intents else ask
    if ask is not Ask.AGGREGATE:
        draft.groups = sorted(draft.groups, key=lambda g: not g.grain)[:1]
    return replace(_new(draft, ask), order="")


def _share(draft: Draft) -> Reading | None:
    kept = [c for c in draft.where if c.op.removeprefix("not ") not in TIMES]
    times = [c for c in draft.where if c not in kept]
    counted = not draft.measures or all(m.how in ("count", "distinct") for m in draft.measures)
    if kept and (counted or not draft.groups):
        draft.where = times
        if counted:
            draft.measures = []
        return replace(_new(draft, Ask.PART), part=tuple(kept))
    if times and not draft.groups:
        draft.where = []
        return replace(_new(draft, Ask.PART), part=tuple(times))
    if not draft.groups:
        draft.doubts.append(
            Doubt("A share of what, by which column? For example “share of amount by region”.")
        )
        return None
    draft.measures = [replace(m, how="sum") if m.how in ("", "mean") and m.of else m for m in draft.measures]
    reading = _new(draft, Ask.SHARE)
    return replace(reading, order=reading.order or "desc")


def _wants_rows(draft: Draft) -> bool:
    if draft.groups or draft.per or any(m.how for m in draft.measures):
        return False
    if draft.order in ("head", "tail"):
        return True
    if draft.intents & {"rows"} or draft.columns:
        return True
    if draft.sort or draft.extreme:
        return bool(draft.limit or draft.noun or draft.who or "when" in draft.intents or not draft.measures)
    return not draft.measures and (draft.noun or draft.who or bool(draft.where))


def _rows(draft: Draft) -> Reading | None:
    if draft.extreme and not draft.sort and draft.measures:
        draft.sort = draft.measures[0].of
    elif draft.measures and draft.intents & {"rows", "show"}:
        draft.columns += [m.of for m in draft.measures if m.of]
    sort = draft.sort
    if draft.extreme and sort is None:
        _ask_order(draft)
        return None
    columns = tuple(dict.fromkeys(draft.columns))
    if columns and sort and sort not in columns:
        columns = (*columns, sort)
    texts = [r for r in columns if _kind(draft, r) in (Kind.TEXT, Kind.TRUTH)]
    listing = len(columns) == 1 and bool(texts) and not sort
    single = draft.single or draft.who or "when" in draft.intents
    limit = draft.limit or ((1 if single else RANKED) if draft.extreme else None)
    if limit is None and not draft.where and not listing:
        limit = SHOWN_ROWS if not draft.sort else None
    order = draft.order if draft.order in ("asc", "desc") else ""
    if draft.order == "tail":
        dated = [f.ref for f in draft.view.fields if f.column.kind is Kind.DATE]
        sort, order = (dated[0], "desc") if dated else (sort, order)
    made = Reading(Ask.VALUES if listing else Ask.ROWS, draft.view.sheet.address, where=tuple(draft.where))
    return replace(made, columns=columns, sort=sort, order=order, limit=limit, chart=draft.chart)


def _ask_order(draft: Draft) -> None:
    found = numbers(draft)[:CHOICES]
    stem = draft.text.rstrip(" ?.!")
    choices = tuple(Choice(f.column.name, f"{stem} by {quoted(f.column.name)}") for f in found)
    draft.doubts.append(Doubt("By which column?", choices))


def _aggregate(draft: Draft) -> Reading | None:
    if draft.who and not draft.groups:
        person = _personal(draft)
        draft.groups = [Group(person)] if person else []
    if draft.extreme:
        _extremes(draft)
    if draft.sort and draft.sort not in [g.of for g in draft.groups] and draft.groups and not draft.measures:
        draft.measures = [Measure("max" if draft.order == "desc" else "min", draft.sort)]
    if draft.having and not draft.measures:
        draft.measures = [h.measure for h in draft.having]
    reading = _new(draft, Ask.AGGREGATE)
    if not reading.measures and not reading.groups and not reading.having and not draft.noun:
        return None
    if draft.sort and draft.sort in [g.of for g in draft.groups]:
        return replace(reading, sort=draft.sort)
    return _ranked(draft, _looked_up(draft, reading))


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
    words = len(reading.groups) == 1 and _kind(draft, reading.groups[0].of) is Kind.TEXT
    return replace(reading, order="desc") if words else reading


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


_BUILDERS: tuple[tuple[Callable[[Draft], bool], Callable[[Draft], Reading | None]], ...] = (
    (_has("duplicates"), _duplicates),
    (_has("missing"), _missing),
    (_has("outliers", "zscore"), _outliers),
    (_has("correlation", "spearman"), _correlation),
    (lambda draft: draft.chart == "scatter" and not draft.groups and _pair(draft), _correlation),
    (_has("difference"), _difference),
    (_has("growth", "cumulative", "trend"), _over_time),
    (_has("share"), _share),
    (_has("distribution"), _distribution),
    (_has("describe"), _describe),
    (_wants_rows, _rows),
)
