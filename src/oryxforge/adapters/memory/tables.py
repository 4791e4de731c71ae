"""The rows that all memory adapters share, changed by one transaction at a time."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping, MutableMapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeVar
from uuid import UUID

import orjson

from oryxforge.adapters.memory.bell import Bell
from oryxforge.adapters.memory.clock import SystemClock
from oryxforge.domain.artifacts import Artifact
from oryxforge.domain.chats import Chat, ChatMessage
from oryxforge.domain.datasets import Dataset
from oryxforge.domain.projects import Member, Project
from oryxforge.domain.runs import Fence, Run, RunStatus
from oryxforge.domain.sheets import Sheet, SheetVersion
from oryxforge.domain.sources import DataSource
from oryxforge.domain.text import clean_json
from oryxforge.domain.tokens import AccessToken
from oryxforge.ports.clock import Clock
from oryxforge.ports.repos import Remembered

K = TypeVar("K")
V = TypeVar("V")
Undo = list[Callable[[], object]]


class Table(MutableMapping[K, V]):
    """Rows by key; each change leaves in `undo` what takes it back."""

    def __init__(self, undo: Undo) -> None:
        self._rows: dict[K, V] = {}
        self._undo = undo

    def __getitem__(self, key: K) -> V:
        return self._rows[key]

    def __setitem__(self, key: K, row: V) -> None:
        self._remember(key)
        self._rows[key] = row

    def __delitem__(self, key: K) -> None:
        self._remember(key)
        del self._rows[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def _remember(self, key: K) -> None:
        if key in self._rows:
            self._undo.append(partial(self._rows.__setitem__, key, self._rows[key]))
        else:
            self._undo.append(partial(self._rows.pop, key, None))


@dataclass(frozen=True)
class VersionRow:
    version: SheetVersion
    metadata: dict[str, object]


@dataclass(frozen=True)
class RunRow:
    run: Run
    worker: UUID | None
    queued_at: datetime


@dataclass(frozen=True)
class CostRow:
    cost_usd: float
    told_at: datetime


@dataclass(frozen=True)
class ArtifactRow:
    artifact: Artifact
    run_id: UUID


@dataclass(frozen=True)
class KeyRow:
    request_hash: str
    answer: Remembered


@dataclass(frozen=True)
class TokenRow:
    token: AccessToken
    user_id: UUID
    token_hash: str


class MemoryTables:
    """Everything that the memory adapters know; `changed` rings after each transaction that changed something."""

    def __init__(self, clock: Clock | None = None) -> None:
        self.clock: Clock = clock or SystemClock()
        self.changed = Bell()
        self._lock = asyncio.Lock()
        self._holder: asyncio.Task[object] | None = None
        self._undo: Undo = []
        self.emails: Table[UUID, str] = Table(self._undo)
        self.projects: Table[UUID, Project] = Table(self._undo)
        self.members: Table[tuple[UUID, UUID], Member] = Table(self._undo)
        self.sources: Table[UUID, DataSource] = Table(self._undo)
        self.datasets: Table[UUID, Dataset] = Table(self._undo)
        self.sheets: Table[UUID, Sheet] = Table(self._undo)
        self.versions: Table[tuple[UUID, int], VersionRow] = Table(self._undo)
        self.chats: Table[UUID, Chat] = Table(self._undo)
        self.messages: Table[tuple[UUID, int], ChatMessage] = Table(self._undo)
        self.last_seq: Table[UUID, int] = Table(self._undo)
        self.runs: Table[UUID, RunRow] = Table(self._undo)
        self.jobs: Table[UUID, UUID] = Table(self._undo)
        self.costs: Table[tuple[UUID, int], CostRow] = Table(self._undo)
        self.cancelled: Table[UUID, datetime] = Table(self._undo)
        self.workers: Table[UUID, datetime] = Table(self._undo)
        self.artifacts: Table[UUID, ArtifactRow] = Table(self._undo)
        self.answers: Table[tuple[UUID, str, str], KeyRow] = Table(self._undo)
        self.tokens: Table[UUID, TokenRow] = Table(self._undo)
        self.budgets: Table[UUID, float] = Table(self._undo)
        self.hidden: Table[UUID, datetime] = Table(self._undo)

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[None]:
        """One at a time; everything changed in the block is taken back on any exception."""
        me = asyncio.current_task()
        if self._holder is not None and self._holder is me:
            raise RuntimeError("A transaction inside a transaction of the same task would wait for itself.")
        async with self._lock:
            self._holder = me
            try:
                yield
            except BaseException:
                for take_back in reversed(self._undo):
                    take_back()
                self._undo.clear()
                raise
            finally:
                self._holder = None
                changed = bool(self._undo)
                self._undo.clear()
                if changed:
                    self.changed.ring()

    def holds(self, fence: Fence) -> bool:
        """Whether that attempt still runs."""
        row = self.runs.get(fence.run_id)
        return row is not None and row.run.status is RunStatus.RUNNING and row.run.attempt == fence.attempt


def plain(value: Mapping[str, object]) -> dict[str, object]:
    """As it comes back from a database: JSON values only, and nobody else's to change."""
    return orjson.loads(orjson.dumps(clean_json(value), default=str))
