"""Rows on the wire."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, field_validator

from oryxforge.api.schemas.body import BIGGEST, Body, Out, Text
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


class ViewBody(SheetNamed):
    """Rows of a version (the current one where none is named), in an order, and which of them."""

    version: Annotated[int | None, Field(ge=1, le=2**31 - 1)] = None
    sort: Annotated[list[SortBody], Field(default_factory=list, max_length=50)]
    filter: Annotated[list[FilterBody], Field(default_factory=list, max_length=100)]
    search: Annotated[Text | None, Field(max_length=1000, description="A text in any column.")] = None

    def view(self, offset: int = 0, limit: int = 0) -> PageRequest:
        sort = tuple(SortKey(s.column, s.descending) for s in self.sort)
        return PageRequest(offset, limit, sort, tuple(f.domain() for f in self.filter), self.search or "")


class QueryBody(ViewBody):
    offset: Annotated[int, Field(ge=0, le=BIGGEST)] = 0
    limit: Annotated[int, Field(ge=0, le=MOST_ROWS)] = 1000

    def request(self) -> PageRequest:
        return self.view(self.offset, self.limit)


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
