"""Text and JSON that every store takes."""

import json
from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from oryxforge.domain.text import clean_json, clean_text

wild = st.text(st.characters(codec=None) | st.sampled_from("\x00\ud800\udfffé😀"))
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | wild,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(wild, inner, max_size=3),
)


def texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)


@given(wild)
def test_clean_text_is_utf8_without_nul(text: str) -> None:
    clean = clean_text(text)
    assert "\x00" not in clean.encode().decode()
    assert clean_text(clean) == clean


@given(st.text(st.characters(exclude_characters="\x00", codec="utf-8")))
def test_good_text_stays_as_it_is(text: str) -> None:
    assert clean_text(text) == text


def test_halves_side_by_side_become_their_character() -> None:
    assert clean_text("a\ud83d\ude00b\ud83d") == "a😀b\ufffd"


@given(st.dictionaries(wild, values, max_size=4))
def test_clean_json_is_json_without_nul(value: dict[str, object]) -> None:
    clean = clean_json(value)
    json.dumps(clean, ensure_ascii=False).encode()
    assert not any("\x00" in text for text in texts(clean))


def test_what_is_no_text_stays() -> None:
    assert clean_json({"a": [1, 2.5, None, True, (2,)], "b": {"c": -(2**63), "d": 2**64 - 1}}) == {
        "a": [1, 2.5, None, True, [2]],
        "b": {"c": -(2**63), "d": 2**64 - 1},
    }
    assert clean_json({"big": 2**64}) == {"big": str(2**64)}
