"""A toolbox as an MCP server (Model Context Protocol), whichever way it is reached, and results as models read them."""

import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from oryxforge.ports.toolbox import ToolSpec

if TYPE_CHECKING:
    from mcp.server import Server

SERVER = "oryxforge"
LIMIT = 30_000
FENCE = "result"

Told = tuple[bool, str]
Call = Callable[[str, Mapping[str, object], Mapping[str, object]], Awaitable[Told]]


def fenced(text: str, limit: int = LIMIT) -> str:
    """The text between marks that nothing inside it can know, cut to `limit` characters."""
    mark = secrets.token_hex(4)
    while mark in text:
        mark = secrets.token_hex(4)
    shown, left_out = text[:limit], len(text) - limit
    note = f"\n[{left_out} more characters are left out: ask for less]" if left_out > 0 else ""
    return f"<{FENCE} {mark}>\n{shown}\n</{FENCE} {mark}>{note}"


def tool_server(
    specs: Sequence[ToolSpec], call: Call, *, version: str = "", instructions: str | None = None
) -> "Server[dict[str, Any]]":
    """An MCP server of these tools.

    `call` takes a tool's name, its arguments and the request's `_meta`, and answers with whether it went well and what the
    model reads.
    """
    from mcp.server import Server
    from mcp.types import CallToolResult, ListToolsResult, Tool

    tools = [
        Tool.model_validate(
            {
                "name": spec.name,
                "description": spec.description,
                "inputSchema": dict(spec.input_schema),
                "_meta": {"anthropic/maxResultSizeChars": LIMIT * 2},
            }
        )
        for spec in specs
    ]

    async def listed(_context: Any, _params: Any) -> ListToolsResult:
        return ListToolsResult(tools=tools)

    async def called(_context: Any, params: Any) -> CallToolResult:
        ok, text = await call(params.name, params.arguments or {}, params.meta or {})
        return CallToolResult.model_validate({"content": [{"type": "text", "text": text}], "isError": not ok})

    return Server(
        SERVER, version=version, instructions=instructions, on_list_tools=listed, on_call_tool=called
    )
