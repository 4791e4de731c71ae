"""Rows of sheets."""

from uuid import UUID

from oryxforge.domain.errors import Unprocessable
from oryxforge.domain.exports import ExportRequest, FileFormat
from oryxforge.domain.identity import Actor
from oryxforge.domain.profiles import Distribution
from oryxforge.domain.sheets import Page, PageRequest, Sheet, SheetType
from oryxforge.ports.engine import Engine, Exported
from oryxforge.ports.files import FileStore
from oryxforge.ports.repos import Store
from oryxforge.services.sheets import at_version, find_sheet


class Data:
    def __init__(self, store: Store, engine: Engine, files: FileStore) -> None:
        self._store = store
        self._engine = engine
        self._files = files

    async def head(self, actor: Actor, project_id: UUID, address: str) -> bytes:
        """`{"headers": [...], "data": [[...]]}` of the first 1000 rows, as JSON bytes."""
        sheet = await self._table(actor, project_id, address)
        return await self._engine.head(sheet.uri)

    async def page(
        self, actor: Actor, project_id: UUID, address: str, request: PageRequest, version: int | None = None
    ) -> Page:
        """Rows of a version of a sheet, the current one where none is named."""
        sheet = await self._table(actor, project_id, address, version)
        return await self._engine.page(sheet.uri, request)

    async def page_arrow(
        self, actor: Actor, project_id: UUID, address: str, request: PageRequest, version: int | None = None
    ) -> tuple[bytes, int]:
        sheet = await self._table(actor, project_id, address, version)
        return await self._engine.page_arrow(sheet.uri, request)

    async def profile(
        self,
        actor: Actor,
        project_id: UUID,
        address: str,
        column: str,
        request: PageRequest,
        version: int | None = None,
    ) -> Distribution:
        """How one column's values are spread over the rows that a filter and a search leave."""
        sheet = await self._table(actor, project_id, address, version)
        return await self._engine.distribution(sheet.uri, column, request)

    async def export(
        self,
        actor: Actor,
        project_id: UUID,
        address: str,
        format: FileFormat,
        columns: tuple[str, ...],
        request: PageRequest,
        version: int | None = None,
    ) -> tuple[str, Exported]:
        """The sheet's name, and all rows of a view of it as a file, in these columns (all where none is named)."""
        sheet = await self._table(actor, project_id, address, version)
        wanted = ExportRequest(format, sheet.name, columns, request)
        return sheet.name, await self._engine.export(sheet.uri, wanted)

    async def parquet(self, actor: Actor, project_id: UUID, address: str) -> bytes:
        """The whole sheet as Parquet bytes."""
        sheet = await self._table(actor, project_id, address)
        return await self._engine.read_parquet_bytes(sheet.uri)

    async def document(self, actor: Actor, project_id: UUID, address: str) -> bytes:
        """The stored bytes of a chart (Plotly figure as JSON) or a report (Markdown)."""
        async with self._store.transaction(actor) as tx:
            sheet = await find_sheet(tx, project_id, address)
        if sheet.type is SheetType.TABLE:
            raise Unprocessable(f"{address} is a table; load its rows instead.", code="sheet_is_table")
        return await self._files.read(sheet.uri)

    async def _table(self, actor: Actor, project_id: UUID, address: str, version: int | None = None) -> Sheet:
        async with self._store.transaction(actor) as tx:
            sheet = await find_sheet(tx, project_id, address)
            if version is not None:
                sheet = await at_version(tx, sheet, version)
        if sheet.type is not SheetType.TABLE:
            raise Unprocessable(f"{address} is a {sheet.type}, which has no rows.", code="sheet_not_table")
        return sheet
