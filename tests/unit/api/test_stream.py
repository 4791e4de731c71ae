"""Server-sent events without a server: frames, heartbeats, ends."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from types import SimpleNamespace
from typing import Any

import pytest

from oryxforge.api import stream
from oryxforge.api.stream import BACKLOG, EventStream, Streams, frame, row_frame
from oryxforge.domain.errors import NotFound


class Wire:
    """An ASGI connection that keeps what was sent; `gone` is the client's end."""

    def __init__(self) -> None:
        self.streams = Streams()
        self.sent: list[dict[str, Any]] = []
        self.gone = asyncio.Event()
        self.got = asyncio.Event()
        self.slow: asyncio.Event | None = None
        app = SimpleNamespace(state=SimpleNamespace(streams=self.streams))
        self.scope: dict[str, Any] = {"type": "http", "app": app, "headers": []}

    async def receive(self) -> dict[str, Any]:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: dict[str, Any]) -> None:
        self.sent.append(message)
        if message.get("body"):
            self.got.set()
            if self.slow is not None:
                await self.slow.wait()

    @property
    def body(self) -> bytes:
        return b"".join(m.get("body", b"") for m in self.sent)

    async def run(self, frames: AsyncGenerator[bytes]) -> None:
        await EventStream(frames)(self.scope, self.receive, self.send)  # type: ignore[arg-type]


@pytest.fixture
async def wire() -> Wire:
    return Wire()


class Source:
    """A generator that knows whether it was closed; after its frames it waits for ever, unless it `ends`."""

    def __init__(self, frames: list[bytes], ends: bool = False, error: Exception | None = None) -> None:
        self.closed = False
        self._frames, self._ends, self._error = frames, ends, error

    async def __call__(self) -> AsyncGenerator[bytes]:
        try:
            for piece in self._frames:
                yield piece
            if self._error:
                raise self._error
            if not self._ends:
                await asyncio.Event().wait()
        finally:
            self.closed = True


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (lambda: frame(b"a"), b"data: a\n\n"),
        (lambda: frame(b"a\nb\r\nc\rd"), b"data: a\ndata: b\ndata: c\ndata: d\n\n"),
        (lambda: frame(b""), b"data: \n\n"),
        (lambda: frame(b"{}", event="end", id="c:1"), b"id: c:1\nevent: end\ndata: {}\n\n"),
        (lambda: row_frame(b"c:1", b"{}"), b"id: c:1\ndata: {}\n\n"),
    ],
)
def test_frames(made: Callable[[], bytes], expected: bytes) -> None:
    assert made() == expected


async def test_everything_leaves_in_order_and_then_the_end(wire: Wire) -> None:
    frames = [frame(str(n).encode()) for n in range(20_000)]
    source = Source(frames, ends=True)
    await wire.run(source())
    assert wire.body == b"".join(frames)
    assert wire.sent[-1] == {"type": "http.response.body", "body": b"", "more_body": False}
    assert len(wire.sent) < 100
    assert source.closed


async def test_a_client_that_reads_slowly_holds_the_source_back(wire: Wire) -> None:
    wire.slow = asyncio.Event()
    taken = 0

    async def many() -> AsyncGenerator[bytes]:
        nonlocal taken
        for _ in range(1000):
            taken += 1
            yield b"x" * 1000

    running = asyncio.create_task(wire.run(many()))
    await wire.got.wait()
    for _ in range(1000):
        await asyncio.sleep(0)
    assert taken <= 2 * BACKLOG // 1000 + 2
    wire.slow.set()
    await running
    assert len(wire.body) == 1_000_000


async def test_a_client_that_goes_closes_the_source(wire: Wire) -> None:
    source = Source([b"data: 1\n\n"])
    running = asyncio.create_task(wire.run(source()))
    await wire.got.wait()
    wire.gone.set()
    await asyncio.wait_for(running, 1)
    assert source.closed
    assert len(wire.streams) == 0


async def test_a_server_that_stops_ends_every_stream(wire: Wire) -> None:
    source = Source([b"data: 1\n\n"])
    running = asyncio.create_task(wire.run(source()))
    await wire.got.wait()
    assert len(wire.streams) == 1
    wire.streams.close()
    await asyncio.wait_for(running, 1)
    assert source.closed
    assert wire.sent[-1]["more_body"] is False


async def test_an_error_is_the_last_frame(wire: Wire) -> None:
    await wire.run(Source([b"data: 1\n\n"], error=NotFound("Gone.", code="chat_not_found"))())
    last = wire.body.split(b"\n\n")[1]
    assert last.startswith(b"event: error\ndata: {")
    assert b'"code":"chat_not_found"' in last


async def test_what_nobody_expected_is_raised_and_not_said(wire: Wire) -> None:
    with pytest.raises(RuntimeError):
        await wire.run(Source([], error=RuntimeError("secret"))())
    assert b"secret" not in wire.body


async def test_a_comment_while_nothing_comes(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "HEARTBEAT_S", 0.01)
    running = asyncio.create_task(wire.run(Source([])()))
    await asyncio.wait_for(wire.got.wait(), 1)
    assert wire.body.startswith(b": ")
    wire.gone.set()
    await running
