"""Data sources, previews and imports on the wire."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AliasChoices, ConfigDict, Field, JsonValue

from oryxforge.api.schemas.body import PROJECT_ID, SOURCE_ID, Body, Out, Text, example
from oryxforge.domain.sources import (
    DateOrder,
    LoadSettings,
    SaveSettings,
    SheetSettings,
    SourceFlag,
    SourceType,
)

SAVE: dict[str, JsonValue] = {
    "createNewDataset": True,
    "datasetName": "Sales",
    "selectedSheets": {"data": "Orders"},
}


class StatusOut(Out):
    flag: SourceFlag
    msg: str


class SourceOut(Out):
    id: UUID
    project_id: UUID
    name: str
    type: SourceType
    size_bytes: int
    status: StatusOut
    created_at: datetime


class UploadOut(Out):
    """`source` once the file is whole; `expires_at` in unix seconds."""

    id: UUID
    offset: int
    length: int
    expires_at: float
    source: SourceOut | None


class SourceList(Out):
    sources: list[SourceOut]
    count: int


HeaderRow = Annotated[
    int | None,
    Field(
        ge=-1,
        le=100_000,
        validation_alias=AliasChoices("header_row", "headerRow"),
        description="0-based; -1: the file has none.",
    ),
]
Types = Annotated[
    dict[Text, Text], Field(default_factory=dict, max_length=5_000, examples=[{"zip": "VARCHAR"}])
]


class SheetLoadBody(Out):
    """What holds for one sheet of a file alone."""

    model_config = ConfigDict(extra="ignore")

    header_row: HeaderRow = None
    types: Types


class LoadBody(Out):
    """How to read a file; what is left out is found out."""

    model_config = ConfigDict(extra="ignore")

    delimiter: Annotated[Text | None, Field(max_length=4, examples=[";"])] = None
    encoding: Annotated[Text | None, Field(max_length=40, examples=["latin-1"])] = None
    header_row: HeaderRow = None
    decimal: Annotated[Text | None, Field(max_length=1, examples=[","])] = None
    dates: Annotated[
        DateOrder | None, Field(description="What comes first in dates that can be read either way.")
    ] = None
    types: Types
    sheets: Annotated[
        dict[Text, SheetLoadBody],
        Field(
            default_factory=dict, max_length=1_000, description="By sheet, before what holds for the file."
        ),
    ]

    def domain(self) -> LoadSettings:
        sheets = {name: SheetSettings(s.header_row, s.types) for name, s in self.sheets.items()}
        return LoadSettings(
            self.delimiter, self.encoding, self.header_row, self.decimal, self.types, self.dates, sheets
        )


class SaveBody(Out):
    model_config = ConfigDict(extra="ignore", json_schema_extra={"examples": [SAVE]})

    create_new_dataset: Annotated[
        bool,
        Field(
            validation_alias=AliasChoices("createNewDataset", "create_new_dataset"),
            description="Make a dataset of that name (409 if there is one), or import into one that is there.",
        ),
    ]
    dataset_name: Annotated[Text, Field(validation_alias=AliasChoices("datasetName", "dataset_name"))]
    selected_sheets: Annotated[
        dict[Text, Text],
        Field(
            max_length=1_000,
            validation_alias=AliasChoices("selectedSheets", "selected_sheets"),
            description="Sheets of the file, each with the name that it gets.",
        ),
    ]

    new_versions: Annotated[
        bool,
        Field(
            validation_alias=AliasChoices("newVersions", "new_versions"),
            description="A sheet of that name that another file made gets a new version, instead of a 409.",
        ),
    ] = False

    def domain(self) -> SaveSettings:
        return SaveSettings(
            self.create_new_dataset, self.dataset_name, self.selected_sheets, self.new_versions
        )


def _load() -> LoadBody:
    return LoadBody.model_validate({})


class PreviewBody(Body):
    model_config = example(project_id=PROJECT_ID, data_source_id=SOURCE_ID, settings_load={"delimiter": ";"})

    project_id: UUID
    data_source_id: UUID
    settings_load: Annotated[LoadBody, Field(default_factory=_load)]


class SheetPreviewOut(Out):
    headers: list[str]
    types: list[str]
    data: list[list[object]]


class ColumnReadingOut(Out):
    name: str
    type: str
    why: str


class SheetReadingOut(Out):
    """`detected`: encoding, delimiter, decimal, header_row, lines_above_header, top, where they apply.

    `rows` is the sheet's number of rows: all counted where `exact`, else judged by the file's size.
    """

    name: str
    columns: list[ColumnReadingOut]
    data: list[list[object]]
    detected: Mapping[str, object]
    rows: int | None
    exact: bool


class InspectionOut(Out):
    sheets: list[SheetReadingOut]


class ImportBody(PreviewBody):
    model_config = example(project_id=PROJECT_ID, data_source_id=SOURCE_ID, settings_save=SAVE)

    settings_save: SaveBody

    def request(self) -> Mapping[str, object]:
        """What a retry with the same key must repeat."""
        return self.model_dump(mode="json", exclude={"user_id"})


class Imported(Out):
    status: Literal["success"]
    dataset_id: UUID
    datasheet_ids: dict[str, UUID]
    skipped: Annotated[
        list[str], Field(default_factory=list, description="Chosen sheets of the file that are empty.")
    ]
    message: str
