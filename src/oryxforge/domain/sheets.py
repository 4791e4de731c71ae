"""A sheet: one table, chart or report of a dataset, immutable by version."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from oryxforge.domain.errors import Unprocessable

# What was deleted can be brought back for so long.
KEPT = timedelta(days=30)


class SheetType(StrEnum):
    TABLE = "table"
    CHART = "chart"
    REPORT = "report"


@dataclass(frozen=True)
class Column:
    """A column by name and type of the SQL engine (VARCHAR, BIGINT, DOUBLE, DECIMAL(18,2), TIMESTAMP …)."""

    name: str
    type: str


@dataclass(frozen=True)
class SheetVersion:
    """What one write made; `content_hash` is sha256 of the stored bytes, in hex."""

    id: UUID
    sheet_id: UUID
    number: int
    uri: str
    rows: int
    columns: tuple[Column, ...]
    size_bytes: int
    content_hash: str
    created_at: datetime
    created_by: UUID
    metadata: Mapping[str, object]

    @property
    def provenance(self) -> Mapping[str, object] | None:
        """The code and the data that made it, where code did."""
        found = self.metadata.get("provenance")
        return found if isinstance(found, Mapping) else None

    @property
    def edit(self) -> Mapping[str, object] | None:
        """What was changed of the version before by hand, where nothing was run."""
        found = self.metadata.get("edit")
        return found if isinstance(found, Mapping) else None


@dataclass(frozen=True)
class Sheet:
    id: UUID
    dataset_id: UUID
    project_id: UUID
    user_owner: UUID
    name: str
    name_python: str
    dataset_name_python: str
    type: SheetType
    source_id: UUID | None
    version: int
    uri: str
    metadata: Mapping[str, object]
    created_at: datetime
    deleted_at: datetime | None = None

    @property
    def kept_until(self) -> datetime | None:
        """Until when a deleted sheet can be brought back."""
        return self.deleted_at + KEPT if self.deleted_at else None

    @property
    def address(self) -> str:
        """The name used everywhere in text and requests: `dataset.Sheet`."""
        return f"{self.dataset_name_python}.{self.name_python}"

    @property
    def columns(self) -> tuple[Column, ...]:
        raw = self.metadata.get("columns")
        if not isinstance(raw, list):
            return ()
        return tuple(Column(str(c["name"]), str(c["type"])) for c in raw)  # type: ignore[index]

    @property
    def rows(self) -> int:
        rows = self.metadata.get("rows")
        return rows if isinstance(rows, int) else 0


def moved_out() -> Unprocessable:
    return Unprocessable(
        "A sheet stays in its project. Name a dataset of that one.", code="dataset_elsewhere"
    )


@dataclass(frozen=True)
class Written:
    """What the engine wrote for a sheet, before it is recorded as a version."""

    uri: str
    rows: int
    columns: tuple[Column, ...]
    size_bytes: int
    content_hash: str
    receipt: Mapping[str, object] = field(default_factory=dict[str, object])


@dataclass(frozen=True)
class SortKey:
    column: str
    descending: bool = False


@dataclass(frozen=True)
class Filter:
    """A condition on one column; `op` is one of eq, ne, gt, gte, lt, lte, contains, starts_with, in, is_null, not_null."""

    column: str
    op: str
    value: object = None


@dataclass(frozen=True)
class PageRequest:
    """`search` keeps the rows that hold a text in any column, whatever the case."""

    offset: int = 0
    limit: int = 1000
    sort: tuple[SortKey, ...] = ()
    filter: tuple[Filter, ...] = ()
    search: str = ""


@dataclass(frozen=True)
class Page:
    """Rows of a table as JSON-ready values (data-plane rules: big integers and decimals as strings, NaN as null)."""

    headers: list[str]
    types: list[str]
    data: list[list[object]]
    total: int
    truncated: bool = False
