"""Server-sent events: frames as they come, comments while nothing comes, an end as soon as nobody listens."""

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import aclosing, contextmanager

from loguru import logger
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from oryxforge.api.errors import STATUS, problem_json
from oryxforge.api.leaving import until_gone
from oryxforge.domain.errors import OryxError

HEARTBEAT_S = 15.0
BACKLOG = 65_536
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


class EventStream(Response):
    """Frames from a generator, which is closed when the client goes, the server stops, or it ends.

    Frames that are ready together leave together: a server that falls behind writes fewer and larger pieces.
    An error in the middle is a last frame, `event: error`, with the problem as its data.
    """

    media_type = "text/event-stream"

    def __init__(self, frames: AsyncGenerator[bytes], status_code: int = 200) -> None:
        super().__init__(status_code=status_code, headers=HEADERS)
        del self.headers["content-length"]
        self._frames = frames
        self._ready = bytearray()
        self._news = asyncio.Event()
        self._room = asyncio.Event()
        self._over = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        filling = asyncio.create_task(self._fill(scope))
        leaving = asyncio.create_task(self._until_gone(receive))
        try:
            with streams(Request(scope)).holding(self):
                await self._write(send)
        finally:
            for task in (filling, leaving):
                task.cancel()
            await asyncio.gather(filling, leaving, return_exceptions=True)
        if not filling.cancelled() and (broken := filling.exception()):
            raise broken
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    def stop(self) -> None:
        """Ends the stream as it is; its client may go on from the last event that it has."""
        self._ready.clear()
        self._end()

    async def _write(self, send: Send) -> None:
        while True:
            try:
                async with asyncio.timeout(HEARTBEAT_S):
                    await self._news.wait()
            except TimeoutError:
                self._ready += COMMENT
            self._news.clear()
            if self._ready:
                body = bytes(self._ready)
                self._ready.clear()
                self._room.set()
                await send({"type": "http.response.body", "body": body, "more_body": True})
            if self._over and not self._ready:
                return

    async def _fill(self, scope: Scope) -> None:
        try:
            async with aclosing(self._frames):
                async for piece in self._frames:
                    await self._put(piece)
        except OryxError as error:
            logger.info("stream ended early", code=error.code)
            body = problem_json(
                scope, STATUS[error.kind], error.code, error.detail, error.errors, error.extra
            )
            await self._put(frame(body, event="error"))
        finally:
            self._end()

    async def _put(self, piece: bytes) -> None:
        self._ready += piece
        self._news.set()
        if len(self._ready) >= BACKLOG:
            self._room.clear()
            await self._room.wait()

    async def _until_gone(self, receive: Receive) -> None:
        await until_gone(receive)
        self.stop()

    def _end(self) -> None:
        self._over = True
        self._news.set()


class Streams:
    """The streams that are open in this process; stopped together so that a restart need not wait for any."""

    def __init__(self) -> None:
        self._open: set[EventStream] = set()

    @contextmanager
    def holding(self, stream: EventStream) -> Generator[None]:
        self._open.add(stream)
        try:
            yield
        finally:
            self._open.discard(stream)

    def __len__(self) -> int:
        return len(self._open)

    def close(self) -> None:
        for stream in self._open:
            stream.stop()


def streams(request: Request) -> Streams:
    return request.app.state.streams
