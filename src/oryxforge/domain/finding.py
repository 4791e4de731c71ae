"""Chats found by words, newest first, page by page."""

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from oryxforge.domain.chats import Chat
from oryxforge.domain.errors import Unprocessable

MOST_WORDS, BEFORE, LENGTH = 8, 60, 200


@dataclass(frozen=True)
class Hit:
    """A chat, and what was said in it around the first word, where words were looked for and found there."""

    chat: Chat
    snippet: str | None = None


@dataclass(frozen=True)
class Place:
    """Where in a list of chats a page ended."""

    active_at: datetime
    chat_id: UUID

    @staticmethod
    def of(chat: Chat) -> "Place":
        return Place(chat.active_at, chat.id)

    def to_text(self) -> str:
        return base64.urlsafe_b64encode(f"{self.active_at.isoformat()} {self.chat_id}".encode()).decode()

    @staticmethod
    def from_text(text: str) -> "Place":
        """Raises Unprocessable for what `to_text` did not write."""
        try:
            moment, _, chat_id = base64.b64decode(text, b"-_", validate=True).decode().partition(" ")
            place = Place(datetime.fromisoformat(moment), UUID(chat_id))
            if place.active_at.tzinfo is not None:
                return place
        except (binascii.Error, ValueError):
            pass
        raise Unprocessable(
            "`after` is no place in this list. Take the `next` of the page before.", code="cursor_invalid"
        )


def words_of(search: str) -> list[str]:
    """What must all be there, in lower case."""
    return list(dict.fromkeys(search.lower().split()))[:MOST_WORDS]


def snippet(text: str, before: bool, after: bool) -> str:
    """A cut of a text in one line, with marks where it was cut."""
    line = " ".join(text.split())
    if before:
        line = "…" + (line.partition(" ")[2] or line)
    return (line.rpartition(" ")[0] or line) + "…" if after else line
