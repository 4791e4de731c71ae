"""Rows on the wire."""

from dataclasses import replace
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, field_validator

from oryxforge.api.schemas.body import BIGGEST, PROJECT_ID, Body, Out, Text, example
from oryxforge.domain.exports import FileFormat
from oryxforge.domain.profiles import Distribution
from oryxforge.domain.sheets import Filter, PageRequest, SortKey

Operator = Literal[
    "eq", "ne", "gt", "gte", "lt", "lte", "contains", "starts_with", "in", "is_null", "not_null"
]
Scalar = Annotated[Text, Field(max_length=10_000)] | int | float | bool | None
MOST_ROWS = 10_000


class SheetNamed(Body):
    project_id: UUID
    name_python: Annotated[Text, Field(description="`dataset.Sheet`", examples=["sources.Orders"])]


class SortBody(Out):
    column: Text
    descending: bool = False


class FilterBody(Out):
    """A condition on one column; `value` is a list for `in`, and nothing for `is_null` and `not_null`."""

    column: Text
    op: Operator
    value: Scalar | Annotated[list[Scalar], Field(max_length=1_000)] = None

    @field_validator("value")
    @classmethod
    def _in_range(cls, value: object) -> object:
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, int) and not -(2**63) <= one < 2**63:
                raise ValueError("A whole number has at most 64 bits here.")
        return value

    def domain(self) -> Filter:
        return Filter(self.column, self.op, tuple(self.value) if isinstance(self.value, list) else self.value)


class RowsBody(SheetNamed):
    """Which rows of a version (the current one where none is named)."""

    version: Annotated[int | None, Field(ge=1, le=2**31 - 1)] = None
    filter: Annotated[list[FilterBody], Field(default_factory=list, max_length=100)]
    search: Annotated[Text | None, Field(max_length=1000, description="A text in any column.")] = None

    def rows(self) -> PageRequest:
        return PageRequest(filter=tuple(f.domain() for f in self.filter), search=self.search or "")


class ViewBody(RowsBody):
    """Those rows, in an order."""

    sort: Annotated[list[SortBody], Field(default_factory=list, max_length=50)]

    def view(self) -> PageRequest:
        sort = tuple(SortKey(s.column, s.descending) for s in self.sort)
        return replace(self.rows(), sort=sort)


class QueryBody(ViewBody):
    offset: Annotated[int, Field(ge=0, le=BIGGEST)] = 0
    limit: Annotated[int, Field(ge=0, le=MOST_ROWS)] = 1000

    def request(self) -> PageRequest:
        return replace(self.view(), offset=self.offset, limit=self.limit)


class Head(Out):
    """The first 1000 rows. Integers beyond 2^53 and decimals are strings, NaN and infinities null, bytes base64."""

    headers: list[str]
    data: list[list[object]]


class PageOut(Out):
    headers: list[str]
    types: list[str]
    data: list[list[object]]
    total: int
    truncated: bool
    offset: int
    limit: int


class ProfileBody(RowsBody):
    model_config = example(project_id=PROJECT_ID, name_python="sources.Orders", column="amount")

    column: Annotated[Text, Field(max_length=10_000)]


class ExportBody(ViewBody):
    model_config = example(project_id=PROJECT_ID, name_python="sources.Orders", format="csv")

    columns: Annotated[
        list[Text] | None,
        Field(
            min_length=1, max_length=100_000, description="Which, in this order; all where it is left out."
        ),
    ] = None
    format: FileFormat


class ValueCountOut(Out):
    value: object
    rows: int


class BinOut(Out):
    """Rows from `from` on and below `to`; the last bin holds its `to` as well."""

    start: Annotated[object, Field(alias="from", description="A number, or a time as text.")]
    end: Annotated[object, Field(alias="to")]
    rows: int


class ProfileOut(Out):
    """Values as `/data/query` gives them; mean, median, quartiles and bins of numbers are plain numbers.

    What does not apply to the type is null or empty. `missing` counts NaN and infinities too.
    """

    column: str
    type: str
    rows: int
    missing: int
    distinct: int
    is_distinct_estimated: bool
    minimum: object
    maximum: object
    mean: float | None
    median: object
    quartiles: Annotated[list[object] | None, Field(min_length=2, max_length=2)]
    top: Annotated[
        list[ValueCountOut],
        Field(max_length=10, description="What most rows have: of texts, flags, and columns of few values."),
    ]
    bins: Annotated[
        list[BinOut], Field(max_length=30, description="Equally wide: of numbers, dates and times.")
    ]


def profile_json(found: Distribution) -> dict[str, object]:
    """A ProfileOut as it goes out."""
    shown: dict[str, object] = {name: getattr(found, name) for name in ProfileOut.model_fields}
    shown["bins"] = [{"from": b.start, "to": b.end, "rows": b.rows} for b in found.bins]
    return shown
