"""What is the highest, the oldest, the first few; and how to sort."""

from oryxforge.agents.quick.grammar.draft import Doubt, Draft, Line, pick
from oryxforge.agents.quick.language.concepts import ADJECTIVES
from oryxforge.agents.quick.language.lexicon import Role
from oryxforge.agents.quick.reading import Measure
from oryxforge.agents.quick.schema import Kind

DIRECTIONS = {"most": "desc", "least": "asc", "head": "head", "tail": "tail"}


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
                draft.limit = row_count(count)
                line.take(place)
        if order in ("head", "tail") and _of_date(line, draft, at, after):
            continue
        if order in ("head", "tail") and draft.limit is None and not _before_noun(line, after):
            continue
        line.take(at)
        within = line.get(before)
        nested = (
            within is not None
            and within.role is Role.IN
            and within.text.casefold() in ("for", "in", "among", "within")
        )
        draft.nested |= bool(nested and draft.limit)
        draft.order, draft.extreme = order, draft.extreme or order in ("asc", "desc")
        place = line.after(at)
        _most_of(line, draft, at, place)
        noun = line.get(place)
        draft.ranked |= bool(noun and noun.role is Role.COLUMN and not noun.kinds(Kind.NUMBER))
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
    _few(line, draft)
    for at, item in line.free(Role.WORD, Role.COLUMN):
        base = _base(item.text.casefold())
        if base and not item.sure:
            for place in (line.before(at), line.after(at)):
                if line.is_free(place, Role.NUMBER) and (count := line.items[place].number):
                    draft.limit = row_count(count)
                    line.take(place)
            draft.order, draft.extreme = "desc", True
            _adjective(line, draft, at, base, flip=True)


def _few(line: Line, draft: Draft) -> None:
    """`show 5 orders`, `5 rows`, `the 5 products with the highest revenue`: how many."""
    for at, item in line.free(Role.NUMBER):
        before = line.get(line.before(at))
        noun = line.is_noun(at + 1) or (draft.extreme and _several(line, at + 1))
        compared = before is not None and before.role in (Role.COMPARISON, Role.BE)
        if noun and not compared and draft.limit is None and item.number:
            draft.limit = row_count(item.number)
            line.take(at)


def _several(line: Line, at: int) -> bool:
    """`products`: those that a column names, more than one of them."""
    item = line.get(at)
    if item is None or not line.is_free(at, Role.COLUMN) or item.kinds(Kind.NUMBER, Kind.DATE):
        return False
    return item.text.casefold().endswith("s")


def _most_of(line: Line, draft: Draft, at: int, place: int) -> None:
    """`which region has the most customers`: so many different ones."""
    item = line.get(place)
    if line.items[at].text.casefold() not in ("most", "fewest", "least") or item is None:
        return
    others = any(p < at for p, _ in line.free(Role.COLUMN, Role.GRAIN)) or any(
        True for _ in line.free(Role.BY)
    )
    field = item.matches[0].field if line.is_free(place, Role.COLUMN) else None
    nouns = item.sure or item.numbers_rows or item.text.casefold().endswith("s")
    if field and nouns and others and (field.column.kind is not Kind.NUMBER or field.column.identifying):
        draft.measures.append(Measure("distinct", field.ref))
        line.take(place)


def row_count(number: float) -> int:
    return max(1, min(int(number), 10_000))


def _of_date(line: Line, draft: Draft, at: int, after: int) -> bool:
    """`last order date`: the latest one."""
    item = line.get(after)
    if draft.limit or item is None or not line.is_free(after, Role.COLUMN) or not item.kinds(Kind.DATE):
        return False
    if item.thing:
        return False
    field = item.kinds(Kind.DATE)[0].field
    draft.measures.append(Measure("min" if line.items[at].value == "head" else "max", field.ref))
    line.take(at, after)
    return True


def _before_noun(line: Line, at: int) -> bool:
    return line.is_free(at, Role.SHEET, Role.INTENT) or line.is_noun(at)


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
