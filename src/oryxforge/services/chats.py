"""Chats, as those who ask and read see them."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from uuid import UUID

from oryxforge.domain.chats import Chat, ChatMessage, ChatStatus, MessageRole
from oryxforge.domain.finding import Hit, Place, words_of
from oryxforge.domain.identity import Actor, Role
from oryxforge.domain.names import clean_name
from oryxforge.domain.runs import RunStatus
from oryxforge.domain.text import clean_text
from oryxforge.ports.feed import ChatEnded, ChatFeed
from oryxforge.ports.repos import Store, Transaction
from oryxforge.services.asking import Asking, Question, Started
from oryxforge.services.idempotency import Key, once
from oryxforge.services.roster import Roster


@dataclass(frozen=True)
class Answer:
    chat: Chat
    text: str
    messages: tuple[ChatMessage, ...]
    cost_usd: float
    duration_ms: int
    status: RunStatus
    error: Mapping[str, object] | None


@dataclass(frozen=True)
class Branched:
    """`asked`: a question is on its way in it."""

    chat: Chat
    asked: bool


class Chats:
    def __init__(self, store: Store, feed: ChatFeed, roster: Roster) -> None:
        self._store = store
        self._feed = feed
        self._asking = Asking(roster)

    async def ask(self, actor: Actor, question: Question, key: Key | None = None) -> Started:
        """Commits the chat, the user's message, the run and its job together.

        Raises Conflict while the chat is answering, Unprocessable for an empty or overlong prompt or a wrong target.
        """
        clean = self._asking.checked(question)
        return await self._started(actor, key, lambda tx: self._asking.start(tx, clean))

    async def regenerate(self, actor: Actor, chat_id: UUID, key: Key | None = None) -> Started:
        """Answers the chat's last question anew; the earlier answer stays in the rows, superseded.

        Raises Conflict while the chat is answering, Unprocessable where nothing was asked.
        """
        return await self._started(actor, key, lambda tx: self._asking.again(tx, chat_id))

    async def branch(
        self, actor: Actor, chat_id: UUID, seq: int, prompt: str | None = None, key: Key | None = None
    ) -> Branched:
        """A new chat with what was said before the message at `seq`; with a prompt, that is asked in it at once.

        Raises Unprocessable for an empty or overlong prompt.
        """
        asked = self._asking.checked_prompt(prompt) if prompt is not None else None
        async with self._store.transaction(actor) as tx:

            async def do() -> dict[str, object]:
                made = await self._asking.branch(tx, chat_id, seq, asked)
                return {"chat_id": str(made.id)}

            made = await once(tx, key, do)
            chat = await tx.chats.get(UUID(str(made["chat_id"])))
        return Branched(chat, asked is not None)

    async def _started(
        self, actor: Actor, key: Key | None, start: Callable[[Transaction], Awaitable[Started]]
    ) -> Started:
        async with self._store.transaction(actor) as tx:

            async def do() -> dict[str, object]:
                started = await start(tx)
                return {"chat_id": str(started.chat_id), "run_id": str(started.run_id), "seq": started.seq}

            made = await once(tx, key, do)
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

    async def find(
        self, actor: Actor, project_id: UUID, search: str = "", after: str | None = None, limit: int = 200
    ) -> tuple[list[Hit], str | None]:
        """Chats whose title or text has all words, the last one asked or answered first, and where the next page begins.

        Raises Unprocessable for an `after` that no page gave.
        """
        place = Place.from_text(after) if after else None
        async with self._store.transaction(actor) as tx:
            hits = await tx.chats.search(project_id, words_of(clean_text(search)), place, limit + 1)
        more = len(hits) > limit
        hits = hits[:limit]
        return hits, Place.of(hits[-1].chat).to_text() if more else None

    async def messages(
        self, actor: Actor, chat_id: UUID, after: int, limit: int
    ) -> tuple[list[ChatMessage], int | None]:
        """The messages that count after a sequence number, and from where to go on (None: that was all)."""
        async with self._store.transaction(actor) as tx:
            rows = await tx.chats.counting(chat_id, after, limit + 1)
        more = len(rows) > limit
        rows = rows[:limit]
        return rows, rows[-1].seq if more else None

    async def messages_before(
        self, actor: Actor, chat_id: UUID, before: int, limit: int
    ) -> tuple[list[ChatMessage], int | None]:
        """The last messages that count before a sequence number, and before which to go on (None: they begin the chat)."""
        async with self._store.transaction(actor) as tx:
            rows = await tx.chats.counting_before(chat_id, before, limit + 1)
        more = len(rows) > limit
        rows = rows[-limit:]
        return rows, rows[0].seq if more else None

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


def ended(chat: Chat) -> bool:
    return chat.status is not ChatStatus.PROCESSING
