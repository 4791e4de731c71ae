"""A chat as it happens, read from the rows."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from oryxforge.domain.chats import Chat, ChatMessage
from oryxforge.domain.identity import Actor


@dataclass(frozen=True)
class ChatEnded:
    """The chat is not processing any more and every message of it was yielded."""

    chat: Chat


class ChatFeed(Protocol):
    def follow(self, actor: Actor, chat_id: UUID, after: int = 0) -> AsyncGenerator[ChatMessage | ChatEnded]:
        """Messages after a sequence number, in order, none missing and none twice, then ChatEnded.

        Raises NotFound where the actor may not see the chat (also when that changes in the middle).
        """
        ...

    async def wait_run(self, actor: Actor, run_id: UUID, timeout_s: float) -> None:
        """Returns when the run has ended or the time is over."""
        ...
