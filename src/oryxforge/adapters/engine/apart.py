"""What others wrote, run in processes of its own: SQL, and workbooks, which have to be loaded whole."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import cast

from oryxforge.adapters.engine.processes import Processes
from oryxforge.adapters.engine.query import WriteLimits
from oryxforge.adapters.engine.work import Stop
from oryxforge.adapters.engine.workbook import workbook_too_large
from oryxforge.domain.errors import Invalid
from oryxforge.domain.sources import ColumnReading, LoadSettings, SheetPreview, SheetReading
from oryxforge.ports.engine import QueryResult

PREVIEW_S = 60.0
IMPORT_S = 1800.0
TOO_MUCH = {
    "too_big_for_memory": "it needs more memory than there is for it",
    "query_timeout": "it takes too long",
}


class ApartQueries:
    """The same as Queries, in other processes."""

    def __init__(self, processes: Processes) -> None:
        self._processes = processes

    def run(
        self, stop: Stop, sql: str, tables: Mapping[str, str], limit: int, timeout_s: float
    ) -> QueryResult:
        order = {"sql": sql, "tables": tables, "limit": limit, "timeout_s": timeout_s}
        reply = self._processes.ask(stop, {"do": "run", **order}, timeout_s)
        return QueryResult(
            cast(list[str], reply["headers"]),
            cast(list[str], reply["types"]),
            cast(list[list[object]], reply["data"]),
            cast(int, reply["total"]),
            tuple(cast(list[str], reply["tables"])),
            cast(int, reply["duration_ms"]),
        )

    def write(
        self, stop: Stop, sql: str, tables: Mapping[str, str], target: Path, limits: WriteLimits
    ) -> tuple[int, tuple[str, ...]]:
        order = {"sql": sql, "tables": tables, "target": str(target), "limits": asdict(limits)}
        reply = self._processes.ask(stop, {"do": "write", **order}, limits.seconds)
        return cast(int, reply["rows"]), tuple(cast(list[str], reply["tables"]))


class Workbooks:
    """Excel files, each read in a process of its own."""

    def __init__(self, processes: Processes) -> None:
        self._processes = processes

    def sheet_names(self, stop: Stop, path: Path) -> list[str]:
        reply = self._ask(stop, {"do": "sheet_names", "path": str(path)}, PREVIEW_S)
        return cast(list[str], reply["names"])

    def preview(self, stop: Stop, path: Path, settings: LoadSettings, limit: int) -> dict[str, SheetPreview]:
        order = {"path": str(path), "settings": settings.to_json(), "limit": limit}
        reply = self._ask(stop, {"do": "preview", **order}, PREVIEW_S)
        sheets = cast(Mapping[str, Mapping[str, list[object]]], reply["sheets"])
        return {name: SheetPreview(**cast(dict[str, list[object]], s)) for name, s in sheets.items()}  # pyright: ignore[reportArgumentType]

    def inspect(self, stop: Stop, path: Path, settings: LoadSettings, limit: int) -> list[SheetReading]:
        order = {"path": str(path), "settings": settings.to_json(), "limit": limit}
        reply = self._ask(stop, {"do": "inspect", **order}, PREVIEW_S)
        return [_reading(s) for s in cast(list[dict[str, object]], reply["sheets"])]

    def write(
        self, stop: Stop, path: Path, sheet: str, settings: LoadSettings, target: Path
    ) -> tuple[int, dict[str, object]]:
        """Writes a sheet as a Parquet file; how many rows, and the receipt. Raises Invalid, Unprocessable."""
        order = {"path": str(path), "sheet": sheet, "settings": settings.to_json(), "target": str(target)}
        reply = self._ask(stop, {"do": "import", **order}, IMPORT_S)
        return cast(int, reply["rows"]), cast(dict[str, object], reply["receipt"])

    def _ask(self, stop: Stop, order: Mapping[str, object], seconds: float) -> Mapping[str, object]:
        try:
            return self._processes.ask(stop, order, seconds)
        except Invalid as error:
            reason = TOO_MUCH.get(error.code)
            if reason is None:
                raise
            raise workbook_too_large(reason) from error


def _reading(sheet: dict[str, object]) -> SheetReading:
    columns = [ColumnReading(**c) for c in cast(list[dict[str, str]], sheet["columns"])]
    return SheetReading(**{**sheet, "columns": columns})  # pyright: ignore[reportArgumentType]
