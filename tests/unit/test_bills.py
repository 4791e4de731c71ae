"""What answers cost that are stopped, cut off or broken: the agent may know it late, and it is counted all the same."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import pytest

from fixtures.no_tools import no_tools
from oryxforge.adapters.memory.feed import MemoryFeed
from oryxforge.adapters.memory.keeper import MemoryKeeper
from oryxforge.adapters.memory.queue import MemoryQueue
from oryxforge.adapters.memory.store import MemoryStore
from oryxforge.adapters.memory.tables import MemoryTables
from oryxforge.domain.chats import Chat, ChatStatus, Piece
from oryxforge.domain.errors import Failed, Unavailable
from oryxforge.domain.identity import Actor
from oryxforge.domain.runs import Fence, RunKind
from oryxforge.ports.agent import Outcome, Turn
from oryxforge.ports.toolbox import Toolbox
from oryxforge.services.answers import Answers
from oryxforge.services.bills import Bills
from oryxforge.services.chats import Chats, Question, Started
from oryxforge.services.roster import Roster
from oryxforge.services.runner import Runner
from oryxforge.services.writer import PieceWriter

ME = Actor(uuid4(), "me@example.org")


@dataclass
class LateAgent:
    """`wait`s in the middle, or breaks; each attempt costs half a dollar, which is known once it has tidied up."""

    name: str = "claude"
    tidies_s: float = 0.2  # several heartbeats
    speaking: asyncio.Event = field(default_factory=asyncio.Event)

    async def answer(self, turn: Turn, toolbox: Toolbox) -> AsyncGenerator[Piece | Outcome]:
        try:
            yield Piece.text("so far ")
            self.speaking.set()
            match turn.prompt:
                case "wait" if turn.fence.attempt == 1:
                    await asyncio.Event().wait()
                case "fail":
                    raise Failed("It did not go well.", code="model_failed")
                case "break":
                    raise ValueError("foreign code")
                case "lose the database":
                    raise Unavailable("away", code="database_unavailable")
                case _:
                    yield Outcome(0.25)
        finally:
            await asyncio.sleep(self.tidies_s)
            turn.bill.comes_to(0.5)


class FaultyKeeper(MemoryKeeper):
    """Its database is away for the first bills."""

    away = 0

    async def bill(self, fence: Fence, cost_usd: float) -> None:
        if self.away > 0:
            self.away -= 1
            raise Unavailable("away", code="database_unavailable")
        await super().bill(fence, cost_usd)


@dataclass
class Scene:
    store: MemoryStore
    chats: Chats
    keeper: FaultyKeeper
    runner: Runner
    agent: LateAgent
    project: UUID

    async def ask(self, prompt: str) -> Started:
        started = await self.chats.ask(ME, Question(self.project, prompt))
        await self.agent.speaking.wait()
        return started

    async def spent(self) -> float:
        async with self.store.transaction(ME) as tx:
            return (await tx.budgets.of_project(self.project)).spent_usd

    async def billed(self, started: Started, usd: float) -> Chat:
        """The chat, once it has cost that."""
        async with asyncio.timeout(5):
            while (chat := await self.chats.get(ME, started.chat_id)).cost_usd < usd:
                await asyncio.sleep(0.01)
        return chat


@pytest.fixture
async def scene() -> AsyncGenerator[Scene]:
    tables = MemoryTables()
    store = MemoryStore(tables)
    async with store.transaction(ME) as tx:
        project = (await tx.projects.create("Sales", "sales")).id
    chats, agent, keeper = (
        Chats(store, MemoryFeed(tables), Roster(("claude",))),
        LateAgent(),
        FaultyKeeper(tables),
    )
    async with working(tables, store, keeper, agent) as runner:
        yield Scene(store, chats, keeper, runner, agent, project)


@asynccontextmanager
async def working(
    tables: MemoryTables, store: MemoryStore, keeper: MemoryKeeper, agent: LateAgent
) -> AsyncGenerator[Runner]:
    runner = Runner(MemoryQueue(tables), keeper, heartbeat_s=0.05, rescue_s=0.05)
    writer = PieceWriter(keeper, runner.stop, gather_s=0.001)
    runner.register({RunKind.CHAT: Answers(store, writer, Bills(keeper), {"claude": agent}, no_tools).work})
    tasks = [asyncio.create_task(work) for work in (writer.run(), runner.run())]
    try:
        async with asyncio.timeout(20):
            yield runner
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def test_a_stopped_answer_is_paid_for(scene: Scene) -> None:
    started = await scene.ask("wait")
    assert (await scene.chats.cancel(ME, started.chat_id)).cost_usd == 0
    chat = await scene.billed(started, 0.5)
    assert (chat.status, chat.cost_usd, await scene.spent()) == (ChatStatus.CANCELLED, 0.5, 0.5)


async def test_it_is_paid_for_when_the_database_is_back(scene: Scene) -> None:
    scene.keeper.away = 2
    started = await scene.ask("wait")
    await scene.chats.cancel(ME, started.chat_id)
    assert (await scene.billed(started, 0.5)).cost_usd == 0.5


async def test_an_answer_that_begins_anew_costs_twice(scene: Scene) -> None:
    scene.agent.tidies_s = 0
    started = await scene.ask("wait")
    await scene.runner.sign_off()
    answer = await scene.chats.answer(ME, started)
    assert (answer.chat.status, answer.chat.cost_usd) == (ChatStatus.COMPLETED, 1)
    assert await scene.spent() == 1


@pytest.mark.parametrize(("prompt", "code"), [("fail", "model_failed"), ("break", "agent_failed")])
async def test_what_fails_costs(scene: Scene, prompt: str, code: str) -> None:
    answer = await scene.chats.answer(ME, await scene.ask(prompt))
    assert answer.error is not None
    assert (answer.error["code"], answer.cost_usd, await scene.spent()) == (code, 0.5, 0.5)


async def test_an_answer_whose_database_went_away_is_paid_for(scene: Scene) -> None:
    scene.keeper.away = 1
    started = await scene.ask("lose the database")
    assert (await scene.billed(started, 0.5)).status is ChatStatus.PROCESSING
    await scene.chats.cancel(ME, started.chat_id)


async def test_a_worker_does_not_wait_for_long_where_it_is_stopped(scene: Scene) -> None:
    scene.keeper.away = 1_000_000
    loop = asyncio.get_running_loop()
    started = loop.time()
    await Bills(scene.keeper).settle(Fence(uuid4(), 1), 0.5, within_s=0.2)
    assert loop.time() - started < 1
