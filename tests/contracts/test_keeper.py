"""What every RunKeeper does: claim, write under a fence, end."""

from uuid import uuid4

import pytest

from contracts.backends import Backend
from contracts.scene import Team, ask, asked, chat_now, claim, make_chat, run_now, said, texts
from oryxforge.domain.chats import ChatStatus, MessageRole, Piece, PieceKind
from oryxforge.domain.identity import Actor
from oryxforge.domain.runs import Fence, RunKind, RunStatus
from oryxforge.ports.runs import Batch, Ending

DONE = Ending(ChatStatus.COMPLETED, result={"rows": 3}, cost_usd=0.25, duration_ms=1200)


async def test_a_claim_is_the_first_attempt(backend: Backend, team: Team) -> None:
    keeper = backend.keeper()
    chat = await make_chat(backend.store, team.editor, team.project)
    run = await ask(backend.store, Actor(team.editor.user_id, None, "req-9"), chat)
    claimed = await keeper.claim(run.id)
    assert claimed is not None
    assert (claimed.run.status, claimed.run.attempt, claimed.run.next_seq) == (RunStatus.RUNNING, 1, 2)
    assert claimed.run.started_at is not None
    assert (claimed.actor.user_id, claimed.actor.request_id) == (team.editor.user_id, "req-9")
    assert await run_now(backend, team, run) == claimed.run


async def test_what_is_held_ended_or_gone_is_not_claimed(backend: Backend, team: Team) -> None:
    first, second = backend.keeper(), backend.keeper()
    _, run = await asked(backend, team)
    _, fence = await claim(first, run)
    assert await second.claim(run.id) is None
    assert await first.claim(run.id) is None
    await first.finish(fence, DONE)
    assert await second.claim(run.id) is None
    assert await second.claim(uuid4()) is None


async def test_the_actor_of_a_claim_acts_with_the_role_of_who_asked(backend: Backend, team: Team) -> None:
    _, run = await asked(backend, team)
    claimed = await backend.keeper().claim(run.id)
    assert claimed is not None
    async with backend.worker_store.transaction(claimed.actor) as tx:
        assert (await tx.projects.get(team.project)).id == team.project
        assert len(await tx.chats.messages(run.chat_id or uuid4())) == 1


async def test_pieces_become_messages_in_order(backend: Backend, team: Team) -> None:
    keeper = backend.keeper()
    chat, run = await asked(backend, team)
    held, fence = await claim(keeper, run)
    step = Piece(PieceKind.TOOL_USE, metadata={"id": "t1", "tool": "run_sql", "input": {"sql": "select 1"}})
    assert await keeper.append([Batch(fence, held.next_seq, [Piece.text("Let me see"), step])]) == frozenset()
    assert await keeper.append([texts(fence, held.next_seq + 2, "It is 1.")]) == frozenset()
    async with backend.store.transaction(team.viewer) as tx:
        answer = await tx.chats.messages(chat.id, after=1)
    assert [(m.seq, m.kind, m.content) for m in answer] == [
        (2, PieceKind.TEXT, "Let me see"),
        (3, PieceKind.TOOL_USE, ""),
        (4, PieceKind.TEXT, "It is 1."),
    ]
    assert {(m.role, m.attempt) for m in answer} == {(MessageRole.ASSISTANT, 1)}
    assert answer[1].metadata == step.metadata
    assert (await run_now(backend, team, run)).next_seq == 5


async def test_one_call_writes_for_many_chats(backend: Backend, team: Team) -> None:
    keeper = backend.keeper()
    chats = [await asked(backend, team) for _ in range(5)]
    batches = []
    for number, (_, run) in enumerate(chats):
        held, fence = await claim(keeper, run)
        batches.append(texts(fence, held.next_seq, *[f"{number}{letter}" for letter in "abc"[: number + 1]]))
    assert await keeper.append(batches) == frozenset()
    for number, (chat, _) in enumerate(chats):
        assert await said(backend, team, chat) == [
            "How much?",
            *[f"{number}{letter}" for letter in "abc"[: number + 1]],
        ]


async def test_a_batch_that_is_repeated_is_written_once(backend: Backend, team: Team) -> None:
    keeper = backend.keeper()
    chat, run = await asked(backend, team)
    held, fence = await claim(keeper, run)
    batch = texts(fence, held.next_seq, "a", "b")
    for _ in range(3):
        assert await keeper.append([batch]) == frozenset()
    assert await keeper.append([texts(fence, held.next_seq + 2, "c")]) == frozenset()
    assert await said(backend, team, chat) == ["How much?", "a", "b", "c"]


@pytest.mark.parametrize("void", ["later attempt", "earlier attempt", "other worker", "ended", "cancelled"])
async def test_a_void_fence_writes_nothing_and_the_others_go_on(
    backend: Backend, team: Team, void: str
) -> None:
    keeper, other = backend.keeper(), backend.keeper()
    chat, run = await asked(backend, team)
    good_chat, good_run = await asked(backend, team)
    held, fence = await claim(keeper, run)
    good, good_fence = await claim(keeper, good_run)
    writer = keeper
    match void:
        case "later attempt":
            fence = Fence(run.id, 2)
        case "earlier attempt":
            fence = Fence(run.id, 0)
        case "other worker":
            writer = other
        case "ended":
            await keeper.finish(fence, DONE)
        case _:
            async with backend.store.transaction(team.editor) as tx:
                await tx.runs.cancel(run.id)
    batches = [texts(fence, held.next_seq, "no"), texts(good_fence, good.next_seq, "yes")]
    expected = {run.id, good_run.id} if writer is other else {run.id}
    assert await writer.append(batches) == expected
    assert await said(backend, team, chat) == ["How much?"]
    assert await said(backend, team, good_chat) == (
        ["How much?"] if writer is other else ["How much?", "yes"]
    )


async def test_a_batch_at_another_place_is_refused(backend: Backend, team: Team) -> None:
    keeper = backend.keeper()
    chat, run = await asked(backend, team)
    held, fence = await claim(keeper, run)
    assert await keeper.append([texts(fence, held.next_seq + 7, "gap")]) == {run.id}
    assert await said(backend, team, chat) == ["How much?"]


async def test_nothing_to_write_is_fine(backend: Backend, team: Team) -> None:
    keeper = backend.keeper()
    chat, run = await asked(backend, team)
    held, fence = await claim(keeper, run)
    assert await keeper.append([]) == frozenset()
    assert await keeper.append([Batch(fence, held.next_seq, [])]) == frozenset()
    assert await said(backend, team, chat) == ["How much?"]


async def test_text_that_no_database_takes_is_mended(backend: Backend, team: Team) -> None:
    keeper = backend.keeper()
    chat, run = await asked(backend, team)
    held, fence = await claim(keeper, run)
    result = Piece(
        PieceKind.TOOL_RESULT,
        metadata={"text": "a\x00b", "rows": [["\ud800", 2**70, 1.5, None]], "half\udfff": True},
    )
    pieces = [Piece.text("NUL \x00, half \ud83d, whole \ud83d\ude00, é"), result]
    assert await keeper.append([Batch(fence, held.next_seq, pieces)]) == frozenset()
    async with backend.store.transaction(team.viewer) as tx:
        text, payload = await tx.chats.messages(chat.id, after=1)
    assert text.content == "NUL \ufffd, half \ufffd, whole 😀, é"
    assert payload.metadata == {
        "text": "a\ufffdb",
        "rows": [["\ufffd", str(2**70), 1.5, None]],
        "half\ufffd": True,
    }


async def test_an_ending_ends_run_and_chat(backend: Backend, team: Team) -> None:
    keeper = backend.keeper()
    chat, run = await asked(backend, team)
    _, fence = await claim(keeper, run)
    assert await keeper.finish(fence, DONE) is True
    ended, now = await run_now(backend, team, run), await chat_now(backend, team, chat)
    assert (ended.status, ended.result, ended.error) == (RunStatus.COMPLETED, {"rows": 3}, None)
    assert ended.ended_at is not None
    assert (now.status, now.error, now.cost_usd, now.duration_ms) == (
        ChatStatus.COMPLETED,
        None,
        0.25,
        1200,
    )
    assert now.completed_at is not None
    assert now.failed_at is None


async def test_a_failure_says_why(backend: Backend, team: Team) -> None:
    keeper = backend.keeper()
    chat, run = await asked(backend, team)
    _, fence = await claim(keeper, run)
    error = {"code": "model_busy", "detail": "Try again."}
    assert await keeper.finish(fence, Ending(ChatStatus.FAILED, error)) is True
    ended, now = await run_now(backend, team, run), await chat_now(backend, team, chat)
    assert (ended.status, ended.error) == (RunStatus.FAILED, error)
    assert (now.status, now.error) == (ChatStatus.FAILED, error)
    assert now.failed_at is not None
    assert now.completed_at is None


async def test_an_ending_counts_once(backend: Backend, team: Team) -> None:
    keeper = backend.keeper()
    chat, run = await asked(backend, team)
    _, fence = await claim(keeper, run)
    assert [await keeper.finish(fence, DONE) for _ in range(3)] == [True, True, True]
    assert (await chat_now(backend, team, chat)).cost_usd == 0.25


async def test_costs_of_a_chat_add_up(backend: Backend, team: Team) -> None:
    keeper = backend.keeper()
    chat = await make_chat(backend.store, team.editor, team.project)
    for _ in range(2):
        _, fence = await claim(keeper, await ask(backend.store, team.editor, chat))
        await keeper.finish(fence, DONE)
    now = await chat_now(backend, team, chat)
    assert (now.cost_usd, now.duration_ms) == (0.5, 2400)


async def test_a_void_fence_ends_nothing(backend: Backend, team: Team) -> None:
    keeper, other = backend.keeper(), backend.keeper()
    chat, run = await asked(backend, team)
    assert await keeper.finish(Fence(run.id, 0), DONE) is False
    _, fence = await claim(keeper, run)
    assert await keeper.finish(Fence(run.id, 2), DONE) is False
    assert await other.finish(fence, DONE) is False
    assert await keeper.finish(Fence(uuid4(), 1), DONE) is False
    assert (await chat_now(backend, team, chat)).status is ChatStatus.PROCESSING
    assert (await run_now(backend, team, run)).status is RunStatus.RUNNING


async def test_an_import_ends_without_a_chat(backend: Backend, team: Team) -> None:
    keeper = backend.keeper()
    async with backend.store.transaction(team.editor) as tx:
        run = await tx.runs.create(RunKind.IMPORT, team.project, None, 1, {})
    _, fence = await claim(keeper, run)
    assert await keeper.progress(fence, {"stage": "reading", "rows": 7}) is True
    assert (await run_now(backend, team, run)).progress == {"stage": "reading", "rows": 7}
    assert await keeper.finish(fence, DONE) is True
    assert await keeper.progress(fence, {"rows": 8}) is False
    assert (await run_now(backend, team, run)).status is RunStatus.COMPLETED


async def test_progress_under_a_void_fence_is_refused(backend: Backend, team: Team) -> None:
    keeper = backend.keeper()
    _, run = await asked(backend, team)
    _, fence = await claim(keeper, run)
    assert await backend.keeper().progress(fence, {"rows": 1}) is False
    assert await keeper.progress(Fence(run.id, 2), {"rows": 1}) is False
    assert (await run_now(backend, team, run)).progress == {}
