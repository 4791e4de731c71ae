"""A chat's answer, as the worker does it: the agent's pieces into rows, and an end in every case."""

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import cast
from uuid import UUID

from loguru import logger

from oryxforge.domain.budgets import FREE_AGENTS, Budgets
from oryxforge.domain.chats import Chat, ChatMessage, ChatMode, ChatStatus, Piece, PieceKind
from oryxforge.domain.errors import OryxError, Unavailable
from oryxforge.domain.identity import Actor
from oryxforge.domain.runs import Fence, Run
from oryxforge.ports.agent import Agent, Bill, Outcome, Turn
from oryxforge.ports.repos import Store
from oryxforge.ports.runs import Ending
from oryxforge.ports.toolbox import Toolbox
from oryxforge.services.bills import STOPPED_S, Bills
from oryxforge.services.budgets import both
from oryxforge.services.spending import Spending, notice
from oryxforge.services.writer import PieceWriter

HISTORY = 400


@dataclass(frozen=True)
class Workplace:
    """For whom and where a toolbox works; the fence of its run ties what it saves to the answer."""

    actor: Actor
    project_id: UUID
    agent: str
    chat_id: UUID | None = None
    fence: Fence | None = None


MakeToolbox = Callable[[Workplace], Toolbox]


class Answers:
    def __init__(
        self,
        store: Store,
        writer: PieceWriter,
        bills: Bills,
        agents: Mapping[str, Agent],
        toolbox: MakeToolbox,
    ) -> None:
        self._store = store
        self._writer = writer
        self._bills = bills
        self._agents = agents
        self._toolbox = toolbox

    async def work(self, actor: Actor, run: Run) -> Ending:
        """Answers the run's question; how it ended. Cancelling stops the agent and leaves what was written.

        What it cost is counted however it ends.
        """
        fence, bill = Fence(run.id, run.attempt), Bill()
        self._writer.open(fence, run.next_seq)
        try:
            return await self._answered(actor, run, fence, bill)
        except asyncio.CancelledError:
            # Who stops it waits for it: not for a database that is away for long.
            await self._bills.settle(fence, bill.cost_usd, STOPPED_S)
            raise
        except Unavailable:
            await self._bills.settle(fence, bill.cost_usd)
            raise
        finally:
            self._writer.close(run.id)

    async def _answered(self, actor: Actor, run: Run, fence: Fence, bill: Bill) -> Ending:
        started = time.monotonic()
        try:
            turn = await self._turn(actor, run, fence, bill)
            if run.attempt > 1:
                await self._restart(actor, run, turn)
            await self._bounded(actor, run, turn)
            ending = _ending(ChatStatus.COMPLETED, started, bill)
        except OryxError as error:
            if error.code == "database_unavailable":
                raise
            ending = _failed(error, started, bill)
        except Exception:  # noqa: BLE001 - an agent is foreign code: its chat must end all the same
            logger.exception("agent broke", chat_id=str(run.chat_id))
            ending = _failed(_broken(), started, bill)
        await self._writer.drain(run.id)
        return ending

    async def _bounded(self, actor: Actor, run: Run, turn: Turn) -> None:
        """The answer, within what project and person may spend. Raises Failed `budget_spent`, which the chat is told."""
        name = str(run.args["agent"])
        if name in FREE_AGENTS:
            return await self._stream(actor, run, turn, name, None)

        async def read() -> Budgets:
            async with self._store.transaction(actor) as tx:
                return await both(tx, run.project_id)

        spending = Spending(await read(), read)
        try:
            await spending.check(0)
            await self._stream(actor, run, replace(turn, budget_usd=spending.left_usd), name, spending)
        except OryxError as error:
            told = spending.told(error)
            if told.code == "budget_spent":
                await self._writer.put(run.id, notice(told))
            if told is error:
                raise
            raise told from error

    async def _stream(self, actor: Actor, run: Run, turn: Turn, name: str, spending: Spending | None) -> None:
        agent = self._agents.get(name)
        if agent is None:
            raise Unavailable(
                f"The agent {name!r} is not set up on this worker. Ask another one, or set it up.",
                code="model_not_configured",
            )
        place = Workplace(actor, run.project_id, name, run.chat_id, Fence(run.id, run.attempt))
        async with aclosing(agent.answer(turn, self._toolbox(place))) as answer:
            async for item in answer:
                if spending is not None:
                    await spending.check(turn.bill.cost_usd)
                if isinstance(item, Outcome):
                    turn.bill.comes_to(item.cost_usd)
                else:
                    await self._writer.put(run.id, item)

    async def _turn(self, actor: Actor, run: Run, fence: Fence, bill: Bill) -> Turn:
        assert run.chat_id is not None
        seq = _int(run.args["seq"])
        async with self._store.transaction(actor) as tx:
            chat: Chat = await tx.chats.get(run.chat_id)
            project = await tx.projects.get(run.project_id)
            said: list[ChatMessage] = await tx.chats.counting(
                run.chat_id, max(0, seq - HISTORY - 1), HISTORY + 1
            )
        question = next(m for m in said if m.seq == seq)
        target = run.args.get("target")
        return Turn(
            chat_id=chat.id,
            project_id=project.id,
            project_name=project.name,
            prompt=question.content,
            mode=ChatMode(str(run.args["mode"])),
            target=str(target) if target else None,
            history=tuple(m for m in said if m.seq < seq),
            fence=fence,
            request_id=run.request_id,
            replaces=_replaced(run),
            bill=bill,
        )

    async def _restart(self, actor: Actor, run: Run, turn: Turn) -> None:
        """Undoes what an attempt that was cut off saved, and tells readers from where pieces count."""
        async with self._store.transaction(actor, Fence(run.id, run.attempt)) as tx:
            for sheet_id in await tx.artifacts.drop_of_run(run.id):
                await tx.sheets.delete(sheet_id)
        await self._writer.put(
            run.id,
            Piece(
                PieceKind.NOTICE,
                metadata={
                    "code": "attempt_restarted",
                    "text": "The work was interrupted and starts again.",
                    "counts_from": run.next_seq,
                    "supersedes_after": _int(run.args["seq"]),
                },
            ),
        )


def _replaced(run: Run) -> tuple[UUID, ...]:
    named = run.args.get("replaces")
    return tuple(UUID(str(n)) for n in cast("list[object]", named)) if isinstance(named, list) else ()


def _int(value: object) -> int:
    assert isinstance(value, int)
    return value


def _ending(status: ChatStatus, started: float, bill: Bill) -> Ending:
    cost, took = bill.cost_usd, round((time.monotonic() - started) * 1000)
    return Ending(status, result={"cost_usd": cost, "duration_ms": took}, cost_usd=cost, duration_ms=took)


def _failed(error: OryxError, started: float, bill: Bill) -> Ending:
    cost = error.extra.get("cost_usd")
    if isinstance(cost, int | float):
        bill.comes_to(cost)
    ending = _ending(ChatStatus.FAILED, started, bill)
    return Ending(
        ending.status,
        {"kind": error.kind.value, "code": error.code, "detail": error.detail},
        ending.result,
        ending.cost_usd,
        ending.duration_ms,
    )


def _broken() -> OryxError:
    return OryxError(
        "Something went wrong while answering. It was logged; ask again, or in other words.",
        code="agent_failed",
    )
