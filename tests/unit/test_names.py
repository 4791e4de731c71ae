"""Names of datasets and sheets, whatever was typed."""

import keyword
from collections.abc import Callable, Collection

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oryxforge.domain.errors import Unprocessable
from oryxforge.domain.names import (
    MAX_LENGTH,
    RESERVED,
    SQL_WORDS,
    clean_name,
    dataset_name_python,
    git_name,
    parse_address,
    sheet_name_python,
)

Derive = Callable[[str, Collection[str]], str]
BOTH = pytest.mark.parametrize("derive", [dataset_name_python, sheet_name_python])
WORDS = sorted(RESERVED | SQL_WORDS | set(keyword.kwlist))
typed = st.one_of(
    st.text(max_size=80),
    st.sampled_from(WORDS).flatmap(lambda w: st.sampled_from([w, w.upper(), w.title(), f" {w} ", f"{w}."])),
    st.text(st.sampled_from("aB1_ -.é中"), max_size=120),
)


def check(name: str) -> None:
    assert name.isidentifier()
    assert name.isascii()
    assert len(name) <= MAX_LENGTH
    assert name.lower() not in RESERVED | SQL_WORDS
    assert not keyword.iskeyword(name)
    assert not keyword.iskeyword(name.lower())


@BOTH
@given(name=typed)
def test_any_text_gives_an_identifier(derive: Derive, name: str) -> None:
    check(derive(name, ()))


@given(typed)
def test_datasets_are_snake_case_and_sheets_start_with_a_capital(name: str) -> None:
    dataset = dataset_name_python(name)
    assert dataset == dataset.lower()
    assert sheet_name_python(name)[0].isupper()


@BOTH
@given(name=typed, others=st.lists(typed, max_size=5))
def test_a_name_is_unlike_all_that_are_taken(derive: Derive, name: str, others: list[str]) -> None:
    taken: list[str] = []
    for each in [name, *others, name, name.upper(), name.lower()]:
        made = derive(each, [t.swapcase() for t in taken])
        check(made)
        assert made.lower() not in {t.lower() for t in taken}
        taken.append(made)


@BOTH
@given(name=st.text(st.sampled_from("aB_"), min_size=45, max_size=70))
def test_long_names_stay_apart_and_within_the_limit(derive: Derive, name: str) -> None:
    taken: list[str] = []
    for _ in range(12):
        taken.append(derive(name, taken))
        check(taken[-1])
    assert len({t.lower() for t in taken}) == 12


@BOTH
@given(name=typed)
def test_a_derived_name_can_be_an_address(derive: Derive, name: str) -> None:
    made = derive(name, ())
    assert parse_address(f" {made}.{made} ") == (made, made)


@pytest.mark.parametrize(
    ("typed_name", "dataset", "sheet"),
    [
        ("hpi_master.csv", "hpi_master_csv", "HpiMasterCsv"),
        ("2023 Sales", "d_2023_sales", "S2023Sales"),
        ("Région", "region", "Region"),
        ("北京 Sales", "bei_jing_sales", "BeiJingSales"),
        ("orderLines", "order_lines", "OrderLines"),
        ("preview", "preview_ds", "PreviewSheet"),
        ("main", "main_ds", "MainSheet"),
        ("select", "select_ds", "SelectSheet"),
        ("None", "none", "NoneSheet"),
        ("left", "left_ds", "LeftSheet"),
        ("class", "class_ds", "ClassSheet"),
        ("!!!", "dataset", "Sheet"),
        ("", "dataset", "Sheet"),
    ],
)
def test_known_names(typed_name: str, dataset: str, sheet: str) -> None:
    assert (dataset_name_python(typed_name), sheet_name_python(typed_name)) == (dataset, sheet)


def test_every_word_of_the_engine_becomes_a_name_that_needs_no_quotes() -> None:
    with duckdb.connect() as db:
        words = [w for (w,) in db.execute("select distinct keyword_name from duckdb_keywords()").fetchall()]
        for word in words:
            dataset, sheet = dataset_name_python(word), sheet_name_python(word)
            db.execute(f"create schema {dataset}")
            db.execute(f"create table {dataset}.{sheet} as select 1 as n")
            assert db.execute(f"select {sheet}.n from {dataset}.{sheet}").fetchone() == (1,)


def test_years_stay_apart() -> None:
    assert dataset_name_python("2023 Sales") != dataset_name_python("2024 Sales")


@given(typed)
def test_a_repository_has_a_plain_name(name: str) -> None:
    slug = git_name(name)
    assert slug.strip("-") == slug != ""
    assert len(slug) <= MAX_LENGTH
    assert all(c.isascii() and (c.isalnum() or c == "-") and c == c.lower() for c in slug)


@given(typed)
def test_a_clean_name_is_one_trimmed_printable_line(name: str) -> None:
    try:
        clean = clean_name(name, "sheet")
    except Unprocessable as error:
        assert error.code == "name_empty"
        return
    assert clean == clean.strip()
    assert clean.isprintable()
    assert clean_name(clean, "sheet") == clean


def test_an_overlong_name_is_refused() -> None:
    with pytest.raises(Unprocessable) as caught:
        clean_name("x" * 201, "sheet")
    assert caught.value.code == "name_too_long"


@pytest.mark.parametrize(
    "address", ["", "a", "a.", ".b", "a.b.c", "a b.c", "1a.b", "é.b", "a/b", f"a.{'b' * 51}"]
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(Unprocessable) as caught:
        parse_address(address)
    assert caught.value.code == "address_malformed"
