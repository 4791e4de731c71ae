"""A data source: an uploaded file, and how it is read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class SourceType(StrEnum):
    CSV = "csv"
    EXCEL = "excel"
    PARQUET = "parquet"


class SourceFlag(StrEnum):
    PENDING = "pending"
    PROCESSING = "processing"
    READY = "ready"
    ERROR = "error"


@dataclass(frozen=True)
class SourceStatus:
    flag: SourceFlag
    msg: str = ""


@dataclass(frozen=True)
class DataSource:
    id: UUID
    project_id: UUID
    user_owner: UUID
    name: str
    type: SourceType
    uri: str
    size_bytes: int
    status: SourceStatus
    created_at: datetime


@dataclass(frozen=True)
class LoadSettings:
    """How to read a file; None means: find out.

    `types` maps a column's name to a type of the SQL engine (VARCHAR, BIGINT, DOUBLE, DATE, TIMESTAMP, BOOLEAN …).
    `header_row` is 0-based; -1 means that the file has none.
    """

    delimiter: str | None = None
    encoding: str | None = None
    header_row: int | None = None
    decimal: str | None = None
    types: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class SheetPreview:
    """The head of one sheet of a file: JSON-ready values, at most as many rows as asked for."""

    headers: list[str]
    types: list[str]
    data: list[list[object]]


@dataclass(frozen=True)
class SaveSettings:
    """Where an import goes; `selected_sheets` maps a sheet of the file to the name it gets."""

    create_new_dataset: bool
    dataset_name: str
    selected_sheets: Mapping[str, str]
