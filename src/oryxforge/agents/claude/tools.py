"""The toolbox as an in-process MCP server, and what each call came to."""

import asyncio
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from loguru import logger

from oryxforge.agents.claude.events import clean
from oryxforge.agents.tool_server import LIMIT, SERVER, fenced, tool_server
from oryxforge.domain.chats import Piece, PieceKind
from oryxforge.domain.errors import OryxError
from oryxforge.ports.toolbox import Toolbox, ToolResult

if TYPE_CHECKING:
    from claude_agent_sdk.types import McpSdkServerConfig

CALL_ID = "claudecode/toolUseId"


class ToolCalls:
    """Runs the calls of one turn and keeps their pieces until the model's side has said that it saw them."""

    def __init__(self, toolbox: Toolbox) -> None:
        self._toolbox = toolbox
        self._done: dict[str, tuple[Piece, ...]] = {}
        self._running: set[asyncio.Task[ToolResult]] = set()

    def take(self, call_id: str) -> tuple[Piece, ...]:
        """The tool_result of a call and what it made, once; empty where our side has not answered it."""
        return self._done.pop(call_id, ())

    def rest(self) -> tuple[Piece, ...]:
        """What was done and not taken, in the order of ending."""
        pieces = tuple(piece for done in self._done.values() for piece in done)
        self._done.clear()
        return pieces

    async def run(self, call_id: str, name: str, arguments: Mapping[str, object]) -> tuple[bool, str]:
        """Whether a call went well, and its text for the model."""
        started = time.monotonic()
        result = await self._call(name, arguments)
        took = round((time.monotonic() - started) * 1000)
        self._done[call_id] = (_result_piece(call_id, name, result, took), *result.pieces)
        return result.ok, fenced(result.text)

    async def _call(self, name: str, arguments: Mapping[str, object]) -> ToolResult:
        task = asyncio.ensure_future(self._toolbox.call(name, arguments))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        try:
            # Not awaited on its own: a tool that is slow to stop must not hold up the end of the turn.
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            task.cancel()
            raise
        except OryxError as error:
            return ToolResult(False, error.detail)
        except Exception as error:  # noqa: BLE001 - its text would go to the model
            logger.opt(exception=error).error("tool failed", tool=name)
            return ToolResult(False, "The tool failed for a reason of its own. Try another way.")

    def server(self) -> "McpSdkServerConfig":
        from claude_agent_sdk.types import McpSdkServerConfig

        async def called(
            name: str, arguments: Mapping[str, object], meta: Mapping[str, object]
        ) -> tuple[bool, str]:
            return await self.run(str(meta.get(CALL_ID, "")), name, arguments)

        server = tool_server(self._toolbox.specs(), called)
        return McpSdkServerConfig(type="sdk", name=SERVER, instance=server)


def _result_piece(call_id: str, name: str, result: ToolResult, took_ms: int) -> Piece:
    metadata: dict[str, object] = {
        "id": call_id,
        "tool": name,
        "ok": result.ok,
        "text": clean(result.text[:LIMIT]),
        "duration_ms": took_ms,
    }
    if result.data:
        metadata["result"] = dict(result.data)
    return Piece(PieceKind.TOOL_RESULT, metadata=metadata)
