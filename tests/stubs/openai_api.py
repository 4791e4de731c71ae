"""A loopback stub of the OpenAI chat completions API: streams by script, keeps what it was asked."""

import json
import threading
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class OpenAIStub:
    """`chunks` are the answer; `status` other than 200 is an error answer; `cut_after` drops the line after n chunks."""

    chunks: Sequence[str] = ("Hello", ", ", "you")
    status: int = 200
    cut_after: int | None = None
    asked: list[dict[str, Any]] = field(default_factory=list)
    url: str = ""

    def _chunk(self, text: str, end: bool = False) -> bytes:
        choice = {"index": 0, "delta": {"content": text}, "finish_reason": "stop" if end else None}
        body = {
            "id": "chatcmpl-1",
            "object": "chat.completion.chunk",
            "created": 1,
            "model": "stub",
            "choices": [choice],
        }
        return f"data: {json.dumps(body)}\n\n".encode()

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        length = int(handler.headers.get("content-length", 0))
        key = handler.headers.get("authorization", "")
        self.asked.append({"path": handler.path, "key": key, **json.loads(handler.rfile.read(length))})
        handler.send_response(self.status)
        if self.status != 200:
            body = json.dumps({"error": {"message": "secret detail", "type": "refused"}}).encode()
            handler.send_header("Content-Type", "application/json")
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            handler.wfile.write(body)
            return
        handler.send_header("Content-Type", "text/event-stream")
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        for number, text in enumerate(self.chunks):
            if number == self.cut_after:
                handler.close_connection = True
                return
            _write(handler, self._chunk(text))
        _write(handler, self._chunk("", end=True) + b"data: [DONE]\n\n")
        handler.wfile.write(b"0\r\n\r\n")


def _write(handler: BaseHTTPRequestHandler, body: bytes) -> None:
    handler.wfile.write(b"%x\r\n%b\r\n" % (len(body), body))


@contextmanager
def openai_stub(**script: Any) -> Generator[OpenAIStub]:
    """A stub that listens on a free port; `url` is the base URL for a client."""
    stub = OpenAIStub(**script)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            stub.answer(self)

        def log_message(self, format: str, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    stub.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield stub
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
