"""A bare client of the websocket, for what the real ones never do."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

INSERTS = {"event": "INSERT", "schema": "public", "table": "chat_messages"}


class Bare:
    """Version 2.0.0."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self._ref = 0
        self.passed: list[list[Any]] = []

    async def send(self, topic: str, event: str, payload: object, join_ref: str | None = "1") -> str:
        self._ref += 1
        await self.socket.send(json.dumps([join_ref, str(self._ref), topic, event, payload]))
        return str(self._ref)

    async def until(self, event: str, ref: str | None = None, within_s: float = 5) -> Any:
        """The payload of the next message of this event (and reference); others go to `passed`."""
        async with asyncio.timeout(within_s):
            while True:
                message = json.loads(await self.socket.recv())
                if message[3] == event and (ref is None or message[1] == ref):
                    return message[4]
                self.passed.append(message)

    async def call(self, topic: str, event: str, payload: object) -> Any:
        return await self.until("phx_reply", await self.send(topic, event, payload))

    async def join(self, topic: str, token: str | None, *changes: dict[str, object], **config: object) -> Any:
        payload: dict[str, Any] = {"config": {"postgres_changes": list(changes), **config}}
        if token is not None:
            payload["access_token"] = token
        return await self.call(f"realtime:{topic}", "phx_join", payload)

    async def subscribe(self, topic: str, token: str | None, *changes: dict[str, object]) -> Any:
        """Joins, and returns the system message."""
        answer = await self.join(topic, token, *changes)
        assert answer["status"] == "ok", answer
        return await self.until("system")

    async def change(self, within_s: float = 5) -> Any:
        return (await self.until("postgres_changes", within_s=within_s))["data"]

    async def heartbeat(self) -> None:
        """When it returns, all that was sent before has arrived."""
        assert (await self.call("phoenix", "heartbeat", {}))["status"] == "ok"


@asynccontextmanager
async def bare(url: str) -> AsyncGenerator[Bare]:
    async with connect(url, compression=None, max_size=None, close_timeout=1) as socket:
        yield Bare(socket)
