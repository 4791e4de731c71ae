"""Serializers, frames and the log's decoder against whatever bytes come."""

import contextlib
import json
from struct import pack

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oryxforge.embedded.gateway.realtime.pgoutput import Change, Decoder, Malformed, Relation
from oryxforge.embedded.gateway.realtime.wire import (
    V1,
    V2,
    BadMessage,
    Message,
    Shout,
    around_changes,
    end_push,
    frame,
    push,
    read_binary,
    read_text,
    reply,
    shout_frame,
)

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=5), inner, max_size=5),
    max_leaves=10,
)


def body(framed: bytes) -> bytes:
    size = framed[1]
    start = {126: 4, 127: 10}.get(size, 2)
    return framed[start:]


@given(st.text(), st.sampled_from([V1, V2]))
def test_any_text_is_a_message_or_bad(text: str, version) -> None:
    with contextlib.suppress(BadMessage):
        assert isinstance(read_text(text, version), Message)


@given(json_values, st.sampled_from([V1, V2]))
def test_any_json_is_a_message_or_bad(value: object, version) -> None:
    with contextlib.suppress(BadMessage):
        assert isinstance(read_text(json.dumps(value), version), Message)


@given(st.lists(json_values, min_size=5, max_size=5))
def test_any_five_values_are_a_message_or_bad(values: list[object]) -> None:
    try:
        message = read_text(json.dumps(values), V2)
        assert isinstance(message.payload, dict)
    except BadMessage:
        pass


@given(st.binary())
def test_any_bytes_are_a_broadcast_or_bad(data: bytes) -> None:
    for one in (data, b"\x03" + data):
        with contextlib.suppress(BadMessage):
            assert read_binary(one).shout is not None


@given(st.text(max_size=60), st.text(max_size=60), st.binary(max_size=300))
def test_binary_broadcasts_come_back(topic: str, event: str, payload: bytes) -> None:
    names = [b"1", b"2", topic.encode("utf-8", "replace"), event.encode("utf-8", "replace"), b""]
    head = bytes([3, *map(len, names), 0])
    message = read_binary(head + b"".join(names) + payload)
    assert (message.topic, message.ref, message.join_ref) == (names[2].decode(), "2", "1")
    assert message.shout == Shout(names[3].decode(), payload, False)
    framed = shout_frame(V2, message.topic, message.shout)
    assert framed is not None and framed.endswith(payload)
    assert shout_frame(V1, message.topic, message.shout) is None


@pytest.mark.parametrize("size", [0, 125, 126, 65_535, 65_536])
def test_frames_tell_their_size(size: int) -> None:
    framed = frame(b"x" * size)
    assert framed[0] == 0x81
    assert body(framed) == b"x" * size
    if size >= 126:
        width = 2 if size < 65_536 else 8
        assert int.from_bytes(framed[2 : 2 + width], "big") == size


def test_messages_of_both_versions() -> None:
    message = Message("realtime:a", "phx_join", {}, "2", "1")
    assert orjson.loads(body(reply(V2, message, "ok"))) == [
        "1",
        "2",
        "realtime:a",
        "phx_reply",
        {"status": "ok", "response": {}},
    ]
    assert orjson.loads(body(reply(V1, message, "ok"))) == {
        "topic": "realtime:a",
        "event": "phx_reply",
        "payload": {"status": "ok", "response": {}},
        "ref": "2",
        "join_ref": "1",
    }
    assert orjson.loads(body(push(V2, "t", "e", b"{}"))) == [None, None, "t", "e", {}]
    assert orjson.loads(body(push(V2, "t", "e", b"{}", "1"))) == ["1", None, "t", "e", {}]
    bare = {"topic": "t", "event": "e", "payload": {}}
    assert orjson.loads(body(push(V1, "t", "e", b"{}"))) == {**bare, "ref": None}
    assert orjson.loads(body(push(V1, "t", "e", b"{}", "1"))) == {**bare, "ref": None, "join_ref": "1"}
    assert orjson.loads(body(end_push(V2, "t", "e", b"{}", "1"))) == ["1", "1", "t", "e", {}]
    assert orjson.loads(body(end_push(V1, "t", "e", b"{}", "1"))) == {**bare, "ref": "1", "join_ref": "1"}
    for version in (V1, V2):
        before, after = around_changes(version, 'a"b', (1, 2))
        assert b'"ids":[1,2]' in before
        orjson.loads(before + b"{}" + after)


@given(st.binary(max_size=200))
def test_any_log_is_read_or_malformed(data: bytes) -> None:
    for kind in (b"", b"B", b"R", b"I", b"U", b"D", b"C"):
        try:
            read = Decoder().decode(kind + data)
            assert read is None or isinstance(read, Change | Relation)
        except (Malformed, UnicodeDecodeError):
            pass


def test_a_row_of_the_log() -> None:
    values = b"\x00\x03" + b"t" + pack(">I", 2) + b"42" + b"n" + b"u"
    change = Decoder().decode(b"I" + pack(">I", 7) + b"N" + values)
    assert isinstance(change, Change)
    assert (change.relation, change.row[:2]) == (7, [b"42", None])
