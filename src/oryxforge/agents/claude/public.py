"""The public class over the backend: one conversation with Claude about a project's data."""

import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

from oryxforge.agents.claude.agent import ClaudeBackend
from oryxforge.agents.claude.settings import ClaudeSettings
from oryxforge.domain.chats import ChatMessage, ChatMode, MessageRole, Piece, PieceKind
from oryxforge.domain.runs import Fence
from oryxforge.ports.agent import Outcome, Turn
from oryxforge.ports.toolbox import Toolbox


@dataclass(frozen=True)
class ClaudeResult:
    """An answer's text, its cost in US dollars and its time in milliseconds."""

    result: str
    total_cost_usd: float
    duration_ms: int


class ClaudeAgent:
    """Asks Claude, with the tools of a toolbox; later questions remember the earlier ones and their answers."""

    def __init__(
        self,
        settings: ClaudeSettings,
        toolbox: Toolbox,
        *,
        project_name: str = "",
        project_id: UUID | None = None,
        mode: ChatMode = ChatMode.EXPLORE,
        target: str | None = None,
    ) -> None:
        self._backend = ClaudeBackend(settings)
        self._toolbox = toolbox
        self._project_name = project_name
        self._project_id = project_id or uuid4()
        self._chat_id = uuid4()
        self._mode = mode
        self._target = target
        self._history: list[ChatMessage] = []

    async def query(self, prompt: str) -> ClaudeResult:
        """The whole answer. Raises Failed with what to do where there is none."""
        started, text, cost = time.monotonic(), "", 0.0
        async with aclosing(self._answer(prompt)) as answer:
            async for item in answer:
                if isinstance(item, Outcome):
                    cost = item.cost_usd
                else:
                    text += item.content
        return ClaudeResult(text, cost, round((time.monotonic() - started) * 1000))

    async def query_stream(self, prompt: str) -> AsyncGenerator[Piece]:
        """The answer's pieces as they come; those of kind text have the text as `content`."""
        async with aclosing(self._answer(prompt)) as answer:
            async for item in answer:
                if isinstance(item, Piece):
                    yield item

    async def close(self) -> None:
        """Removes the files it worked with."""
        await self._backend.close()

    async def _answer(self, prompt: str) -> AsyncGenerator[Piece | Outcome]:
        text = ""
        async with aclosing(self._backend.answer(self._turn(prompt), self._toolbox)) as answer:
            async for item in answer:
                text += item.content if isinstance(item, Piece) else ""
                yield item
        self._remember(MessageRole.USER, prompt)
        self._remember(MessageRole.ASSISTANT, text)

    def _turn(self, prompt: str) -> Turn:
        return Turn(
            chat_id=self._chat_id,
            project_id=self._project_id,
            project_name=self._project_name,
            prompt=prompt,
            mode=self._mode,
            target=self._target,
            history=tuple(self._history),
            fence=Fence(uuid4(), 1),
        )

    def _remember(self, role: MessageRole, text: str) -> None:
        seq, now = len(self._history) + 1, datetime.now(UTC)
        self._history.append(ChatMessage(uuid4(), self._chat_id, seq, 0, role, PieceKind.TEXT, text, {}, now))
