"""What a question groups by."""

from oryxforge.agents.quick.grammar.draft import Doubt, Draft, Line, pick
from oryxforge.agents.quick.grammar.items import Item
from oryxforge.agents.quick.grammar.periods import date_column
from oryxforge.agents.quick.language.lexicon import Role
from oryxforge.agents.quick.reading import Group
from oryxforge.agents.quick.schema import Kind

PARTICIPLES = ("ed", "paid", "made", "sold", "bought", "spent", "won", "given", "written", "held")


ADVERBS = ("hourly", "daily", "weekly", "monthly", "quarterly", "yearly", "annual", "annually")


def _done_by(line: Line, at: int, place: int) -> bool:
    """`paid by the passengers`: who did it, not what to group by."""
    before, item = line.get(at - 1), line.get(place)
    if before is None or item is None or not before.text.casefold().endswith(PARTICIPLES):
        return False
    doer = item.role is Role.COLUMN and not item.sure and item.matches[0].field.column.identifying
    return doer and item.text.casefold().endswith("s") and line.items[at].text.casefold() == "by"


def _sorted_by(line: Line, draft: Draft, place: int) -> bool:
    """`employees by salary descending`."""
    item = line.get(place)
    directed = any(True for _ in line.free(Role.DIRECTION)) and not any(
        True for _ in line.free(Role.AGGREGATE)
    )
    if (
        not directed
        or item is None
        or not line.is_free(place, Role.COLUMN)
        or not item.kinds(Kind.NUMBER, Kind.DATE)
    ):
        return False
    field = pick(item, line, draft, Kind.NUMBER, Kind.DATE)
    line.take(place)
    draft.sort = field.ref if field else None
    return True


def read_groups(line: Line, draft: Draft) -> None:
    for at, _ in line.free(Role.BY):
        line.take(at)
        place = line.after(at, Role.IN)
        if _sorted_by(line, draft, place):
            continue
        if _done_by(line, at, place):
            line.take(place)
            continue
        within = bool(draft.limit or draft.ranked) and line.items[at].text.casefold() != "by"
        if not _listed_groups(line, draft, place, within=within):
            _unknown_group(line, draft, at, place)
    draft.limit = 1 if draft.per and draft.limit is None else draft.limit
    draft.grouped = bool(draft.groups)
    for at, item in line.free(Role.GRAIN):
        if _grain(line, draft, at, item.value):
            draft.adverb |= item.text.casefold() in ADVERBS
            line.take(at)


def _listed_groups(line: Line, draft: Draft, place: int, *, within: bool) -> bool:
    """The columns and grains after a `by`, with commas and `and` between them."""
    found = False
    while True:
        item = line.get(place)
        if item is None or place in line.used:
            return found
        if item.role is Role.GRAIN:
            if not _grain(line, draft, place, item.value, within=within):
                return found
        elif item.role in (Role.COLUMN, Role.VALUE, Role.SHEET) and item.matches:
            if not _grouped_column(line, draft, place, item, within=within):
                return True
        else:
            return found or item.role in (Role.AGGREGATE, Role.SUPERLATIVE)
        found = True
        line.take(place)
        joint = line.after(place)
        if not line.is_free(joint, Role.AND):
            return True
        place = line.after(joint, Role.BY, Role.AND)
        after = line.get(place)
        if after is None or after.role not in (Role.GRAIN, Role.COLUMN):
            return True
        line.take(*(p for p in range(joint, place) if line.items[p].role in (Role.BY, Role.AND)))


def _grouped_column(line: Line, draft: Draft, place: int, item: Item, *, within: bool) -> bool:
    """False where the column after `by` is rather what to order by: `top 5 products by revenue`."""
    _skip_modifier(line, place)
    following = line.get(place + 1)
    if (
        following
        and following.role is Role.COLUMN
        and line.is_free(place + 1, Role.COLUMN)
        and _modifies(item, following)
    ):
        line.take(place)
        return _listed_groups(line, draft, place + 1, within=within)
    if (
        draft.extreme
        and not within
        and item.kinds(Kind.NUMBER)
        and not item.matches[0].field.column.identifying
    ):
        return False
    field = pick(item, line, draft)
    if field is None:
        return False
    grain = ""
    after = line.after(place)
    if field.column.kind is Kind.DATE:
        draft.date = field.ref
        own = field.column.stems[-1] if field.column.stems[-1] in ("year", "month", "week", "day") else "auto"
        grain = line.items[after].value if line.is_free(after, Role.GRAIN) else own
        if line.is_free(after, Role.GRAIN):
            line.take(after)
    if _per(line, place) and field.column.identifying and not field.column.is_year:
        draft.each_one = field.ref
    if field.column.kind is Kind.NUMBER and not field.column.identifying and _per(line, place):
        draft.ratio = field.ref
    (draft.per if within else draft.groups).append(Group(field.ref, grain))
    return True


def _per(line: Line, place: int) -> bool:
    before = line.get(line.before(place))
    return before is not None and before.text.casefold() == "per"


def _skip_modifier(line: Line, place: int) -> None:
    before = place - 1
    if line.is_free(before, Role.WORD) and not line.items[before].hits:
        line.take(before)


def _modifies(item: Item, following: Item) -> bool:
    """Whether a column's name is only said to tell the next one: `customer segment`, `product category`."""
    return bool(
        following.sure and item.kinds(Kind.TEXT, Kind.NUMBER) and following.kinds(Kind.TEXT, Kind.DATE)
    )


def _unknown_group(line: Line, draft: Draft, at: int, place: int) -> None:
    item = line.get(place)
    if (
        item is None
        or item.role is not Role.WORD
        or line.items[at].text.casefold() in ("across all", "for all", "of each")
    ):
        return
    before = line.get(at - 1)
    if before and before.text.casefold().endswith(PARTICIPLES) and line.items[at].text.casefold() == "by":
        draft.aside.append(item.text)
    else:
        draft.doubts.append(unknown(line, draft, item))
    line.take(place)


def unknown(line: Line, draft: Draft, item: Item) -> Doubt:
    names = ", ".join(f.column.name for f in draft.view.fields[:12])
    return Doubt(
        f"I find nothing called “{item.text.strip()[:80]}” in {draft.view.sheet.address}. Its columns are {names}"
        + ("." if len(draft.view.fields) <= 12 else ", …"),
        word=item.text.strip()[:80],
        span=(line.spans[item.start][0], line.spans[item.end - 1][1]),
    )


def _grain(line: Line, draft: Draft, at: int, grain: str, *, within: bool = False) -> bool:
    """Groups by a part of the time; a column of that name does where there is no time."""
    item = line.items[at]
    dates = any(f.column.kind is Kind.DATE for f in draft.view.fields)
    if not dates:
        named = [f for f in draft.view.fields if f.column.stems[-1:] == (grain,)]
        if named:
            draft.groups.append(Group(named[0].ref))
        else:
            draft.doubts.append(
                Doubt(f"There is no column of dates for “{item.text}” in {draft.view.sheet.address}.")
            )
        return True
    ref = date_column(line, draft, at)
    groups = draft.per if within else draft.groups
    if ref is not None and Group(ref, grain) not in groups:
        groups.append(Group(ref, grain))
    return ref is not None
