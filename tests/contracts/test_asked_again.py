"""What every Store does with a question that is asked again."""

import pytest

from contracts.backends import Backend
from contracts.refusals import refused
from contracts.scene import Team, ask, asked, chat_now, claim, make_chat, said, texts
from oryxforge.domain.chats import Chat, ChatMode, ChatStatus, MessageRole, PieceKind, counting
from oryxforge.domain.errors import Conflict, NotAllowed, NotFound
from oryxforge.domain.runs import Run, RunKind
from oryxforge.ports.runs import Ending


async def answered(backend: Backend, team: Team) -> tuple[Chat, Run]:
    """A chat of two answered questions, and the run of the last one."""
    chat, first = await asked(backend, team)
    await answer(backend, first, "old")
    last = await ask(backend.store, team.editor, chat, "And now?")
    await answer(backend, last, "one", "two")
    return chat, last


async def answer(backend: Backend, run: Run, *contents: str) -> None:
    keeper = backend.keeper()
    held, fence = await claim(keeper, run)
    await keeper.append([texts(fence, held.next_seq, *contents)])
    await keeper.finish(fence, Ending(ChatStatus.FAILED, {"code": "agent_failed"}))


async def test_the_last_question_is_the_one_that_was_put_last(backend: Backend, team: Team) -> None:
    empty = await make_chat(backend.store, team.editor, team.project)
    chat, _ = await answered(backend, team)
    async with backend.store.transaction(team.viewer) as tx:
        assert await tx.chats.last_question(empty.id) is None
        last = await tx.chats.last_question(chat.id)
    assert last is not None
    assert (last.seq, last.content) == (3, "And now?")
    async with refused(backend.store, team.stranger, NotFound) as tx:
        await tx.chats.last_question(chat.id)


async def test_what_was_answered_counts_no_more_and_stays(backend: Backend, team: Team) -> None:
    chat, _ = await answered(backend, team)
    async with backend.store.transaction(team.editor) as tx:
        seq = await tx.chats.ask_again(chat.id, 3, "claude", ChatMode.PLAN)
    now = await chat_now(backend, team, chat)
    assert (now.status, now.agent, now.mode) == (ChatStatus.PROCESSING, "claude", ChatMode.PLAN)
    assert (now.error, now.failed_at) == (None, None)
    async with backend.store.transaction(team.viewer) as tx:
        everything = await tx.chats.messages(chat.id)
        counts = await tx.chats.counting(chat.id)
    assert counts == counting(everything)
    assert [m.seq for m in counts] == [1, 2, 3, seq]
    assert await said(backend, team, chat) == ["How much?", "old", "And now?", "one", "two", ""]
    notice = counts[-1]
    assert (notice.role, notice.kind, notice.attempt) == (MessageRole.ASSISTANT, PieceKind.NOTICE, 0)
    assert notice.metadata == {
        "code": "attempt_restarted",
        "reason": "asked_again",
        "text": "Asked again.",
        "counts_from": seq,
        "supersedes_after": 3,
    }


async def test_the_new_answer_goes_on_after_the_notice_and_may_be_asked_for_again(
    backend: Backend, team: Team
) -> None:
    chat, _ = await answered(backend, team)
    for again in ("better", "best"):
        async with backend.store.transaction(team.editor) as tx:
            seq = await tx.chats.ask_again(chat.id, 3, "quick", ChatMode.EXPLORE)
            run = await tx.runs.create(RunKind.CHAT, chat.project_id, chat.id, seq + 1, {"seq": 3})
        await answer(backend, run, again)
    async with backend.store.transaction(team.viewer) as tx:
        assert [m.content for m in await tx.chats.counting(chat.id)] == [
            "How much?",
            "old",
            "And now?",
            "",
            "best",
        ]


async def test_the_runs_of_a_question(backend: Backend, team: Team) -> None:
    chat, last = await answered(backend, team)
    async with backend.store.transaction(team.viewer) as tx:
        assert await tx.runs.of_question(chat.id, 3) == [last.id]
        assert await tx.runs.of_question(chat.id, 2) == []
    async with backend.store.transaction(team.stranger) as tx:
        assert await tx.runs.of_question(chat.id, 3) == []


async def test_a_chat_that_answers_or_went_on_is_not_asked_again(backend: Backend, team: Team) -> None:
    chat, _ = await answered(backend, team)
    async with refused(backend.store, team.editor, Conflict, "chat_processing") as tx:
        await tx.chats.ask_again(chat.id, 1, "quick", ChatMode.EXPLORE)
    await ask(backend.store, team.editor, chat, "Third")
    for question in (3, 6):
        async with refused(backend.store, team.editor, Conflict, "chat_processing") as tx:
            await tx.chats.ask_again(chat.id, question, "quick", ChatMode.EXPLORE)
    assert (await said(backend, team, chat))[-1] == "Third"


@pytest.mark.parametrize(("who", "error"), [("stranger", NotFound), ("viewer", NotAllowed)])
async def test_neither_stranger_nor_viewer_asks_again(
    backend: Backend, team: Team, who: str, error: type[NotFound | NotAllowed]
) -> None:
    chat, _ = await answered(backend, team)
    actor = team.stranger if who == "stranger" else team.viewer
    async with refused(backend.store, actor, error) as tx:
        await tx.chats.ask_again(chat.id, 3, "quick", ChatMode.EXPLORE)
    assert (await chat_now(backend, team, chat)).status is ChatStatus.FAILED
