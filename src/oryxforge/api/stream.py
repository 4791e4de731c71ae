"""Server-sent events: frames as they come, comments while nothing comes, an end as soon as nobody listens."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing

from loguru import logger
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from oryxforge.api.errors import STATUS, problem_json
from oryxforge.domain.errors import OryxError

HEARTBEAT_S = 15.0
HEADERS = {"Cache-Control": "no-cache, no-transform", "X-Accel-Buffering": "no"}
COMMENT = b": still here\n\n"


def frame(data: bytes, *, event: str = "", id: str = "") -> bytes:
    """One event; `data` may have line breaks, `event` and `id` may not."""
    named = f"event: {event}\n" if event else ""
    numbered = f"id: {id}\n" if id else ""
    lines = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", b"\ndata: ")
    return f"{numbered}{named}".encode() + b"data: " + lines + b"\n\n"


def row_frame(id: bytes, data: bytes) -> bytes:
    """An event whose data has no line break."""
    return b"id: %b\ndata: %b\n\n" % (id, data)


class Streams:
    """The streams that are open in this process; closed together so that a restart need not wait for any."""

    def __init__(self) -> None:
        self._open: set[asyncio.Task[None]] = set()

    def add(self, task: asyncio.Task[None]) -> None:
        self._open.add(task)
        task.add_done_callback(self._open.discard)

    def __len__(self) -> int:
        return len(self._open)

    def close(self) -> None:
        for task in list(self._open):
            task.cancel()


class EventStream(Response):
    """Frames from a generator, which is closed when the client goes, the server stops, or it ends.

    An error in the middle is a last frame, `event: error`, with the problem as its data.
    """

    media_type = "text/event-stream"

    def __init__(
        self, frames: AsyncGenerator[bytes], headers: Mapping[str, str] | None = None, status_code: int = 200
    ) -> None:
        super().__init__(status_code=status_code, headers={**HEADERS, **(headers or {})})
        del self.headers["content-length"]
        self._frames = frames

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        pump = asyncio.create_task(_pump(self._frames, scope, send))
        streams(Request(scope)).add(pump)
        gone = asyncio.create_task(_gone(receive))
        try:
            await asyncio.wait({pump, gone}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (pump, gone):
                task.cancel()
            await asyncio.gather(pump, gone, return_exceptions=True)
        if not pump.cancelled() and (broken := pump.exception()):
            raise broken
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def streams(request: Request) -> Streams:
    return request.app.state.streams


async def _pump(frames: AsyncGenerator[bytes], scope: Scope, send: Send) -> None:
    now = asyncio.get_running_loop().time
    sent = now()

    async def beat() -> None:
        while True:
            await asyncio.sleep(max(0.1, sent + HEARTBEAT_S - now()))
            if now() - sent >= HEARTBEAT_S:
                await _send(send, COMMENT)

    heart = asyncio.create_task(beat())
    try:
        async with aclosing(frames):
            async for piece in frames:
                sent = now()
                await _send(send, piece)
    except OryxError as error:
        logger.info("stream ended early", code=error.code)
        body = problem_json(scope, STATUS[error.kind], error.code, error.detail, error.errors, error.extra)
        await _send(send, frame(body, event="error"))
    finally:
        heart.cancel()


async def _send(send: Send, body: bytes) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": True})


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
