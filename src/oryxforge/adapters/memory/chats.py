"""Chats and their messages in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID, uuid4

from oryxforge.adapters.memory.messages import add_messages, messages_after
from oryxforge.adapters.memory.projects import MemoryProjects
from oryxforge.adapters.memory.tables import MemoryTables
from oryxforge.domain.chats import (
    Chat,
    ChatMessage,
    ChatMode,
    ChatStatus,
    MessageRole,
    Piece,
    PieceKind,
    asked_again,
    chat_processing,
    counting,
    is_restart,
)
from oryxforge.domain.errors import NotFound
from oryxforge.domain.finding import BEFORE, LENGTH, Hit, Place, snippet
from oryxforge.domain.identity import Actor, Role
from oryxforge.ports.repos import ChatRepo


class MemoryChats(ChatRepo):
    def __init__(self, tables: MemoryTables, actor: Actor) -> None:
        self._t = tables
        self._me = actor.user_id
        self._projects = MemoryProjects(tables, actor)

    async def create(self, project_id: UUID, title: str, agent: str, mode: ChatMode) -> Chat:
        await self._projects.need(project_id, Role.EDITOR)
        made = Chat(
            id=uuid4(),
            project_id=project_id,
            user_id=self._me,
            title=title,
            agent=agent,
            mode=mode,
            status=ChatStatus.COMPLETED,
            error=None,
            cost_usd=0.0,
            duration_ms=0,
            created_at=self._t.clock.now(),
            completed_at=None,
            failed_at=None,
            active_at=self._t.clock.now(),
        )
        self._t.chats[made.id] = made
        return made

    async def get(self, chat_id: UUID) -> Chat:
        found = self._t.chats.get(chat_id)
        if found is None or chat_id in self._t.hidden or not self._projects.sees(found.project_id):
            raise NotFound("There is no such chat, or it is not shared with you.", code="chat_not_found")
        return found

    async def search(
        self, project_id: UUID, words: Sequence[str], after: Place | None, limit: int
    ) -> list[Hit]:
        await self._projects.get(project_id)
        there = [
            c for c in self._t.chats.values() if c.project_id == project_id and c.id not in self._t.hidden
        ]
        chats = sorted(there, key=lambda c: (c.active_at, c.id), reverse=True)
        if after is not None:
            chats = [c for c in chats if (c.active_at, c.id) < (after.active_at, after.chat_id)]
        hits = [Hit(c, self._found(c.id, words)) for c in chats]
        titled = [h for h in hits if h.snippet is not None or all(w in h.chat.title.lower() for w in words)]
        return titled[:limit]

    def _found(self, chat_id: UUID, words: Sequence[str]) -> str | None:
        """What is told around the first word in the last question and answer that have all words."""
        told: list[str] = []
        for message in counting(messages_after(self._t, chat_id, 0)):
            if message.is_question:
                told.append(f"{message.content}\n")
            elif told and message.kind is PieceKind.TEXT:
                told[-1] += message.content
        for text in reversed(told):
            if words and all(w in text.lower() for w in words):
                start = max(0, text.lower().index(words[0]) - BEFORE - 1)
                return snippet(text[start : start + LENGTH], start > 0, len(text) > start + LENGTH)
        return None

    async def rename(self, chat_id: UUID, title: str) -> Chat:
        found = await self._need_editor(chat_id)
        self._t.chats[chat_id] = replace(found, title=title)
        return self._t.chats[chat_id]

    async def delete(self, chat_id: UUID) -> None:
        await self._need_editor(chat_id)
        self._t.hidden[chat_id] = self._t.clock.now()

    async def messages(self, chat_id: UUID, after: int = 0, limit: int = 1000) -> list[ChatMessage]:
        await self.get(chat_id)
        return messages_after(self._t, chat_id, after)[:limit]

    async def counting(self, chat_id: UUID, after: int = 0, limit: int = 1000) -> list[ChatMessage]:
        await self.get(chat_id)
        return [m for m in counting(messages_after(self._t, chat_id, 0)) if m.seq > after][:limit]

    async def counting_before(self, chat_id: UUID, before: int, limit: int) -> list[ChatMessage]:
        await self.get(chat_id)
        return [m for m in counting(messages_after(self._t, chat_id, 0)) if m.seq < before][-limit:]

    async def ask(
        self, chat_id: UUID, prompt: str, metadata: Mapping[str, object], agent: str, mode: ChatMode
    ) -> int:
        self._begin(await self._need_editor(chat_id), agent, mode)
        return add_messages(self._t, chat_id, 0, MessageRole.USER, [Piece(PieceKind.TEXT, prompt, metadata)])

    async def last_question(self, chat_id: UUID) -> ChatMessage | None:
        await self.get(chat_id)
        return self._last_question(chat_id)

    async def ask_again(self, chat_id: UUID, question: int, agent: str, mode: ChatMode) -> int:
        found = await self._need_editor(chat_id)
        last = self._last_question(chat_id)
        if last is None or last.seq != question:
            raise chat_processing()
        self._begin(found, agent, mode)
        metadata = asked_again(question, self._t.last_seq[chat_id] + 1)
        notice = Piece(PieceKind.NOTICE, metadata=metadata)
        return add_messages(self._t, chat_id, 0, MessageRole.ASSISTANT, [notice])

    async def branch(self, chat_id: UUID, before: int, title: str) -> Chat:
        origin = await self._need_editor(chat_id)
        made = await self.create(origin.project_id, title, origin.agent, origin.mode)
        made = replace(made, branched_from=chat_id, branched_at=before)
        self._t.chats[made.id] = made
        counts = [
            m for m in counting(messages_after(self._t, chat_id, 0)) if m.seq < before and not is_restart(m)
        ]
        for seq, message in enumerate(counts, 1):
            self._t.messages[made.id, seq] = replace(message, id=uuid4(), chat_id=made.id, seq=seq, attempt=0)
        self._t.last_seq[made.id] = len(counts)
        named = {m.metadata.get("datasheet_id") for m in counts if m.kind is PieceKind.ARTIFACT}
        for row in [r for r in self._t.artifacts.values() if r.artifact.chat_id == chat_id]:
            if str(row.artifact.datasheet_id) in named:
                copied = replace(row.artifact, id=uuid4(), chat_id=made.id)
                self._t.artifacts[copied.id] = replace(row, artifact=copied)
        return made

    def _begin(self, found: Chat, agent: str, mode: ChatMode) -> None:
        if found.status is ChatStatus.PROCESSING:
            raise chat_processing()
        self._t.chats[found.id] = replace(
            found,
            status=ChatStatus.PROCESSING,
            error=None,
            completed_at=None,
            failed_at=None,
            agent=agent,
            mode=mode,
            active_at=self._t.clock.now(),
        )

    def _last_question(self, chat_id: UUID) -> ChatMessage | None:
        asked = [m for m in messages_after(self._t, chat_id, 0) if m.is_question]
        return asked[-1] if asked else None

    async def _need_editor(self, chat_id: UUID) -> Chat:
        found = await self.get(chat_id)
        await self._projects.need(found.project_id, Role.EDITOR)
        return found
