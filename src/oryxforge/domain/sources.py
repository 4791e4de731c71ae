"""A data source: an uploaded file, and how it is read."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
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


class DateOrder(StrEnum):
    """What comes first in a date such as 01/02/2026."""

    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True)
class SheetSettings:
    """What of the settings holds for one sheet of a file alone."""

    header_row: int | None = None
    types: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class LoadSettings:
    """How to read a file; None means: find out.

    `types` maps a column's name to a type of the SQL engine (VARCHAR, BIGINT, DOUBLE, DATE, TIMESTAMP, BOOLEAN …).
    `header_row` is 0-based; -1 means that the file has none. `dates` decides for dates that can be read either way.
    `sheets` maps a sheet of the file to what holds for it before the rest.
    """

    delimiter: str | None = None
    encoding: str | None = None
    header_row: int | None = None
    decimal: str | None = None
    types: Mapping[str, str] = field(default_factory=dict[str, str])
    dates: DateOrder | None = None
    sheets: Mapping[str, SheetSettings] = field(default_factory=dict[str, SheetSettings])

    def of_sheet(self, name: str) -> "LoadSettings":
        """The settings with which one sheet is read."""
        own = self.sheets.get(name)
        if own is None:
            return self
        header_row = self.header_row if own.header_row is None else own.header_row
        return replace(self, header_row=header_row, types={**self.types, **own.types})

    def to_json(self) -> dict[str, object]:
        return asdict(self)

    @staticmethod
    def of_json(kept: Mapping[str, object]) -> "LoadSettings":
        """What `to_json` gave, also by an earlier release."""
        sheets, dates = kept.get("sheets") or {}, kept.get("dates")
        assert isinstance(sheets, dict)
        return LoadSettings(
            **{  # pyright: ignore[reportArgumentType]
                **kept,
                "dates": DateOrder(str(dates)) if dates else None,
                "sheets": {str(name): SheetSettings(**own) for name, own in sheets.items()},
            }
        )


@dataclass(frozen=True)
class SheetPreview:
    """The head of one sheet of a file: JSON-ready values, at most as many rows as asked for."""

    headers: list[str]
    types: list[str]
    data: list[list[object]]


@dataclass(frozen=True)
class ColumnReading:
    """How a column is read, and why so, in a sentence."""

    name: str
    type: str
    why: str


@dataclass(frozen=True)
class SheetReading:
    """One sheet of a file looked into: its columns, its first rows as JSON-ready values, and what was found out.

    `detected`: encoding, delimiter, decimal, header_row (0-based, -1 for none), lines_above_header, top (the first
    rows of the sheet as they stand), where they apply. `rows`: how many it has; where not `exact`, by its size.
    """

    name: str
    columns: list[ColumnReading]
    data: list[list[object]]
    detected: Mapping[str, object]
    rows: int | None
    exact: bool


@dataclass(frozen=True)
class SaveSettings:
    """Where an import goes; `selected_sheets` maps a sheet of the file to the name it gets.

    `new_versions`: a sheet of that name that another file made gets a new version, instead of a refusal.
    """

    create_new_dataset: bool
    dataset_name: str
    selected_sheets: Mapping[str, str]
    new_versions: bool = False
