"""Jobs on the wire."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from oryxforge.api.schemas.body import Out
from oryxforge.domain.runs import RunKind, RunStatus


class UndoneOut(Out):
    """`sheets`: how many were taken back."""

    sheets: int


class JobOut(Out):
    """Long work: `progress` while it runs (stage, rows, bytes, bytes_total, bytes_per_s), `result` or `error` at its end."""

    id: UUID
    kind: RunKind
    project_id: UUID
    chat_id: UUID | None
    status: RunStatus
    attempt: int
    progress: Mapping[str, object]
    result: Mapping[str, object] | None
    error: Mapping[str, object] | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
