"""A client that follows a chat by server-sent events and reconnects with Last-Event-ID whatever breaks."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx


@dataclass
class Reader:
    """`rows` are the messages as they arrived; `status` is set by the chat's end."""

    chat_id: UUID
    rows: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    status: str = ""
    reconnects: int = 0

    async def follow(self, client: httpx.AsyncClient, until: asyncio.Event) -> None:
        last = ""
        while not self.status and not until.is_set():
            headers = {"Last-Event-ID": last} if last else {}
            try:
                async with client.stream("GET", f"/chats/{self.chat_id}/stream", headers=headers) as answer:
                    if answer.status_code == 200:
                        last = await self._read(answer, last)
            except httpx.HTTPError:
                pass
            if not self.status:
                self.reconnects += 1
                await asyncio.sleep(0.1)

    async def _read(self, answer: httpx.Response, last: str) -> str:
        name, identity, data = "", "", ""
        try:
            async for line in answer.aiter_lines():
                if line.startswith("event:"):
                    name = line[6:].strip()
                elif line.startswith("id:"):
                    identity = line[3:].strip()
                elif line.startswith("data:"):
                    data += line[5:].strip()
                elif not line and data:
                    if name == "end":
                        self.status = json.loads(data)["status"]
                    elif not name:
                        self.rows.append(json.loads(data))
                        last = identity
                    name, identity, data = "", "", ""
        except httpx.HTTPError:
            return last
        return last


def counting(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What counts of a chat's rows: a restart notice supersedes what came after the question."""
    kept: list[dict[str, Any]] = []
    for row in rows:
        if row["metadata"].get("code") == "attempt_restarted":
            kept = [k for k in kept if k["seq"] <= row["metadata"]["supersedes_after"]]
        kept.append(row)
    return kept


def text(rows: list[dict[str, Any]]) -> str:
    return "".join(r["content"] for r in rows if r["role"] == "assistant")
