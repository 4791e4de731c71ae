"""A chat, its messages, and the pieces that an agent's answer is made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from oryxforge.domain.errors import Conflict


class ChatStatus(StrEnum):
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class ChatMode(StrEnum):
    EXPLORE = "explore"
    EDIT = "edit"
    PLAN = "plan"


class PieceKind(StrEnum):
    TEXT = "text"
    THINKING = "thinking"
    TOOL_USE = "tool_use"
    TOOL_RESULT = "tool_result"
    ARTIFACT = "artifact"
    QUESTION = "question"
    NOTICE = "notice"


class MessageRole(StrEnum):
    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True)
class Piece:
    """One piece of an answer; only text has `content`, every other kind carries its payload in `metadata`.

    Payloads by kind:
    - thinking: {"text"}
    - tool_use: {"id", "tool", "input"}; tool_result: {"id", "tool", "ok", "text", "duration_ms", "result"?}
    - artifact: {"type": table|chart|report, "title", "sheet": "dataset.Sheet"|None, "datasheet_id"?, "table": {"headers", "types",
      "data", "total"}?, "chart": <Plotly figure>?, "text": <a report's beginning>?, "provenance": {...}}
    - question: {"text", "choices": [{"label", "prompt"}]}
    - notice: {"code", "text", ...}; code `attempt_restarted` has "counts_from": <seq>
    """

    kind: PieceKind
    content: str = ""
    metadata: Mapping[str, object] = field(default_factory=dict[str, object])

    @staticmethod
    def text(content: str) -> "Piece":
        return Piece(PieceKind.TEXT, content)


@dataclass(frozen=True)
class Chat:
    """`active_at`: when it was last asked or answered; `branched_from` and `branched_at`: the chat, and the sequence number in it, before which this one's first messages
    were said (the chat is None where it is gone by now)."""

    id: UUID
    project_id: UUID
    user_id: UUID
    title: str
    agent: str
    mode: ChatMode
    status: ChatStatus
    error: Mapping[str, object] | None
    cost_usd: float
    duration_ms: int
    created_at: datetime
    completed_at: datetime | None
    failed_at: datetime | None
    active_at: datetime
    branched_from: UUID | None = None
    branched_at: int | None = None


@dataclass(frozen=True)
class ChatMessage:
    id: UUID
    chat_id: UUID
    seq: int
    attempt: int
    role: MessageRole
    kind: PieceKind
    content: str
    metadata: Mapping[str, object]
    created_at: datetime

    @property
    def is_question(self) -> bool:
        return self.role is MessageRole.USER and self.kind is PieceKind.TEXT


def chat_processing() -> Conflict:
    """What a question meets while the chat is answering another one."""
    return Conflict(
        "This chat is still answering. Wait for its end, or stop it first.", code="chat_processing"
    )


def asked_again(question: int, seq: int) -> dict[str, object]:
    """The metadata of the notice, itself at `seq`, that supersedes what was answered to a question."""
    return {
        "code": "attempt_restarted",
        "reason": "asked_again",
        "text": "Asked again.",
        "counts_from": seq,
        "supersedes_after": question,
    }


def is_restart(message: ChatMessage) -> bool:
    """Whether it is the notice that supersedes messages before it."""
    return message.kind is PieceKind.NOTICE and message.metadata.get("code") == "attempt_restarted"


def counting(messages: list[ChatMessage]) -> list[ChatMessage]:
    """The messages that count: without those that a later `attempt_restarted` notice supersedes, in order."""
    kept: list[ChatMessage] = []
    for message in messages:
        if is_restart(message):
            after = _as_int(message.metadata.get("supersedes_after"), message.seq)
            kept = [m for m in kept if m.seq <= after]
        kept.append(message)
    return kept


def _as_int(value: object, default: int) -> int:
    return value if isinstance(value, int) else default
