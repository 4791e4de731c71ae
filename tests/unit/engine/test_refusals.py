"""What is no table is refused, and errors tell nothing of this machine."""

from pathlib import Path

import duckdb
import pytest

from oryxforge.adapters.engine.csv import open_csv
from oryxforge.adapters.engine.detect import detect_type
from oryxforge.adapters.engine.duck import said
from oryxforge.adapters.engine.text import known_encoding
from oryxforge.domain.errors import Invalid
from oryxforge.domain.sources import LoadSettings, SourceType


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b'[{"a": 1}]', "JSON"),
        (b'{"a": 1}\n{"a": 2}\n', "JSON"),
        (b"<!DOCTYPE html><html></html>", "web page"),
        (b"<?xml version='1.0'?><a/>", "XML"),
    ],
)
def test_other_text_is_refused_by_name(tmp_path: Path, body: bytes, what: str) -> None:
    path = tmp_path / "x"
    path.write_bytes(body)
    with pytest.raises(Invalid, match=what):
        detect_type(path, "x.csv")


@pytest.mark.parametrize("body", [b"[id],{name}\n1,a\n", b"a,b\n<html>,1\n", b'"{",1\n'])
def test_a_table_with_odd_headers_is_a_table(tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "x"
    path.write_bytes(body)
    assert detect_type(path, "x.csv") is SourceType.CSV


@pytest.mark.parametrize(
    "name", ["base64", "hex", "rot13", "zip", "bz2", "unicode_escape", "idna", "punycode", "no such", "\x00"]
)
def test_what_is_no_encoding_of_files_is_refused(name: str) -> None:
    with pytest.raises(Invalid):
        known_encoding(name)


@pytest.mark.parametrize("name", ["utf-8", "latin-1", "cp1252", "UTF-16", "shift_jis", "koi8-r"])
def test_common_encodings_are_known(name: str) -> None:
    assert known_encoding(name)


def test_an_error_tells_no_path_and_no_sql_of_ours(tmp_path: Path) -> None:
    with pytest.raises(duckdb.Error) as caught:
        duckdb.sql(f"select x from read_parquet('{tmp_path}/secret/file.parquet')")
    assert str(tmp_path) not in said(caught.value)
    with pytest.raises(duckdb.Error) as caught:
        duckdb.sql("select cast('banana' as date) from range(3) where 'our sql' = 'x' or nothing")
    assert "our sql" not in said(caught.value)


@pytest.mark.parametrize("decimal", ["x", "1", "", ";", ",,", " "])
def test_what_is_no_decimal_sign_is_refused(tmp_path: Path, decimal: str) -> None:
    (tmp_path / "x").write_bytes(b"a;b\n1,5;2\n")
    with pytest.raises(Invalid, match="decimal sign"):
        open_csv(tmp_path / "x", LoadSettings(decimal=decimal))
