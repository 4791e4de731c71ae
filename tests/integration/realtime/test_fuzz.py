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
messages = st.tuples(refs, refs, st.sampled_from(TOPICS), st.sampled_from(EVENTS), anything).map(json.dumps)
frames = (
    messages
    | st.text(max_size=50)
    | st.binary(max_size=60)
    | st.binary(max_size=60).map(lambda b: b"\x03" + b)
)


@pytest.fixture(scope="module")
def witness(serving: Serving) -> Iterator[ClientConnection]:
    with connect(serving.socket_url(), compression=None) as client:
        yield client


def heartbeat(client: ClientConnection) -> None:
    mark = f"hb{threading.get_ident()}"
    client.send(json.dumps([None, mark, "phoenix", "heartbeat", {}]))
    while True:
        said: Any = client.recv(5)
        if isinstance(said, str) and json.loads(said)[1] == mark:
            return


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(sent=st.lists(frames, max_size=12))
def test_any_frames(serving: Serving, witness: ClientConnection, sent: list[str | bytes]) -> None:
    with connect(serving.socket_url(), compression=None) as client:
        for frame in sent:
            client.send(frame)
        heartbeat(client)
    heartbeat(witness)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
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
