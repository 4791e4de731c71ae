"""Filters as clients write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oryxforge.embedded.gateway.realtime.catalog import Column, Table
from oryxforge.embedded.gateway.realtime.filters import BadFilter, Filter, parse, split
from oryxforge.embedded.gateway.realtime.rates import KNOWN_MOST, Bucket, Buckets


def column(name: str, type_: str = "text", place: int = 0) -> Column:
    return Column(name, type_, 0, type_, place, name == "id", frozenset(), None, type_ == "text")


TABLE = Table(1, "public", "t", True, (column("id", "int4"), column("name", "text", 1)))


def test_commas_in_quotes_and_parentheses_do_not_split() -> None:
    assert split('a=eq."x,y",b=in.(1,"2,(3"),c=eq.\\,') == ['a=eq."x,y"', 'b=in.(1,"2,(3")', "c=eq.\\", ""]


def test_conditions() -> None:
    first, second = parse('name=not.in.(a,"b,\\"c"),id=gte.5', TABLE)
    assert (first.negated, first.operator, first.values) == (True, "in", ("a", 'b,"c'))
    assert (second.column.name, second.operator, second.values) == ("id", "gte", ("5",))
    assert parse("name=eq.a=b.c", TABLE)[0].values == ("a=b.c",)
    assert parse("name=eq.x", TABLE)[0].indexable
    assert not parse("name=not.eq.x", TABLE)[0].indexable


@pytest.mark.parametrize(
    "text",
    [
        "name",
        "name=",
        "name=eq",
        "other=eq.1",
        "name=near.1",
        "id=in.1,2",
        "id=is.1",
        ",",
        "id=in.(" + "1," * 101 + "1)",
    ],
)
def test_what_is_refused(text: str) -> None:
    with pytest.raises(BadFilter):
        parse(text, TABLE)


@given(st.text())
def test_any_text_is_a_filter_or_bad(text: str) -> None:
    for said in (text, f"name=eq.{text}", f"name=in.({text})", f"id=not.{text}"):
        try:
            for number, condition in enumerate(parse(said, TABLE)):
                assert text not in ("x",) or condition.values
                assert condition.sql("c0", number + 1).count("$") == 1
        except BadFilter:
            pass


def test_a_bucket_runs_empty() -> None:
    bucket = Bucket(3, 0.001)
    assert [bucket.take() for _ in range(4)] == [True, True, True, False]


def test_each_has_a_bucket_of_its_own() -> None:
    buckets = Buckets(10, 0.0)
    assert buckets.take("a", 8) and not buckets.take("a", 3) and buckets.take("b", 10)
    assert all(buckets.take(n, 1) for n in range(KNOWN_MOST)) and buckets.take("a", 10)


def test_trust_in_a_filter_is_each_payers_own() -> None:
    ours, theirs = ("authenticated", "a"), ("", "b")
    pattern, plain = (Filter(1, parse(text, TABLE)) for text in ("name=like.a%", "name=neq.a"))
    assert plain.is_trusted(ours) and not pattern.is_trusted(ours)
    for _ in range(20):
        pattern.took(0.001, ours)
    pattern.took(0.15, ours)
    assert pattern.is_trusted(ours) and not pattern.is_trusted(theirs)
    for _ in range(4):
        pattern.took(0.15, ours)
        plain.took(0.15, theirs)
    assert not pattern.is_trusted(ours) and not plain.is_trusted(theirs)
    assert plain.is_trusted(ours)


@pytest.mark.parametrize("pattern", ["a\\", "\\\\\\", '"a\\\\"'])
def test_a_pattern_that_ends_in_an_escape_is_refused(pattern: str) -> None:
    with pytest.raises(BadFilter):
        parse(f"name=not.ilike.{pattern}", TABLE)
    assert parse("name=like.a\\\\", TABLE)[0].values == ("a\\\\",)
