"""A question that only changes the one before it: `and by month?`, `only in Europe`, `top 5`, `as a chart`."""

import re
from collections.abc import Sequence
from dataclasses import replace

from oryxforge.agents.quick.grammar.draft import Draft
from oryxforge.agents.quick.matching import View
from oryxforge.agents.quick.reading import Ask, Condition, Group, Measure, Reading, Ref, from_json
from oryxforge.agents.quick.schema import Kind
from oryxforge.domain.chats import ChatMessage, MessageRole, PieceKind

MARK = re.compile(
    r"\s*(and\b|what about|how about|what if|but\b|now\b|only\b|just\b|instead|same\b|also\b|then\b|or\b|make it|show it|"
    r"as an?\b|plot it|chart it|excluding|without|except|in\b|for\b|by\b|per\b|with\b|since\b|before\b|after\b|sort)",
    re.IGNORECASE,
)
ADDING = re.compile(
    r"\b(also|too|as well|additionally|further|split|broken down|break it down)\b", re.IGNORECASE
)
MODIFYING = frozenset(("show", "share", "trend", "growth", "cumulative", "rows"))
ORDINALS = {"first": 0, "1": 0, "second": 1, "2": 1, "third": 2, "3": 2, "fourth": 3, "4": 3}
GROUPED = (Ask.AGGREGATE, Ask.SHARE, Ask.PART, Ask.GROWTH, Ask.CUMULATIVE, Ask.DIFFERENCE)
COLUMNAR = (Ask.DISTRIBUTION, Ask.OUTLIERS, Ask.DUPLICATES, Ask.MISSING)
TIMES = ("day", "week", "month", "quarter", "year", "auto")


def previous(history: Sequence[ChatMessage]) -> Reading | None:
    """The reading of the answer before, as its notice tells it; garbled ones are passed over."""
    for message in reversed(history):
        if message.kind is PieceKind.NOTICE and message.metadata.get("code") == "reading":
            return from_json(message.metadata.get("reading"))
    return None


def chosen(prompt: str, history: Sequence[ChatMessage]) -> str:
    """The prompt of the choice that an answer names by its label or number; else the prompt itself."""
    if (
        not history
        or history[-1].role is not MessageRole.ASSISTANT
        or history[-1].kind is not PieceKind.QUESTION
    ):
        return prompt
    choices = history[-1].metadata.get("choices")
    if not isinstance(choices, list | tuple):
        return prompt
    offered = [(str(c.get("label", "")), str(c.get("prompt", ""))) for c in choices if isinstance(c, dict)]
    said = prompt.strip(" .!?").casefold()
    for label, full in offered:
        if said == label.casefold() and full:
            return full
    word = re.fullmatch(r"(?:the )?(\w+)(?: one)?", said)
    at = ORDINALS.get(word[1]) if word else None
    return offered[at][1] or prompt if at is not None and at < len(offered) else prompt


def is_marked(prompt: str) -> bool:
    return MARK.match(prompt) is not None


def merged(base: Reading, draft: Draft) -> Reading | None:
    """The reading before, changed; None where the question stands alone."""
    if not _changes(draft):
        return None
    reading = _measured(base, draft)
    reading = _filtered(reading, draft)
    reading = _grouped(reading, draft)
    reading = _ordered(reading, draft)
    if draft.chart:
        reading = replace(reading, chart=draft.chart)
    return replace(reading, having=(*reading.having, *draft.having))


def _changes(draft: Draft) -> bool:
    """Whether the question lacks what one that stands alone would have."""
    if draft.sheeted or draft.intents - MODIFYING or draft.who:
        return False
    named = [m for m in draft.measures if m.of and m.of.column]
    marked = is_marked(draft.text)
    if named and any(m.how for m in named):
        return marked and not draft.groups and not draft.where
    if named:
        return marked or len(draft.text.split()) <= 3
    counted = any(m.how == "count" for m in draft.measures)
    if counted and (draft.groups or draft.where) and not marked:
        return False
    return bool(
        draft.groups or draft.where or draft.measures or draft.order or draft.limit or draft.chart
        or draft.intents & (MODIFYING - {"show"}) or draft.having or draft.sort
    )  # fmt: skip


def _measured(base: Reading, draft: Draft) -> Reading:
    if not draft.measures:
        return base
    columns = [m.of for m in base.measures if m.of]
    made: list[Measure] = []
    for measure in draft.measures:
        if measure.how == "" and measure.of:
            how = base.measures[0].how if base.measures and base.measures[0].of else ""
            made.append(replace(measure, how=how or _default(draft, measure.of)))
        elif measure.of == Ref(""):
            made += [replace(measure, of=c) for c in columns[:1] or _only(draft)]
        else:
            made.append(measure)
    if base.ask in COLUMNAR:
        return replace(base, columns=tuple(m.of for m in made if m.of))
    ask = base.ask if base.ask in GROUPED else Ask.AGGREGATE
    return replace(
        base, ask=ask, measures=tuple(made), columns=(), sort=None if base.ask is Ask.ROWS else base.sort
    )


def _default(draft: Draft, ref: Ref) -> str:
    field = next((f for f in draft.view.fields if f.ref == ref), None)
    return "mean" if field is None or field.column.intensive else "sum"


def _only(draft: Draft) -> list[Ref]:
    numbers = [f.ref for f in draft.view.fields if f.column.kind is Kind.NUMBER and not f.column.identifying]
    return numbers if len(numbers) == 1 else []


def _filtered(reading: Reading, draft: Draft) -> Reading:
    for condition in draft.where:
        if reading.ask is Ask.PART and any(c.of == condition.of for c in reading.part):
            reading = replace(reading, part=(*(c for c in reading.part if c.of != condition.of), condition))
        else:
            kept = tuple(c for c in reading.where if c.of != condition.of or _both(c, condition))
            reading = replace(reading, where=(*kept, condition))
    return reading


def _both(old: Condition, new: Condition) -> bool:
    """Whether two conditions on one column hold side by side: `over 5` and `under 10`, not this and not that."""
    if new.op == "not in":
        return old.op == "not in"
    return {old.op, new.op} in ({"since", "until"}, {">", "<"}, {">=", "<="}, {">", "<="}, {">=", "<"})


def _grouped(reading: Reading, draft: Draft) -> Reading:
    groups = list(draft.groups)
    if "trend" in draft.intents and not any(g.grain for g in groups):
        groups += _time(draft.view)
    if not groups:
        return _asked(reading, draft)
    adding = ADDING.search(draft.text) is not None or (reading.groups and groups[0].grain == "auto")
    if adding:
        groups = [*(g for g in reading.groups if g not in groups), *groups]
    elif any(g.grain for g in groups):
        groups = [
            *groups,
            *(g for g in reading.groups if g.of not in [n.of for n in groups] and _words_too(draft)),
        ]
    ask = reading.ask if reading.ask in GROUPED else Ask.AGGREGATE
    if ask in (Ask.GROWTH, Ask.CUMULATIVE) and not groups[0].grain:
        groups = [*reading.groups[:1], *(g for g in groups if g not in reading.groups[:1])]
    words = len(groups) == 1 and not groups[0].grain
    order = "desc" if words and _kind(draft, groups[0]) is Kind.TEXT else ""
    limit = reading.limit if words and reading.order else None
    columns = () if reading.ask in (Ask.ROWS, Ask.VALUES) else reading.columns
    made = replace(
        reading, ask=ask, groups=tuple(groups), order=order, limit=limit, sort=None, columns=columns, per=()
    )
    return _asked(made, draft)


def _words_too(draft: Draft) -> bool:
    return ADDING.search(draft.text) is not None


def _kind(draft: Draft, group: Group) -> Kind:
    return next((f.column.kind for f in draft.view.fields if f.ref == group.of), Kind.OTHER)


def _time(view: View) -> list[Group]:
    dates = [f.ref for f in view.fields if f.column.kind is Kind.DATE]
    return [Group(dates[0], "auto")] if dates else []


def _asked(reading: Reading, draft: Draft) -> Reading:
    """As a share, as growth, as the rows behind it."""
    if "share" in draft.intents and reading.groups:
        summed = tuple(
            replace(m, how="sum") if m.of and m.how != "distinct" else m for m in reading.measures[:1]
        )
        return replace(reading, ask=Ask.SHARE, measures=summed)
    if "growth" in draft.intents and reading.groups:
        return replace(reading, ask=Ask.GROWTH, order="")
    if "cumulative" in draft.intents and reading.groups:
        return replace(reading, ask=Ask.CUMULATIVE, order="")
    if "rows" in draft.intents and reading.ask in GROUPED:
        return Reading(Ask.ROWS, reading.sheet, where=reading.where, join=reading.join, limit=draft.limit)
    return reading


def _ordered(reading: Reading, draft: Draft) -> Reading:
    if draft.limit:
        reading = replace(reading, limit=draft.limit)
    if draft.order in ("asc", "desc"):
        reading = replace(reading, order=draft.order)
    elif draft.limit and not reading.order and reading.groups:
        reading = replace(reading, order="desc")
    return replace(reading, sort=draft.sort) if draft.sort else reading
