"""What every ChatFeed does: what was and what comes, none missing, none twice, then the end."""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager

import pytest

from contracts.backends import Backend
from contracts.scene import Team, ask, asked, claim, make_chat, texts
from oryxforge.domain.chats import Chat, ChatMessage, ChatStatus
from oryxforge.domain.errors import NotFound
from oryxforge.domain.identity import Actor
from oryxforge.ports.feed import ChatEnded
from oryxforge.ports.runs import Ending

DONE = Ending(ChatStatus.COMPLETED)


class Viewer:
    """Follows a chat in a task of its own."""

    def __init__(self, backend: Backend, actor: Actor, chat: Chat, after: int = 0) -> None:
        self.seen: list[ChatMessage] = []
        self.end: ChatEnded | None = None
        self._grew = asyncio.Event()
        self.task = asyncio.create_task(self._follow(backend, actor, chat, after))

    @property
    def seqs(self) -> list[int]:
        return [m.seq for m in self.seen]

    async def until(self, seq: int) -> None:
        while not self.seen or self.seen[-1].seq < seq:
            self._grew.clear()
            await self._grew.wait()

    async def _follow(self, backend: Backend, actor: Actor, chat: Chat, after: int) -> None:
        async with aclosing(backend.feed.follow(actor, chat.id, after)) as feed:
            async for item in feed:
                assert self.end is None, "nothing comes after the end"
                if isinstance(item, ChatEnded):
                    self.end = item
                else:
                    self.seen.append(item)
                    self._grew.set()


@asynccontextmanager
async def viewing(backend: Backend, actor: Actor, chat: Chat, after: int = 0) -> AsyncGenerator[Viewer]:
    """A viewer who must be through within some seconds."""
    viewer = Viewer(backend, actor, chat, after)
    try:
        async with asyncio.timeout(20):
            yield viewer
            await viewer.task
    finally:
        viewer.task.cancel()
        await asyncio.gather(viewer.task, return_exceptions=True)


async def test_a_chat_that_has_ended_ends_at_once(backend: Backend, team: Team) -> None:
    chat = await make_chat(backend.store, team.editor, team.project)
    async with viewing(backend, team.viewer, chat) as viewer:
        pass
    assert (viewer.seen, viewer.end) == ([], ChatEnded(chat))


async def test_what_was_written_comes_first(backend: Backend, team: Team) -> None:
    keeper = backend.keeper()
    chat, run = await asked(backend, team)
    held, fence = await claim(keeper, run)
    await keeper.append([texts(fence, held.next_seq, "a", "b")])
    await keeper.finish(fence, DONE)
    async with viewing(backend, team.viewer, chat) as viewer:
        pass
    assert [(m.seq, m.content) for m in viewer.seen] == [(1, "How much?"), (2, "a"), (3, "b")]
    assert viewer.end is not None
    assert viewer.end.chat.status is ChatStatus.COMPLETED


async def test_live_messages_come_in_order_then_the_end(backend: Backend, team: Team) -> None:
    keeper = backend.keeper()
    chat, run = await asked(backend, team)
    held, fence = await claim(keeper, run)
    async with viewing(backend, team.viewer, chat) as viewer:
        await viewer.until(1)
        seq = held.next_seq
        for size in (1, 3, 2):
            await keeper.append([texts(fence, seq, *["x"] * size)])
            seq += size
            await viewer.until(seq - 1)
        assert viewer.end is None
        await keeper.finish(fence, DONE)
    assert viewer.seqs == [1, 2, 3, 4, 5, 6, 7]
    assert viewer.end is not None


async def test_the_rows_of_the_feed_are_the_rows_of_the_store(backend: Backend, team: Team) -> None:
    keeper = backend.keeper()
    chat, run = await asked(backend, team)
    held, fence = await claim(keeper, run)
    async with viewing(backend, team.viewer, chat) as viewer:
        await viewer.until(1)
        await keeper.append([texts(fence, held.next_seq, "a", "b")])
        await keeper.finish(fence, DONE)
    async with backend.store.transaction(team.viewer) as tx:
        assert viewer.seen == await tx.chats.messages(chat.id)
        assert viewer.end == ChatEnded(await tx.chats.get(chat.id))


@pytest.mark.parametrize("after", [1, 3, 4])
async def test_who_comes_back_gets_the_rest(backend: Backend, team: Team, after: int) -> None:
    keeper = backend.keeper()
    chat, run = await asked(backend, team)
    held, fence = await claim(keeper, run)
    await keeper.append([texts(fence, held.next_seq, "a", "b", "c")])
    async with viewing(backend, team.viewer, chat, after) as viewer:
        await keeper.append([texts(fence, held.next_seq + 3, "d")])
        await keeper.finish(fence, DONE)
    assert viewer.seqs == list(range(after + 1, 6))


async def test_all_who_follow_see_the_same(backend: Backend, team: Team) -> None:
    keeper = backend.keeper()
    chat, run = await asked(backend, team)
    held, fence = await claim(keeper, run)
    async with (
        viewing(backend, team.viewer, chat) as first,
        viewing(backend, team.owner, chat) as second,
    ):
        await keeper.append([texts(fence, held.next_seq, *"abc")])
        await first.until(4)
        async with viewing(backend, team.editor, chat) as late:
            await keeper.append([texts(fence, held.next_seq + 3, *"de")])
            await keeper.finish(fence, DONE)
    assert first.seqs == second.seqs == late.seqs == [1, 2, 3, 4, 5, 6]


async def test_chats_do_not_mix(backend: Backend, team: Team) -> None:
    keeper = backend.keeper()
    (one, run_one), (two, run_two) = await asked(backend, team), await asked(backend, team)
    held_one, fence_one = await claim(keeper, run_one)
    held_two, fence_two = await claim(keeper, run_two)
    async with viewing(backend, team.viewer, one) as first, viewing(backend, team.viewer, two) as second:
        await keeper.append(
            [texts(fence_one, held_one.next_seq, "1"), texts(fence_two, held_two.next_seq, "2")]
        )
        await keeper.finish(fence_one, DONE)
        await keeper.finish(fence_two, DONE)
    assert [m.content for m in first.seen] == ["How much?", "1"]
    assert [m.content for m in second.seen] == ["How much?", "2"]


async def test_a_long_chat_comes_whole(backend: Backend, team: Team) -> None:
    keeper = backend.keeper()
    chat, run = await asked(backend, team)
    held, fence = await claim(keeper, run)
    async with viewing(backend, team.viewer, chat) as viewer:
        for start in range(0, 1500, 300):
            await keeper.append([texts(fence, held.next_seq + start, *["x"] * 300)])
        await keeper.finish(fence, DONE)
    assert viewer.seqs == list(range(1, 1502))


async def test_a_stop_ends_it(backend: Backend, team: Team) -> None:
    chat, run = await asked(backend, team)
    async with viewing(backend, team.viewer, chat) as viewer:
        await viewer.until(1)
        async with backend.store.transaction(team.editor) as tx:
            await tx.runs.cancel(run.id)
        started = time.monotonic()
        await viewer.task
        assert time.monotonic() - started < 2
    assert viewer.end is not None
    assert viewer.end.chat.status is ChatStatus.CANCELLED


async def test_the_next_answer_is_followed_from_its_question(backend: Backend, team: Team) -> None:
    keeper = backend.keeper()
    chat, first = await asked(backend, team)
    held, fence = await claim(keeper, first)
    await keeper.append([texts(fence, held.next_seq, "a")])
    await keeper.finish(fence, DONE)
    second = await ask(backend.store, team.editor, chat, "And?")
    async with viewing(backend, team.viewer, chat, second.next_seq - 1) as viewer:
        held, fence = await claim(keeper, second)
        await keeper.append([texts(fence, held.next_seq, "b")])
        await keeper.finish(fence, DONE)
    assert [(m.seq, m.content) for m in viewer.seen] == [(4, "b")]


async def test_a_stranger_follows_nothing(backend: Backend, team: Team) -> None:
    chat, run = await asked(backend, team)
    with pytest.raises(NotFound):
        async with viewing(backend, team.stranger, chat):
            pass
    with pytest.raises(NotFound):
        await backend.feed.wait_run(team.stranger, run.id, 1)


async def test_who_was_removed_sees_no_more(backend: Backend, team: Team) -> None:
    keeper = backend.keeper()
    chat, run = await asked(backend, team)
    held, fence = await claim(keeper, run)
    viewer = Viewer(backend, team.viewer, chat)
    async with asyncio.timeout(20):
        await viewer.until(1)
        async with backend.store.transaction(team.owner) as tx:
            await tx.members.remove(team.project, team.viewer.user_id)
        await keeper.append([texts(fence, held.next_seq, "secret")])
        await keeper.finish(fence, DONE)
        with pytest.raises(NotFound):
            await viewer.task
    assert viewer.seqs == [1]


async def test_a_wait_is_over_when_the_run_has_ended(backend: Backend, team: Team) -> None:
    keeper = backend.keeper()
    _, run = await asked(backend, team)
    _, fence = await claim(keeper, run)
    async with asyncio.timeout(20):
        waiting = asyncio.create_task(backend.feed.wait_run(team.viewer, run.id, 20))
        await asyncio.wait({waiting}, timeout=0.05)
        assert not waiting.done()
        await keeper.finish(fence, DONE)
        await waiting
        await backend.feed.wait_run(team.viewer, run.id, 20)


async def test_a_wait_is_over_when_its_time_is(backend: Backend, team: Team) -> None:
    _, run = await asked(backend, team)
    async with asyncio.timeout(20):
        await backend.feed.wait_run(team.viewer, run.id, 0.05)
