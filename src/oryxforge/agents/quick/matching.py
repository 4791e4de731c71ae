"""Which columns and sheets a run of words may name, and how surely."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from oryxforge.agents.quick.language.concepts import concepts_of
from oryxforge.agents.quick.language.spelling import root, slip, word_set
from oryxforge.agents.quick.language.tokens import Token
from oryxforge.agents.quick.reading import Join, Ref
from oryxforge.agents.quick.schema import Column, Kind, Sheet

EXACT, QUOTED, ANY_ORDER, SYNONYM, SAME_ROOT, SLIP = 1.0, 1.5, 0.9, 0.55, 0.5, 0.6
ABBREVIATED = 0.88
PART, HEAD, LESS = 0.5, 0.08, 0.04
SURE = 0.9
SUFFIX, BEFORE_SUFFIX = 0.52, 2
# They say what a column is, but never which one.
GENERIC = word_set(
    "column data table value field record row entry dataset sheet file number total list type unnamed"
)
# Parts of a sentence that are also in the name `isReturned` or in that of a survey's question.
FUNCTION = word_set(
    "is are was were be been has have had do does did to it i you we they our my your with by on at from as or not no "
    "would will can could should this that there what which who how many much all any"
)
LINKS = frozenset(("of", "the", "in", "per", "a", "for", "and"))


@dataclass(frozen=True)
class Field:
    """A column that a question may use, where it stands."""

    ref: Ref
    column: Column


@dataclass(frozen=True)
class Match:
    field: Field
    score: float


@dataclass(frozen=True)
class View:
    """The columns that a reading works on: a sheet's, and those of one joined to it."""

    sheet: Sheet
    fields: tuple[Field, ...]
    joined: Sheet | None = None
    join: Join | None = None

    @property
    def addresses(self) -> tuple[str, ...]:
        return (self.sheet.address, *((self.joined.address,) if self.joined else ()))

    @staticmethod
    def of(sheet: Sheet) -> "View":
        return View(sheet, tuple(Field(Ref(c.name), c) for c in sheet.columns))

    def with_joined(self, other: Sheet, join: Join | None = None) -> "View":
        """The other sheet's columns, too, but for what this sheet has under the same name."""
        own = {c.stems for c in self.sheet.columns}
        more = (Field(Ref(c.name, joined=True), c) for c in other.columns if c.stems not in own)
        return View(self.sheet, (*self.fields, *more), other, join)


def column_matches(tokens: Sequence[Token], fields: Sequence[Field]) -> list[Match]:
    """The columns that a run of tokens may name, surest first."""
    if len(tokens) == 1 and tokens[0].kind == "quoted":
        return _quoted(tokens[0], fields)
    if not all(t.kind in ("word", "number") for t in tokens):
        return []
    words = tuple(t.stem for t in tokens)
    plain = "".join(t.norm for t in tokens)
    found = [
        Match(f, s - (LESS if _only_dated(f, s, words) else 0.0))
        for f in fields
        if (s := _score(words, plain, f.column.name, f.column.stems))
    ]
    return sorted(found, key=lambda m: -m.score)


def _only_dated(field: Field, score: float, words: tuple[str, ...]) -> bool:
    """`order` is rather the order's number than its date."""
    return score < ABBREVIATED and field.column.kind is Kind.DATE and words[-1] != field.column.stems[-1]


def _quoted(token: Token, fields: Sequence[Field]) -> list[Match]:
    same = [f for f in fields if f.column.name == token.text] or [
        f for f in fields if f.column.name.casefold().strip() == token.text.casefold().strip()
    ]
    return [Match(f, QUOTED) for f in same]


@lru_cache(maxsize=200_000)
def _score(words: tuple[str, ...], plain: str, name: str, column: tuple[str, ...]) -> float:
    if not column or _lacks(words, column):
        return 0.0
    if words == column or "".join(words) == "".join(column) or plain == "".join(column):
        return EXACT
    kept, whole = tuple(w for w in words if w not in LINKS), tuple(w for w in column if w not in LINKS)
    if not kept or not whole or words[0] in LINKS or words[-1] in LINKS:
        return 0.0
    if len(kept) > 1 and sorted(kept) == sorted(whole):
        return ANY_ORDER
    if _abbreviated(words, plain, column):
        return ABBREVIATED
    if set(kept) < set(whole) and len(words) == len(kept) and not set(kept) <= GENERIC | FUNCTION:
        return PART + 0.3 * len(kept) / len(whole) + (HEAD if kept[-1:] == whole[-1:] else 0.0)
    return _loose(words[0], whole) if len(words) == 1 else 0.0


def _lacks(words: Sequence[str], column: Sequence[str]) -> bool:
    """`no orders` is not OrderNo."""
    return len(words) > 1 and words[0] == "no" and column[0] != "no"


def _abbreviated(words: tuple[str, ...], plain: str, column: tuple[str, ...]) -> bool:
    """`mpg` for `Miles_per_Gallon`; `life expectancy` for `lifeExp`; `gdp per capita` for `gdpPercap`."""
    if len(words) == 1 and len(column) >= 3 and words[0] == "".join(c[0] for c in column):
        return True
    joined = "".join(column)
    if any(c.isdigit() for c in plain):
        return False
    if len(words) > 1 and len(joined) >= 6 and plain.startswith(joined) and len(joined) >= 0.7 * len(plain):
        return True
    return len(words) == len(column) > 1 and all(
        w == c or (len(c) >= 3 and w.startswith(c)) for w, c in zip(words, column, strict=True)
    )


def _loose(word: str, column: tuple[str, ...]) -> float:
    if len(word) < 3 or word in GENERIC:
        return 0.0
    concepts = concepts_of(word)
    if concepts and any(concepts & concepts_of(c) for c in column):
        return SYNONYM + (0.02 if len(column) == 1 else 0.0)
    if len(word) >= 4 and any(c.endswith(word) and 0 < len(c) - len(word) <= BEFORE_SUFFIX for c in column):
        return SUFFIX
    if len(column) <= 2 and any(root(word) == root(c) and len(root(c)) >= 5 for c in column):
        return SAME_ROOT
    return 0.0


def slipped(token: Token, fields: Sequence[Field]) -> list[Match]:
    """Columns that a mistyped word may have meant."""
    found = [
        Match(f, SLIP)
        for f in fields
        if any(slip(token.norm, c) or slip(token.stem, c) for c in (*f.column.stems, "".join(f.column.stems)))
    ]
    return sorted(found, key=lambda m: len(m.field.column.stems))


def names_sheet(tokens: Sequence[Token], sheet: Sheet) -> bool:
    words = tuple(t.stem for t in tokens)
    return words in sheet.names or (
        len(tokens) == 1 and any(tokens[0].norm == "".join(n) or words[0] == "".join(n) for n in sheet.names)
    )
