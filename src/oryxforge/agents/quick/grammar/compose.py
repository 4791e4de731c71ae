"""From what the passes found to one reading."""

from collections.abc import Callable
from dataclasses import replace

from oryxforge.agents.quick.grammar.absent import absent
from oryxforge.agents.quick.grammar.aggregates import aggregate
from oryxforge.agents.quick.grammar.draft import CHOICES, Choice, Doubt, Draft, quoted
from oryxforge.agents.quick.grammar.drafted import (
    kind_of,
    numbers,
)
from oryxforge.agents.quick.grammar.shares import over_time, share
from oryxforge.agents.quick.grammar.studies import (
    correlation,
    describe,
    difference,
    distribution,
    duplicates,
    missing,
    outliers,
    pair,
)
from oryxforge.agents.quick.reading import Ask, Reading
from oryxforge.agents.quick.schema import Kind

SHOWN_ROWS, RANKED = 10, 10


LISTS = frozenset(("sheets", "columns", "show", "rows"))


def compose(draft: Draft) -> Reading | None:
    """The reading, or None where there is none; what is unsure is in `draft.doubts`."""
    lists = draft.intents & {"sheets", "columns"} and draft.intents <= LISTS
    measured = any(m.how != "count" for m in draft.measures) or ("show" in draft.intents and draft.measures)
    if lists and not (measured or draft.groups or draft.where or draft.columns):
        return None
    if clash := _contradiction(draft):
        draft.doubts.append(clash)
        return None
    for applies, build in _BUILDERS:
        if applies(draft):
            return build(draft)
    return aggregate(draft)


def _contradiction(draft: Draft) -> Doubt | None:
    """In one group and not in another: a question that one filter can't answer."""
    since = {c.of: str(c.values[0]) for c in draft.where if c.op == "since"}
    if any(c.op == "until" and str(c.values[0]) <= since.get(c.of, "") for c in draft.where):
        return Doubt("No time is both before the one and after the other. Ask for each.")
    kept = {c.of for c in draft.where if c.op == "in"}
    clash = next((c for c in draft.where if c.op == "not in" and c.of in kept), None)
    if clash is None:
        return None
    return Doubt(
        f"{clash.of.column} can't be one and not the other in the same row. Ask for each, or write it as SQL."
    )


def _has(*intents: str) -> Callable[[Draft], bool]:
    return lambda draft: bool(draft.intents & set(intents))


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
    names = [f.ref for f in draft.view.fields if f.column.identifying]
    texts = [r for r in columns if kind_of(draft, r) in (Kind.TEXT, Kind.TRUTH) or r in names]
    listing = len(columns) == 1 and bool(texts) and not sort
    single = draft.single or draft.who or "when" in draft.intents
    limit = draft.limit or ((1 if single else RANKED) if draft.extreme else None)
    if limit is None and not draft.where and not listing:
        limit = SHOWN_ROWS if not draft.sort else None
    order = draft.order if draft.order in ("asc", "desc") else ""
    if draft.order == "tail" or (draft.order == "head" and draft.single):
        dated = [f.ref for f in draft.view.fields if f.column.kind is Kind.DATE]
        sort, order = (dated[0], "desc" if draft.order == "tail" else "asc") if dated else (sort, order)
        limit = draft.limit or (1 if draft.single else SHOWN_ROWS)
    made = Reading(Ask.VALUES if listing else Ask.ROWS, draft.view.sheet.address, where=tuple(draft.where))
    return replace(made, columns=columns, sort=sort, order=order, limit=limit, chart=draft.chart)


def _ask_order(draft: Draft) -> None:
    found = numbers(draft)[:CHOICES]
    stem = draft.text.rstrip(" ?.!")
    choices = tuple(Choice(f.column.name, f"{stem} by {quoted(f.column.name)}") for f in found)
    sheet = draft.view.sheet.address
    said = "By which column?" if choices else f"There is no column of numbers in {sheet} to rank by."
    draft.doubts.append(Doubt(said, choices))


def _bare_join(draft: Draft) -> bool:
    """`join orders with customers`: nothing is asked of the two but their rows side by side."""
    return "join" in draft.intents and not (draft.measures or draft.groups or draft.having)


def _joined_rows(draft: Draft) -> Reading | None:
    if draft.view.join is None:
        draft.doubts.append(Doubt("Name two tables that share a key: I join one with the other on it."))
        return None
    columns = tuple(f.ref for f in draft.view.fields)
    order = draft.order if draft.sort and draft.order in ("asc", "desc") else ""
    made = Reading(Ask.ROWS, draft.view.sheet.address, where=tuple(draft.where), columns=columns)
    return replace(made, sort=draft.sort, order=order, limit=draft.limit, join=draft.view.join)


_BUILDERS: tuple[tuple[Callable[[Draft], bool], Callable[[Draft], Reading | None]], ...] = (
    (lambda draft: bool(draft.absent), absent),
    (_bare_join, _joined_rows),
    (_has("duplicates"), duplicates),
    (_has("missing"), missing),
    (_has("outliers", "zscore"), outliers),
    (_has("correlation", "spearman"), correlation),
    (lambda draft: draft.chart == "scatter" and not draft.groups and pair(draft), correlation),
    (_has("difference"), difference),
    (_has("growth", "cumulative", "trend"), over_time),
    (_has("share"), share),
    (_has("distribution"), distribution),
    (_has("describe"), describe),
    (_wants_rows, _rows),
)
