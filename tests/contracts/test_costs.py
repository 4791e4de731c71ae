"""What every RunKeeper counts: the cost of each attempt, once, however the attempt ended."""

from uuid import uuid4

from contracts.backends import Backend
from contracts.scene import Team, asked, chat_now, claim, run_now
from oryxforge.domain.chats import Chat, ChatStatus
from oryxforge.domain.runs import Fence, Run, RunKind, RunStatus
from oryxforge.ports.runs import Ending


async def stop(backend: Backend, team: Team, run: Run) -> None:
    async with backend.store.transaction(team.editor) as tx:
        await tx.runs.cancel(run.id)


async def counted(backend: Backend, team: Team, chat: Chat) -> tuple[float, float, float]:
    """What the chat, its project and who asked in it have spent."""
    async with backend.store.transaction(team.editor) as tx:
        mine, project = await tx.budgets.mine(), await tx.budgets.of_project(team.project)
    return (await chat_now(backend, team, chat)).cost_usd, project.spent_usd, mine.spent_usd


def done(usd: float, status: ChatStatus = ChatStatus.COMPLETED) -> Ending:
    return Ending(status, result={"cost_usd": usd}, cost_usd=usd, duration_ms=1)


async def test_a_stopped_answer_is_counted_once(backend: Backend, team: Team) -> None:
    keeper = backend.keeper()
    chat, run = await asked(backend, team)
    _, fence = await claim(keeper, run)
    await stop(backend, team, run)
    stopped = await chat_now(backend, team, chat)
    for _ in range(3):
        await keeper.bill(fence, 0.5)
    assert await counted(backend, team, chat) == (0.5, 0.5, 0.5)
    now = await chat_now(backend, team, chat)
    assert (now.status, now.completed_at, now.active_at) == (
        ChatStatus.CANCELLED,
        stopped.completed_at,
        stopped.active_at,
    )
    assert (await run_now(backend, team, run)).status is RunStatus.CANCELLED


async def test_an_ending_that_comes_too_late_costs_all_the_same(backend: Backend, team: Team) -> None:
    keeper = backend.keeper()
    chat, run = await asked(backend, team)
    _, fence = await claim(keeper, run)
    await stop(backend, team, run)
    assert [await keeper.finish(fence, done(0.5)) for _ in range(2)] == [False, False]
    assert await counted(backend, team, chat) == (0.5, 0.5, 0.5)
    assert (await chat_now(backend, team, chat)).status is ChatStatus.CANCELLED


async def test_each_attempt_costs(backend: Backend, team: Team) -> None:
    first, second = backend.keeper(), backend.keeper()
    chat, run = await asked(backend, team)
    _, cut_off = await claim(first, run)
    await first.sign_off()
    await first.bill(cut_off, 0.5)
    assert await counted(backend, team, chat) == (0.5, 0.5, 0.5)
    _, fence = await claim(second, run)
    await first.bill(cut_off, 0.5)
    assert await second.finish(fence, done(0.25)) is True
    assert await counted(backend, team, chat) == (0.75, 0.75, 0.75)
    assert (await chat_now(backend, team, chat)).status is ChatStatus.COMPLETED


async def test_an_attempt_that_was_taken_away_costs_after_the_next_has_begun(
    backend: Backend, team: Team
) -> None:
    silent, other = backend.keeper(silent_after_s=1), backend.keeper(silent_after_s=1)
    chat, run = await asked(backend, team)
    _, lost = await claim(silent, run)
    await backend.advance(60)
    await other.rescue()
    _, fence = await claim(other, run)
    assert await silent.finish(lost, done(0.5)) is False
    assert (await run_now(backend, team, run)).status is RunStatus.RUNNING
    assert await other.finish(fence, done(0.25, ChatStatus.FAILED)) is True
    assert await counted(backend, team, chat) == (0.75, 0.75, 0.75)


async def test_an_attempt_that_goes_on_is_counted_once(backend: Backend, team: Team) -> None:
    keeper = backend.keeper()
    chat, run = await asked(backend, team)
    _, fence = await claim(keeper, run)
    await keeper.bill(fence, 0.5)
    assert await keeper.finish(fence, done(0.5)) is True
    await keeper.bill(fence, 0.5)
    assert await counted(backend, team, chat) == (0.5, 0.5, 0.5)


async def test_nobody_is_billed_for_what_was_not_attempted(backend: Backend, team: Team) -> None:
    keeper, other = backend.keeper(), backend.keeper()
    chat, run = await asked(backend, team)
    await keeper.bill(Fence(run.id, 0), 1)
    await keeper.bill(Fence(run.id, 1), 1)
    _, fence = await claim(keeper, run)
    await other.bill(fence, 1)
    for void in (Fence(run.id, 0), Fence(run.id, 2), Fence(uuid4(), 1)):
        await keeper.bill(void, 1)
        assert await keeper.finish(void, done(1)) is False
    await keeper.bill(fence, 0)
    async with backend.store.transaction(team.editor) as tx:
        importing = await tx.runs.create(RunKind.IMPORT, team.project, None, 1, {})
    await keeper.bill((await claim(keeper, importing))[1], 1)
    assert await counted(backend, team, chat) == (0, 0, 0)


async def test_what_a_deleted_chat_cost_was_spent(backend: Backend, team: Team) -> None:
    keeper = backend.keeper()
    chat, run = await asked(backend, team)
    _, fence = await claim(keeper, run)
    async with backend.store.transaction(team.editor) as tx:
        await tx.runs.cancel(run.id)
        await tx.chats.delete(chat.id)
    await keeper.bill(fence, 0.5)
    async with backend.store.transaction(team.editor) as tx:
        assert (await tx.budgets.mine()).spent_usd == 0.5
        assert (await tx.budgets.of_project(team.project)).spent_usd == 0.5
