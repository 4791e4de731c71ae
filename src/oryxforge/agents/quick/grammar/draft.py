"""What the passes over a question have found so far."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from oryxforge.agents.quick.grammar.items import Item
from oryxforge.agents.quick.language.lexicon import Role
from oryxforge.agents.quick.matching import QUOTED, Field, Match, View
from oryxforge.agents.quick.reading import Condition, Group, Having, Measure, Ref
from oryxforge.agents.quick.schema import Kind

CLOSE = 0.03
CHOICES = 4


@dataclass(frozen=True)
class Choice:
    """A way to read the question: the prompt that says it without doubt."""

    label: str
    prompt: str


@dataclass(frozen=True)
class Doubt:
    """What can't be read surely, and the readings to offer; with no choice it is something the data doesn't have:
    `word` then, at `span` of the question. `refused`: it can't be done here, and the choices are what can."""

    text: str
    choices: tuple[Choice, ...] = ()
    word: str = ""
    span: tuple[int, int] = (0, 0)
    refused: bool = False


@dataclass
class Draft:
    """`noun`: the sheet or its rows are spoken of, `sheeted` by its name, `single` one of them;
    `extreme`: a highest or lowest is asked for; `grouped`: a `by` names the groups; `binary` are numbers of 0 and 1; `unique` name one row each; `popular`: ranked by how often;
    `nested`: a ranking inside a filter; `ranked`: of things
    that a column names; `by_name`: sorted by the groups; `each`: a count for each one of a group, on average;
    `ratio`: the number after a `per`; `places`: where in the question a condition stands,
    `absent`: `with` or `without` where rows are had or lacked; `each_one`: what a `per` names one by one; `adverb`: a time said as `monthly`; `step`: from one year, month … to the next; `verb` where its first `is`, `has` or `that` does; `truths`: conditions said by a verb (`survived`)."""

    text: str
    view: View
    measures: list[Measure] = field(default_factory=list[Measure])
    groups: list[Group] = field(default_factory=list[Group])
    where: list[Condition] = field(default_factory=list[Condition])
    part: list[Condition] = field(default_factory=list[Condition])
    having: list[Having] = field(default_factory=list[Having])
    columns: list[Ref] = field(default_factory=list[Ref])
    per: list[Group] = field(default_factory=list[Group])
    intents: set[str] = field(default_factory=set[str])
    order: str = ""
    sort: Ref | None = None
    limit: int | None = None
    chart: str = ""
    noun: bool = False
    sheeted: bool = False
    who: bool = False
    extreme: bool = False
    grouped: bool = False
    single: bool = False
    popular: bool = False
    nested: bool = False
    ranked: bool = False
    by_name: bool = False
    each: bool = False
    ratio: Ref | None = None
    absent: str = ""
    step: str = ""
    adverb: bool = False
    each_one: Ref | None = None
    verb: int = -1
    truths: list[Condition] = field(default_factory=list[Condition])
    places: dict[Condition, int] = field(default_factory=dict[Condition, int])
    date: Ref | None = None
    binary: frozenset[str] = frozenset()
    unique: frozenset[str] = frozenset()
    aside: list[str] = field(default_factory=list[str])
    doubts: list[Doubt] = field(default_factory=list[Doubt])

    def keep(self, condition: Condition, at: int) -> None:
        self.where.append(condition)
        self.places[condition] = at

    def replaced(self, item: Item, tokens: Sequence[tuple[int, int]], by: str) -> str:
        """The question with an item's words in other words."""
        start, end = tokens[item.start][0], tokens[item.end - 1][1]
        return self.text[:start] + by + self.text[end:]


class Line:
    """The items of a question, and which of them are read."""

    def __init__(self, items: Sequence[Item], spans: Sequence[tuple[int, int]]) -> None:
        self.items = list(items)
        self.spans = spans
        self.used: set[int] = set()

    def __len__(self) -> int:
        return len(self.items)

    def free(self, *roles: Role) -> Iterator[tuple[int, Item]]:
        """The items of these roles that no pass has read yet, also those read while the walk goes on left out."""
        for at, item in enumerate(list(self.items)):
            if at not in self.used and (not roles or item.role in roles):
                yield at, item

    def get(self, at: int) -> Item | None:
        return self.items[at] if 0 <= at < len(self.items) else None

    def is_free(self, at: int, *roles: Role) -> bool:
        item = self.get(at)
        return item is not None and at not in self.used and item.role in roles

    def after(self, at: int, *skipped: Role) -> int:
        """The next place whose role is none of the skipped ones (and no filler)."""
        at += 1
        while (item := self.get(at)) and (item.role is Role.STOP or item.role in skipped):
            at += 1
        return at

    def before(self, at: int, *skipped: Role) -> int:
        at -= 1
        while (item := self.get(at)) and (item.role is Role.STOP or item.role in skipped):
            at -= 1
        return at

    def is_rate(self, at: int) -> bool:
        """Whether `rate` stands there, also where it may be part of a column's name."""
        item = self.get(at)
        if item is None or at in self.used:
            return False
        loose = item.role is Role.COLUMN and not item.sure and item.text.casefold() in ("rate", "rates")
        return loose or (item.role is Role.AGGREGATE and item.value == "rate")

    def is_noun(self, at: int) -> bool:
        """Whether the rows are named there: by the sheet, as rows, or by what their number names."""
        item = self.get(at)
        if item is None or at in self.used:
            return False
        return item.role is Role.SHEET or item.value == "rows" or item.thing

    def take(self, *places: int) -> None:
        self.used.update(places)


def pick(item: Item, line: Line, draft: Draft, *kinds: Kind, doubt: bool = True) -> Field | None:
    """The column of these kinds that an item names; a doubt is noted where it may be several."""
    found = item.kinds(*kinds) if kinds else item.matches
    if not found:
        return None
    rivals = [m for m in found if m.score >= found[0].score - CLOSE and found[0].score < QUOTED]
    own = [m for m in rivals if not m.field.ref.joined]
    if own and len(own) < len(rivals):
        rivals = own
    if len(rivals) > 1 and doubt:
        draft.doubts.append(which(item, rivals, line, draft))
    return rivals[0].field if rivals else found[0].field


def which(item: Item, rivals: Sequence[Match], line: Line, draft: Draft) -> Doubt:
    names = [m.field.column.name for m in rivals][:CHOICES]
    choices = tuple(Choice(n, draft.replaced(item, line.spans, quoted(n))) for n in names)
    return Doubt(f"“{item.text}” may be any of these columns. Which one do you mean?", choices)


def quoted(name: str) -> str:
    return f"`{name}`" if '"' in name else f'"{name}"'
