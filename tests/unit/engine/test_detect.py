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
