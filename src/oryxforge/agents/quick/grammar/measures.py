"""What a question measures: aggregates and the columns they are of."""

import re
from collections.abc import Sequence
from dataclasses import replace

from oryxforge.agents.quick.grammar.draft import Choice, Doubt, Draft, Line, pick, quoted
from oryxforge.agents.quick.grammar.drafted import numbers
from oryxforge.agents.quick.grammar.items import Item
from oryxforge.agents.quick.grammar.periods import date_column
from oryxforge.agents.quick.grammar.superlatives import row_count
from oryxforge.agents.quick.language.concepts import COUNTABLE
from oryxforge.agents.quick.language.lexicon import Role
from oryxforge.agents.quick.language.spelling import word_set
from oryxforge.agents.quick.matching import Field
from oryxforge.agents.quick.reading import Measure, Ref
from oryxforge.agents.quick.schema import Kind

SEPARATORS = (Role.AND, Role.IN)


CALCULATED = {"sum", "mean", "median", "std", "var", "range", "skew", "kurtosis", "quantile"}
RATES = word_set("rate ratio percent share pct margin %")
RECENCY = {"latest": "desc", "most recent": "desc", "earliest": "asc"}


def read_measures(line: Line, draft: Draft) -> None:
    for at, item in line.free(Role.COLUMN):
        if line.is_rate(at + 1):
            field = pick(item, line, draft, Kind.TRUTH, Kind.NUMBER)
            if field and (field.column.kind is Kind.TRUTH or field.column.name in draft.binary):
                draft.measures.append(Measure("rate", field.ref))
                line.take(at, at + 1)
    for at, _ in line.free(Role.AGGREGATE):
        if at not in line.used:
            _aggregates(line, draft, at)


def _aggregates(line: Line, draft: Draft, at: int) -> None:
    """One or more aggregates, then the columns that they are of."""
    hows: list[str] = []
    place = at
    while line.is_free(place, Role.AGGREGATE):
        hows.append(line.items[place].value)
        line.take(place)
        following = line.after(place, *SEPARATORS)
        if not line.is_free(following, Role.AGGREGATE):
            break
        place = following
    if "quantile" in hows:
        _quantile(line, draft, at, place)
        return
    if hows == ["rate"]:
        draft.doubts.append(
            Doubt(
                f"I can't tell what “{line.items[at].text}” is a rate of. Say it as a percentage of something."
            )
        )
        return
    recent = RECENCY.get(line.items[at].text.casefold())
    noun = line.after(place, Role.IN)
    if recent and (line.is_noun(noun) or line.is_free(noun, Role.NUMBER, Role.INTENT)):
        _recent(line, draft, at, recent)
        return
    if "mean" in hows and _value_of_each(line, draft, line.after(place, Role.IN), hows):
        return
    if "distinct" in hows and "count" in hows:
        hows.remove("count")
    if _for_each(line, draft, place, hows):
        return
    _measured(line, draft, at, line.after(place, Role.IN), hows)


def _value_of_each(line: Line, draft: Draft, noun: int, hows: Sequence[str]) -> bool:
    """`average order value`: of the takings of a row."""
    value = line.get(noun + 1)
    takings = [f for f in numbers(draft) if f.column.takings and not f.ref.joined]
    if value is None or value.text.casefold() not in ("value", "values", "size") or not line.is_noun(noun):
        return False
    if len(takings) != 1 or value.role is not Role.STOP:
        return False
    draft.measures += [Measure(h, takings[0].ref) for h in hows]
    line.take(noun)
    return True


def _for_each(line: Line, draft: Draft, place: int, hows: Sequence[str]) -> bool:
    """`average number of orders per customer`, `average orders per customer`."""
    noun = line.after(place, Role.IN)
    if not line.is_noun(noun) or not draft.groups or set(hows) not in ({"mean", "count"}, {"mean"}):
        return False
    draft.each = draft.noun = True
    line.take(noun)
    return True


def _recent(line: Line, draft: Draft, at: int, order: str) -> None:
    """`the latest order`, `5 most recent orders`: rows by their date."""
    for place in (line.before(at), line.after(at)):
        if line.is_free(place, Role.NUMBER) and (count := line.items[place].number):
            draft.limit = row_count(count)
            line.take(place)
    draft.sort = date_column(line, draft, at)
    draft.order, draft.extreme = order, True


def _quantile(line: Line, draft: Draft, at: int, place: int) -> None:
    """`90th percentile of amount`, `0.9 quantile`."""
    before = line.before(at)
    said = line.get(before)
    digits = re.match(r"\d+(?:\.\d+)?", said.text) if said and before not in line.used else None
    value = float(digits[0]) if digits else -1.0
    value = (
        value / 100
        if value > 1 or (digits and line.items[at].text.casefold().startswith("percentile"))
        else value
    )
    if not 0 <= value <= 1:
        draft.doubts.append(Doubt("Which percentile? For example “90th percentile of …”."))
        return
    line.take(before)
    count = len(draft.measures)
    _measured(line, draft, at, line.after(place, Role.IN), ["quantile"])
    draft.measures[count:] = [replace(m, at=value) for m in draft.measures[count:]]


def _measured(line: Line, draft: Draft, at: int, place: int, hows: Sequence[str]) -> None:
    found = False
    while True:
        item = line.get(place)
        if (
            item is None
            or place in line.used
            or not _measure(line, draft, place, item, hows, first=not found)
        ):
            break
        found = True
        line.take(place)
        joint = line.after(place)
        if not line.is_free(joint, Role.AND):
            break
        place = line.after(joint, Role.AND)
        if not line.is_free(place, Role.COLUMN):
            break
    if not found and _of_texts(line, draft, place, hows):
        return
    if not found:
        draft.measures += [
            Measure("count" if h == "count" else h, None if h == "count" else Ref("")) for h in hows
        ]


def _of_texts(line: Line, draft: Draft, place: int, hows: Sequence[str]) -> bool:
    """`average list price`, where the prices are texts such as “€20.50”."""
    item = line.get(place)
    if item is None or not line.is_free(place, Role.COLUMN) or not item.sure or not set(hows) & CALCULATED:
        return False
    column = item.matches[0].field.column
    if column.kind is not Kind.TEXT or (hows == ["sum"] and column.identifying):
        return False
    line.take(place)
    of, address = quoted(column.name), draft.view.sheet.address
    questions = (f"number of different {of} in {address}", f"distribution of {of} in {address}")
    said = (
        f"{column.name} holds texts, not numbers, so I can't calculate with it. Import it as numbers first."
    )
    draft.doubts.append(Doubt(said, tuple(Choice(q, q) for q in questions), refused=True))
    return True


def _measure(line: Line, draft: Draft, place: int, item: Item, hows: Sequence[str], *, first: bool) -> bool:
    if hows == ["count"]:
        return first and _counted(line, draft, place, item)
    if item.role not in (Role.COLUMN, Role.VALUE, Role.GRAIN):
        return False
    following = line.get(place + 1)
    if (
        following
        and line.is_free(place + 1, Role.COLUMN)
        and not item.kinds(Kind.NUMBER)
        and following.kinds(Kind.NUMBER)
    ):
        line.take(place)
        return _measure(line, draft, place + 1, following, hows, first=first) and not line.take(place + 1)
    loose = {"distinct", "mode", "min", "max", "count"}
    kinds = () if set(hows) <= loose else (Kind.NUMBER, Kind.TRUTH)
    field = pick(item, line, draft, *kinds) if item.matches else None
    if field is None or (item.thing and not set(hows) <= loose):
        return False
    if hows == ["sum"] and not item.sure and set(field.column.stems) & RATES:
        draft.doubts.append(_sum_of_rates(line, draft, item, field))
    draft.measures += [Measure(h, field.ref) for h in hows]
    return True


def _sum_of_rates(line: Line, draft: Draft, item: Item, field: Field) -> Doubt:
    """`total discount`, where the data has the rate."""
    of, address = quoted(field.column.name), draft.view.sheet.address
    choices = (
        Choice(f"the average {field.column.name}", f"average {of} in {address}"),
        Choice(f"the sum of {field.column.name}", draft.replaced(item, line.spans, of)),
    )
    return Doubt(f"{field.column.name} is a rate: a sum of rates is no total. What do you mean?", choices)


def _counted(line: Line, draft: Draft, place: int, item: Item) -> bool:
    """What is counted: the rows, or the different values of a column that names things."""
    if item.role is Role.SHEET and item.value == draft.view.sheet.address:
        draft.measures.append(Measure("count"))
        draft.noun = draft.sheeted = True
        return True
    if item.role is Role.INTENT and item.value == "rows":
        draft.measures.append(Measure("count"))
        draft.noun = True
        return True
    if item.role not in (Role.COLUMN, Role.SHEET) or not item.matches:
        return False
    field = pick(item, line, draft)
    if field is None:
        return False
    draft.measures.append(_count_of(field, draft))
    return True


def _count_of(field: Field, draft: Draft) -> Measure:
    column = field.column
    if (
        column.kind is Kind.NUMBER
        and not column.identifying
        and (not column.intensive or column.stems[-1] in COUNTABLE)
    ):
        return Measure("sum", field.ref)
    return Measure("distinct", field.ref)
