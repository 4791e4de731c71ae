"""The SDK's session store over our own log, so that a chat's next turn remembers wherever it runs."""

import asyncio
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, cast
from uuid import UUID

from loguru import logger

from oryxforge.agents.claude.options import transcripts
from oryxforge.domain.runs import Fence
from oryxforge.ports.agent import Turn
from oryxforge.ports.sessions import SessionKey, SessionLog

if TYPE_CHECKING:
    from claude_agent_sdk.types import SessionKey as SdkKey
    from claude_agent_sdk.types import SessionStoreEntry

Entry = dict[str, object]


class ChatSessions:
    """A store bound to one chat and attempt. `home` is the SDK's name for the folder that this machine works in: it is
    left out of what is kept, so that a session goes on where that folder is another one."""

    def __init__(self, log: SessionLog, fence: Fence, chat_id: UUID, home: str) -> None:
        self._log = log
        self._fence = fence
        self._chat_id = chat_id
        self._home = home
        self._lost = False

    async def append(self, key: "SdkKey", entries: "list[SessionStoreEntry]") -> None:
        kept = await self._log.append(self._fence, self._key(key), cast("Sequence[Entry]", entries))
        if entries and not kept and not self._lost:
            self._lost = True
            logger.warning("session not kept", chat_id=str(self._chat_id), run_id=str(self._fence.run_id))

    async def load(self, key: "SdkKey") -> "list[SessionStoreEntry] | None":
        entries = await self._log.load(self._key(key))
        return cast("list[SessionStoreEntry]", entries) or None

    def _key(self, key: "SdkKey") -> SessionKey:
        project, session_id = key["project_key"], key["session_id"]
        name = session_id if project == self._home else f"{project}/{session_id}"
        return SessionKey(self._chat_id, name, key.get("subpath", ""))


class PlacedSessions(ChatSessions):
    """The same for a session whose file lies in place already: the SDK would write it to a folder of its own choice."""

    async def load(self, key: "SdkKey") -> "list[SessionStoreEntry] | None":
        return None


@dataclass(frozen=True)
class Memory:
    """What a turn goes on from: the store, how the session is named to the program, the questions that it holds."""

    store: ChatSessions | None = None
    session: Mapping[str, str] = field(default_factory=dict[str, str])
    questions: tuple[str, ...] = ()
    file: Path | None = None

    def forget(self) -> None:
        """Removes the session's file; the log has it."""
        if self.file is not None:
            self.file.unlink(missing_ok=True)


async def recall(log: SessionLog, turn: Turn, env: Mapping[str, str], desk: Path) -> Memory:
    """The chat's session, its file in place for a program with this environment; without earlier tries of the question."""
    from claude_agent_sdk import project_key_for_directory

    if turn.fence.attempt > 1 or turn.replaces:
        await log.drop_earlier(turn.fence, turn.chat_id, turn.replaces)
    session_id = str(turn.chat_id)
    entries = await log.load(SessionKey(turn.chat_id, session_id))
    home = project_key_for_directory(desk)
    file = transcripts(env) / home / f"{session_id}.jsonl"
    await asyncio.to_thread(place, entries, file)
    store = PlacedSessions(log, turn.fence, turn.chat_id, home)
    how = "resume" if entries else "session_id"
    return Memory(store, {how: session_id}, tuple(prompts(entries)), file)


def place(entries: Sequence[Entry], path: Path) -> None:
    """Writes a session where Claude's program looks for it; none at all where it is a new one."""
    if not entries:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.touch(mode=0o600)
    path.write_text("".join(json.dumps(entry, separators=(",", ":")) + "\n" for entry in entries))


def prompts(entries: Sequence[Entry]) -> Iterator[str]:
    """The questions that a session holds."""
    for entry in entries:
        message = entry.get("message")
        if entry.get("type") != "user" or not isinstance(message, dict):
            continue
        content = cast("Entry", message).get("content")
        if isinstance(content, str):
            yield content
        elif isinstance(content, list):
            yield from (str(part["text"]) for part in content if isinstance(part, dict) and "text" in part)
