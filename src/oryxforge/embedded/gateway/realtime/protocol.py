"""uvicorn's websocket protocol with a way for the app to write whole frames, many in one write."""

import asyncio
import logging
from typing import Any, cast

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.exceptions import SecurityError

from oryxforge.embedded.gateway.realtime.outbox import Frames
from oryxforge.embedded.gateway.realtime.wire import close_frame

EXTENSION = "oryxforge.frames"
CUT_AFTER_S = 3.0
TOO_LARGE, MALFORMED = b"431 Request Header Fields Too Large", b"400 Bad Request"


class FrameProtocol(WebSocketsSansIOProtocol):
    """Gives itself to the app as the scope's extension `oryxforge.frames`, beside what ASGI has."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        # The lines of the one that uvicorn uses hold the query string, and that holds keys.
        self.logger = logging.getLogger("oryxforge.websocket")
        self.logger.setLevel(logging.WARNING)
        self.conn.logger = self.logger

    def data_received(self, data: bytes) -> None:
        """Answers a handshake that can't be read, which uvicorn leaves open."""
        if self.handshake_initiated:
            super().data_received(data)
            return
        super().data_received(_without_cookies(data))
        if self.conn.handshake_exc is not None and not self.handshake_initiated:
            status = TOO_LARGE if isinstance(self.conn.handshake_exc.__cause__, SecurityError) else MALFORMED
            self.transport.write(b"HTTP/1.1 %b\r\nconnection: close\r\ncontent-length: 0\r\n\r\n" % status)
            self.transport.close()

    async def run_asgi(self) -> None:
        cast("dict[str, dict[str, object]]", self.scope).setdefault("extensions", {})[EXTENSION] = self
        await super().run_asgi()

    def write(self, frames: bytes) -> None:
        if not self.close_sent and not self.transport.is_closing():
            self.transport.write(frames)

    def buffered(self) -> int:
        return 0 if self.transport.is_closing() else self.transport.get_write_buffer_size()

    def cut(self, code: int, reason: str) -> None:
        if self.close_sent or self.transport.is_closing():
            return
        self.transport.write(close_frame(code, reason))
        self.close_sent = True
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": reason})
        self.close_timer = asyncio.get_running_loop().call_later(CUT_AFTER_S, self.transport.abort)


def _without_cookies(head: bytes) -> bytes:
    """Of a handshake, which uvicorn hands over whole: browsers send the cookies of all ports of a host, and none is read here."""
    return b"\r\n".join(line for line in head.split(b"\r\n") if not line.lower().startswith(b"cookie:"))


def frames_of(scope: Any) -> Frames | None:
    """The writing side of a websocket's scope; None under another server."""
    return cast("Frames | None", scope.get("extensions", {}).get(EXTENSION))
