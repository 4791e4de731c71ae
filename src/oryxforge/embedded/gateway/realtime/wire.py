"""The two serializers of Realtime, and websocket frames of what they make."""

from dataclasses import dataclass
from typing import Any, Literal

import orjson

from oryxforge.embedded.gateway.realtime.nesting import is_too_deep

Version = Literal["1.0.0", "2.0.0"]
V1: Version = "1.0.0"
V2: Version = "2.0.0"
PUSH, SHOUT = 3, 4
JSON = 1
TEXT_FRAME, BINARY_FRAME, CLOSE_FRAME = b"\x81", b"\x82", b"\x88"
NAME_MOST = 255


class BadMessage(Exception):
    """A message that can't be read; it is answered by nothing and ends nothing."""


@dataclass(frozen=True, slots=True)
class Message:
    """What a client sent; `payload` is a JSON object, `shout` what a binary broadcast holds.

    Of what is nested `too_deep`, neither is there: only that it came can be told.
    """

    topic: str
    event: str
    payload: dict[str, Any]
    ref: str | None = None
    join_ref: str | None = None
    shout: "Shout | None" = None
    too_deep: bool = False


@dataclass(frozen=True, slots=True)
class Shout:
    """A broadcast; `body` is JSON text, or whatever bytes where not `is_json`."""

    event: str
    body: bytes
    is_json: bool = True


def read_text(text: str, version: Version) -> Message:
    """Raises BadMessage."""
    try:
        said = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise BadMessage("not JSON") from error
    if version == V2 and isinstance(said, list) and len(said) == 5:
        join_ref, ref, topic, event, payload = said
    elif version == V1 and isinstance(said, dict):
        join_ref, ref = said.get("join_ref"), said.get("ref")
        topic, event, payload = said.get("topic"), said.get("event"), said.get("payload")
    else:
        raise BadMessage("not a message of this version")
    if not isinstance(topic, str) or not isinstance(event, str) or len(topic) > NAME_MOST:
        raise BadMessage("no topic or event")
    if too_deep := is_too_deep(payload, text):
        payload = None
    said = payload if isinstance(payload, dict) else {}
    return Message(topic, event, said, _ref(ref), _ref(join_ref), too_deep=too_deep)


def _ref(value: object) -> str | None:
    if value is None or (isinstance(value, str) and len(value) <= NAME_MOST):
        return value
    if isinstance(value, int):
        return str(value)
    raise BadMessage("a reference that is no text")


def read_binary(data: bytes) -> Message:
    """A broadcast pushed as a binary frame. Raises BadMessage."""
    if len(data) < 7 or data[0] != PUSH:
        raise BadMessage("not a broadcast")
    at, fields = 7, list[str]()
    try:
        for size in data[1:6]:
            fields.append(data[at : at + size].decode())
            at += size
    except UnicodeDecodeError as error:
        raise BadMessage("not UTF-8") from error
    if at > len(data):
        raise BadMessage("cut short")
    join_ref, ref, topic, event, _ = fields
    body, is_json, too_deep = data[at:], data[6] == JSON, False
    if is_json:
        try:
            too_deep = is_too_deep(orjson.loads(body), body)
        except orjson.JSONDecodeError as error:
            raise BadMessage("not JSON") from error
    shout = None if too_deep else Shout(event, body, is_json)
    return Message(topic, "broadcast", {}, ref or None, join_ref or None, shout, too_deep)


def frame(body: bytes, kind: bytes = TEXT_FRAME) -> bytes:
    """A whole websocket frame, as a server sends it."""
    size = len(body)
    if size < 126:
        return b"%b%c%b" % (kind, size, body)
    if size < 65536:
        return b"%b\x7e%b%b" % (kind, size.to_bytes(2, "big"), body)
    return b"%b\x7f%b%b" % (kind, size.to_bytes(8, "big"), body)


def close_frame(code: int, reason: str) -> bytes:
    return frame(code.to_bytes(2, "big") + reason.encode()[:120], CLOSE_FRAME)


def push(version: Version, topic: str, event: str, payload: bytes, join_ref: str | None = None) -> bytes:
    """A frame that answers nothing; `payload` is JSON. One with the `join_ref` of a channel is passed over by the next of its name."""
    return reply_frame(version, topic, event, payload, None, join_ref)


def end_push(version: Version, topic: str, event: str, payload: bytes, join_ref: str | None) -> bytes:
    """The end of one channel: clients of version 1.0.0 know it by `ref`."""
    return reply_frame(version, topic, event, payload, join_ref, join_ref)


def reply(
    version: Version, message: Message, status: Literal["ok", "error"], response: dict[str, Any] | None = None
) -> bytes:
    payload = orjson.dumps({"status": status, "response": response or {}})
    return reply_frame(version, message.topic, "phx_reply", payload, message.ref, message.join_ref)


def reply_frame(
    version: Version, topic: str, event: str, payload: bytes, ref: str | None, join_ref: str | None
) -> bytes:
    name, said = orjson.dumps(topic), orjson.dumps(event)
    if version == V2:
        return frame(b"[%b,%b,%b,%b,%b]" % (orjson.dumps(join_ref), orjson.dumps(ref), name, said, payload))
    refs = orjson.dumps(ref), b"" if join_ref is None else b',"join_ref":%b' % orjson.dumps(join_ref)
    return frame(b'{"topic":%b,"event":%b,"payload":%b,"ref":%b%b}' % (name, said, payload, *refs))


def around_changes(version: Version, topic: str, ids: tuple[int, ...]) -> tuple[bytes, bytes]:
    """What stands before and after the data of a change in its message."""
    name, numbers = orjson.dumps(topic), orjson.dumps(ids)
    if version == V2:
        return b'[null,null,%b,"postgres_changes",{"ids":%b,"data":' % (name, numbers), b"}]"
    return b'{"topic":%b,"event":"postgres_changes","payload":{"ids":%b,"data":' % (
        name,
        numbers,
    ), b'},"ref":null}'


def shout_frame(version: Version, topic: str, shout: Shout) -> bytes | None:
    """A broadcast to a listener; None where its version can't carry raw bytes."""
    if version == V1:
        if not shout.is_json:
            return None
        payload = b'{"type":"broadcast","event":%b,"payload":%b}' % (orjson.dumps(shout.event), shout.body)
        return push(version, topic, "broadcast", payload)
    names = topic.encode(), shout.event.encode()
    if any(len(n) > NAME_MOST for n in names):
        return None
    head = bytes((SHOUT, len(names[0]), len(names[1]), 0, int(shout.is_json)))
    return frame(head + names[0] + names[1] + shout.body, BINARY_FRAME)
