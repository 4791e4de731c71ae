"""A question as a line of items, each with its role: the best way to cut it, given a view of the data."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from oryxforge.agents.quick.language.dates import Period, period_at
from oryxforge.agents.quick.language.lexicon import LONGEST, PHRASES, SPELLED, Role
from oryxforge.agents.quick.language.spelling import slip
from oryxforge.agents.quick.language.tokens import Token
from oryxforge.agents.quick.matching import SURE, Match, View, column_matches, names_sheet, slipped
from oryxforge.agents.quick.schema import Kind, Sheet

LONGEST_NAME = 7
# What a sheet's name is worth: that of the sheet itself, that of one joined to it.
NAMED, LOOKED_UP = 1.2, 0.85
# Each name that is understood counts, so that two loose ones outweigh one sure one.
EXPLAINED = 0.1
# As words they say nothing; after a preposition they may be values.
PRONOUNS = ("it", "us")
# Fillers that may also be the state of a row: `paid orders`.
STATES = frozenset(
    ("paid", "sold", "placed", "ordered", "made", "earned", "bought", "observed", "reported", "registered", "measured",
     "available", "done", "given", "open")
)  # fmt: skip
# Before these, a word of ours is a column's: the return in `return rate`.
RATES = ("rate", "rates")
LIGHT = {
    Role.STOP: 0.3,
    Role.IN: 0.4,
    Role.BE: 0.4,
    Role.WITH: 0.4,
    Role.HAVE: 0.4,
    Role.AND: 0.4,
    Role.OR: 0.4,
}
KEYWORD, VALUE, PREFIX, SHEET, NUMBER, PERIOD, SLIPPED, WORD = 0.8, 0.95, 0.6, 0.9, 0.5, 0.85, 0.45, 0.05


@dataclass(frozen=True)
class Hit:
    """A value of a text column that a run of tokens names; `exact` where it is all of the value."""

    start: int
    end: int
    sheet: str
    column: str
    value: str
    exact: bool


@dataclass(frozen=True)
class Item:
    """A run of tokens with a role. `value` is the keyword's meaning, or a sheet's address."""

    role: Role
    value: str
    start: int
    end: int
    text: str
    matches: tuple[Match, ...] = ()
    hits: tuple[Hit, ...] = ()
    number: float | None = None
    period: Period | None = None

    @property
    def sure(self) -> bool:
        return bool(self.matches) and self.matches[0].score >= SURE

    @property
    def thing(self) -> bool:
        """The rows by what their number names: `orders` where the column is OrderNo. Its numbers are no amounts."""
        return self.role is Role.COLUMN and self.numbers_rows

    @property
    def numbers_rows(self) -> bool:
        """Whether the column that the words may name is a number or a code of what the rows are."""
        column = self.matches[0].field.column if self.matches else None
        return column is not None and not self.sure and column.identifying and not column.is_year

    def kinds(self, *kinds: Kind) -> tuple[Match, ...]:
        return tuple(m for m in self.matches if m.field.column.kind in kinds)


def cut(
    text: str, tokens: Sequence[Token], view: View, sheets: Sequence[Sheet], hits: Sequence[Hit] = ()
) -> list[Item]:
    """The items of a question in order; every token is in one."""
    own = [h for h in hits if h.sheet in view.addresses]
    best: list[tuple[float, Item | None]] = [(0.0, None), *((-1.0, None) for _ in tokens)]
    for start in range(len(tokens)):
        for weight, item in _spans(text, tokens, start, view, sheets, own):
            total = best[start][0] + weight
            if total > best[item.end][0]:
                best[item.end] = (total, item)
    items: list[Item] = []
    at = len(tokens)
    while at:
        item = best[at][1]
        assert item is not None
        items.append(item)
        at = item.start
    return list(reversed(items))


def _spans(
    text: str, tokens: Sequence[Token], start: int, view: View, sheets: Sequence[Sheet], hits: Sequence[Hit]
) -> Iterator[tuple[float, Item]]:
    token = tokens[start]
    for end in range(start + 1, min(len(tokens), start + max(LONGEST, LONGEST_NAME)) + 1):
        run = tokens[start:end]
        said = text[run[0].start : run[-1].end]
        matches = tuple(column_matches(run, view.fields)) if len(run) <= LONGEST_NAME else ()
        there = tuple(h for h in hits if (h.start, h.end) == (start, end))
        plain = Item(Role.WORD, "", start, end, said, matches, there, token.number if len(run) == 1 else None)
        if not (matches and end < len(tokens) and tokens[end].norm in RATES):
            yield from _keyword(run, plain, view)
        if matches:
            yield matches[0].score * len(run), replace(plain, role=Role.COLUMN)
        if there:
            quoted = 0.7 if token.kind == "quoted" else 0.0
            exact = any(h.exact for h in there)
            yield (VALUE if exact else PREFIX) * len(run) + quoted, replace(plain, role=Role.VALUE)
        named = next((s for s in _ordered(view, sheets) if names_sheet(run, s)), None)
        if named and (named in (view.sheet, view.joined) or not matches):
            yield SHEET * len(run), replace(plain, role=Role.SHEET, value=named.address)
    if period := period_at(tokens, start):
        run = tokens[start : period[0]]
        said = text[run[0].start : run[-1].end]
        found = Item(Role.PERIOD, "", start, period[0], said, number=_bare(run), period=period[1])
        yield PERIOD * len(run), found
    yield from _alone(text, tokens, start, view)


def _ordered(view: View, sheets: Sequence[Sheet]) -> list[Sheet]:
    first = [view.sheet, *([view.joined] if view.joined else [])]
    return [*first, *(s for s in sheets if s not in first)]


def _bare(run: Sequence[Token]) -> float | None:
    """The number of a year that may be just a number."""
    numbers = [t.number for t in run if t.kind == "number"]
    return numbers[0] if len(numbers) == 1 and run[-1].kind == "number" else None


def _keyword(run: Sequence[Token], plain: Item, view: View) -> Iterator[tuple[float, Item]]:
    found = PHRASES.get(tuple(t.norm for t in run))
    if found is None or any(t.kind == "quoted" for t in run):
        return
    role, value = found
    weight = LIGHT.get(role, KEYWORD) if len(run) == 1 else KEYWORD
    if value == "rate" or (role is Role.GRAIN and not _has_grain(view, value)):
        weight = 0.42
    yield weight * len(run) + 0.1 * (len(run) - 1), replace(plain, role=role, value=value)


def _has_grain(view: View, grain: str) -> bool:
    dates = [f.column for f in view.fields if f.column.kind is Kind.DATE]
    return any(not c.is_date_alone for c in dates) if grain == "hour" else bool(dates)


def _alone(text: str, tokens: Sequence[Token], start: int, view: View) -> Iterator[tuple[float, Item]]:
    """What one token may be where nothing better is known of it."""
    token = tokens[start]
    plain = Item(Role.WORD, "", start, start + 1, text[token.start : token.end], number=token.number)
    yield WORD, plain
    if token.kind == "quoted":
        yield NUMBER, replace(plain, role=Role.QUOTED, value=token.text)
    elif token.number is not None:
        yield NUMBER, replace(plain, role=Role.NUMBER)
    elif token.kind == "word" and (token.norm,) not in PHRASES:
        if near := slipped(token, view.fields):
            yield SLIPPED, replace(plain, role=Role.COLUMN, matches=tuple(near))
        elif meant := next((w for w in SPELLED if slip(token.norm, w)), None):
            role, value = PHRASES[(meant,)]
            yield SLIPPED, replace(plain, role=role, value=value)


def coverage(items: Sequence[Item], view: View) -> float:
    """How much of a question the view's own names and values explain."""
    total = 0.0
    for item in items:
        size = item.end - item.start
        if item.role in (Role.COLUMN, Role.VALUE) or item.value in view.addresses:
            total += EXPLAINED
        if item.role is Role.COLUMN:
            total += item.matches[0].score * size
        elif item.role is Role.VALUE:
            total += (VALUE if any(h.exact for h in item.hits) else PREFIX) * size
        elif item.role is Role.SHEET and item.value in view.addresses:
            total += (NAMED if item.value == view.sheet.address else LOOKED_UP) * size
        elif _dated(item, view):
            total += 0.3
        elif _measures(item) and _measurable(view):
            total += EXPLAINED
    return total


def _measures(item: Item) -> bool:
    return item.role is Role.SUPERLATIVE or (
        item.role is Role.AGGREGATE and item.value in ("sum", "mean", "median")
    )


def _measurable(view: View) -> bool:
    return any(f.column.kind is Kind.NUMBER and not f.column.identifying for f in view.fields)


def _dated(item: Item, view: View) -> bool:
    """Whether the item is a time that the view has."""
    if item.role is Role.PERIOD:
        return any(f.column.kind is Kind.DATE or f.column.is_year for f in view.fields)
    return item.role is Role.GRAIN and _has_grain(view, item.value)


def unexplained(items: Sequence[Item]) -> set[int]:
    """The tokens that may be values: words nothing is known of, that name a column only loosely, or written as names."""
    found: set[int] = set()
    for at, item in enumerate(items):
        loose = item.role is Role.COLUMN and not item.sure
        pronoun = item.text.casefold() in PRONOUNS and at > 0 and items[at - 1].role is Role.IN
        state = item.role is Role.STOP and item.text.casefold() in STATES
        if (
            item.role in (Role.WORD, Role.QUOTED)
            or loose
            or pronoun
            or state
            or as_name(item.text, item.start)
        ):
            found.update(range(item.start, item.end))
    return found


def as_name(text: str, start: int) -> bool:
    """Whether a word of our own is written as a name: `IT`, or `May` in the middle of a question."""
    return text[:1].isupper() and (start > 0 or (len(text) > 1 and text.isupper()))
