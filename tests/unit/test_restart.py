"""An answer that saved something and was cut off: the next attempt's own is there, once."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from oryxforge.adapters.engine import DuckEngine
from oryxforge.adapters.files.store import FsspecFiles
from oryxforge.adapters.memory.clock import SetClock
from oryxforge.adapters.memory.feed import MemoryFeed
from oryxforge.adapters.memory.keeper import MemoryKeeper
from oryxforge.adapters.memory.queue import MemoryQueue
from oryxforge.adapters.memory.store import MemoryStore
from oryxforge.adapters.memory.tables import MemoryTables
from oryxforge.domain.chats import ChatStatus, Piece
from oryxforge.domain.identity import Actor
from oryxforge.domain.runs import RunKind
from oryxforge.domain.sheets import Sheet
from oryxforge.ports.agent import Outcome, Turn
from oryxforge.ports.toolbox import Toolbox
from oryxforge.services.analysis import Analysis
from oryxforge.services.answers import Answers
from oryxforge.services.artifacts import Artifacts
from oryxforge.services.bills import Bills
from oryxforge.services.chats import Chats, Question
from oryxforge.services.roster import Roster
from oryxforge.services.runner import Runner
from oryxforge.services.writer import PieceWriter
from oryxforge.tools.toolbox import Tools

ME = Actor(uuid4(), "me@example.org")


class SavingAgent:
    """Saves a table that holds the number of its attempt; the first attempt goes no further."""

    name = "saving"

    def __init__(self) -> None:
        self.saved = asyncio.Event()

    async def answer(self, turn: Turn, toolbox: Toolbox) -> AsyncGenerator[Piece | Outcome]:
        sql = f"select {turn.fence.attempt} as attempt"
        done = await toolbox.call("save_table", {"name": "Totals", "sql": sql})
        assert done.ok, done.text
        self.saved.set()
        if turn.fence.attempt == 1:
            await asyncio.Event().wait()
        yield Piece.text("done")
        yield Outcome(0)


class Scene:
    def __init__(self, folder: Path) -> None:
        self.clock = SetClock()
        self.tables = MemoryTables(self.clock)
        self.store = MemoryStore(self.tables)
        self.agent = SavingAgent()
        self.engine = DuckEngine(str(folder / "files"), temp_folder=folder / "tmp")
        self._files = FsspecFiles(str(folder / "files"))
        self.chats = Chats(self.store, MemoryFeed(self.tables), Roster(("saving",)))

    @asynccontextmanager
    async def worker(self) -> AsyncGenerator[None]:
        """A worker for the time of the block; killed at its end."""
        keeper = MemoryKeeper(self.tables)
        runner = Runner(MemoryQueue(self.tables), keeper, heartbeat_s=0.02, rescue_s=0.02)
        writer = PieceWriter(keeper, runner.stop, gather_s=0.001)
        analysis = Analysis(self.store, self.engine)
        tools = Tools(analysis, Artifacts(self.store, self.engine, self._files, analysis))
        agents = {"saving": self.agent}
        answers = Answers(self.store, writer, Bills(keeper), agents, tools.at)
        runner.register({RunKind.CHAT: answers.work})
        tasks = [asyncio.create_task(work) for work in (writer.run(), runner.run())]
        try:
            async with asyncio.timeout(20):
                yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def sheets(self, project: UUID) -> list[Sheet]:
        async with self.store.transaction(ME) as tx:
            return await tx.sheets.in_project(project)


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncGenerator[Scene]:
    made = Scene(tmp_path)
    yield made
    made.engine.close()


async def test_what_a_cut_off_attempt_saved_is_gone(scene: Scene) -> None:
    async with scene.store.transaction(ME) as tx:
        project = (await tx.projects.create("Sales", "sales")).id
    started = await scene.chats.ask(ME, Question(project, "totals"))
    async with scene.worker():
        await scene.agent.saved.wait()
    (first,) = await scene.sheets(project)
    scene.clock.advance(60)
    async with scene.worker():
        answer = await scene.chats.answer(ME, started)
    (second,) = await scene.sheets(project)
    assert (answer.chat.status, answer.text) == (ChatStatus.COMPLETED, "done")
    assert second.id != first.id
    assert second.name == "Totals"
    assert b'"data":[[2]]' in (await scene.engine.head(second.uri)).replace(b" ", b"")
    async with scene.store.transaction(ME) as tx:
        assert [a.datasheet_id for a in await tx.artifacts.in_chat(started.chat_id)] == [second.id]
