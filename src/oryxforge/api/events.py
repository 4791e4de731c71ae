"""A chat as server-sent events: one a row, numbered `<chat_id>:<seq>`, then its end."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from uuid import UUID

from oryxforge.api.json import dumps
from oryxforge.api.stream import frame, row_frame
from oryxforge.domain.errors import Unprocessable
from oryxforge.domain.identity import Actor
from oryxforge.ports.feed import ChatEnded
from oryxforge.services.chats import Chats, Started


def after_event(chat_id: UUID, last_event_id: str | None) -> int:
    """The sequence number to go on after. Raises Unprocessable for what is no event of this chat."""
    if not last_event_id:
        return 0
    chat, _, seq = last_event_id.partition(":")
    if chat.lower() != str(chat_id) or not (seq.isascii() and seq.isdigit() and len(seq) < 10):
        raise Unprocessable(
            "Last-Event-ID is not of this chat. Send the last `id` that its stream gave, or none for all.",
            code="last_event_id_invalid",
        )
    return int(seq)


def first_event(started: Started) -> bytes:
    """Says which chat it is, so that a cut stream can be resumed."""
    body = {"chat_id": started.chat_id, "run_id": started.run_id, "seq": started.seq, "status": "processing"}
    return frame(dumps(body), event="chat", id=f"{started.chat_id}:{started.seq}")


async def chat_events(
    chats: Chats, actor: Actor, chat_id: UUID, after: int, first: bytes | None = None
) -> AsyncGenerator[bytes]:
    if first is not None:
        yield first
    prefix = f"{chat_id}:".encode()
    async with aclosing(chats.follow(actor, chat_id, after)) as feed:
        async for item in feed:
            if isinstance(item, ChatEnded):
                yield frame(dumps(item.chat), event="end")
            else:
                yield row_frame(b"%b%d" % (prefix, item.seq), dumps(item))
