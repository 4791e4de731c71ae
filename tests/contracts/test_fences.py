"""Two workers that claim, freeze, lose and repeat: what counts of a chat is whole, single and in order."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from contracts.backends import MemoryBackend
from contracts.scene import Team, ask, chat_now, make_chat, make_team, run_now, texts
from fixtures.scale import scaled
from oryxforge.domain.chats import Chat, ChatMessage, ChatStatus, MessageRole, Piece, PieceKind, counting
from oryxforge.domain.runs import Fence, Run, RunStatus
from oryxforge.ports.runs import Batch, Ending, RunKeeper

T = TypeVar("T")
RUNNING = RunStatus.RUNNING
SILENT_S = 8
MOST = 3
WORKERS = st.sampled_from([0, 1])


@dataclass
class Belief:
    """What a worker thinks that it holds; it may be wrong, and finds out when it writes."""

    fence: Fence
    next_seq: int
    question: int
    restarted: bool
    last: Batch | None = None


@dataclass
class Worker:
    keeper: RunKeeper
    belief: Belief | None = None
    forgotten: Belief | None = None


@dataclass
class Answer:
    """One question and what must count of its answer."""

    run: Run
    prompt: str
    holder: int | None = None
    attempt: int = 0
    status: RunStatus = RunStatus.QUEUED
    counts: list[str] = field(default_factory=list[str])

    def holds(self, worker: int, fence: Fence) -> bool:
        return (self.status, self.holder, self.attempt, self.run.id) == (
            RunStatus.RUNNING,
            worker,
            fence.attempt,
            fence.run_id,
        )


class Fences(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.Runner()
        self.backend = MemoryBackend()
        self.workers = [Worker(self._keeper()), Worker(self._keeper())]
        self.answers: dict[UUID, Answer] = {}
        self.paid: set[Fence] = set()
        self.pieces = 0

    def _keeper(self) -> RunKeeper:
        return self.backend.keeper(silent_after_s=SILENT_S, max_attempts=MOST)

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run(work)

    def teardown(self) -> None:
        self.loop.close()

    @property
    def latest(self) -> Answer:
        return next(reversed(self.answers.values()))

    @property
    def open(self) -> bool:
        return not self.latest.status.ended

    @property
    def running(self) -> bool:
        return self.latest.status is RUNNING

    @property
    def believers(self) -> bool:
        return any(w.belief for w in self.workers)

    @initialize()
    def begin(self) -> None:
        self.team: Team = self.do(make_team(self.backend))
        self.chat: Chat = self.do(make_chat(self.backend.store, self.team.editor, self.team.project))
        self._ask()

    @rule(n=WORKERS)
    def a_worker_claims(self, n: int) -> None:
        if not self.open:
            self._ask()
        worker, answer = self.workers[n], self.latest
        claimed = self.do(worker.keeper.claim(answer.run.id))
        assert (claimed is not None) == (answer.status is RunStatus.QUEUED)
        if claimed is None:
            return
        answer.status, answer.holder, answer.attempt = RunStatus.RUNNING, n, answer.attempt + 1
        assert claimed.run.attempt == answer.attempt
        run, question = claimed.run, int(str(claimed.run.args["seq"]))
        worker.forgotten = worker.belief
        worker.belief = Belief(Fence(run.id, run.attempt), run.next_seq, question, run.attempt > 1)

    @precondition(lambda self: self.believers)
    @rule(n=WORKERS, size=st.integers(0, 3))
    def a_worker_writes(self, n: int, size: int) -> None:
        n, worker, belief = self._believer(n)
        contents = [f"piece {self.pieces + i}" for i in range(size)]
        self.pieces += size
        pieces = [Piece.text(c) for c in contents]
        if belief.restarted:
            pieces.insert(0, _notice(belief))
        batch = Batch(belief.fence, belief.next_seq, pieces)
        if self._append(n, batch):
            answer = self.answers[belief.fence.run_id]
            answer.counts = ["restart", *contents] if belief.restarted else answer.counts + contents
            worker.belief = replace(
                belief, next_seq=belief.next_seq + len(pieces), restarted=False, last=batch
            )

    @precondition(lambda self: self.believers)
    @rule(n=WORKERS)
    def a_worker_repeats_a_batch_whose_answer_was_lost(self, n: int) -> None:
        n, _, belief = self._believer(n)
        if belief.last:
            self._append(n, belief.last)

    @precondition(lambda self: any(w.forgotten for w in self.workers))
    @rule()
    def an_old_task_that_nobody_stopped_writes(self) -> None:
        next_seq = self.do(run_now(self.backend, self.team, self.latest.run)).next_seq
        for worker in self.workers:
            if old := worker.forgotten:
                for first_seq in (old.next_seq, next_seq):
                    lost = self.do(worker.keeper.append([texts(old.fence, first_seq, "stale")]))
                    assert lost == {old.fence.run_id}

    @precondition(lambda self: self.running)
    @rule()
    def its_worker_freezes_and_another_rescues(self) -> None:
        answer, holder = self.latest, self.latest.holder
        assert holder is not None
        self.do(self.backend.advance(SILENT_S + 1))
        other = self.workers[1 - holder].keeper
        self.do(other.heartbeat())
        assert self.do(other.rescue()) == 1
        if answer.attempt >= MOST:
            answer.status = RunStatus.FAILED
        else:
            answer.status, answer.holder = RunStatus.QUEUED, None

    @precondition(lambda self: self.running)
    @rule(n=WORKERS)
    def a_rescue_leaves_those_who_live_alone(self, n: int) -> None:
        for number, worker in enumerate(self.workers):
            mine = {a.run.id for a in self.answers.values() if (a.status, a.holder) == (RUNNING, number)}
            assert self.do(worker.keeper.heartbeat()) == mine
        assert self.do(self.workers[n].keeper.rescue()) == 0

    @rule(n=WORKERS)
    def a_worker_signs_off(self, n: int) -> None:
        self.do(self.workers[n].keeper.sign_off())
        if self.running and self.latest.holder == n:
            self.latest.status, self.latest.holder = RunStatus.QUEUED, None

    @precondition(lambda self: self.open)
    @rule()
    def somebody_cancels(self) -> None:
        self.do(self._cancel(self.latest.run.id))
        self.latest.status = RunStatus.CANCELLED

    @precondition(lambda self: self.believers)
    @rule(n=WORKERS, status=st.sampled_from([ChatStatus.COMPLETED, ChatStatus.FAILED]))
    def a_worker_ends_it(self, n: int, status: ChatStatus) -> None:
        n, worker, belief = self._believer(n)
        answer = self.answers[belief.fence.run_id]
        good = answer.holds(n, belief.fence)
        mine = (answer.holder, answer.attempt) == (n, belief.fence.attempt)
        done = self.do(worker.keeper.finish(belief.fence, Ending(status, cost_usd=1)))
        assert done == (good or (mine and answer.status == RunStatus(status)))
        self.paid.add(belief.fence)
        if good:
            answer.status = RunStatus(status)

    @precondition(lambda self: self.believers)
    @rule(n=WORKERS)
    def a_worker_tells_what_its_attempt_cost(self, n: int) -> None:
        _, worker, belief = self._believer(n)
        self.do(worker.keeper.bill(belief.fence, 1))
        self.paid.add(belief.fence)

    @invariant()
    def what_counts_is_whole_single_and_in_order(self) -> None:
        messages = self.do(self._messages())
        assert [m.seq for m in messages] == list(range(1, len(messages) + 1))
        expected = [text for a in self.answers.values() for text in (a.prompt, *a.counts)]
        assert [_said(m) for m in counting(messages)] == expected
        assert [m.content for m in messages if m.role is MessageRole.USER] == [
            a.prompt for a in self.answers.values()
        ]

    @invariant()
    def the_chat_says_how_its_last_run_stands(self) -> None:
        chat = self.do(chat_now(self.backend, self.team, self.chat))
        if self.open:
            assert chat.status is ChatStatus.PROCESSING
        else:
            assert chat.status.value == self.latest.status.value
        assert chat.cost_usd == len(self.paid)

    def _append(self, n: int, batch: Batch) -> bool:
        """Writes; a worker that is told that it lost its run forgets it."""
        lost = self.do(self.workers[n].keeper.append([batch]))
        good = self.answers[batch.fence.run_id].holds(n, batch.fence)
        assert lost == (frozenset() if good else {batch.fence.run_id})
        if lost:
            self.workers[n].belief = None
        return good

    def _ask(self) -> None:
        prompt = f"question {len(self.answers)}"
        run = self.do(ask(self.backend.store, self.team.editor, self.chat, prompt))
        self.answers[run.id] = Answer(run, prompt)

    def _believer(self, n: int) -> tuple[int, Worker, Belief]:
        """That worker, or the other one where it has nothing in hand."""
        if self.workers[n].belief is None:
            n = 1 - n
        belief = self.workers[n].belief
        assert belief is not None
        return n, self.workers[n], belief

    async def _cancel(self, run_id: UUID) -> None:
        async with self.backend.store.transaction(self.team.editor) as tx:
            await tx.runs.cancel(run_id)

    async def _messages(self) -> list[ChatMessage]:
        async with self.backend.store.transaction(self.team.viewer) as tx:
            return await tx.chats.messages(self.chat.id)


def _notice(belief: Belief) -> Piece:
    return Piece(
        PieceKind.NOTICE,
        metadata={
            "code": "attempt_restarted",
            "supersedes_after": belief.question,
            "counts_from": belief.next_seq,
        },
    )


def _said(message: ChatMessage) -> str:
    return "restart" if message.kind is PieceKind.NOTICE else message.content


Fences.TestCase.settings = settings(max_examples=scaled(40), stateful_step_count=40, deadline=None)
TestFences = pytest.mark.timeout(120)(Fences.TestCase)
