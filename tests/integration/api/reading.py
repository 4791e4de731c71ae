"""A reader of server-sent events, as a browser has it."""

import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any

import httpx


@dataclass(frozen=True)
class Event:
    name: str
    id: str
    data: str

    @property
    def row(self) -> dict[str, Any]:
        return json.loads(self.data)


async def events(answer: httpx.Response) -> AsyncGenerator[Event]:
    """Events until the stream ends; comments are passed over."""
    name, id, data = "message", "", list[str]()
    async for line in answer.aiter_lines():
        if not line and data:
            yield Event(name, id, "\n".join(data))
            name, data = "message", []
        field, _, value = line.partition(": ")
        if field == "event":
            name = value
        elif field == "id":
            id = value
        elif field == "data":
            data.append(value)


async def all_events(client: httpx.AsyncClient, method: str, path: str, **more: Any) -> list[Event]:
    async with client.stream(method, path, **more) as answer:
        assert answer.status_code == 200, (await answer.aread()).decode()
        return [event async for event in events(answer)]


def text_of(found: list[Event]) -> str:
    rows = [e.row for e in found if e.name == "message"]
    return "".join(r["content"] for r in rows if r["role"] == "assistant")
