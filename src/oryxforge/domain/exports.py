"""A sheet as a file to take along."""

from dataclasses import dataclass, field
from enum import StrEnum

from oryxforge.domain.sheets import PageRequest


class FileFormat(StrEnum):
    CSV = "csv"
    EXCEL = "xlsx"
    PARQUET = "parquet"


@dataclass(frozen=True)
class ExportRequest:
    """All rows of `view` (its offset and limit say nothing), in these columns (all where none is named).

    `title` names the sheet inside of a workbook.
    """

    format: FileFormat
    title: str
    columns: tuple[str, ...] = ()
    view: PageRequest = field(default_factory=PageRequest)
