"""A loopback stub of the Anthropic Messages API: answers by script, keeps what it was asked."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Self


@dataclass(frozen=True)
class Text:
    """Text in chunks, `delay_s` before each."""

    chunks: Sequence[str]
    delay_s: float = 0.0


@dataclass(frozen=True)
class Thinking:
    text: str


@dataclass(frozen=True)
class ToolUse:
    """A call of a tool by its whole name (`mcp__oryxforge__run_sql`)."""

    name: str
    input: Mapping[str, object]
    id: str = "toolu_01"


Block = Text | Thinking | ToolUse


@dataclass(frozen=True)
class Reply:
    """A streamed message; `cut` drops the connection after the blocks, `hang` never ends the message."""

    blocks: Sequence[Block]
    input_tokens: int = 10
    output_tokens: int = 20
    cut: bool = False
    hang: bool = False


@dataclass(frozen=True)
class Fault:
    """An error answer, as the API gives it."""

    status: int
    kind: str
    message: str = "refused by the script"
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


Script = Reply | Fault | Callable[[dict[str, Any]], Reply | Fault]


def say(*chunks: str, delay_s: float = 0.0) -> Reply:
    return Reply([Text(chunks, delay_s)])


def use(name: str, input: Mapping[str, object], id: str = "toolu_01") -> Reply:
    return Reply([ToolUse(f"mcp__oryxforge__{name}", input, id)])


def _frames(blocks: Sequence[Block]) -> Iterator[tuple[float, dict[str, object]]]:
    for index, block in enumerate(blocks):
        start, deltas, delay = _parts(block)
        yield 0.0, {"type": "content_block_start", "index": index, "content_block": start}
        for delta in deltas:
            yield delay, {"type": "content_block_delta", "index": index, "delta": delta}
        yield 0.0, {"type": "content_block_stop", "index": index}


def _parts(block: Block) -> tuple[dict[str, object], list[dict[str, object]], float]:
    match block:
        case Text(chunks, delay):
            return {"type": "text", "text": ""}, [{"type": "text_delta", "text": c} for c in chunks], delay
        case Thinking(text):
            deltas: list[dict[str, object]] = [
                {"type": "thinking_delta", "thinking": text},
                {"type": "signature_delta", "signature": "c2ln"},
            ]
            return {"type": "thinking", "thinking": "", "signature": ""}, deltas, 0.0
        case ToolUse(name, given, id_):
            whole = json.dumps(given)
            half = len(whole) // 2
            parts: list[dict[str, object]] = [
                {"type": "input_json_delta", "partial_json": part} for part in (whole[:half], whole[half:])
            ]
            return {"type": "tool_use", "id": id_, "name": name, "input": {}}, parts, 0.0


class MessagesStub:
    """`async with MessagesStub() as stub`: `stub.url`, `stub.script(...)`, `stub.requests` (the bodies, in order)."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.strangers: list[str] = []
        self.port = 0
        self._scripts: list[Script] = []
        self._always: Script = say("ok")
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[None]] = set()
        self._count = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def script(self, *scripts: Script, then: Script | None = None) -> None:
        """What the next requests get, in turn, and every one after them."""
        self._scripts = list(scripts)
        if then is not None:
            self._always = then

    def texts(self, index: int) -> list[tuple[str, str]]:
        """Role and text of each message of a request, tool results as they came."""
        return [(m["role"], _flat(m["content"])) for m in self.requests[index]["messages"]]

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        for task in list(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                while await self._exchange(reader, writer):
                    pass
        finally:
            self._open.discard(task)
            writer.close()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.strip().split("\r\n")
        headers = {k.lower(): v.strip() for k, v in (line.split(":", 1) for line in lines)}
        raw = await reader.readexactly(int(headers.get("content-length", "0")))
        method, path, _ = first.split(" ", 2)
        if method != "POST" or path.split("?")[0] != "/v1/messages":
            self.strangers.append(f"{method} {path}")
            await _send(writer, 404, b'{"type":"error","error":{"type":"not_found_error","message":"no"}}')
            return True
        body = json.loads(raw)
        self.requests.append(body)
        self.headers.append(headers)
        script = self._scripts.pop(0) if self._scripts else self._always
        answer = script(body) if callable(script) else script
        if isinstance(answer, Fault):
            error = {"type": "error", "error": {"type": answer.kind, "message": answer.message}}
            await _send(writer, answer.status, json.dumps(error).encode(), answer.headers)
            return True
        if not body.get("stream"):
            await _send(writer, 200, json.dumps(_whole(body, answer)).encode())
            return True
        return await self._stream(writer, body, answer)

    async def _stream(self, writer: asyncio.StreamWriter, body: dict[str, Any], reply: Reply) -> bool:
        writer.write(
            b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"
            b"request-id: req_stub\r\ntransfer-encoding: chunked\r\n\r\n"
        )
        async for event in self._events(body, reply):
            frame = f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode()
            writer.write(f"{len(frame):x}\r\n".encode() + frame + b"\r\n")
            await writer.drain()
        if reply.cut:
            await asyncio.sleep(0.05)  # what was sent must arrive before the connection breaks
            writer.transport.abort()
            return False
        writer.write(b"0\r\n\r\n")
        await writer.drain()
        return True

    async def _events(self, body: dict[str, Any], reply: Reply) -> AsyncIterator[dict[str, object]]:
        self._count += 1
        usage = {"input_tokens": reply.input_tokens, "output_tokens": 1}
        yield {
            "type": "message_start",
            "message": {
                "id": f"msg_{self._count:04}",
                "type": "message",
                "role": "assistant",
                "model": body.get("model", "stub"),
                "content": [],
                "stop_reason": None,
                "stop_sequence": None,
                "usage": usage,
            },
        }
        for delay, frame in _frames(reply.blocks):
            if delay:
                await asyncio.sleep(delay)
            yield frame
        if reply.cut:
            return
        if reply.hang:
            await asyncio.Event().wait()
        stop = "tool_use" if any(isinstance(b, ToolUse) for b in reply.blocks) else "end_turn"
        yield {
            "type": "message_delta",
            "delta": {"stop_reason": stop, "stop_sequence": None},
            "usage": {"output_tokens": reply.output_tokens},
        }
        yield {"type": "message_stop"}


def _whole(body: Mapping[str, Any], reply: Reply) -> dict[str, object]:
    """The text of a reply as one message, for who did not ask for a stream."""
    text = "".join(chunk for b in reply.blocks if isinstance(b, Text) for chunk in b.chunks)
    return {
        "id": "msg_whole",
        "type": "message",
        "role": "assistant",
        "model": body.get("model", "stub"),
        "content": [{"type": "text", "text": text}],
        "stop_reason": "max_tokens",
        "usage": {"input_tokens": reply.input_tokens, "output_tokens": 1},
    }


async def _send(
    writer: asyncio.StreamWriter, status: int, body: bytes, headers: Mapping[str, str] | None = None
) -> None:
    lines = [f"HTTP/1.1 {status} Stub", "content-type: application/json", f"content-length: {len(body)}"]
    lines += [f"{k}: {v}" for k, v in (headers or {}).items()]
    writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
    await writer.drain()


def _flat(content: object) -> str:
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return "\n".join(_flat(part.get("text", part.get("content", ""))) for part in content)
    return ""


@contextmanager
def in_thread(stub: MessagesStub | None = None) -> Generator[MessagesStub]:
    """The stub in a thread of its own, for tests that drive another process or block."""
    served = stub or MessagesStub()
    ready, loop = threading.Event(), asyncio.new_event_loop()
    done = asyncio.Event()

    async def serve() -> None:
        async with served:
            ready.set()
            await done.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),), daemon=True)
    thread.start()
    ready.wait(10)
    try:
        yield served
    finally:
        loop.call_soon_threadsafe(done.set)
        thread.join(10)
        loop.close()
