"""Sheets and their versions on the wire."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from oryxforge.api.schemas.body import DATASET_ID, Body, Out, Text, example
from oryxforge.domain.sheets import SheetType


class ColumnOut(Out):
    name: str
    type: str


class SheetOut(Out):
    """`address` is the name to use in requests and in SQL; `rows` and `columns` are those of the current version."""

    id: UUID
    dataset_id: UUID
    project_id: UUID
    user_owner: UUID
    name: str
    name_python: str
    dataset_name_python: str
    address: str
    type: SheetType
    source_id: UUID | None
    version: int
    rows: int
    columns: list[ColumnOut]
    metadata: Mapping[str, object]
    created_at: datetime
    deleted_at: Annotated[datetime | None, Field(description="Of a deleted sheet.")] = None
    kept_until: Annotated[datetime | None, Field(description="Until when it can be brought back.")] = None


class SheetList(Out):
    sheets: list[SheetOut]
    count: int


class SheetPatch(Body):
    """A new name, another version as the current one, another dataset of the same project: any of these."""

    model_config = example(name="Orders", dataset_id=DATASET_ID)

    name: Annotated[Text | None, Field(examples=["Orders"])] = None
    version: Annotated[int | None, Field(ge=1, le=2**31 - 1)] = None

    dataset_id: UUID | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.name is None and self.version is None and self.dataset_id is None:
            raise ValueError("Give a `name`, a `version` or a `dataset_id`.")
        return self


class VersionOut(Out):
    """`provenance` is the code that made it; `edit` what was changed by hand of the version before."""

    id: UUID
    number: int
    rows: int
    columns: list[ColumnOut]
    size_bytes: int
    content_hash: str
    created_at: datetime
    created_by: UUID
    provenance: Mapping[str, object] | None
    edit: Mapping[str, object] | None


class VersionList(Out):
    versions: list[VersionOut]
    count: int
    current: int
