"""What kind a file is, by its bytes."""

import gzip
import io
import zipfile
from pathlib import Path

import duckdb
import pytest

from oryxforge.adapters.engine.detect import detect_type
from oryxforge.domain.errors import Invalid
from oryxforge.domain.sources import SourceType


def zipped(name: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(name, "a,b\n1,2\n")
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"a,b\n1,2\n", "x.csv"),
        (b"MZ,b\n1,2\n", "x.csv"),
        ("é;ü\n".encode("utf-16"), "x.xlsx"),
        (b"a\tb\n", "x"),
    ],
)
def test_text(tmp_path: Path, content: bytes, name: str) -> None:
    (tmp_path / "file").write_bytes(content)
    assert detect_type(tmp_path / "file", name) == SourceType.CSV


def test_content_wins_over_the_name(tmp_path: Path) -> None:
    duckdb.sql(f"copy (select 1 as a) to '{tmp_path}/file' (format parquet)")
    assert detect_type(tmp_path / "file", "file.csv") == SourceType.PARQUET


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (gzip.compress(b"a,b\n"), "gzip"),
        (zipped("a.csv"), "zip archive"),
        (b"PK\x03\x04 no archive", "damaged"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "picture"),
        (bytes(range(256)) * 20, "binary data"),
        (b"\x00\x01\x02\x03" * 50, "xlsx"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_none_of_ours(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(Invalid, match=says):
        detect_type(tmp_path / "file", "file.xlsx" if says == "xlsx" else "file.csv")


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (b"MZ", "setup.exe", "a program"),
        (b"MZ hello, world\n", "setup.exe", "a program"),
        (b"a,b\n1,2\n", "x.parquet", "no Parquet file"),
        (bytes([0xFF, 0xFA, 0x04, 0x90]) * 3, "x.csv", "binary data"),
        (b"\xd1\xc4'\x10<4LA\x89\xeb/\x1e{\xd5", "x.csv", "binary data"),
        (b"PAR\0\0\0\0\0" * 10, "x.csv", "binary data"),
    ],
)
def test_what_its_name_or_its_bytes_give_away(tmp_path: Path, content: bytes, name: str, says: str) -> None:
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(Invalid, match=says):
        detect_type(tmp_path / "file", name)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-16", "utf-32", "cp1252", "shift_jis", "gb18030", "iso2022_jp"]
)
def test_other_scripts_are_no_rubbish(tmp_path: Path, encoding: str) -> None:
    text = "Zoë, 3\n" if encoding == "cp1252" else "\u65e5\u672c, 3\n"
    (tmp_path / "file").write_bytes((text * 20).encode(encoding))
    assert detect_type(tmp_path / "file", "x.csv") == SourceType.CSV
