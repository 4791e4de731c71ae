"""Uploaded files: what they are, what they hold, and their way into Parquet."""

from contextlib import suppress
from pathlib import Path

import duckdb

from oryxforge.adapters.engine.apart import Workbooks
from oryxforge.adapters.engine.csv import inspect_csv, later_encoding, open_csv, preview_csv
from oryxforge.adapters.engine.csv_writing import NotUtf8, write_csv
from oryxforge.adapters.engine.detect import detect_type
from oryxforge.adapters.engine.duck import Connection, Duck
from oryxforge.adapters.engine.parquet import copy_parquet, finish_sheet
from oryxforge.adapters.engine.parquet_source import inspect_parquet, open_parquet, preview_parquet
from oryxforge.adapters.engine.place import Draft, Place
from oryxforge.adapters.engine.text import wrong_encoding
from oryxforge.adapters.engine.work import Stop
from oryxforge.domain.sheets import Written
from oryxforge.domain.sources import LoadSettings, SheetPreview, SheetReading, SourceType
from oryxforge.ports.engine import ImportProgress

ONLY_SHEET = "data"
Receipt = dict[str, object]


class Progress:
    """How far an import is; written by its thread, read by the event loop."""

    def __init__(self) -> None:
        self.stage = "waiting"
        self.bytes_total = 0
        self.connection: Connection | None = None

    def snapshot(self) -> ImportProgress:
        share = 0.0
        if self.stage == "writing" and self.connection is not None:
            with suppress(duckdb.Error):
                share = max(0.0, self.connection.query_progress() / 100)
        return ImportProgress(self.stage, 0, int(self.bytes_total * share), self.bytes_total)

    def finished(self, rows: int) -> ImportProgress:
        return ImportProgress("done", rows, self.bytes_total, self.bytes_total)


class Sources:
    def __init__(self, duck: Duck, place: Place, workbooks: Workbooks) -> None:
        self._duck = duck
        self._place = place
        self._workbooks = workbooks

    def detect(self, uri: str, name: str) -> SourceType:
        with self._place.source(uri) as path:
            return detect_type(path, name)

    def sheet_names(self, stop: Stop, uri: str, kind: SourceType) -> list[str]:
        if kind != SourceType.EXCEL:
            return [ONLY_SHEET]
        with self._place.source(uri) as path:
            return self._workbooks.sheet_names(stop, path)

    def preview(
        self, stop: Stop, uri: str, kind: SourceType, settings: LoadSettings, limit: int
    ) -> dict[str, SheetPreview]:
        with self._place.source(uri) as path, self._duck.connection(stop) as connection:
            if kind == SourceType.EXCEL:
                return self._workbooks.preview(stop, path, settings, limit)
            if kind == SourceType.PARQUET:
                return {ONLY_SHEET: preview_parquet(connection, path, limit)}
            return {ONLY_SHEET: preview_csv(connection, open_csv(path, settings.of_sheet(ONLY_SHEET)), limit)}

    def inspect(
        self, stop: Stop, uri: str, kind: SourceType, settings: LoadSettings, limit: int
    ) -> list[SheetReading]:
        with self._place.source(uri) as path, self._duck.connection(stop) as connection:
            if kind == SourceType.EXCEL:
                return self._workbooks.inspect(stop, path, settings, limit)
            if kind == SourceType.PARQUET:
                return [inspect_parquet(connection, path, ONLY_SHEET, limit)]
            source = open_csv(path, settings.of_sheet(ONLY_SHEET))
            return [inspect_csv(connection, source, ONLY_SHEET, limit)]

    def write(
        self,
        stop: Stop,
        uri: str,
        kind: SourceType,
        sheet: str,
        target_uri: str,
        settings: LoadSettings,
        progress: Progress,
    ) -> Written:
        progress.stage = "reading"
        settings = settings.of_sheet(sheet)
        with (
            self._place.source(uri) as path,
            self._place.draft(target_uri) as draft,
            self._duck.connection(stop) as connection,
        ):
            progress.bytes_total = path.stat().st_size
            progress.connection = connection
            progress.stage = "writing"
            if kind == SourceType.EXCEL:
                rows, receipt = self._workbooks.write(stop, path, sheet, settings, draft.path)
            elif kind == SourceType.PARQUET:
                source = open_parquet(connection, path)
                rows = copy_parquet(connection, source.select, draft.path)
                receipt = source.receipt(connection)
            else:
                rows, receipt = self._write_csv(connection, path, settings, draft, stop)
            progress.stage = "finishing"
            return finish_sheet(connection, self._place, draft, rows, receipt)

    def _write_csv(
        self, connection: Connection, path: Path, settings: LoadSettings, draft: Draft, stop: Stop
    ) -> tuple[int, Receipt]:
        source = open_csv(path, settings)
        try:
            return write_csv(connection, self._place, source, draft, stop)
        except NotUtf8 as error:
            likely = later_encoding(path, stop)
            if settings.encoding is not None:
                raise wrong_encoding(source.encoding, likely) from error
            return write_csv(connection, self._place, open_csv(path, settings, likely), draft, stop)
