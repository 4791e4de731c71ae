"""One column measured: how its values are spread."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ValueCount:
    """A value, as a page of rows shows it, and how many rows have it."""

    value: object
    rows: int


@dataclass(frozen=True)
class Bin:
    """Rows from `start` on and below `end`; the last bin holds its `end` too."""

    start: object
    end: object
    rows: int


@dataclass(frozen=True)
class Distribution:
    """What does not apply to the column's type is None or empty.

    `missing` counts NaN and infinities too, as they are shown; `mean`, `median` and `quartiles` of numbers are floats.
    """

    column: str
    type: str
    rows: int
    missing: int
    distinct: int
    is_distinct_estimated: bool
    minimum: object = None
    maximum: object = None
    mean: float | None = None
    median: object = None
    quartiles: tuple[object, object] | None = None
    top: tuple[ValueCount, ...] = ()
    bins: tuple[Bin, ...] = ()
