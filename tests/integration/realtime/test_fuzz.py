"""Whatever frames come: the socket stays, or ends with a reason; nobody else is touched."""

import json
import socket
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from websockets.sync.client import ClientConnection, connect

from fixtures.scale import scaled
from integration.realtime.serving import Serving

EVENTS = [
    "phx_join",
    "phx_leave",
    "access_token",
    "broadcast",
    "presence",
    "heartbeat",
    "postgres_changes",
    "x",
]
TOPICS = ["realtime:a", "realtime:b", "phoenix", "realtime:", "", "x"]
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "config",
                    "postgres_changes",
                    "event",
                    "table",
                    "filter",
                    "select",
                    "private",
                    "presence",
                    "broadcast",
                    "payload",
                    "access_token",
                    "key",
                    "self",
                    "ack",
                    "enabled",
                    "type",
                    "postgres_changes_options",
                    "wait",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
refs = st.none() | st.text(max_size=3) | st.integers(0, 9)
V1, V2 = "1.0.0", "2.0.0"
NAMES = ("join_ref", "ref", "topic", "event", "payload")
shapes = st.tuples(refs, refs, st.sampled_from(TOPICS), st.sampled_from(EVENTS), anything)
messages = shapes.map(json.dumps) | shapes.map(lambda said: json.dumps(dict(zip(NAMES, said, strict=True))))


def push(
    names: tuple[bytes, ...], lies: dict[int, int], encoding: int, body: bytes, kind: int, cut: int | None
) -> bytes:
    """A binary broadcast as clients of version 2.0.0 send it; `lies` are wrong sizes by their place."""
    sizes = [lies.get(n, len(name)) for n, name in enumerate(names)]
    return (bytes([kind, *sizes, encoding]) + b"".join(names) + body)[:cut]


short = st.binary(max_size=8) | st.sampled_from([b"", b"1", "é".encode(), b"\xff"])
topics = st.sampled_from([t.encode() for t in TOPICS]) | short
pushes = st.builds(
    push,
    names=st.tuples(short, short, topics, short, short),
    lies=st.dictionaries(st.integers(0, 4), st.integers(0, 255), max_size=1),
    encoding=st.integers(0, 2),
    body=anything.map(lambda v: json.dumps(v).encode()) | st.binary(max_size=40),
    kind=st.sampled_from([3, 3, 3, 0, 4, 255]),
    cut=st.none() | st.integers(0, 30),
)
frames = messages | pushes | st.text(max_size=50) | st.binary(max_size=60)


@pytest.fixture(scope="module")
def witness(serving: Serving) -> Iterator[ClientConnection]:
    with connect(serving.socket_url(), compression=None) as client:
        yield client


def heartbeat(client: ClientConnection, version: str = V2) -> list[Any]:
    """What came until it was answered; all of it is of the version."""
    mark, came = f"hb{threading.get_ident()}", list[Any]()
    say(client, version, [None, mark, "phoenix", "heartbeat", {}])
    while True:
        said: Any = client.recv(5)
        if isinstance(said, str):
            read = json.loads(said)
            if (read["ref"] if version == V1 else read[1]) == mark:
                return came
        else:
            assert version == V2 and said[0] == 4
        came.append(said)


def say(client: ClientConnection, version: str, said: list[object]) -> None:
    client.send(json.dumps(said if version == V2 else dict(zip(NAMES, said, strict=True))))


def join(client: ClientConnection, version: str, topic: str) -> None:
    config = {"broadcast": {"self": True, "ack": True}, "presence": {"key": "k"}}
    say(client, version, ["1", "1", topic, "phx_join", {"config": config}])


@settings(max_examples=scaled(50), deadline=None, suppress_health_check=list(HealthCheck))
@given(version=st.sampled_from([V1, V2]), joined=st.booleans(), sent=st.lists(frames, max_size=12))
def test_any_frames(
    serving: Serving, witness: ClientConnection, version: str, joined: bool, sent: list[str | bytes]
) -> None:
    with connect(serving.socket_url(version), compression=None) as client:
        if joined:
            join(client, version, "realtime:a")
        for frame in sent:
            client.send(frame)
        heartbeat(client, version)
    heartbeat(witness)


@settings(max_examples=scaled(40), deadline=None, suppress_health_check=list(HealthCheck))
@given(
    event=st.binary(max_size=20).filter(bool),
    is_json=st.booleans(),
    value=anything,
    raw=st.binary(max_size=60),
)
def test_binary_broadcasts_reach_both_versions(
    serving: Serving, event: bytes, is_json: bool, value: object, raw: bytes
) -> None:
    body = json.dumps(value).encode() if is_json else raw
    with (
        connect(serving.socket_url(V1), compression=None) as old,
        connect(serving.socket_url(V2), compression=None) as new,
    ):
        for client, version in ((old, V1), (new, V2)):
            join(client, version, "realtime:both")
            heartbeat(client, version)
        new.send(push((b"1", b"9", b"realtime:both", event, b""), {}, int(is_json), body, 3, None))
        came = [said for said in heartbeat(new, V2) if isinstance(said, bytes)]
        texts = [json.loads(said) for said in heartbeat(old, V1)]
    heard = [said["payload"] for said in texts if said["event"] == "broadcast"]
    try:
        name = event.decode()
    except UnicodeDecodeError:
        assert came == [] and heard == []
        return
    head = bytes((4, len(b"realtime:both"), len(event), 0, int(is_json)))
    assert came == [head + b"realtime:both" + event + body]
    assert heard == ([{"type": "broadcast", "event": name, "payload": value}] if is_json else [])


@settings(max_examples=scaled(30), deadline=None, suppress_health_check=list(HealthCheck))
@given(raw=st.binary(min_size=1, max_size=80))
def test_any_bytes_on_the_wire(serving: Serving, witness: ClientConnection, raw: bytes) -> None:
    address = urlsplit(serving.socket_url())
    with socket.create_connection((address.hostname, address.port), 5) as wire:
        wire.sendall(
            f"GET {address.path}?{address.query} HTTP/1.1\r\nHost: {address.netloc}\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n".encode()
        )
        assert b" 101 " in wire.recv(4096)
        wire.sendall(raw)
    heartbeat(witness)
