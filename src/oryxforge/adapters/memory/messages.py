"""The messages of a chat in memory, numbered from 1 without a gap."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from oryxforge.adapters.memory.tables import MemoryTables, plain
from oryxforge.domain.chats import ChatMessage, MessageRole, Piece
from oryxforge.domain.text import clean_text


def messages_after(tables: MemoryTables, chat_id: UUID, seq: int) -> list[ChatMessage]:
    last = tables.last_seq.get(chat_id, 0)
    return [tables.messages[chat_id, n] for n in range(max(seq, 0) + 1, last + 1)]


def add_messages(
    tables: MemoryTables, chat_id: UUID, attempt: int, role: MessageRole, pieces: Sequence[Piece]
) -> int:
    """Adds pieces at the end; the sequence number of the last message."""
    last = tables.last_seq.get(chat_id, 0)
    now = tables.clock.now()
    for piece in pieces:
        last += 1
        tables.messages[chat_id, last] = ChatMessage(
            id=uuid4(),
            chat_id=chat_id,
            seq=last,
            attempt=attempt,
            role=role,
            kind=piece.kind,
            content=clean_text(piece.content),
            metadata=plain(piece.metadata),
            created_at=now,
        )
    tables.last_seq[chat_id] = last
    return last
