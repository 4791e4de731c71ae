"""Multipart uploads, cut into pieces at any place."""

from collections.abc import AsyncGenerator, Mapping
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oryxforge.api.multipart import Upload
from oryxforge.domain.errors import Invalid, OryxError

TYPE = "multipart/form-data; boundary=edge"


def whole(body: bytes, before: Mapping[str, str], after: Mapping[str, str]) -> bytes:
    def fields(named: Mapping[str, str]) -> bytes:
        return b"".join(
            f'--edge\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n'.encode()
            for n, v in named.items()
        )

    file = b'--edge\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n' + body
    return fields(before) + file + b"\r\n" + fields(after) + b"--edge--\r\n"


async def in_pieces(body: bytes, cuts: list[int]) -> AsyncGenerator[bytes]:
    places = [0, *sorted(c % (len(body) + 1) for c in cuts), len(body)]
    for start, end in pairwise(places):
        yield body[start:end]


tricky = st.one_of(
    st.binary(max_size=300),
    st.lists(st.sampled_from([b"\r\n", b"--edge", b"\r\n--edg", b"--", b"\r", b"x"])).map(b"".join),
).filter(lambda b: b"\r\n--edge" not in b"\r\n" + b)
values = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\x00"), max_size=20)


@given(body=tricky, before=values, after=values, cuts=st.lists(st.integers(0, 10_000), max_size=30))
async def test_the_file_is_what_was_sent(body: bytes, before: str, after: str, cuts: list[int]) -> None:
    ended: list[Mapping[str, str]] = []
    sent = whole(body, {"project_id": before}, {"user_id": after})
    upload = Upload(TYPE, in_pieces(sent, cuts), lambda f: ended.append(dict(f)))
    assert await upload.begin() == "a.csv"
    assert upload.before == {"project_id": before}
    assert b"".join([piece async for piece in upload.chunks()]) == body
    assert ended == [{"project_id": before, "user_id": after}]


@given(cut=st.integers(1, 60), cuts=st.lists(st.integers(0, 10_000), max_size=5))
async def test_a_cut_is_noticed_wherever_it_is(cut: int, cuts: list[int]) -> None:
    sent = whole(b"a,b\n1,2\n", {"project_id": "p"}, {"user_id": "u"})
    upload = Upload(TYPE, in_pieces(sent[: -cut - 4], cuts), lambda _: None)
    with pytest.raises(OryxError):
        await upload.begin()
        async for _ in upload.chunks():
            pass


@given(junk=st.binary(max_size=400))
async def test_junk_is_refused(junk: bytes) -> None:
    async def one() -> AsyncGenerator[bytes]:
        yield b"--edge\r\n" + junk

    with pytest.raises(OryxError):
        await Upload(TYPE, one(), lambda _: None).begin()


@pytest.mark.parametrize(
    "content_type", ["multipart/form-data", f"multipart/form-data; boundary={'x' * 5000}"]
)
def test_a_boundary_that_is_none(content_type: str) -> None:
    with pytest.raises(Invalid):
        Upload(content_type, in_pieces(b"", []), lambda _: None)
