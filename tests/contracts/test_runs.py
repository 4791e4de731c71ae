"""What every Store does with runs, as the person sees them who asked."""

import asyncio
from uuid import uuid4

import pytest

from contracts.backends import Backend
from contracts.refusals import refused
from contracts.scene import Team, ask, asked, chat_now, claim, make_chat, run_now, said, texts
from oryxforge.domain.chats import ChatMode, ChatStatus
from oryxforge.domain.errors import Conflict, NotFound
from oryxforge.domain.identity import Actor
from oryxforge.domain.runs import RunKind, RunStatus
from oryxforge.ports.runs import Ending


async def test_a_new_run_waits_with_its_job(backend: Backend, team: Team) -> None:
    me = Actor(team.editor.user_id, team.editor.email, "req-1")
    async with backend.store.transaction(me) as tx:
        run = await tx.runs.create(RunKind.IMPORT, team.project, None, 1, {"selected": {"a": "b"}})
        assert await tx.runs.get(run.id) == run
    assert (run.kind, run.status, run.attempt, run.next_seq) == (RunKind.IMPORT, RunStatus.QUEUED, 0, 1)
    assert (run.project_id, run.user_id, run.chat_id) == (team.project, me.user_id, None)
    assert (run.args, run.progress, run.result, run.error) == ({"selected": {"a": "b"}}, {}, None, None)
    assert (run.request_id, run.started_at, run.ended_at) == ("req-1", None, None)
    assert await backend.jobs_of(run.id) == 1


async def test_a_run_that_is_rolled_back_leaves_no_job(backend: Backend, team: Team) -> None:
    chat = await make_chat(backend.store, team.editor, team.project)
    made = []
    with pytest.raises(ZeroDivisionError):
        async with backend.store.transaction(team.editor) as tx:
            await tx.chats.ask(chat.id, "?", {}, "quick", ChatMode.EXPLORE)
            made.append(await tx.runs.create(RunKind.CHAT, team.project, chat.id, 2, {}))
            raise ZeroDivisionError
    assert await backend.jobs_of(made[0].id) == 0
    assert await backend.keeper().claim(made[0].id) is None
    assert await said(backend, team, chat) == []
    assert (await chat_now(backend, team, chat)).status is ChatStatus.COMPLETED


async def test_of_two_questions_at_once_one_is_asked(backend: Backend, team: Team) -> None:
    chat = await make_chat(backend.store, team.editor, team.project)
    asking = [ask(backend.store, actor, chat) for actor in (team.editor, team.owner)]
    results = await asyncio.gather(*asking, return_exceptions=True)
    refusals = [r for r in results if isinstance(r, BaseException)]
    assert [type(r) for r in refusals] == [Conflict]
    assert await said(backend, team, chat) == ["How much?"]


async def test_the_active_run_of_a_chat(backend: Backend, team: Team) -> None:
    keeper = backend.keeper()
    chat, run = await asked(backend, team)
    async with backend.store.transaction(team.viewer) as tx:
        assert await tx.runs.active(chat.id) == run
    held, fence = await claim(keeper, run)
    async with backend.store.transaction(team.viewer) as tx:
        assert await tx.runs.active(chat.id) == held
    await keeper.finish(fence, Ending(ChatStatus.COMPLETED))
    async with backend.store.transaction(team.viewer) as tx:
        assert await tx.runs.active(chat.id) is None


async def test_a_queued_run_is_cancelled_at_once_with_its_chat(backend: Backend, team: Team) -> None:
    chat, run = await asked(backend, team)
    async with backend.store.transaction(team.owner) as tx:
        ended = await tx.runs.cancel(run.id)
    assert ended.status is RunStatus.CANCELLED
    assert ended.ended_at is not None
    assert (await chat_now(backend, team, chat)).status is ChatStatus.CANCELLED
    assert await backend.keeper().claim(run.id) is None


async def test_a_running_run_is_cancelled_and_keeps_what_it_wrote(backend: Backend, team: Team) -> None:
    keeper = backend.keeper()
    chat, run = await asked(backend, team)
    held, fence = await claim(keeper, run)
    await keeper.append([texts(fence, held.next_seq, "so far")])
    async with backend.store.transaction(team.editor) as tx:
        await tx.runs.cancel(run.id)
    assert await keeper.append([texts(fence, held.next_seq + 1, "too late")]) == {run.id}
    assert await keeper.finish(fence, Ending(ChatStatus.COMPLETED)) is False
    assert await said(backend, team, chat) == ["How much?", "so far"]
    assert (await chat_now(backend, team, chat)).status is ChatStatus.CANCELLED


async def test_to_cancel_twice_changes_nothing(backend: Backend, team: Team) -> None:
    _, run = await asked(backend, team)
    async with backend.store.transaction(team.editor) as tx:
        first = await tx.runs.cancel(run.id)
    await backend.advance(5)
    async with backend.store.transaction(team.editor) as tx:
        assert await tx.runs.cancel(run.id) == first


async def test_a_run_that_has_ended_stays_as_it_is(backend: Backend, team: Team) -> None:
    keeper = backend.keeper()
    chat, run = await asked(backend, team)
    _, fence = await claim(keeper, run)
    await keeper.finish(fence, Ending(ChatStatus.COMPLETED))
    async with backend.store.transaction(team.editor) as tx:
        assert (await tx.runs.cancel(run.id)).status is RunStatus.COMPLETED
    assert (await chat_now(backend, team, chat)).status is ChatStatus.COMPLETED


async def test_an_old_run_does_not_cancel_the_next_answer(backend: Backend, team: Team) -> None:
    chat, first = await asked(backend, team)
    async with backend.store.transaction(team.editor) as tx:
        await tx.runs.cancel(first.id)
    second = await ask(backend.store, team.editor, chat)
    async with backend.store.transaction(team.editor) as tx:
        await tx.runs.cancel(first.id)
    assert (await chat_now(backend, team, chat)).status is ChatStatus.PROCESSING
    assert (await run_now(backend, team, second)).status is RunStatus.QUEUED


async def test_an_unknown_run_is_not_found(backend: Backend, team: Team) -> None:
    async with refused(backend.store, team.owner, NotFound, "job_not_found") as tx:
        await tx.runs.get(uuid4())
