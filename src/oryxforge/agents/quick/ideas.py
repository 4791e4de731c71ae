"""What a table could be asked, by the kinds of its columns and what its first rows hold."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from oryxforge.agents.quick.language.spelling import word_set
from oryxforge.agents.quick.schema import Column, Kind, Sheet
from oryxforge.ports.suggester import Glimpse

ASKED_COLUMNS, MOST_GROUPS, FEW_ROWS, TOP = 40, 60, 12, 5
NAMING = word_set("name title description comment note email url address phone text id")
GROUPING = word_set(
    "region country state city category type class segment department team status product group gender sex channel "
    "brand market area district season specy method level grade size color colour stage priority"
)


@dataclass(frozen=True)
class Idea:
    """A question with a place `{}` for each column that it names; `whole`: it is asked of the whole table. Of those
    that are `kin` one is enough. `several`: the first column's name is said in the plural."""

    text: str
    columns: tuple[Column, ...] = ()
    whole: bool = False
    kin: str = ""
    several: bool = False


class Subject:
    """A table, and which of its columns are worth a question."""

    def __init__(self, sheet: Sheet, glimpse: Glimpse) -> None:
        self.sheet = sheet
        self._seen = glimpse.columns
        self._rows = glimpse.rows
        self._columns = sheet.columns[:ASKED_COLUMNS]

    def ideas(self) -> Iterator[Idea]:
        """The best first."""
        measure, second = (*self.measures[:2], None, None)[:2]
        groups, dates = self.groups, self._of(Kind.DATE)
        if measure and groups:
            yield Idea(f"{_how(measure)} {{}} by {{}}", (measure, groups[0]))
        if measure and dates:
            yield Idea(f"{_how(measure)} {{}} by month", (measure,), kin="time")
            yield Idea(f"{_how(measure)} {{}} over time by {{}}", (measure, dates[0]), kin="time")
        if measure and len(groups) > 1:
            ranked = next((g for g in groups[1:] if self._distinct(g) > TOP), None)
            if ranked:
                yield Idea(
                    f"top {TOP} {{}} by {_how(measure)} {{}}", (ranked, measure), kin="top", several=True
                )
            yield Idea(f"{_how(measure)} {{}} by {{}}", (measure, groups[1]), kin="top")
        if not measure and groups:
            yield Idea("number of rows by {}", (groups[0],))
            yield from (Idea("number of rows by {}", (g,)) for g in groups[1:2])
        if not measure and dates:
            yield Idea("number of rows by month of {}", (dates[0],))
        if measure and len(groups) > 2 and not measure.intensive:
            yield Idea("share of {} by {}", (measure, groups[2]))
        if self.missing:
            yield Idea("missing values", whole=True)
        if measure and second:
            yield Idea("correlation between {} and {}", (measure, second))
        if measure:
            yield Idea("distribution of {}", (second or measure,))
        if measure and groups and not measure.intensive:
            yield Idea("share of {} by {}", (measure, groups[0]))
        yield Idea("missing values", whole=True)
        yield Idea("describe", whole=True)

    @cached_property
    def measures(self) -> list[Column]:
        """Numbers of more than two values: what comes in first, then what can be added up."""
        numbers = [c for c in self._of(Kind.NUMBER) if not c.identifying and self._varies(c)]
        return sorted(numbers, key=lambda c: (not c.takings, c.intensive))

    @cached_property
    def groups(self) -> list[Column]:
        """Texts and truths of few values: those first whose names say that they are groups."""
        found = [c for c in self._of(Kind.TEXT, Kind.TRUTH) if not c.identifying and self._groups(c)]
        return sorted(found, key=lambda c: not GROUPING & set(c.stems))

    @property
    def missing(self) -> bool:
        return any(seen.missing for seen in self._seen.values())

    def _of(self, *kinds: Kind) -> list[Column]:
        return [c for c in self._columns if c.kind in kinds and any(ch.isalnum() for ch in c.name)]

    def _varies(self, column: Column) -> bool:
        return column.name not in self._seen or self._distinct(column) > 2

    def _distinct(self, column: Column) -> int:
        seen = self._seen.get(column.name)
        return seen.distinct if seen else 0

    def _groups(self, column: Column) -> bool:
        seen = self._seen.get(column.name)
        if seen is None:
            return not NAMING & set(column.stems)
        few = seen.distinct <= MOST_GROUPS and (seen.distinct * 2 <= self._rows or self._rows <= FEW_ROWS)
        return (
            seen.distinct > 1 and few and not (NAMING & set(column.stems) and seen.distinct * 2 > self._rows)
        )


def _how(measure: Column) -> str:
    return "average" if measure.intensive else "total"
