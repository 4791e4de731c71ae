"""What kind of file this is: by its first bytes, its name only where they leave a choice."""

import re
import zipfile
from pathlib import Path

from oryxforge.adapters.engine.text import detect_encoding
from oryxforge.domain.errors import Invalid
from oryxforge.domain.sources import SourceType

HEAD_BYTES = 1 << 16
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
EXCEL_NAMES = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
PROGRAM_NAMES = (".exe", ".dll", ".com", ".msi", ".so")
KNOWN = {
    b"%PDF": "a PDF",
    b"\x1f\x8b": "a gzip archive; unpack it first",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"BZh": "a bzip2 archive; unpack it first",
    b"7z\xbc\xaf": "a 7z archive; unpack it first",
    b"Rar!": "a RAR archive; unpack it first",
    b"SQLite format 3": "a SQLite database",
    b"ARROW1": "an Arrow file; save it as Parquet",
    b"\x7fELF": "a program",
    b"MZ": "a program",
}


def detect_type(path: Path, name: str) -> SourceType:
    """The kind of a file. Raises Invalid with what it is instead, where it is none of ours."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
        whole = not file.read(1)
    if not head:
        raise Invalid("The file is empty.", code="file_empty")
    if head.startswith(b"PAR1"):
        return SourceType.PARQUET
    if head.startswith(OLE):
        return SourceType.EXCEL
    if head.startswith(b"PK\x03\x04"):
        return _zip_type(path)
    for magic, what in KNOWN.items():
        if head.startswith(magic) and not (magic == b"MZ" and head.isascii()):
            raise _unknown(what)
    if name.lower().endswith(PROGRAM_NAMES):
        raise _unknown("a program")
    if name.lower().endswith(".parquet"):
        raise _unknown("no Parquet file, though its name says so")
    try:
        detect_encoding(head, whole)
    except Invalid as error:
        if not name.lower().endswith(EXCEL_NAMES):
            raise
        raise _unknown(f"damaged, or not the {Path(name).suffix} file that its name says") from error
    _refuse_other_text(head)
    return SourceType.CSV


def _refuse_other_text(head: bytes) -> None:
    """Text that a CSV reader would take for a table of one odd row."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:2000]
    if start[:14].lower().startswith((b"<!doctype html", b"<html")):
        raise _unknown("a web page")
    if start.startswith(b"<?xml"):
        raise _unknown("an XML file")
    if re.match(rb"(\[\s*)?\{\s*(\"[^\"]*\"\s*:|\})", start):
        raise _unknown("a JSON file; JSON can't be imported yet, so save it as CSV or Parquet")


def _zip_type(path: Path) -> SourceType:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except zipfile.BadZipFile as error:
        raise _unknown("a damaged workbook or zip archive") from error
    if any(n.startswith("xl/") for n in names) or "content.xml" in names:
        return SourceType.EXCEL
    raise _unknown("a zip archive; unpack it first")


def _unknown(what: str) -> Invalid:
    return Invalid(
        f"This file is {what}. Upload a CSV, an Excel workbook (xlsx, xls) or a Parquet file.",
        code="file_type_unknown",
    )
