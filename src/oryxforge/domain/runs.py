"""A run: durable work (a chat's answer, an import) that some worker holds, attempt by attempt."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from oryxforge.domain.errors import Conflict


class RunKind(StrEnum):
    CHAT = "chat"
    IMPORT = "import"


class RunStatus(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        return self in (RunStatus.COMPLETED, RunStatus.FAILED, RunStatus.CANCELLED)


@dataclass(frozen=True)
class Run:
    """`next_seq` is the sequence number that the chat's next piece gets; `args` and `result` are JSON."""

    id: UUID
    kind: RunKind
    project_id: UUID
    user_id: UUID
    chat_id: UUID | None
    status: RunStatus
    attempt: int
    next_seq: int
    args: Mapping[str, object]
    progress: Mapping[str, object]
    result: Mapping[str, object] | None
    error: Mapping[str, object] | None
    request_id: str
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


def run_lost() -> Conflict:
    """What a write for a run meets once another attempt has it, or it has ended."""
    return Conflict("Another worker has taken this over, or it was stopped.", code="run_lost")


@dataclass(frozen=True)
class Fence:
    """The right to write for a run: void as soon as another attempt holds it or it has ended."""

    run_id: UUID
    attempt: int
