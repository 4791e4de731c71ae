"""The scripted agent says exactly what its prompt lets a test compute."""

import time
from uuid import uuid4

import pytest

from fixtures.no_tools import NoTools
from oryxforge.agents.scripted import ScriptedAgent
from oryxforge.domain.chats import ChatMode, Piece, PieceKind
from oryxforge.domain.runs import Fence
from oryxforge.ports.agent import Outcome, Turn


async def said(agent: ScriptedAgent, prompt: str) -> list[Piece | Outcome]:
    turn = Turn(uuid4(), uuid4(), "Test", prompt, ChatMode.EXPLORE, None, (), Fence(uuid4(), 1))
    return [item async for item in agent.answer(turn, NoTools())]


async def test_it_counts() -> None:
    *pieces, outcome = await said(ScriptedAgent(), "count 5 every 0ms")
    assert "".join(p.content for p in pieces if isinstance(p, Piece)) == "1 2 3 4 5 "
    assert outcome == Outcome(0.0)


async def test_it_keeps_its_pace() -> None:
    began = time.monotonic()
    await said(ScriptedAgent(), "count 4 every 20ms")
    assert time.monotonic() - began >= 0.08


async def test_it_tells_the_time_of_each_piece() -> None:
    *pieces, _ = await said(ScriptedAgent(), "clock 3 every 1ms")
    times = [int(p.content) for p in pieces if isinstance(p, Piece)]
    assert times == sorted(times)


@pytest.mark.parametrize("prompt", ["", "anything", "count many"])
async def test_else_it_says_its_script(prompt: str) -> None:
    script = [Piece.text("a"), Piece(PieceKind.NOTICE, metadata={"code": "x"})]
    assert await said(ScriptedAgent(script, 0.0, cost_usd=0.5), prompt) == [*script, Outcome(0.5)]
