"""Zipped workbooks, looked into before they are loaded: how large they are, and a copy of their first rows."""

import re
import zipfile
from collections.abc import Generator
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

from oryxforge.domain.errors import Unprocessable

MAX_UNPACKED = 1 << 30
MAX_OLD_FILE = 256 << 20
MAX_CELLS = 12_000_000
SMALL = 4 << 20
BLOCK = 1 << 20
NOT_NEEDED = re.compile(r"/(media|embeddings|pivotCache|drawings|charts|externalLinks)/")
ROW = re.compile(rb"<([\w.-]+:)?row(?:\s[^>]*?\br=\"(\d{1,7})\")?[\s/>]")
CELL = (b"<c ", b"<c>", b"<c/")
MERGED = b"mergeCell ref="
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def check_workbook(path: Path) -> None:
    """Raises Unprocessable for a workbook that can't be unpacked in the memory that there is."""
    if not zipfile.is_zipfile(path):
        if path.stat().st_size > MAX_OLD_FILE:
            raise workbook_too_large(f"its file has {path.stat().st_size >> 20} MB")
        return
    with zipfile.ZipFile(path) as archive:
        size = sum(part.file_size for part in archive.infolist())
    if size > MAX_UNPACKED:
        raise workbook_too_large(f"it unpacks to {size >> 20} MB")


def check_sheet(path: Path, name: str) -> None:
    """Raises Unprocessable for a sheet of an xlsx file that has too many cells."""
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as archive:
        part = _part_of(archive, name)
        if part is None or archive.getinfo(part).file_size < SMALL:
            return
        with archive.open(part) as source:
            if _has_more_cells(source, MAX_CELLS):
                raise workbook_too_large(
                    f"its sheet `{name}` has more than {MAX_CELLS // 10**6} million cells"
                )


def cut_workbook(path: Path, copy: Path, rows: int) -> bool:
    """Writes a copy of an xlsx file with the first rows of every sheet; False where the file is no xlsx."""
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        if "xl/workbook.xml" not in archive.namelist():
            return False
        with zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
            for part in archive.infolist():
                if NOT_NEEDED.search(part.filename):
                    continue
                with archive.open(part) as source, target.open(part.filename, "w", force_zip64=True) as sink:
                    if part.filename.endswith(".xml"):
                        _copy_rows(source, sink, rows)
                    else:
                        _copy(source, sink)
    return True


def sheet_blocks(path: Path, name: str) -> Generator[bytes]:
    """The XML of a sheet in blocks; nothing for another kind of workbook."""
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as archive:
        part = _part_of(archive, name)
        if part is None:
            return
        with archive.open(part) as source:
            while block := source.read(BLOCK):
                yield block


class MergedCells:
    """Counts the areas of a sheet that are merged, in its XML, which is fed to it in blocks."""

    def __init__(self) -> None:
        self.count = 0
        self._rest = b""

    def feed(self, block: bytes) -> None:
        content = self._rest + block
        self.count += content.count(MERGED)
        # One byte shorter than the mark: none is missed at a cut, and none counted twice.
        self._rest = content[1 - len(MERGED) :]


def _copy_rows(source: IO[bytes], sink: IO[bytes], rows: int) -> None:
    content = bytearray(source.read(BLOCK))
    if not re.search(rb"<([\w.-]+:)?worksheet[\s>]", content[:4096]):
        sink.write(content)
        _copy(source, sink)
        return
    seen, start, first = 0, 0, 0
    while True:
        for tag in ROW.finditer(content, start):
            seen += 1
            number = int(tag[2] or 0)
            first = first or number
            start = tag.end()
            if seen > rows or number > first + rows:
                prefix = tag[1] or b""
                sink.write(content[: tag.start()])
                sink.write(b"</%ssheetData></%sworksheet>" % (prefix, prefix))
                return
        # A tag may be cut in two by the end of the block.
        start = max(start, len(content) - 256)
        block = source.read(BLOCK)
        if not block:
            sink.write(content)
            return
        content += block


def _copy(source: IO[bytes], sink: IO[bytes]) -> None:
    while block := source.read(BLOCK):
        sink.write(block)


def _has_more_cells(source: IO[bytes], most: int) -> bool:
    cells, rest = 0, b""
    while block := source.read(BLOCK):
        content = rest + block
        cells += sum(content.count(mark) for mark in CELL)
        rest = content[-2:]
        if cells > most:
            return True
    return False


def _part_of(archive: zipfile.ZipFile, name: str) -> str | None:
    """The part of an xlsx file that holds a sheet; None where the file is another kind of workbook."""
    try:
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 : memory is bounded here
        relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    except (KeyError, ElementTree.ParseError):
        return None
    ids = [e.get(RELATION) for e in book.iter() if e.tag.endswith("}sheet") and e.get("name") == name]
    targets = [str(e.get("Target")) for e in relations if e.get("Id") in ids]
    parts = [t.lstrip("/") if t.startswith("/") else f"xl/{t}" for t in targets]
    return next((p for p in parts if p in archive.namelist()), None)


def workbook_too_large(what: str) -> Unprocessable:
    return Unprocessable(
        f"The workbook is too large to be read: {what}. Save the sheet as CSV or Parquet, which have no such limit.",
        code="workbook_too_large",
    )
