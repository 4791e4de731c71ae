"""What an answer produced, and the code and data that made it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class SheetRead:
    """A sheet that a result was made from, at the version that was read."""

    sheet: str
    sheet_id: UUID
    version: int
    content_hash: str


@dataclass(frozen=True)
class Provenance:
    """Code, engine and data versions of a result; `duration_ms` of the code alone.

    `user_id` is who ran it by hand, then `agent` is `user`.
    """

    language: str
    code: str
    engine: str
    reads: tuple[SheetRead, ...]
    duration_ms: int
    agent: str
    chat_id: UUID | None = None
    user_id: UUID | None = None

    def to_json(self) -> dict[str, object]:
        return {
            "language": self.language,
            "code": self.code,
            "engine": self.engine,
            "agent": self.agent,
            "duration_ms": self.duration_ms,
            "chat_id": str(self.chat_id) if self.chat_id else None,
            "user_id": str(self.user_id) if self.user_id else None,
            "reads": [
                {
                    "sheet": r.sheet,
                    "sheet_id": str(r.sheet_id),
                    "version": r.version,
                    "content_hash": r.content_hash,
                }
                for r in self.reads
            ],
        }


@dataclass(frozen=True)
class Artifact:
    id: UUID
    chat_id: UUID
    datasheet_id: UUID
    provenance: Mapping[str, object]
    created_at: datetime
