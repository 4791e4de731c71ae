"""Chats, as those who ask and read see them."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace
from uuid import UUID

from oryxforge.domain.chats import Chat, ChatMessage, ChatMode, ChatStatus, MessageRole
from oryxforge.domain.errors import NotFound, Unavailable, Unprocessable
from oryxforge.domain.identity import Actor, Role
from oryxforge.domain.names import clean_name, parse_address
from oryxforge.domain.runs import RunKind, RunStatus
from oryxforge.domain.text import clean_text
from oryxforge.ports.feed import ChatEnded, ChatFeed
from oryxforge.ports.repos import Store, Transaction
from oryxforge.services.idempotency import Key, once
from oryxforge.services.roster import Roster

PROMPT_LIMIT = 100_000
TITLE_LENGTH = 80


@dataclass(frozen=True)
class Question:
    """What is asked; without `chat_id` a new chat is made, without `agent` the default one (or the chat's) answers."""

    project_id: UUID
    prompt: str
    chat_id: UUID | None = None
    agent: str | None = None
    mode: ChatMode = ChatMode.EXPLORE
    target: str | None = None


@dataclass(frozen=True)
class Started:
    """A question on its way; `seq` is the sequence number of the user's message."""

    chat_id: UUID
    run_id: UUID
    seq: int


@dataclass(frozen=True)
class Answer:
    chat: Chat
    text: str
    messages: tuple[ChatMessage, ...]
    cost_usd: float
    duration_ms: int
    status: RunStatus
    error: Mapping[str, object] | None


class Chats:
    def __init__(self, store: Store, feed: ChatFeed, roster: Roster) -> None:
        self._store = store
        self._feed = feed
        self._roster = roster

    async def ask(self, actor: Actor, question: Question, key: Key | None = None) -> Started:
        """Commits the chat, the user's message, the run and its job together.

        Raises Conflict while the chat is answering, Unprocessable for an empty or overlong prompt or a wrong target.
        """
        clean = self._checked(question)
        async with self._store.transaction(actor) as tx:

            async def start() -> dict[str, object]:
                started = await self._start(tx, clean)
                return {
                    "chat_id": str(started.chat_id),
                    "run_id": str(started.run_id),
                    "seq": started.seq,
                }

            made = await once(tx, key, start)
        return Started(UUID(str(made["chat_id"])), UUID(str(made["run_id"])), int(str(made["seq"])))

    async def answer(self, actor: Actor, started: Started) -> Answer:
        """Waits for the end of an answer; everything that counts of it."""
        async with aclosing(self._feed.follow(actor, started.chat_id, started.seq)) as feed:
            async for _ in feed:
                pass
        async with self._store.transaction(actor) as tx:
            chat = await tx.chats.get(started.chat_id)
            run = await tx.runs.get(started.run_id)
            messages: list[ChatMessage] = []
            after = started.seq
            while page := await tx.chats.counting(chat.id, after, 1000):
                messages += [m for m in page if m.seq < run.next_seq]
                after = page[-1].seq
        text = "".join(m.content for m in messages if m.role is MessageRole.ASSISTANT)
        result = run.result or {}
        cost, duration = result.get("cost_usd"), result.get("duration_ms")
        return Answer(
            chat,
            text,
            tuple(messages),
            float(cost) if isinstance(cost, int | float) else 0.0,
            int(duration) if isinstance(duration, int | float) else 0,
            run.status,
            run.error,
        )

    async def follow(
        self, actor: Actor, chat_id: UUID, after: int = 0
    ) -> AsyncGenerator[ChatMessage | ChatEnded]:
        """The chat's messages after a sequence number as they come, then its end."""
        async with aclosing(self._feed.follow(actor, chat_id, after)) as feed:
            async for item in feed:
                yield item

    async def cancel(self, actor: Actor, chat_id: UUID) -> Chat:
        """Stops the answer; what was written stays. No error where nothing is under way."""
        async with self._store.transaction(actor) as tx:
            chat = await tx.chats.get(chat_id)
            await tx.projects.need(chat.project_id, Role.EDITOR)
            run = await tx.runs.active(chat_id)
            if run is not None:
                await tx.runs.cancel(run.id)
            return await tx.chats.get(chat_id)

    async def get(self, actor: Actor, chat_id: UUID) -> Chat:
        async with self._store.transaction(actor) as tx:
            return await tx.chats.get(chat_id)

    async def in_project(self, actor: Actor, project_id: UUID) -> list[Chat]:
        async with self._store.transaction(actor) as tx:
            await tx.projects.get(project_id)
            return await tx.chats.in_project(project_id)

    async def messages(
        self, actor: Actor, chat_id: UUID, after: int, limit: int
    ) -> tuple[list[ChatMessage], int | None]:
        """The messages that count after a sequence number, and from where to go on (None: that was all)."""
        async with self._store.transaction(actor) as tx:
            rows = await tx.chats.counting(chat_id, after, limit + 1)
        more = len(rows) > limit
        rows = rows[:limit]
        return rows, rows[-1].seq if more else None

    async def rename(self, actor: Actor, chat_id: UUID, title: str) -> Chat:
        clean = clean_name(title, "chat")
        async with self._store.transaction(actor) as tx:
            return await tx.chats.rename(chat_id, clean)

    async def delete(self, actor: Actor, chat_id: UUID) -> None:
        """Stops the answer, if one is under way, and hides the chat."""
        async with self._store.transaction(actor) as tx:
            run = await tx.runs.active(chat_id)
            if run is not None:
                await tx.runs.cancel(run.id)
            await tx.chats.delete(chat_id)

    def _checked(self, question: Question) -> Question:
        prompt = clean_text(question.prompt).strip()
        if not prompt:
            raise Unprocessable("Write a question first.", code="prompt_empty")
        if len(prompt) > PROMPT_LIMIT:
            raise Unprocessable(
                f"The question is over {PROMPT_LIMIT:,} characters. Upload long text as a file.",
                code="prompt_too_long",
            )
        if question.agent is not None and question.agent not in self._roster.names:
            if question.agent == "claude":
                raise Unavailable(
                    "Claude is not set up here. Add a key in the settings, or ask the built-in analyst (`quick`).",
                    code="model_not_configured",
                )
            raise Unprocessable(
                f"There is no agent {question.agent!r}; there is {', '.join(sorted(self._roster.names))}.",
                code="agent_unknown",
            )
        if question.target is not None:
            parse_address(question.target)
        return replace(question, prompt=prompt)

    async def _start(self, tx: Transaction, q: Question) -> Started:
        await tx.projects.need(q.project_id, Role.EDITOR)
        if q.chat_id is None:
            agent = q.agent or self._roster.default
            chat = await tx.chats.create(q.project_id, _title(q.prompt), agent, q.mode)
        else:
            chat = await tx.chats.get(q.chat_id)
            if chat.project_id != q.project_id:
                raise NotFound("There is no such chat in this project.", code="chat_not_found")
            agent = q.agent or (chat.agent if chat.agent in self._roster.names else self._roster.default)
        metadata: dict[str, object] = {"agent": agent, "mode": q.mode.value}
        if q.target:
            metadata["target"] = q.target
        seq = await tx.chats.ask(chat.id, q.prompt, metadata, agent, q.mode)
        args = {"agent": agent, "mode": q.mode.value, "target": q.target, "seq": seq}
        run = await tx.runs.create(RunKind.CHAT, q.project_id, chat.id, seq + 1, args)
        return Started(chat.id, run.id, seq)


def ended(chat: Chat) -> bool:
    return chat.status is not ChatStatus.PROCESSING


def _title(prompt: str) -> str:
    line = " ".join("".join(c if c.isprintable() else " " for c in prompt).split())
    return (line if len(line) <= TITLE_LENGTH else line[: TITLE_LENGTH - 1].rstrip() + "…") or "Chat"
