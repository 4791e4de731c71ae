"""What every Store does with a chat that goes on from the middle of another one."""

from uuid import UUID, uuid4

import pytest

from contracts.backends import Backend
from contracts.refusals import refused
from contracts.scene import Team, ask, asked, chat_now, chats_in, claim, dataset_id, make_chat, table
from oryxforge.domain.chats import Chat, ChatMode, ChatStatus, MessageRole, Piece, PieceKind
from oryxforge.domain.errors import NotAllowed, NotFound
from oryxforge.domain.runs import Run
from oryxforge.domain.sheets import SheetType
from oryxforge.ports.repos import NewSheet
from oryxforge.ports.runs import Batch, Ending


async def answer(backend: Backend, team: Team, run: Run, *pieces: Piece, save: bool = False) -> UUID:
    """Ends an answer of these pieces; the id of the sheet that its artifact has, if it saves one."""
    keeper, sheet = backend.keeper(), uuid4()
    held, fence = await claim(keeper, run)
    if save:
        target = await dataset_id(backend.store, team.editor, team.project, "Exploration")
        async with backend.worker_store.transaction(team.editor, fence) as tx:
            new = NewSheet(sheet, target, f"T{run.id}", f"T{run.id.hex[:8]}", SheetType.TABLE)
            await tx.sheets.create(new, uuid4(), table())
            assert run.chat_id is not None
            await tx.artifacts.create(run.chat_id, run.id, sheet, {"code": "select 1"})
        pieces = (*pieces, Piece(PieceKind.ARTIFACT, metadata={"title": "T", "datasheet_id": str(sheet)}))
    await keeper.append([Batch(fence, held.next_seq, list(pieces))])
    await keeper.finish(fence, Ending(ChatStatus.COMPLETED, cost_usd=0.5, duration_ms=9))
    return sheet


STEP = Piece(PieceKind.TOOL_USE, metadata={"id": "1", "tool": "run_sql", "input": {"sql": "select 1"}})
RESTART = {"code": "attempt_restarted", "supersedes_after": 1, "counts_from": 3}


async def conversation(backend: Backend, team: Team) -> tuple[Chat, UUID, UUID]:
    """1 How much?, 2 old, 3 restart, 4 step, 5 text, 6 artifact, 7 And now?, 8 later, 9 artifact."""
    chat, run = await asked(backend, team)
    pieces = (Piece.text("old"), Piece(PieceKind.NOTICE, metadata=RESTART), STEP, Piece.text("Much."))
    first = await answer(backend, team, run, *pieces, save=True)
    again = await ask(backend.store, team.editor, chat, "And now?")
    return chat, first, await answer(backend, team, again, Piece.text("More."), save=True)


async def test_what_counts_before_a_message_is_copied(backend: Backend, team: Team) -> None:
    chat, first, _ = await conversation(backend, team)
    async with backend.store.transaction(team.owner) as tx:
        made = await tx.chats.branch(chat.id, 7, "Another way")
        before = await tx.chats.messages(chat.id)
        copied = await tx.chats.messages(made.id)
        artifacts = await tx.artifacts.in_chat(made.id)
        assert await tx.runs.active(made.id) is None
    assert (made.title, made.agent, made.mode, made.user_id) == (
        "Another way",
        chat.agent,
        chat.mode,
        team.owner.user_id,
    )
    assert (made.branched_from, made.branched_at) == (chat.id, 7)
    assert (made.status, made.cost_usd, made.duration_ms) == (ChatStatus.COMPLETED, 0, 0)
    assert [m.seq for m in copied] == [1, 2, 3, 4]
    counted = [m for m in before if m.seq in (1, 4, 5, 6)]
    assert [(m.role, m.kind, m.content, m.metadata, m.created_at) for m in copied] == [
        (m.role, m.kind, m.content, m.metadata, m.created_at) for m in counted
    ]
    assert not {m.id for m in copied} & {m.id for m in before}
    assert [(a.datasheet_id, a.provenance) for a in artifacts] == [(first, {"code": "select 1"})]
    assert (await chat_now(backend, team, chat)).branched_from is None


async def test_the_whole_chat_or_nothing_of_it_may_be_copied(backend: Backend, team: Team) -> None:
    chat, *_ = await conversation(backend, team)
    for before, expected in ((1, 0), (2, 1), (1000, 7)):
        async with backend.store.transaction(team.editor) as tx:
            made = await tx.chats.branch(chat.id, before, "B")
            assert len(await tx.chats.messages(made.id)) == expected


async def test_a_branch_goes_on_by_itself(backend: Backend, team: Team) -> None:
    chat, *_ = await conversation(backend, team)
    async with backend.store.transaction(team.editor) as tx:
        made = await tx.chats.branch(chat.id, 7, "B")
    run = await ask(backend.store, team.editor, made, "And then?")
    assert run.next_seq == 6
    await answer(backend, team, run, Piece.text("Then."), save=True)
    async with backend.store.transaction(team.viewer) as tx:
        assert [m.content for m in await tx.chats.counting(made.id, 4)] == ["And then?", "Then.", ""]
        assert len(await tx.chats.messages(chat.id)) == 9
        assert len(await tx.artifacts.in_chat(chat.id)) == 2
        last = await tx.chats.last_question(made.id)
    assert last is not None
    assert (last.role, last.seq) == (MessageRole.USER, 5)


async def test_a_branch_outlives_its_origin(backend: Backend, team: Team) -> None:
    chat, *_ = await conversation(backend, team)
    async with backend.store.transaction(team.editor) as tx:
        made = await tx.chats.branch(chat.id, 7, "B")
        await tx.chats.delete(chat.id)
    async with backend.store.transaction(team.viewer) as tx:
        assert len(await tx.chats.messages(made.id)) == 4
    async with refused(backend.store, team.editor, NotFound, "chat_not_found") as tx:
        await tx.chats.branch(chat.id, 7, "C")


async def test_a_branch_that_fails_leaves_nothing(backend: Backend, team: Team) -> None:
    chat = await make_chat(backend.store, team.editor, team.project)
    with pytest.raises(RuntimeError):
        async with backend.store.transaction(team.editor) as tx:
            made = await tx.chats.branch(chat.id, 1, "B")
            await tx.chats.ask(made.id, "?", {}, "quick", ChatMode.EXPLORE)
            raise RuntimeError
    assert await chats_in(backend, team) == [chat]


@pytest.mark.parametrize(("who", "error"), [("stranger", NotFound), ("viewer", NotAllowed)])
async def test_neither_stranger_nor_viewer_branches(
    backend: Backend, team: Team, who: str, error: type[NotFound | NotAllowed]
) -> None:
    chat = await make_chat(backend.store, team.editor, team.project)
    async with refused(backend.store, team.stranger if who == "stranger" else team.viewer, error) as tx:
        await tx.chats.branch(chat.id, 1, "B")
