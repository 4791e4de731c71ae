"""A worker and its people in one process, without a database: question, answer, stop, restart."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest

from fixtures.no_tools import no_tools
from oryxforge.adapters.memory.clock import SetClock
from oryxforge.adapters.memory.feed import MemoryFeed
from oryxforge.adapters.memory.keeper import MemoryKeeper
from oryxforge.adapters.memory.queue import MemoryQueue
from oryxforge.adapters.memory.store import MemoryStore
from oryxforge.adapters.memory.tables import MemoryTables
from oryxforge.agents.scripted import ScriptedAgent
from oryxforge.domain.chats import ChatMessage, ChatStatus
from oryxforge.domain.identity import Actor
from oryxforge.domain.runs import RunKind
from oryxforge.services.answers import Answers
from oryxforge.services.bills import Bills
from oryxforge.services.chats import Chats, Question, Started
from oryxforge.services.roster import Roster
from oryxforge.services.runner import Runner
from oryxforge.services.writer import PieceWriter

TEN = "1 2 3 4 5 6 7 8 9 10 "
ME = Actor(uuid4(), "me@example.org")


@dataclass
class Product:
    clock: SetClock
    tables: MemoryTables
    store: MemoryStore
    chats: Chats
    project: UUID

    async def ask(self, prompt: str, chat_id: UUID | None = None) -> Started:
        return await self.chats.ask(ME, Question(self.project, prompt, chat_id))

    async def until(self, started: Started, count: int) -> list[ChatMessage]:
        """The first messages of an answer, as they come."""
        seen: list[ChatMessage] = []
        async for item in self.chats.follow(ME, started.chat_id, started.seq):
            assert isinstance(item, ChatMessage)
            seen.append(item)
            if len(seen) == count:
                break
        return seen


@pytest.fixture
async def product() -> Product:
    clock = SetClock()
    tables = MemoryTables(clock)
    store = MemoryStore(tables)
    async with store.transaction(ME) as tx:
        project = await tx.projects.create("Sales", "sales")
    chats = Chats(store, MemoryFeed(tables), Roster(("scripted",)))
    return Product(clock, tables, store, chats, project.id)


@asynccontextmanager
async def working(product: Product) -> AsyncGenerator[Runner]:
    """A worker for the time of the block; it is killed at the end, without a word to anybody."""
    keeper = MemoryKeeper(product.tables)
    runner = Runner(MemoryQueue(product.tables), keeper, heartbeat_s=0.02, rescue_s=0.02)
    writer = PieceWriter(keeper, runner.stop, gather_s=0.001)
    agents = {"scripted": ScriptedAgent(delay_s=0)}
    runner.register({RunKind.CHAT: Answers(product.store, writer, Bills(keeper), agents, no_tools).work})
    tasks = [asyncio.create_task(work) for work in (writer.run(), runner.run())]
    try:
        async with asyncio.timeout(20):
            yield runner
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def test_a_question_is_answered(product: Product) -> None:
    async with working(product):
        answer = await product.chats.answer(ME, await product.ask("count 5 every 1ms"))
    assert answer.text == "1 2 3 4 5 "
    assert answer.chat.status is ChatStatus.COMPLETED


async def test_many_chats_are_answered_side_by_side(product: Product) -> None:
    async with working(product):
        started = [await product.ask("count 20 every 5ms") for _ in range(30)]
        answers = await asyncio.gather(*[product.chats.answer(ME, s) for s in started])
    assert {a.text for a in answers} == {"".join(f"{n} " for n in range(1, 21))}


async def test_a_chat_goes_on(product: Product) -> None:
    async with working(product):
        first = await product.ask("count 2")
        await product.chats.answer(ME, first)
        answer = await product.chats.answer(ME, await product.ask("count 3", first.chat_id))
    assert answer.text == "1 2 3 "


async def test_a_stop_stops_the_agent_at_once(product: Product) -> None:
    async with working(product):
        started = await product.ask("count 1000 every 50ms")
        await product.until(started, 2)
        await product.chats.cancel(ME, started.chat_id)
        answer = await product.chats.answer(ME, started)
    assert answer.chat.status is ChatStatus.CANCELLED
    assert answer.text.startswith("1 2 ")


async def test_another_worker_starts_again_what_a_killed_one_left(product: Product) -> None:
    async with working(product):
        started = await product.ask("count 10 every 20ms")
        await product.until(started, 3)
    product.clock.advance(60)
    async with working(product):
        answer = await product.chats.answer(ME, started)
    assert answer.text == TEN
    assert answer.chat.status is ChatStatus.COMPLETED


async def test_a_worker_that_takes_its_own_run_again_gives_one_answer(product: Product) -> None:
    async with working(product):
        started = await product.ask("count 10 every 20ms")
        await product.until(started, 3)
        product.clock.advance(60)
        assert await MemoryKeeper(product.tables).rescue() == 1
        answer = await product.chats.answer(ME, started)
    assert answer.text == TEN
    assert answer.chat.status is ChatStatus.COMPLETED


async def test_what_is_signed_off_goes_to_another_worker(product: Product) -> None:
    async with working(product) as first:
        started = await product.ask("count 10 every 20ms")
        await product.until(started, 2)
        async with working(product):
            await first.sign_off()
            answer = await product.chats.answer(ME, started)
    assert answer.text == TEN


async def test_a_transaction_inside_a_transaction_is_refused(product: Product) -> None:
    with pytest.raises(RuntimeError, match="inside a transaction"):
        async with product.store.transaction(ME), product.store.transaction(ME):
            pass
    async with product.store.transaction(ME) as tx:
        assert len(await tx.projects.all()) == 1
