"""What the contract tests run against: the same ports, in memory and over Postgres."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Protocol
from uuid import UUID, uuid4

from oryxforge.adapters.memory.clock import SetClock
from oryxforge.adapters.memory.feed import MemoryFeed
from oryxforge.adapters.memory.keeper import MemoryKeeper
from oryxforge.adapters.memory.store import MemoryStore
from oryxforge.adapters.memory.tables import MemoryTables
from oryxforge.adapters.memory.tokens import MemoryTokenLookup
from oryxforge.domain.identity import Actor
from oryxforge.ports.accounts import TokenLookup
from oryxforge.ports.feed import ChatFeed
from oryxforge.ports.repos import Store
from oryxforge.ports.runs import RunKeeper


class Backend(Protocol):
    """`store` acts for people, `worker_store` for a worker on a run that it holds."""

    @property
    def store(self) -> Store: ...
    @property
    def worker_store(self) -> Store: ...
    @property
    def feed(self) -> ChatFeed: ...
    @property
    def lookup(self) -> TokenLookup: ...

    def keeper(
        self, worker: UUID | None = None, *, silent_after_s: float = 60, max_attempts: int = 5
    ) -> RunKeeper: ...

    async def make_user(self, email: str) -> Actor: ...

    async def advance(self, seconds: float) -> None:
        """Makes every worker's last heartbeat, and every wait in the queue, that much older."""
        ...

    async def jobs_of(self, run_id: UUID) -> int:
        """How many jobs wait for a worker to take that run."""
        ...


class MemoryBackend:
    def __init__(self) -> None:
        self._clock = SetClock()
        self.tables = MemoryTables(self._clock)
        self.store = MemoryStore(self.tables)
        self.worker_store = self.store
        self.feed = MemoryFeed(self.tables)
        self.lookup = MemoryTokenLookup(self.tables)

    def keeper(
        self, worker: UUID | None = None, *, silent_after_s: float = 60, max_attempts: int = 5
    ) -> RunKeeper:
        return MemoryKeeper(
            self.tables,
            worker_id=worker or uuid4(),
            silent_after_s=silent_after_s,
            max_attempts=max_attempts,
        )

    async def make_user(self, email: str) -> Actor:
        actor = Actor(uuid4(), email)
        async with self.tables.transaction():
            self.tables.emails[actor.user_id] = email
        return actor

    async def advance(self, seconds: float) -> None:
        self._clock.advance(seconds)

    async def jobs_of(self, run_id: UUID) -> int:
        return list(self.tables.jobs.values()).count(run_id)


@asynccontextmanager
async def memory_backend() -> AsyncGenerator[Backend]:
    yield MemoryBackend()
