"""The real program of the Claude Agent SDK against a stub of the Messages API."""

import asyncio
import os
import re
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from oryxforge.adapters.memory.sessions import MemorySessionLog
from oryxforge.agents.claude.agent import ClaudeBackend
from oryxforge.agents.claude.public import ClaudeAgent
from oryxforge.agents.claude.settings import ClaudeSettings
from oryxforge.domain.chats import ChatMode, Piece, PieceKind
from oryxforge.domain.errors import Failed
from oryxforge.domain.runs import Fence
from oryxforge.ports.agent import Outcome, Turn
from oryxforge.ports.toolbox import ToolResult, ToolSpec
from stubs.messages_api import Fault, MessagesStub, Reply, Text, ToolUse, say, use

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


def programs(folder: Path) -> list[int]:
    """The ids of Claude's programs that work in a folder; a child of one bears its name until it has its own."""
    found = {int(p.parent.name) for p in Path("/proc").glob("[0-9]*/cmdline") if _works_in(p, folder)}
    return [pid for pid in found if pid != os.getpid() and _parent_of(pid) not in found]


def _works_in(cmdline: Path, folder: Path) -> bool:
    try:
        return f"{folder}/claude/".encode() in cmdline.read_bytes()
    except OSError:
        return False


def _parent_of(pid: int) -> int | None:
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    return int(status.rpartition(")")[2].split()[1])


async def until(condition: Callable[[], object], timeout_s: float = 5.0) -> None:
    async with asyncio.timeout(timeout_s):
        while not condition():
            await asyncio.sleep(0.01)


async def test_closing_in_the_middle_of_a_stream_stops_at_once(
    stub: MessagesStub, claude: ClaudeBackend, tmp_path: Path
) -> None:
    chat_id = uuid4()
    stub.script(say(*(f"word{i} " for i in range(400)), delay_s=0.02), say("Yes."))
    turn = a_turn("long story", chat_id=chat_id)
    answer = claude.answer(turn, SqlToolbox())
    heard = [await anext(answer) for _ in range(5)]
    assert len(programs(tmp_path)) == 1

    started = time.monotonic()
    await answer.aclose()

    assert time.monotonic() - started < 1.0
    assert programs(tmp_path) == []
    assert all(isinstance(piece, Piece) for piece in heard)
    assert turn.bill.cost_usd > 0
    await all_of(claude, a_turn("still there?", chat_id=chat_id))
    assert "word0" in " ".join(text for _, text in stub.texts(-1))


class SlowToolbox(SqlToolbox):
    """A tool that never ends by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.begun = asyncio.Event()
        self.stopped = asyncio.Event()

    async def call(self, name: str, arguments: Mapping[str, object]) -> ToolResult:
        self.begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.stopped.set()
        raise AssertionError


async def test_cancelling_in_the_middle_of_a_tool_stops_both(
    stub: MessagesStub, claude: ClaudeBackend, tmp_path: Path
) -> None:
    chat_id, toolbox = uuid4(), SlowToolbox()
    turn = a_turn("slow", chat_id=chat_id)
    stub.script(use("run_sql", {"sql": "select 1"}), say("Yes."))
    asking = asyncio.create_task(all_of(claude, turn, toolbox))
    await toolbox.begun.wait()

    started = time.monotonic()
    asking.cancel()
    await asyncio.wait({asking})

    assert time.monotonic() - started < 1.0
    assert toolbox.stopped.is_set()
    assert turn.bill.cost_usd > 0
    assert programs(tmp_path) == []
    pieces, _ = await all_of(claude, a_turn("and now?", chat_id=chat_id))
    assert pieces[-1].content == "Yes."


BUSY = Reply([ToolUse("mcp__oryxforge__run_sql", {"sql": "select 1"})], input_tokens=3_000_000)
FAILURES: dict[str, tuple[Fault | Reply, dict[str, Any]]] = {
    "model_key_refused": (Fault(401, "authentication_error", f"invalid x-api-key {SECRET}"), {}),
    "model_limited": (Fault(429, "rate_limit_error"), {}),
    "model_overloaded": (Fault(529, "overloaded_error"), {}),
    "model_failed": (Fault(400, "invalid_request_error", f"no, {SECRET}: a field is odd"), {}),
    "model_unreachable": (say("never"), {"base_url": "http://127.0.0.1:9"}),
    "budget_used_up": (BUSY, {"max_budget_usd": 0.5}),
    "too_many_turns": (BUSY, {"max_turns": 1}),
}


@pytest.mark.parametrize("code", FAILURES)
async def test_a_failure_says_what_to_do(code: str, stub: MessagesStub, tmp_path: Path) -> None:
    script, over = FAILURES[code]
    stub.script(then=script)
    backend = ClaudeBackend(settings(stub, tmp_path, **{"max_retries": 0} | over), MemorySessionLog())
    pieces: list[Piece | Outcome] = []

    with pytest.raises(Failed) as failed:
        async for item in backend.answer(a_turn("q"), SqlToolbox()):
            pieces.append(item)

    assert failed.value.code == code
    assert SECRET not in str(failed.value) and str(failed.value).endswith((".", "odd"))
    if script is BUSY:
        assert [p.kind.value for p in pieces if isinstance(p, Piece)] == [
            "tool_use",
            "tool_result",
            "artifact",
        ]
        assert failed.value.extra["cost_usd"] > 0
    else:
        assert pieces == []
    assert programs(tmp_path) == []
    await backend.close()


PARENT = """
import asyncio, sys
from pathlib import Path
from oryxforge.agents.claude.agent import ClaudeBackend
from oryxforge.agents.claude.settings import ClaudeSettings
from test_claude_agent import SqlToolbox, a_turn

async def main() -> None:
    settings = ClaudeSettings(Path(sys.argv[1]), base_url=sys.argv[2], api_key="sk-ant-very-secret-0001")
    async for _ in ClaudeBackend(settings).answer(a_turn("long"), SqlToolbox()):
        print("piece", flush=True)

asyncio.run(main())
"""


async def test_the_program_dies_with_its_parent(
    stub: MessagesStub, claude: ClaudeBackend, tmp_path: Path
) -> None:
    stub.script(say(*["word "] * 1000, delay_s=0.05))
    here = str(Path(__file__).parent)
    env = os.environ | {"PYTHONPATH": f"{here}:{here}/..", "DATABASE_URL": "postgres://u:secret-word@h/db"}
    parent = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        PARENT,
        str(tmp_path / "claude"),
        stub.url,
        env=env,
        stdout=asyncio.subprocess.PIPE,
    )
    assert parent.stdout is not None
    assert await parent.stdout.readline() == b"piece\n"
    (pid,) = (p for p in programs(tmp_path) if p != parent.pid)
    environ = Path(f"/proc/{pid}/environ").read_text()

    parent.kill()
    await parent.wait()

    await until(lambda: programs(tmp_path) == [], 1.0)
    assert "secret-word" not in environ and "DATABASE_URL" not in environ and "ORYXFORGE" not in environ
    assert f"HOME={tmp_path}/claude/" in environ and f"ANTHROPIC_API_KEY={SECRET}" in environ
    left = list((tmp_path / "claude").glob("*/turn-*"))
    assert len(left) == 1
    await claude.prepare()
    assert not left[0].exists()


async def test_a_retried_attempt_starts_the_question_again(stub: MessagesStub, tmp_path: Path) -> None:
    chat_id, run_id, log = uuid4(), uuid4(), MemorySessionLog()
    backend = ClaudeBackend(settings(stub, tmp_path), log)
    stub.script(say("half an ", "answer"), Fault(529, "overloaded_error"), say("whole"))
    asked = "/clear @/etc/hostname is no command and no file"
    await all_of(backend, a_turn(asked, chat_id=chat_id, run_id=run_id))

    pieces, _ = await all_of(backend, a_turn(asked, chat_id=chat_id, run_id=run_id, attempt=2))

    assert [p.kind for p in pieces] == [PieceKind.NOTICE, PieceKind.TEXT]
    assert pieces[0].metadata["code"] == "model_retry"
    told = [text for _, text in stub.texts(-1)]
    assert told.count(asked) == 1 and not any("half an" in text for text in told)
    await backend.close()


async def test_a_conversation_needs_no_database_and_no_other_host(
    stub: MessagesStub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with MessagesStub() as proxy:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
            monkeypatch.setenv(name, proxy.url)
        agent = ClaudeAgent(settings(stub, tmp_path), SqlToolbox(), project_name="Sales")
        stub.script(say("Seven."), say("Five."))

        first = await agent.query("total for north")
        pieces = [piece async for piece in agent.query_stream("and south?")]

        await agent.close()
        assert (first.result, pieces[0].content) == ("Seven.", "Five.")
        assert first.total_cost_usd > 0 and first.duration_ms > 0
        told = " ".join(text for _, text in stub.texts(1))
        assert "Question: total for north\nAnswer: Seven." in told
        assert proxy.strangers == [] and stub.strangers == []


async def test_no_more_programs_than_allowed(stub: MessagesStub, tmp_path: Path) -> None:
    backend = ClaudeBackend(settings(stub, tmp_path, max_clients=1), MemorySessionLog())
    stub.script(then=say("a ", "b", delay_s=0.1))
    asking = [asyncio.create_task(all_of(backend, a_turn(f"q{i}"))) for i in range(2)]
    most = 0
    while not all(task.done() for task in asking):
        most = max(most, len(programs(tmp_path)))
        await asyncio.sleep(0.01)

    assert most == 1
    assert [pieces[-1].content for pieces, _ in await asyncio.gather(*asking)] == ["b", "b"]
    await backend.close()


async def test_a_tool_out_of_time_is_stopped_and_the_answer_goes_on(
    stub: MessagesStub, tmp_path: Path
) -> None:
    backend = ClaudeBackend(settings(stub, tmp_path, tool_timeout_s=0.3), MemorySessionLog())
    toolbox = SlowToolbox()
    stub.script(use("run_sql", {"sql": "select 1"}), say("It takes too long."))

    pieces, _ = await all_of(backend, a_turn("slow"), toolbox)

    assert [p.kind.value for p in pieces] == ["tool_use", "tool_result", "text"]
    assert pieces[1].metadata["ok"] is False
    assert toolbox.stopped.is_set()
    await backend.close()


async def test_a_program_that_does_not_start_says_why(stub: MessagesStub, tmp_path: Path) -> None:
    program = tmp_path / "refuses"
    program.write_text("#!/bin/sh\necho 'error: this machine is too old' >&2\nexit 1\n")
    program.chmod(0o700)
    for path, said in (
        (program, "(error: this machine is too old)"),
        (tmp_path / "absent", "Claude's program"),
    ):
        backend = ClaudeBackend(settings(stub, tmp_path, program=path), MemorySessionLog())
        with pytest.raises(Failed, match=re.escape(said)) as failed:
            await all_of(backend, a_turn("q"))
        assert failed.value.code == "model_failed"
        await backend.close()
