"""Realtime at its prefix: the websocket, and broadcasts by HTTP."""

import asyncio
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import parse_qs, unquote

import orjson
from loguru import logger
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from oryxforge.embedded.gateway.callers import Caller, Callers, Refused
from oryxforge.embedded.gateway.realtime.asking import Subject
from oryxforge.embedded.gateway.realtime.channel import PREFIX, as_shout
from oryxforge.embedded.gateway.realtime.hub import Hub, Limits
from oryxforge.embedded.gateway.realtime.nesting import TOO_DEEP, is_too_deep
from oryxforge.embedded.gateway.realtime.private import Rights
from oryxforge.embedded.gateway.realtime.protocol import frames_of
from oryxforge.embedded.gateway.realtime.rates import Buckets
from oryxforge.embedded.gateway.realtime.sight import Scopes
from oryxforge.embedded.gateway.realtime.socket import Socket
from oryxforge.embedded.gateway.realtime.wire import V1, V2, Shout, Version
from oryxforge.embedded.gateway.requests import BodyTooLarge, bearer_of, body_of

MESSAGES_MOST = 100
AT_ONCE = 20


@dataclass(frozen=True)
class RealtimeSettings:
    """`url` is the login that reads the write-ahead log and asks as the clients' roles."""

    url: str
    scopes: Scopes = field(default_factory=Scopes)
    limits: Limits = field(default_factory=Limits)


class Realtime:
    """The part of the surface at `/realtime/v1`."""

    def __init__(self, settings: RealtimeSettings, callers: Callers) -> None:
        self._callers = callers
        self._limits = limits = settings.limits
        self._messages = Buckets(limits.messages_burst, limits.messages_per_s)
        self._rights = Buckets(limits.joins_burst, limits.joins_per_s)
        self._hub = Hub(settings.url, callers, settings.scopes, settings.limits)

    @property
    def app(self) -> ASGIApp:
        return self._serve

    @property
    def open_channels(self) -> int:
        """How many channels get changes now."""
        return self._hub.changes.listening

    async def open(self) -> None:
        await self._hub.open()

    async def close(self) -> None:
        await self._hub.close()

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        if scope["type"] == "websocket":
            if path == "/websocket":
                await self._socket(scope, receive, send)
            else:
                await _refuse(send, 404, "There is no websocket here; it is at /realtime/v1/websocket")
            return
        response = await self._answer(Request(scope, receive), path)
        await response(scope, receive, send)

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        query = parse_qs(scope["query_string"].decode("latin-1"))
        await receive()
        try:
            caller = self._callers.of_key(_first(query, "apikey"))
        except Refused as error:
            await _refuse(send, 401, str(error))
            return
        version = _version(_first(query, "vsn"))
        frames = frames_of(scope)
        if version is None:
            await _refuse(send, 400, "vsn is 1.0.0 or 2.0.0")
        elif frames is None or len(self._hub.sockets) >= self._limits.sockets:
            await _refuse(send, 503, "No more sockets can be opened here now; try again later")
        else:
            await send({"type": "websocket.accept"})
            await self._listen(Socket(self._hub, frames, version, caller), receive)

    async def _listen(self, socket: Socket, receive: Receive) -> None:
        """Raises what is at fault here, once the client is told."""
        self._hub.sockets.add(socket)
        try:
            for heard in count(1):
                message = await receive()
                if message["type"] == "websocket.disconnect":
                    return
                text = message.get("text")
                socket.hear(text if text is not None else message.get("bytes") or b"")
                if heard % AT_ONCE == 0:
                    # Messages that have arrived already are received without a pause.
                    await asyncio.sleep(0)
        except Exception:
            socket.end(1011, "something failed here; connect anew")
            raise
        finally:
            self._hub.sockets.discard(socket)
            socket.gone()

    async def _answer(self, request: Request, path: str) -> Response:
        if not path.startswith("/api/broadcast"):
            return _fault(404, "There is nothing here")
        if request.method != "POST":
            return _fault(405, "Broadcasts are posted")
        try:
            caller = await self._callers.of(request.headers.get("apikey"), bearer_of(request))
            body = await body_of(request, self._limits.frame_bytes)
            return await self._broadcast(caller, request, _rest(request), body)
        except Refused as error:
            return _fault(503 if error.code == "unavailable" else 401, str(error))
        except BodyTooLarge:
            return _fault(413, f"A broadcast has at most {self._limits.frame_bytes} bytes")
        except orjson.JSONDecodeError:
            return _fault(422, "The body is not JSON")

    async def _broadcast(self, caller: Caller, request: Request, rest: list[str], body: bytes) -> Response:
        if len(rest) == 3 and rest[1] == "events":
            private = request.query_params.get("private") == "true"
            is_json = "octet-stream" not in request.headers.get("content-type", "")
            if is_json and is_too_deep(orjson.loads(body or b"{}"), body):
                return _fault(422, TOO_DEEP)
            shout = Shout(rest[2], body or b"{}", is_json)
            return await self._shout(caller, request, [(rest[0], private, shout)])
        if rest:
            return _fault(
                404, "Broadcasts are posted to /api/broadcast or /api/broadcast/<topic>/events/<event>"
            )
        said = orjson.loads(body)
        if is_too_deep(said, body):
            return _fault(422, TOO_DEEP)
        messages = _messages(said)
        if messages is None:
            return _fault(
                422, f"The body is {{messages: [{{topic, event, payload}}]}}, at most {MESSAGES_MOST}"
            )
        return await self._shout(caller, request, messages)

    async def _shout(
        self, caller: Caller, request: Request, messages: list[tuple[str, bool, Shout]]
    ) -> Response:
        subject = Subject(caller)
        payer = subject.payer(request.client.host if request.client is not None else "")
        topics = {topic for topic, private, _ in messages if private}
        if not self._messages.take(payer, len(messages)) or not self._rights.take(payer, len(topics)):
            return _fault(429, "Too many broadcasts; try again in a moment")
        rights = dict[str, Rights]()
        for topic, private, shout in messages:
            if private and topic not in rights:
                rights[topic] = await self._hub.rights_in(topic, subject, payer)
            if private and "broadcast" not in rights[topic].sends:
                logger.info("broadcast refused", topic=topic)
                continue
            self._hub.rooms.broadcast(f"{PREFIX}{topic}", private, shout)
        return Response(status_code=202)


def _messages(said: Any) -> list[tuple[str, bool, Shout]] | None:
    found = said.get("messages") if isinstance(said, dict) else None
    if not isinstance(found, list) or len(found) > MESSAGES_MOST:
        return None
    messages: list[tuple[str, bool, Shout]] = []
    for message in found:
        if not isinstance(message, dict) or not isinstance(message.get("topic"), str):
            return None
        shout = as_shout(message)
        if shout is None:
            return None
        messages.append((message["topic"], message.get("private") is True, shout))
    return messages


def _rest(request: Request) -> list[str]:
    """The path after /api/broadcast; a slash within a topic comes encoded."""
    raw: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
    parts = raw.decode("latin-1").partition("/api/broadcast")[2].split("/")
    return [unquote(part) for part in parts[1:]]


def _version(said: str | None) -> Version | None:
    if said == V2:
        return V2
    return V1 if said in (None, V1) else None


def _first(query: dict[str, list[str]], name: str) -> str | None:
    return query.get(name, [None])[0]


def _fault(status: int, message: str) -> JSONResponse:
    return JSONResponse({"error": message, "message": message}, status)


async def _refuse(send: Send, status: int, message: str) -> None:
    """Instead of the handshake."""
    headers = [(b"content-type", b"application/json")]
    await send({"type": "websocket.http.response.start", "status": status, "headers": headers})
    await send({"type": "websocket.http.response.body", "body": orjson.dumps({"error": message})})
