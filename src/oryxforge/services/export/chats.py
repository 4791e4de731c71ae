"""Chats taken along as files."""

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from anyascii import anyascii

from oryxforge.domain.chats import ChatMessage
from oryxforge.domain.errors import NotFound
from oryxforge.domain.identity import Actor
from oryxforge.ports.files import FileStore
from oryxforge.ports.markup import Markup
from oryxforge.ports.repos import Store
from oryxforge.services.export.markdown import to_markdown
from oryxforge.services.export.notebook import to_notebook
from oryxforge.services.export.page import to_html
from oryxforge.services.export.transcript import Item, Report, Transcript, turns_of

PAGE, NAME_LENGTH = 1000, 80


class Format(StrEnum):
    MARKDOWN = "md"
    HTML = "html"
    NOTEBOOK = "ipynb"


MEDIA = {
    Format.MARKDOWN: "text/markdown; charset=utf-8",
    Format.HTML: "text/html; charset=utf-8",
    Format.NOTEBOOK: "application/x-ipynb+json",
}


@dataclass(frozen=True)
class Document:
    """A file by name, media type and text; the name is ASCII and safe everywhere."""

    name: str
    media_type: str
    text: str


class ChatExport:
    def __init__(self, store: Store, files: FileStore, markup: Markup) -> None:
        self._store = store
        self._files = files
        self._markup = markup

    async def export(self, actor: Actor, chat_id: UUID, wanted: Format) -> Document:
        """What counts of a chat: questions, text, code, the first rows of tables, charts, reports."""
        transcript = await self._transcript(actor, chat_id)
        if wanted is Format.HTML:
            text = to_html(transcript, self._markup)
        else:
            text = to_markdown(transcript) if wanted is Format.MARKDOWN else to_notebook(transcript)
        return Document(f"{file_name(transcript.chat.title)}.{wanted.value}", MEDIA[wanted], text)

    async def _transcript(self, actor: Actor, chat_id: UUID) -> Transcript:
        messages: list[ChatMessage] = []
        async with self._store.transaction(actor) as tx:
            chat = await tx.chats.get(chat_id)
            project = await tx.projects.get(chat.project_id)
            while page := await tx.chats.counting(chat_id, messages[-1].seq if messages else 0, PAGE):
                messages += page
        turns = turns_of(messages)
        for turn in turns:
            turn.items = [await self._whole(actor, item) for item in turn.items]
        return Transcript(chat, project.name, turns)

    async def _whole(self, actor: Actor, item: Item) -> Item:
        """A report with all its text, where the sheet is still there; the chat holds its beginning."""
        if not isinstance(item, Report) or not item.sheet_id:
            return item
        try:
            async with self._store.transaction(actor) as tx:
                sheet = await tx.sheets.get(UUID(item.sheet_id))
            return replace(item, markdown=(await self._files.read(sheet.uri)).decode(errors="replace"))
        except NotFound:
            return item


def file_name(title: str) -> str:
    """A title as a file's name: ASCII letters, digits and dashes."""
    plain = re.sub(r"[^A-Za-z0-9]+", "-", anyascii(title)).strip("-")[:NAME_LENGTH].strip("-")
    return plain or "chat"
