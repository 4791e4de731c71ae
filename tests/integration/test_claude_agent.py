"""The real program of the Claude Agent SDK against a stub of the Messages API."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from oryxforge.adapters.memory.sessions import MemorySessionLog
from oryxforge.agents.claude.agent import ClaudeBackend
from oryxforge.agents.claude.settings import ClaudeSettings
from oryxforge.domain.chats import ChatMode, Piece, PieceKind
from oryxforge.domain.runs import Fence
from oryxforge.ports.agent import Outcome, Turn
from oryxforge.ports.toolbox import ToolResult, ToolSpec
from stubs.messages_api import MessagesStub, Reply, Text, ToolUse, say, use

SECRET = "sk-ant-very-secret-0001"


class SqlToolbox:
    """One tool that answers the same rows and makes an artifact."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, object]]] = []

    def specs(self) -> list[ToolSpec]:
        schema = {"type": "object", "properties": {"sql": {"type": "string"}}, "required": ["sql"]}
        return [ToolSpec("run_sql", "Runs SQL over the project's sheets", schema)]

    async def call(self, name: str, arguments: Mapping[str, object]) -> ToolResult:
        self.calls.append((name, dict(arguments)))
        table = {"headers": ["region", "total"], "types": ["text", "int"], "data": [["north", 7]], "total": 1}
        piece = Piece(PieceKind.ARTIFACT, metadata={"type": "table", "title": "Totals", "table": table})
        return ToolResult(True, "region,total\nnorth,7", {"rows": 1}, [piece])


def a_turn(
    prompt: str, *, chat_id: UUID | None = None, attempt: int = 1, run_id: UUID | None = None, **over: Any
) -> Turn:
    fence = Fence(run_id or uuid4(), attempt)
    fields: dict[str, Any] = {"mode": ChatMode.EXPLORE, "target": None, "history": ()} | over
    return Turn(
        chat_id=chat_id or uuid4(),
        project_id=uuid4(),
        project_name="Sales",
        prompt=prompt,
        fence=fence,
        **fields,
    )


@pytest.fixture
async def stub() -> AsyncIterator[MessagesStub]:
    async with MessagesStub() as served:
        yield served


@pytest.fixture
async def claude(stub: MessagesStub, tmp_path: Path) -> AsyncIterator[ClaudeBackend]:
    backend = ClaudeBackend(settings(stub, tmp_path), MemorySessionLog())
    yield backend
    await backend.close()
    assert not list((tmp_path / "claude").glob("*/lock"))


def settings(stub: MessagesStub, folder: Path, **over: Any) -> ClaudeSettings:
    given = {"base_url": stub.url, "api_key": SECRET, "model": "claude-sonnet-5", "max_retries": 1} | over
    return ClaudeSettings(work_folder=folder / "claude", **given)


async def all_of(backend: ClaudeBackend, turn: Turn, toolbox: Any = None) -> tuple[list[Piece], Outcome]:
    items = [item async for item in backend.answer(turn, toolbox or SqlToolbox())]
    outcome = items.pop()
    assert isinstance(outcome, Outcome)
    return [item for item in items if isinstance(item, Piece)], outcome


async def test_an_answer_with_a_tool_streams_in_order(stub: MessagesStub, claude: ClaudeBackend) -> None:
    look = Reply([Text(["Let me ", "look."]), ToolUse("mcp__oryxforge__run_sql", {"sql": "select 1"})])
    stub.script(look, say("North ", "has 7."))
    toolbox = SqlToolbox()

    pieces, outcome = await all_of(claude, a_turn("total by region"), toolbox)

    assert [p.kind.value for p in pieces] == [
        "text",
        "text",
        "tool_use",
        "tool_result",
        "artifact",
        "text",
        "text",
    ]
    assert "".join(p.content for p in pieces) == "Let me look.\n\nNorth has 7."
    assert pieces[2].metadata == {"id": "toolu_01", "tool": "run_sql", "input": {"sql": "select 1"}}
    result = dict(pieces[3].metadata)
    assert result.pop("duration_ms") in range(1000)
    assert result == {
        "id": "toolu_01",
        "tool": "run_sql",
        "ok": True,
        "text": "region,total\nnorth,7",
        "result": {"rows": 1},
    }
    assert toolbox.calls == [("run_sql", {"sql": "select 1"})]
    assert outcome.cost_usd > 0
    assert any(text.startswith("<result ") for _, text in stub.texts(1))


async def test_a_next_turn_remembers(stub: MessagesStub, claude: ClaudeBackend) -> None:
    chat_id = uuid4()
    stub.script(use("run_sql", {"sql": "select 1"}), say("North has 7."), say("South has 5."))
    _, first = await all_of(claude, a_turn("total for north", chat_id=chat_id))

    pieces, second = await all_of(claude, a_turn("and south?", chat_id=chat_id))

    told = " ".join(text for _, text in stub.texts(2))
    assert "total for north" in told and "North has 7." in told and "region,total" in told
    assert "".join(p.content for p in pieces) == "South has 5."
    assert second.cost_usd < first.cost_usd
