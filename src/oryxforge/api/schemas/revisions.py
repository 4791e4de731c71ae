"""Running a result's code again, and its looks, on the wire."""

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from pydantic import Field, JsonValue

from oryxforge.api.schemas.body import Body, Out, Text

MAX_CODE = 1 << 20
Base = Annotated[
    int | None,
    Field(
        ge=1,
        le=2**31 - 1,
        description="The version that the change was made on; 409 where it is not current.",
    ),
]


class RunBody(Body):
    code: Annotated[Text, Field(min_length=1, max_length=MAX_CODE, examples=["select 1 as one"])]


class SaveBody(RunBody):
    version: Base = None


class LookBody(Body):
    """A chart's Plotly figure with another title or kind, its values as they were; `what` says what was changed."""

    figure: Annotated[dict[str, JsonValue], Field(examples=[{"data": [], "layout": {}}])]
    what: Annotated[Text, Field(min_length=1, max_length=200, examples=["Title"])]
    version: Base = None


class ReadOut(Out):
    """A sheet that was read, and its version."""

    sheet: str
    sheet_id: UUID
    version: int
    content_hash: str


class RanOut(Out):
    """The first rows that the code gives now; of a chart its `figure` over them, null where it can't be drawn anew."""

    headers: list[str]
    types: list[str]
    data: list[list[object]]
    total: int
    duration_ms: int
    reads: list[ReadOut]
    figure: Mapping[str, object] | None
