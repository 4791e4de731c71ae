"""What the project holds, as the analyst reads it: sheets, and columns by what they can be asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import cast

from oryxforge.agents.quick.language.concepts import INTENSIVE, concepts_of, names_things
from oryxforge.agents.quick.language.spelling import stems

NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT",
           "UHUGEINT", "FLOAT", "DOUBLE", "DECIMAL", "REAL")  # fmt: skip
HAPPENED = (
    "built",
    "made",
    "born",
    "founded",
    "opened",
    "released",
    "started",
    "joined",
    "hired",
    "established",
)
DERIVED = "exploration"


class Kind(StrEnum):
    NUMBER = "number"
    TEXT = "text"
    DATE = "date"
    TRUTH = "truth"
    OTHER = "other"


@dataclass(frozen=True)
class Column:
    name: str
    type: str

    @cached_property
    def kind(self) -> Kind:
        kind = self.type.upper()
        if kind.endswith("]"):
            return Kind.OTHER
        if kind.startswith(NUMBERS):
            return Kind.NUMBER
        if kind.startswith(("VARCHAR", "ENUM", "UUID")):
            return Kind.TEXT
        if kind.startswith(("DATE", "TIMESTAMP")):
            return Kind.DATE
        return Kind.TRUTH if kind == "BOOLEAN" else Kind.OTHER

    @cached_property
    def stems(self) -> tuple[str, ...]:
        return stems(self.name)

    @cached_property
    def concepts(self) -> frozenset[int]:
        return frozenset(c for word in self.stems for c in concepts_of(word))

    @property
    def takings(self) -> bool:
        """Money that comes in: what a question without a measure most likely means."""
        return bool(self.concepts & concepts_of("revenue"))

    @property
    def is_date_alone(self) -> bool:
        """Days without a time of day."""
        return self.type.upper() == "DATE"

    @property
    def whole(self) -> bool:
        return "INT" in self.type.upper()

    @property
    def identifying(self) -> bool:
        """A number that names something, so that a sum of it says nothing."""
        return names_things(self.name) or self.is_year

    @property
    def intensive(self) -> bool:
        """A number of which the mean says more than the sum: a price, an age, a rate."""
        return self.identifying or any(word in INTENSIVE for word in self.stems)

    @property
    def is_year(self) -> bool:
        built = len(self.stems) == 2 and self.stems[0] == "year" and self.stems[1] in HAPPENED
        return self.kind is Kind.NUMBER and bool(self.stems) and (self.stems[-1] == "year" or built)


@dataclass(frozen=True)
class Sheet:
    address: str
    name: str
    rows: int
    columns: tuple[Column, ...]

    @property
    def derived(self) -> bool:
        """Made by an earlier answer."""
        return self.address.partition(".")[0].lower() == DERIVED

    @cached_property
    def names(self) -> frozenset[tuple[str, ...]]:
        """The word sequences that name the sheet."""
        own = {stems(self.name), stems(self.address.rpartition(".")[2])}
        own |= {
            n[:-1]
            for n in own
            if len(n) > 1 and n[-1] in ("csv", "xlsx", "parquet", "sheet", "table", "data")
        }
        return frozenset(n for n in own if n)

    def of_kind(self, *kinds: Kind) -> tuple[Column, ...]:
        return tuple(c for c in self.columns if c.kind in kinds)

    def column(self, name: str) -> Column | None:
        return next((c for c in self.columns if c.name == name), None)


def sheets_of(data: Mapping[str, object]) -> tuple[Sheet, ...]:
    """The answer of `list_sheets`; tables without a column are left out."""
    found: list[Sheet] = []
    for raw in cast(Sequence[Mapping[str, object]], data.get("sheets", ())):
        columns = cast(Sequence[Mapping[str, object]], raw.get("columns", ()))
        made = tuple(Column(str(c["name"]), str(c["type"])) for c in columns)
        rows = raw.get("rows")
        if made:
            found.append(
                Sheet(str(raw["sheet"]), str(raw["name"]), rows if isinstance(rows, int) else 0, made)
            )
    return tuple(found)
