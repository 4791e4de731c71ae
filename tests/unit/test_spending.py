"""Budgets stop questions and answers under way; the built-in analyst costs nothing and goes on."""

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
from oryxforge.domain.budgets import Budget, Budgets
from oryxforge.domain.chats import ChatStatus, Piece, PieceKind
from oryxforge.domain.errors import Conflict, Failed
from oryxforge.domain.identity import Actor
from oryxforge.domain.runs import RunKind
from oryxforge.ports.agent import Agent, Outcome, Turn
from oryxforge.ports.toolbox import Toolbox
from oryxforge.services.answers import Answers
from oryxforge.services.bills import Bills
from oryxforge.services.chats import Answer, Chats, Question
from oryxforge.services.roster import Roster
from oryxforge.services.runner import Runner
from oryxforge.services.spending import Spending
from oryxforge.services.writer import PieceWriter

ME = Actor(uuid4(), "me@example.org")


@dataclass
class PricedAgent:
    """Each word of the prompt is a piece that costs ten cents, told as it goes."""

    name: str = "claude"
    budgets: list[float | None] = field(default_factory=list[float | None])

    async def answer(self, turn: Turn, toolbox: Toolbox) -> AsyncGenerator[Piece | Outcome]:
        self.budgets.append(turn.budget_usd)
        for number, word in enumerate(turn.prompt.split(), 1):
            yield Piece.text(f"{word} ")
            yield Outcome(number / 10)


class ObedientAgent:
    """Stops at its budget by itself, as Claude's program does."""

    name = "claude"

    async def answer(self, turn: Turn, toolbox: Toolbox) -> AsyncGenerator[Piece | Outcome]:
        yield Piece.text("so far ")
        cost = (turn.budget_usd or 0) + 0.01
        raise Failed("It used up its budget.", code="budget_used_up", extra={"cost_usd": cost})


@dataclass
class Product:
    store: MemoryStore
    chats: Chats
    project: UUID

    async def ask(self, prompt: str, agent: str = "claude") -> Answer:
        started = await self.chats.ask(ME, Question(self.project, prompt, agent=agent))
        return await self.chats.answer(ME, started)

    async def limit(self, project: float | None = None, mine: float | None = None) -> None:
        async with self.store.transaction(ME) as tx:
            await tx.budgets.set_for_project(self.project, project)
            await tx.budgets.set_mine(mine)


@asynccontextmanager
async def working(agent: Agent) -> AsyncGenerator[Product]:
    tables = MemoryTables()
    store, keeper = MemoryStore(tables), MemoryKeeper(tables)
    async with store.transaction(ME) as tx:
        project = await tx.projects.create("Sales", "sales")
    chats = Chats(store, MemoryFeed(tables), Roster(("quick",), None, lambda: True))
    runner = Runner(MemoryQueue(tables), keeper, heartbeat_s=0.05, rescue_s=0.05)
    writer = PieceWriter(keeper, runner.stop, gather_s=0.001)
    answers = Answers(store, writer, Bills(keeper), {"claude": agent, "quick": agent}, no_tools)
    runner.register({RunKind.CHAT: answers.work})
    tasks = [asyncio.create_task(work) for work in (writer.run(), runner.run())]
    try:
        async with asyncio.timeout(20):
            yield Product(store, chats, project.id)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@pytest.mark.parametrize("whose", ["project", "mine"])
async def test_a_spent_budget_stops_the_next_question(whose: str) -> None:
    async with working(PricedAgent()) as product:
        await product.limit(**{whose: 0.2})
        assert (await product.ask("one two")).chat.status is ChatStatus.COMPLETED
        with pytest.raises(Conflict) as refused:
            await product.ask("three")
        assert refused.value.code == "budget_spent"
        await product.limit(**{whose: 1})
        assert (await product.ask("three")).text == "three "


async def test_an_answer_under_way_is_stopped_and_says_why() -> None:
    async with working(PricedAgent()) as product:
        await product.limit(project=0.2)
        answer = await product.ask("one two three four")
    assert answer.chat.status is ChatStatus.FAILED
    assert answer.text == "one two "
    assert answer.cost_usd == 0.2
    assert answer.error is not None
    assert answer.error["code"] == "budget_spent"
    last = answer.messages[-1]
    assert (last.kind, last.metadata["code"]) == (PieceKind.NOTICE, "budget_spent")
    assert "owner can raise it" in str(last.metadata["text"])


async def test_the_last_word_of_an_answer_may_reach_the_limit() -> None:
    async with working(PricedAgent()) as product:
        await product.limit(project=0.2)
        assert (await product.ask("one two")).chat.status is ChatStatus.COMPLETED


async def test_an_agent_knows_what_it_may_spend() -> None:
    agent = PricedAgent()
    async with working(agent) as product:
        await product.ask("one")
        await product.limit(project=1, mine=0.5)
        await product.ask("one")
    assert agent.budgets[0] is None
    assert agent.budgets[1] == pytest.approx(0.4)


async def test_an_agent_that_keeps_to_it_is_told_alike() -> None:
    async with working(ObedientAgent()) as product:
        await product.limit(mine=0.3)
        answer = await product.ask("anything")
    assert answer.error is not None
    assert answer.error["code"] == "budget_spent"
    assert answer.messages[-1].kind is PieceKind.NOTICE


async def test_the_built_in_analyst_is_never_stopped() -> None:
    agent = PricedAgent("quick")
    async with working(agent) as product:
        await product.limit(project=0, mine=0)
        assert (await product.ask("one two three", "quick")).chat.status is ChatStatus.COMPLETED
    assert agent.budgets == [None]


async def test_what_others_spend_meanwhile_counts() -> None:
    now = [Budgets(Budget(1, 0), Budget(None, 0))]

    async def read() -> Budgets:
        return now[0]

    spending = Spending(now[0], read, look_again_s=0)
    await spending.check(0.5)
    now[0] = Budgets(Budget(1, 0.6), Budget(None, 0))
    with pytest.raises(Failed) as stopped:
        await spending.check(0.5)
    assert stopped.value.code == "budget_spent"
