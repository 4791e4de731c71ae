"""What every RunKeeper does for runs whose worker fell silent, stopped or left."""

import asyncio
from contextlib import aclosing
from uuid import UUID

from contracts.backends import Backend
from contracts.scene import Team, asked, chat_now, claim, run_now, said, texts
from oryxforge.domain.chats import ChatStatus
from oryxforge.domain.runs import RunStatus
from oryxforge.ports.runs import Ending

DONE = Ending(ChatStatus.COMPLETED)


async def test_a_heartbeat_tells_what_is_held(backend: Backend, team: Team) -> None:
    keeper, other = backend.keeper(), backend.keeper()
    (_, first), (_, second), (_, third) = [await asked(backend, team) for _ in range(3)]
    assert await keeper.heartbeat() == frozenset()
    _, fence = await claim(keeper, first)
    await claim(keeper, second)
    await claim(other, third)
    assert await keeper.heartbeat() == {first.id, second.id}
    await keeper.finish(fence, DONE)
    async with backend.store.transaction(team.editor) as tx:
        await tx.runs.cancel(second.id)
    assert await keeper.heartbeat() == frozenset()
    assert await other.heartbeat() == {third.id}


async def test_who_lives_keeps_its_runs(backend: Backend, team: Team) -> None:
    keeper, other = backend.keeper(silent_after_s=60), backend.keeper(silent_after_s=60)
    _, run = await asked(backend, team)
    await claim(keeper, run)
    await backend.advance(600)
    await keeper.heartbeat()
    assert await other.rescue() == 0
    assert (await run_now(backend, team, run)).status is RunStatus.RUNNING


async def test_what_a_silent_worker_left_is_queued_again(backend: Backend, team: Team) -> None:
    keeper, other = backend.keeper(), backend.keeper(silent_after_s=60)
    chat, run = await asked(backend, team)
    held, fence = await claim(keeper, run)
    await keeper.heartbeat()
    await keeper.append([texts(fence, held.next_seq, "first try")])
    jobs = await backend.jobs_of(run.id)
    await backend.advance(61)
    assert await other.rescue() == 1
    queued = await run_now(backend, team, run)
    assert (queued.status, queued.attempt) == (RunStatus.QUEUED, 1)
    assert await backend.jobs_of(run.id) == jobs + 1
    assert await other.rescue() == 0
    again, next_fence = await claim(other, run)
    assert (again.attempt, again.next_seq, again.started_at) == (2, 3, held.started_at)
    await other.append([texts(next_fence, again.next_seq, "second try")])
    assert await said(backend, team, chat) == ["How much?", "first try", "second try"]


async def test_a_worker_that_was_frozen_writes_nothing_more(backend: Backend, team: Team) -> None:
    frozen, other = backend.keeper(), backend.keeper(silent_after_s=0)
    chat, run = await asked(backend, team)
    held, fence = await claim(frozen, run)
    await other.rescue()
    assert await frozen.append([texts(fence, held.next_seq, "late")]) == {run.id}
    again, next_fence = await claim(other, run)
    assert await frozen.append([texts(fence, held.next_seq, "late")]) == {run.id}
    assert await frozen.finish(fence, DONE) is False
    assert await frozen.progress(fence, {"late": True}) is False
    assert await frozen.heartbeat() == frozenset()
    assert await other.append([texts(next_fence, again.next_seq, "mine")]) == frozenset()
    assert await said(backend, team, chat) == ["How much?", "mine"]


async def test_a_worker_that_takes_its_own_run_again_has_a_new_fence(backend: Backend, team: Team) -> None:
    keeper = backend.keeper(silent_after_s=0)
    chat, run = await asked(backend, team)
    held, old = await claim(keeper, run)
    await keeper.rescue()
    _, new = await claim(keeper, run)
    assert await keeper.append([texts(old, held.next_seq, "old")]) == {run.id}
    assert await keeper.append([texts(new, held.next_seq, "new")]) == frozenset()
    assert await said(backend, team, chat) == ["How much?", "new"]


async def test_after_too_many_attempts_the_chat_fails(backend: Backend, team: Team) -> None:
    keeper = backend.keeper(silent_after_s=0, max_attempts=3)
    chat, run = await asked(backend, team)
    for attempt in (1, 2, 3):
        held, _ = await claim(keeper, run)
        assert held.attempt == attempt
        assert await keeper.rescue() == 1
    assert await keeper.claim(run.id) is None
    ended, now = await run_now(backend, team, run), await chat_now(backend, team, chat)
    assert (ended.status, now.status) == (RunStatus.FAILED, ChatStatus.FAILED)
    assert ended.error == now.error
    assert (now.error or {})["code"] == "gave_up"
    assert "Ask again" in str((now.error or {})["detail"])
    assert now.failed_at is not None


async def test_what_has_ended_is_not_rescued(backend: Backend, team: Team) -> None:
    keeper = backend.keeper(silent_after_s=0)
    _, done = await asked(backend, team)
    _, cancelled = await asked(backend, team)
    _, fence = await claim(keeper, done)
    await keeper.finish(fence, DONE)
    async with backend.store.transaction(team.editor) as tx:
        await tx.runs.cancel(cancelled.id)
    await backend.advance(60)
    assert await keeper.rescue() == 0


async def test_a_queued_run_whose_job_is_there_is_left_alone(backend: Backend, team: Team) -> None:
    _, run = await asked(backend, team)
    await backend.advance(600)
    assert await backend.keeper().rescue() == 0
    assert await backend.jobs_of(run.id) == 1


async def test_sign_off_gives_everything_back_at_once(backend: Backend, team: Team) -> None:
    keeper, other = backend.keeper(), backend.keeper()
    (_, first), (_, second), (_, third) = [await asked(backend, team) for _ in range(3)]
    held, fence = await claim(keeper, first)
    await claim(keeper, second)
    await claim(other, third)
    await keeper.sign_off()
    assert await keeper.append([texts(fence, held.next_seq, "late")]) == {first.id}
    assert (await claim(other, first))[0].attempt == 2
    assert (await claim(other, second))[0].attempt == 2
    assert (await run_now(backend, team, third)).attempt == 1


async def test_a_worker_gives_some_runs_back(backend: Backend, team: Team) -> None:
    keeper, other = backend.keeper(), backend.keeper()
    (_, first), (_, second), (_, third) = [await asked(backend, team) for _ in range(3)]
    await claim(keeper, first)
    await claim(keeper, second)
    await claim(other, third)
    await keeper.give_back([first.id, third.id])
    statuses = [(await run_now(backend, team, r)).status for r in (first, second, third)]
    assert statuses == [RunStatus.QUEUED, RunStatus.RUNNING, RunStatus.RUNNING]
    assert await keeper.heartbeat() == {second.id}


async def test_a_stop_is_told_as_it_happens(backend: Backend, team: Team) -> None:
    cancelled: set[UUID] = set()
    async with aclosing(backend.keeper().stops()) as stops, asyncio.timeout(20):
        told = asyncio.ensure_future(anext(stops))
        while not told.done():
            _, run = await asked(backend, team)
            async with backend.store.transaction(team.editor) as tx:
                await tx.runs.cancel(run.id)
            cancelled.add(run.id)
            await asyncio.wait({told}, timeout=0.2)
    assert told.result() in cancelled
