"""What a question measures, groups by, orders by and keeps."""

import re
from collections.abc import Sequence
from dataclasses import replace

from oryxforge.agents.quick.concepts import ADJECTIVES, COUNTABLE
from oryxforge.agents.quick.draft import CHOICES, Choice, Doubt, Draft, Line, pick, quoted
from oryxforge.agents.quick.filters import date_column
from oryxforge.agents.quick.items import Item
from oryxforge.agents.quick.lexicon import Role
from oryxforge.agents.quick.matching import Field
from oryxforge.agents.quick.reading import Group, Measure, Ref
from oryxforge.agents.quick.schema import Kind

SEPARATORS = (Role.AND, Role.IN)
STUDIES = frozenset(
    ("correlation", "spearman", "distribution", "outliers", "missing", "duplicates", "describe")
)
RECENCY = {"latest": "desc", "most recent": "desc", "earliest": "asc"}
DIRECTIONS = {"most": "desc", "least": "asc", "head": "head", "tail": "tail"}
PARTICIPLES = ("ed", "paid", "made", "sold", "bought", "spent", "won", "given", "written", "held")


def read_intents(line: Line, draft: Draft) -> None:
    for at, item in line.free(Role.INTENT, Role.CHART, Role.DIRECTION, Role.WHICH):
        line.take(at)
        if item.role is Role.INTENT:
            draft.intents.add(item.value)
            draft.noun |= item.value == "rows"
        elif item.role is Role.CHART:
            draft.chart = item.value
        elif item.role is Role.DIRECTION:
            draft.order = item.value
        elif item.value in ("who", "when"):
            draft.who |= item.value == "who"
            draft.intents |= {"when"} if item.value == "when" else set()


def read_superlatives(line: Line, draft: Draft) -> None:
    """`top 5 …`, `the 3 highest …`, `most expensive …`, `oldest …`, `first 10 rows`."""
    for at, item in line.free(Role.SUPERLATIVE):
        order = DIRECTIONS[item.value]
        after, before = line.after(at), line.before(at)
        for place in (after, before):
            if (
                line.is_free(place, Role.NUMBER)
                and draft.limit is None
                and (count := line.items[place].number)
            ):
                draft.limit = _count(count)
                line.take(place)
        if order in ("head", "tail") and draft.limit is None and not _before_noun(line, after):
            line.take(at)
            continue
        line.take(at)
        draft.order, draft.extreme = order, draft.extreme or order in ("asc", "desc")
        place = line.after(at)
        _most_of(line, draft, at, place)
        place = (
            at + 1
            if line.is_free(at + 1, Role.STOP) and line.items[at + 1].text.casefold() in ADJECTIVES
            else place
        )
        word = line.get(place)
        if (
            word
            and line.is_free(place, Role.WORD, Role.COLUMN, Role.STOP)
            and word.text.casefold() in ADJECTIVES
        ):
            _adjective(line, draft, place, word.text.casefold(), flip=False)
    for at, item in line.free(Role.WORD, Role.COLUMN):
        base = _base(item.text.casefold())
        if base and not item.sure:
            before = line.before(at)
            if line.is_free(before, Role.NUMBER) and (count := line.items[before].number):
                draft.limit = _count(count)
                line.take(before)
            draft.order, draft.extreme = "desc", True
            _adjective(line, draft, at, base, flip=True)


def _most_of(line: Line, draft: Draft, at: int, place: int) -> None:
    """`which region has the most customers`: so many different ones."""
    item = line.get(place)
    if line.items[at].text.casefold() not in ("most", "fewest", "least") or item is None:
        return
    others = any(p < at for p, _ in line.free(Role.COLUMN, Role.GRAIN)) or any(
        True for _ in line.free(Role.BY)
    )
    field = item.matches[0].field if line.is_free(place, Role.COLUMN) else None
    if field and others and (field.column.kind is not Kind.NUMBER or field.column.identifying):
        draft.measures.append(Measure("distinct", field.ref))
        line.take(place)


def _count(number: float) -> int:
    return max(1, min(int(number), 10_000))


def _before_noun(line: Line, at: int) -> bool:
    return line.is_free(at, Role.SHEET, Role.INTENT)


def _base(word: str) -> str:
    """The adjective of a superlative that we know: oldest, cheapest, hottest, heaviest."""
    if not word.endswith("est") or len(word) < 6:
        return ""
    cut = word[:-3]
    for base in (
        cut,
        cut + "e",
        cut[:-1] if cut[-1:] == cut[-2:-1] else "",
        cut[:-1] + "y" if cut.endswith("i") else "",
    ):
        if base in ADJECTIVES:
            return base
    return ""


LITTLE = ("cheap", "young", "light", "cold", "slow", "short")


def _adjective(line: Line, draft: Draft, at: int, adjective: str, *, flip: bool) -> None:
    """Orders by the column that an adjective speaks of."""
    after = line.get(line.after(at))
    if (
        after
        and line.is_free(line.after(at), Role.COLUMN)
        and adjective in ("old", "new")
        and after.kinds(Kind.DATE)
    ):
        draft.measures.append(
            Measure("min" if adjective == "old" else "max", after.kinds(Kind.DATE)[0].field.ref)
        )
        draft.extreme = False
        line.take(at, line.after(at))
        return
    words = ADJECTIVES[adjective]
    fields = draft.view.fields
    found = next(
        (
            f
            for w in words
            for f in fields
            if w in f.column.stems and f.column.kind in (Kind.NUMBER, Kind.DATE)
        ),
        None,
    )
    line.take(at)
    if found is None:
        draft.popular |= not words
        if words:
            draft.doubts.append(Doubt(f"The data has no column that “{line.items[at].text}” could speak of."))
        return
    if adjective in LITTLE and flip:
        draft.order = "asc"
    elif adjective in LITTLE:
        draft.order = "asc" if draft.order == "desc" else "desc"
    if found.column.kind is Kind.DATE:
        draft.order = "asc" if adjective == "old" else "desc"
    draft.sort = found.ref


def read_sorting(line: Line, draft: Draft) -> None:
    """`sorted by …`; without a direction, from the highest for numbers that are measured, else upwards."""
    for at, item in line.free(Role.SORT):
        line.take(at)
        place = line.after(at, Role.BY)
        column = line.get(place)
        if item.value == "rank":
            draft.order = draft.order or "desc"
            draft.extreme = True
        elif (
            column
            and line.is_free(place, Role.COLUMN)
            and not line.is_free(line.before(place), Role.AGGREGATE)
        ):
            field = pick(column, line, draft)
            if field:
                draft.sort = field.ref
                line.take(place)
        if not draft.order:
            draft.order = "desc" if line.is_free(place, Role.AGGREGATE) else "asc"


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
        within = bool(draft.limit) and line.items[at].text.casefold() != "by"
        if not _listed_groups(line, draft, place, within=within):
            _unknown_group(line, draft, at, place)
    draft.grouped = bool(draft.groups)
    for at, item in line.free(Role.GRAIN):
        if _grain(line, draft, at, item.value):
            line.take(at)


def _listed_groups(line: Line, draft: Draft, place: int, *, within: bool) -> bool:
    """The columns and grains after a `by`, with commas and `and` between them."""
    found = False
    while True:
        item = line.get(place)
        if item is None or place in line.used:
            return found
        if item.role is Role.GRAIN:
            if not _grain(line, draft, place, item.value):
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
        grain = line.items[after].value if line.is_free(after, Role.GRAIN) else "auto"
        if grain != "auto":
            line.take(after)
    (draft.per if within else draft.groups).append(Group(field.ref, grain))
    return True


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


def _grain(line: Line, draft: Draft, at: int, grain: str) -> bool:
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
    if ref is not None and Group(ref, grain) not in draft.groups:
        draft.groups.append(Group(ref, grain))
    return ref is not None


def read_measures(line: Line, draft: Draft) -> None:
    for at, item in line.free(Role.COLUMN):
        after = line.get(at + 1)
        if after and line.is_free(at + 1, Role.AGGREGATE) and after.value == "rate":
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
    if recent and line.is_free(line.after(place, Role.IN), Role.SHEET, Role.NUMBER, Role.INTENT):
        _recent(line, draft, at, recent)
        return
    if "distinct" in hows and "count" in hows:
        hows.remove("count")
    _measured(line, draft, at, line.after(place, Role.IN), hows)


def _recent(line: Line, draft: Draft, at: int, order: str) -> None:
    """`the latest order`, `5 most recent orders`: rows by their date."""
    for place in (line.before(at), line.after(at)):
        if line.is_free(place, Role.NUMBER) and (count := line.items[place].number):
            draft.limit = _count(count)
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
    if not found:
        draft.measures += [
            Measure("count" if h == "count" else h, None if h == "count" else Ref("")) for h in hows
        ]


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
    if field is None:
        return False
    draft.measures += [Measure(h, field.ref) for h in hows]
    return True


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


def read_nouns(line: Line, draft: Draft) -> None:
    """The sheet named as what its rows are: `orders in Europe`."""
    for at, item in line.free(Role.SHEET):
        if item.value == draft.view.sheet.address:
            draft.noun = draft.sheeted = True
            draft.single = not item.text.casefold().endswith("s")
            line.take(at)


def read_leftovers(line: Line, draft: Draft) -> None:
    """Columns that no phrase spoke for: numbers are measured, others grouped by; in lists they are shown."""
    listing = draft.intents & {"rows", "show"} and not draft.measures and not draft.groups
    for at, item in line.free(Role.COLUMN, Role.VALUE):
        if at in line.used or not item.matches:
            continue
        following = line.get(at + 1)
        if (
            following
            and line.is_free(at + 1, Role.COLUMN)
            and not item.kinds(Kind.NUMBER)
            and following.matches[0].field != item.matches[0].field
            and (not item.sure or bool(draft.groups))
        ):
            line.take(at)
            continue
        field = pick(item, line, draft)
        line.take(at)
        if field is None:
            continue
        if (
            field.column.identifying
            and not item.sure
            and not draft.intents & STUDIES
            and not (draft.measures or draft.extreme or _asked_which(line, at))
        ):
            draft.noun = True
        else:
            _leftover(line, draft, field, listing=bool(listing))


def _asked_which(line: Line, at: int) -> bool:
    before = line.get(line.before(at))
    return before is not None and before.role is Role.WHICH


def _leftover(line: Line, draft: Draft, field: Field, *, listing: bool) -> None:
    column = field.column
    if listing or draft.intents & STUDIES:
        draft.columns.append(field.ref)
    elif any(m.of == Ref("") for m in draft.measures) and column.kind is Kind.NUMBER:
        draft.measures = [Measure(m.how, field.ref) if m.of == Ref("") else m for m in draft.measures]
    elif column.kind is Kind.NUMBER and not column.identifying:
        draft.measures.append(Measure("", field.ref))
    elif column.kind is Kind.DATE:
        draft.columns.append(field.ref)
        draft.date = draft.date or field.ref
    else:
        draft.groups.append(Group(field.ref))


def offered(text: str, draft: Draft, fields: Sequence[Field], word: str = "") -> Doubt:
    """A doubt whose choices add a column's name to the question."""
    stem = draft.text.rstrip(" ?.!")
    choices = [Choice(f.column.name, f"{stem} of {quoted(f.column.name)}") for f in fields[:CHOICES]]
    return Doubt(text, tuple(choices))
