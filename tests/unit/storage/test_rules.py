"""Rules of storage that need no database: names, ranges, types, signed tokens, forms."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oryxforge.embedded.gateway.forms import StreamedForm
from oryxforge.embedded.gateway.storage.conditions import is_unchanged
from oryxforge.embedded.gateway.storage.downloads import range_of
from oryxforge.embedded.gateway.storage.faults import Fault
from oryxforge.embedded.gateway.storage.kinds import cache_control, check_allowed, checked_type, disposition
from oryxforge.embedded.gateway.storage.multipart import read_form
from oryxforge.embedded.gateway.storage.names import checked_bucket, checked_name, key_of
from oryxforge.embedded.gateway.storage.signing import Scope, Signer


@given(st.text(max_size=60))
def test_names_that_pass_are_harmless(name: str) -> None:
    try:
        checked_name(name)
    except Fault as fault:
        assert (fault.status, fault.code) == (400, "InvalidKey")
        return
    assert name.isprintable() or not any(ord(c) < 32 for c in name)
    assert ".." not in name.split("/")
    assert "" not in name.split("/")


@pytest.mark.parametrize(
    "name", ["a", "a/b.txt", "größe/日本語.csv", "a b/c+d@e(1)!.txt", "...a", ".hidden", "x" * 1024]
)
def test_names_that_are_fine(name: str) -> None:
    assert checked_name(name) == name


@given(st.text(max_size=120))
def test_buckets(name: str) -> None:
    try:
        assert checked_bucket(name) == name
    except Fault as fault:
        assert fault.code == "InvalidBucketName"
    else:
        assert "/" not in name
        assert name.isascii()


def test_keys_come_from_versions_alone() -> None:
    assert key_of("abcd") == "storage/ab/abcd"


@given(st.text(st.characters(max_codepoint=127), max_size=30), st.integers(0, 1000))
def test_any_range(asked: str, size: int) -> None:
    for header in (asked, f"bytes={asked}"):
        part = range_of({"range": header}, '"e"', size)
        if part is not None:
            start, end, partial = part
            assert 0 <= start <= end <= size
            assert start < end or not partial


def test_a_range_of_another_version_is_the_whole() -> None:
    assert range_of({"range": "bytes=1-2", "if-range": '"old"'}, '"e"', 10) == (0, 10, False)
    assert range_of({"range": "bytes=1-2", "if-range": '"e"'}, '"e"', 10) == (1, 3, True)


def test_a_range_ends_where_the_file_does() -> None:
    far = "9" * 5000
    assert range_of({"range": f"bytes=2-{far}"}, '"e"', 10) == (2, 10, True)
    assert range_of({"range": f"bytes=-{far}"}, '"e"', 10) == (0, 10, True)
    assert range_of({"range": f"bytes={far}-"}, '"e"', 10) is None
    assert range_of({"range": f"bytes={'0' * 5000}1-2"}, '"e"', 10) == (1, 3, True)


CHANGED = datetime(2026, 1, 2, 3, 4, 5, 900_000, UTC)
THEN, EARLIER = "Fri, 02 Jan 2026 03:04:05 GMT", "Fri, 02 Jan 2026 03:04:04 GMT"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"if-none-match": '"a", "e"'}, 304),
        ({"if-none-match": 'W/"a",W/"e"'}, 304),
        ({"if-none-match": "*"}, 304),
        ({"if-none-match": '"a"', "if-modified-since": THEN}, 200),
        ({"if-modified-since": THEN}, 304),
        ({"if-modified-since": EARLIER}, 200),
        ({"if-modified-since": "yesterday"}, 200),
        ({"if-match": '"a", "e"'}, 200),
        ({"if-match": "*"}, 200),
        ({"if-match": '"a"'}, 412),
        ({"if-match": 'W/"e"'}, 412),
        ({"if-match": "", "if-none-match": '"e"'}, 412),
        ({"if-unmodified-since": EARLIER}, 412),
        ({"if-unmodified-since": THEN, "if-none-match": '"e"'}, 304),
        ({"if-match": '"e"', "if-unmodified-since": EARLIER}, 200),
    ],
)
def test_conditions(headers: dict[str, str], status: int) -> None:
    try:
        found = 304 if is_unchanged(headers, '"e"', CHANGED) else 200
    except Fault as fault:
        found = fault.status
    assert found == status


def test_types() -> None:
    assert checked_type(None) == "application/octet-stream"
    assert checked_type("text/plain;charset=UTF-8") == "text/plain;charset=UTF-8"
    for odd in ("x", "text/plain\r\nx: y", "a/b/c", "/", "text/", "text/é"):
        with pytest.raises(Fault):
            checked_type(odd)
    check_allowed("IMAGE/png; x=1", ["image/*"])
    check_allowed("image/png", None)
    for allowed in (["image/jpeg"], ["text/*"], ["png"]):
        with pytest.raises(Fault):
            check_allowed("image/png", allowed)


def test_cache() -> None:
    told = {
        "60": "max-age=60",
        "max-age=60": "max-age=60",
        None: "no-cache",
        "a\r\nb": "no-cache",
        "٣": "no-cache",
    }
    assert {k: cache_control(k) for k in told} == told


def test_what_a_browser_may_show() -> None:
    for shown in ("image/png", "text/plain; charset=utf-8", "application/pdf", "video/mp4", "text/csv"):
        assert disposition(shown, "a/b", None) is None
    for saved in ("text/html", "image/svg+xml", "IMAGE/SVG", "text/xml", "application/xhtml+xml", "x/y", ""):
        assert disposition(saved, "a/b", None) == "attachment"
    assert disposition("image/png", "a/é.png", "") == "attachment; filename*=UTF-8''%C3%A9.png"
    assert disposition("image/png", "a", 'x"\r\n;y') == "attachment; filename*=UTF-8''x%22%0D%0A%3By"


def test_signed_tokens() -> None:
    signer = Signer("secret")
    token = signer.sign(Scope.DOWNLOAD, "b", "a/c", 60, url="x", owner="me")
    claims = signer.check(token, Scope.DOWNLOAD, "b", "a/c")
    assert (claims["url"], claims["scope"], claims["owner"]) == ("b/a/c", "download", "me")
    cases: list[tuple[Callable[[], object], str]] = [
        (lambda: signer.check(token, Scope.UPLOAD, "b", "a/c"), "InvalidSignature"),
        (lambda: signer.check(token, Scope.DOWNLOAD, "b", "a/d"), "InvalidSignature"),
        (lambda: Signer("other").check(token, Scope.DOWNLOAD, "b", "a/c"), "InvalidJWT"),
        (lambda: signer.check("", Scope.DOWNLOAD, "b", "a/c"), "InvalidJWT"),
        (
            lambda: signer.check(signer.sign(Scope.DOWNLOAD, "b", "c", -1), Scope.DOWNLOAD, "b", "c"),
            "InvalidJWT",
        ),
    ]
    for call, code in cases:
        with pytest.raises(Fault) as caught:
            call()
        assert caught.value.code == code


BODY = (
    b'--x\r\nContent-Disposition: form-data; name="cacheControl"\r\n\r\n3600\r\n'
    b'--x\r\nContent-Disposition: form-data; name=""; filename="blob"\r\nContent-Type: text/csv\r\n\r\n'
    b"a,b\r\n--y--1,2\r\n--x--\r\n"
)


async def read(body: bytes, cuts: list[int]) -> tuple[StreamedForm, bytes]:
    async def chunks() -> AsyncIterator[bytes]:
        at = 0
        for cut in [*sorted(c % (len(body) + 1) for c in cuts), len(body)]:
            yield body[at:cut]
            at = cut

    form = read_form("multipart/form-data; boundary=x", chunks())
    await form.begin()
    return form, b"".join([piece async for piece in form.chunks()])


@pytest.mark.parametrize("cuts", [[], [10], list(range(len(BODY))), [50, 150, 180]])
async def test_a_form_cut_anywhere(cuts: list[int]) -> None:
    form, content = await read(BODY, cuts)
    assert (form.fields, form.content_type) == ({"cacheControl": "3600"}, "text/csv")
    assert content == b"a,b\r\n--y--1,2"


@pytest.mark.parametrize("end", range(0, len(BODY) - 4, 7))
async def test_a_form_that_was_cut_off(end: int) -> None:
    with pytest.raises(Fault) as caught:
        await read(BODY[:end], [])
    assert caught.value.status == 400
