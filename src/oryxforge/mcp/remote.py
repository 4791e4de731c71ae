"""A project's tools at their address, as JSON-RPC asks for them (Model Context Protocol, stateless streamable HTTP)."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any, cast

from oryxforge.agents.tool_server import Told
from oryxforge.domain.errors import Failed, OryxError
from oryxforge.ports.toolbox import ToolSpec

PROTOCOL = "2025-06-18"

Message = Mapping[str, object]
Ask = Callable[[Message], Mapping[str, Any]]


@dataclass(frozen=True)
class Introduction:
    """What a server says of itself."""

    version: str
    instructions: str | None
    tools: tuple[ToolSpec, ...]


class RemoteTools:
    """`ask` posts one message to the address and gives the answer's JSON; it raises an OryxError where that fails."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._ids = count(1)

    def introduction(self) -> Introduction:
        """Raises what `ask` raises, Failed where the server refuses."""
        hello = {
            "protocolVersion": PROTOCOL,
            "capabilities": {},
            "clientInfo": {"name": "stdio", "version": "1"},
        }
        told = self._result("initialize", hello)
        tools = self._result("tools/list", {})["tools"]
        return Introduction(
            told["serverInfo"].get("version", ""),
            told.get("instructions"),
            tuple(ToolSpec(t["name"], t.get("description", ""), t["inputSchema"]) for t in tools),
        )

    async def call(self, name: str, arguments: Mapping[str, object], _meta: Mapping[str, object]) -> Told:
        """Whether it went well, and what the model reads; a server that is away is told like any other failure."""
        try:
            result = await asyncio.to_thread(
                self._result, "tools/call", {"name": name, "arguments": dict(arguments)}
            )
        except OryxError as error:
            return False, error.detail
        return not result.get("isError", False), "\n".join(
            part["text"] for part in result["content"] if part["type"] == "text"
        )

    def _result(self, method: str, params: Message) -> Mapping[str, Any]:
        answer = self._ask({"jsonrpc": "2.0", "id": next(self._ids), "method": method, "params": params})
        if "error" in answer:
            raise Failed(str(answer["error"]["message"]), code="mcp_refused")
        return cast("Mapping[str, Any]", answer["result"])
