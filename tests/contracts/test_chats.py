"""What every Store does with chats and their messages."""

from uuid import uuid4

import pytest

from contracts.backends import Backend
from contracts.refusals import refused
from contracts.scene import Team, ask, asked, chat_now, chats_in, claim, make_chat, said, texts
from oryxforge.domain.chats import ChatMode, ChatStatus, MessageRole, Piece, PieceKind, counting
from oryxforge.domain.errors import Conflict, NotAllowed, NotFound
from oryxforge.domain.runs import RunKind
from oryxforge.ports.runs import Batch, Ending


async def test_a_new_chat_waits_for_a_question(backend: Backend, team: Team) -> None:
    made = await make_chat(backend.store, team.editor, team.project)
    assert (made.title, made.agent, made.mode) == ("About sales", "quick", ChatMode.EXPLORE)
    assert (made.project_id, made.user_id) == (team.project, team.editor.user_id)
    assert (made.status, made.error, made.cost_usd, made.duration_ms) == (
        ChatStatus.COMPLETED,
        None,
        0,
        0,
    )
    assert (await chat_now(backend, team, made), await said(backend, team, made)) == (made, [])


async def test_chats_are_listed_the_newest_first(backend: Backend, team: Team) -> None:
    first = await make_chat(backend.store, team.editor, team.project)
    await backend.advance(1)
    second = await make_chat(backend.store, team.owner, team.project)
    assert await chats_in(backend, team) == [second, first]


async def test_renamed(backend: Backend, team: Team) -> None:
    made = await make_chat(backend.store, team.editor, team.project)
    async with backend.store.transaction(team.owner) as tx:
        assert (await tx.chats.rename(made.id, "By region")).title == "By region"
    assert (await chat_now(backend, team, made)).title == "By region"


async def test_a_deleted_chat_is_gone(backend: Backend, team: Team) -> None:
    made = await make_chat(backend.store, team.editor, team.project)
    async with backend.store.transaction(team.editor) as tx:
        await tx.chats.delete(made.id)
    assert await chats_in(backend, team) == []
    async with refused(backend.store, team.editor, NotFound, "chat_not_found") as tx:
        await tx.chats.get(made.id)
    async with refused(backend.store, team.editor, NotFound) as tx:
        await tx.chats.messages(made.id)


async def test_a_question_is_the_first_message_of_a_processing_chat(backend: Backend, team: Team) -> None:
    made = await make_chat(backend.store, team.editor, team.project)
    async with backend.store.transaction(team.owner) as tx:
        seq = await tx.chats.ask(made.id, "How much? 😀", {"target": "a.B"}, "claude", ChatMode.PLAN)
        messages = await tx.chats.messages(made.id)
    assert (seq, len(messages)) == (1, 1)
    first = messages[0]
    assert (first.chat_id, first.seq, first.attempt) == (made.id, 1, 0)
    assert (first.role, first.kind, first.content) == (MessageRole.USER, PieceKind.TEXT, "How much? 😀")
    assert first.metadata == {"target": "a.B"}
    now = await chat_now(backend, team, made)
    assert (now.status, now.agent, now.mode) == (ChatStatus.PROCESSING, "claude", ChatMode.PLAN)


async def test_a_processing_chat_takes_no_question(backend: Backend, team: Team) -> None:
    chat, _ = await asked(backend, team)
    async with refused(backend.store, team.editor, Conflict, "chat_processing") as tx:
        await tx.chats.ask(chat.id, "And?", {}, "quick", ChatMode.EXPLORE)
    assert await said(backend, team, chat) == ["How much?"]


async def test_the_next_question_clears_the_error_and_goes_on_counting(backend: Backend, team: Team) -> None:
    keeper = backend.keeper()
    chat, run = await asked(backend, team)
    held, fence = await claim(keeper, run)
    await keeper.append([texts(fence, held.next_seq, "one", "two")])
    await keeper.finish(fence, Ending(ChatStatus.FAILED, {"code": "agent_failed"}))
    assert (await chat_now(backend, team, chat)).error == {"code": "agent_failed"}
    again = await ask(backend.store, team.editor, chat, "Again?")
    assert again.next_seq == 5
    assert await said(backend, team, chat) == ["How much?", "one", "two", "Again?"]
    now = await chat_now(backend, team, chat)
    assert (now.status, now.error, now.failed_at) == (ChatStatus.PROCESSING, None, None)


async def test_messages_come_in_pages(backend: Backend, team: Team) -> None:
    keeper = backend.keeper()
    chat, run = await asked(backend, team)
    held, fence = await claim(keeper, run)
    await keeper.append([texts(fence, held.next_seq, *"abcdef")])
    async with backend.store.transaction(team.viewer) as tx:
        assert [m.seq for m in await tx.chats.messages(chat.id)] == [1, 2, 3, 4, 5, 6, 7]
        assert [m.seq for m in await tx.chats.messages(chat.id, 2, 3)] == [3, 4, 5]
        assert [m.seq for m in await tx.chats.messages(chat.id, after=6)] == [7]
        assert await tx.chats.messages(chat.id, after=7) == []


async def test_what_a_restart_supersedes_does_not_count(backend: Backend, team: Team) -> None:
    keeper = backend.keeper(silent_after_s=0)
    chat, run = await asked(backend, team)
    for attempt in (1, 2, 3):
        held, fence = await claim(keeper, run)
        notice = Piece(
            PieceKind.NOTICE,
            metadata={
                "code": "attempt_restarted",
                "supersedes_after": 1,
                "counts_from": held.next_seq,
            },
        )
        pieces = [Piece.text(f"try {attempt}"), Piece.text("…")]
        await keeper.append([Batch(fence, held.next_seq, [notice, *pieces] if attempt > 1 else pieces)])
        await keeper.rescue()
    async with backend.store.transaction(team.viewer) as tx:
        everything = await tx.chats.messages(chat.id)
        counts = await tx.chats.counting(chat.id)
        assert await tx.chats.counting(chat.id, 1, 2) == counts[1:3]
        assert await tx.chats.counting(chat.id, 7, 9) == counts[2:]
        assert await tx.chats.counting_before(chat.id, 9, 2) == counts[1:3]
        assert await tx.chats.counting_before(chat.id, 2, 9) == counts[:1]
    assert [m.seq for m in everything] == list(range(1, 10))
    assert [m.seq for m in counts] == [1, 7, 8, 9]
    assert counts == counting(everything)


async def test_a_stranger_finds_no_chat(backend: Backend, team: Team) -> None:
    chat, run = await asked(backend, team)
    async with backend.store.transaction(team.stranger) as tx:
        assert await tx.runs.active(chat.id) is None
    async with refused(backend.store, team.stranger, NotFound) as tx:
        await tx.chats.get(chat.id)
    async with refused(backend.store, team.stranger, NotFound) as tx:
        await tx.chats.search(team.project, [], None, 100)
    async with refused(backend.store, team.stranger, NotFound) as tx:
        await tx.chats.messages(chat.id)
    async with refused(backend.store, team.stranger, NotFound) as tx:
        await tx.chats.counting(chat.id)
    async with refused(backend.store, team.stranger, NotFound) as tx:
        await tx.chats.counting_before(chat.id, 9, 9)
    async with refused(backend.store, team.stranger, NotFound) as tx:
        await tx.runs.get(run.id)
    async with refused(backend.store, team.stranger, NotFound) as tx:
        await tx.artifacts.in_chat(chat.id)
    async with refused(backend.store, team.editor, NotFound) as tx:
        await tx.chats.get(uuid4())


@pytest.mark.parametrize(("who", "error"), [("stranger", NotFound), ("viewer", NotAllowed)])
async def test_neither_stranger_nor_viewer_writes_a_chat(
    backend: Backend, team: Team, who: str, error: type[NotFound | NotAllowed]
) -> None:
    actor = team.stranger if who == "stranger" else team.viewer
    idle = await make_chat(backend.store, team.editor, team.project)
    _, run = await asked(backend, team)
    with pytest.raises(error):
        await make_chat(backend.store, actor, team.project)
    async with refused(backend.store, actor, error) as tx:
        await tx.chats.ask(idle.id, "?", {}, "quick", ChatMode.EXPLORE)
    async with refused(backend.store, actor, error) as tx:
        await tx.chats.rename(idle.id, "X")
    async with refused(backend.store, actor, error) as tx:
        await tx.chats.delete(idle.id)
    async with refused(backend.store, actor, error) as tx:
        await tx.runs.create(RunKind.CHAT, team.project, idle.id, 1, {})
    async with refused(backend.store, actor, error) as tx:
        await tx.runs.cancel(run.id)
