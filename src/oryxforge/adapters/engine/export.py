"""Sheets as files to take along, each made whole before its first byte goes out."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import BinaryIO

from oryxforge.adapters.engine.duck import Connection, Duck, quoted, text
from oryxforge.adapters.engine.parquet import copy_parquet
from oryxforge.adapters.engine.place import BLOCK, Place
from oryxforge.adapters.engine.query import WriteLimits, size_limit, time_limit
from oryxforge.adapters.engine.taken import csv_expression, csv_headers
from oryxforge.adapters.engine.view import column_named, value_faults, view_of
from oryxforge.adapters.engine.work import Stop
from oryxforge.adapters.engine.xlsx import check_size, write_xlsx
from oryxforge.domain.exports import ExportRequest, FileFormat
from oryxforge.ports.engine import Exported

# Without it Excel takes UTF-8 for the machine's own encoding.
MARK = b"\xef\xbb\xbf"


class Exports:
    def __init__(self, duck: Duck, place: Place, limits: WriteLimits) -> None:
        self._duck = duck
        self._place = place
        self._limits = limits

    def make(self, stop: Stop, uri: str, request: ExportRequest) -> Exported:
        """Raises Invalid as a page does, Unprocessable for more than Excel holds."""
        view = request.view
        is_whole = not (request.columns or view.filter or view.search or view.sort)
        if is_whole and request.format is FileFormat.PARQUET:
            return self._stored(stop, uri)
        address = self._place.address(uri)
        with (
            self._place.scratch() as path,
            self._duck.connection(stop) as connection,
            time_limit(connection, self._limits.seconds),
            size_limit(connection, path, self._limits.size_bytes),
            value_faults(),
        ):
            rows = _Writing(connection, stop, address, request).write(path)
            return _opened(path, rows, MARK if request.format is FileFormat.CSV else b"")

    def _stored(self, stop: Stop, uri: str) -> Exported:
        """The sheet's own file, which is just that."""
        with self._place.source(uri) as path, self._duck.connection(stop) as connection:
            ((rows,),) = connection.execute(
                f"SELECT count(*) FROM read_parquet({text(str(path))})"
            ).fetchall()
            return _opened(path, int(rows), b"")


class _Writing:
    def __init__(self, connection: Connection, stop: Stop, address: str, request: ExportRequest) -> None:
        self._db = connection
        self._stop = stop
        self._request = request
        self._view = view_of(connection, address, request.view)
        named = dict.fromkeys(column_named(self._view.columns, name) for name in request.columns)
        self._columns = list(named) or list(self._view.columns)

    def write(self, path: Path) -> int:
        """How many rows."""
        select, parameters = self._select(), self._view.parameters
        if self._request.format is FileFormat.PARQUET:
            return copy_parquet(self._db, select, path, self._columns, parameters)
        if self._request.format is FileFormat.CSV:
            return self._csv(select, path)
        rows = self._one(f"SELECT count(*) FROM {self._view.file}{self._view.where}")
        check_size(rows, len(self._columns))
        write_xlsx(self._db, self._stop, select, parameters, self._columns, self._request.title, path)
        return rows

    def _csv(self, select: str, path: Path) -> int:
        headers = csv_headers(self._db, [c.name for c in self._columns])
        named = zip(self._columns, headers, strict=True)
        shown = ", ".join(f"{csv_expression(column)} AS {quoted(header)}" for column, header in named)
        return self._one(f"COPY (SELECT {shown} FROM ({select})) TO {text(str(path))} (FORMAT csv, HEADER)")

    def _select(self) -> str:
        view = self._view
        names = ", ".join(quoted(c.name) for c in self._columns)
        if not self._request.view.sort:
            return f"SELECT {names} FROM {view.file}{view.where}"
        return f"SELECT {names} FROM {view.numbered}{view.where} ORDER BY {view.order}"

    def _one(self, sql: str) -> int:
        ((count,),) = self._db.execute(sql, self._view.parameters).fetchall()
        return int(count)


def _opened(path: Path, rows: int, mark: bytes) -> Exported:
    """The file by its handle: its name may go before it is read, and a process that dies leaves nothing behind."""
    size = path.stat().st_size + len(mark)
    return Exported(rows, size, _read(path.open("rb"), mark))


async def _read(file: BinaryIO, mark: bytes) -> AsyncGenerator[bytes]:
    with file:
        if mark:
            yield mark
        while block := await asyncio.to_thread(file.read, BLOCK):
            yield block
