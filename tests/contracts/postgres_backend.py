"""The ports over a real Postgres."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID, uuid4

import asyncpg

from contracts.backends import Backend
from fixtures.postgres import Database
from oryxforge.adapters.postgres.feed import PgFeed
from oryxforge.adapters.postgres.keeper import PgKeeper
from oryxforge.adapters.postgres.pool import Pool
from oryxforge.adapters.postgres.store import PgStore
from oryxforge.adapters.postgres.tokens import PgTokenLookup
from oryxforge.domain.identity import Actor
from oryxforge.ports.runs import RunKeeper


class PostgresBackend:
    def __init__(self, database: Database, api: Pool, worker: Pool, owner: asyncpg.Connection) -> None:
        self._database = database
        self._worker = worker
        self._owner = owner
        self.store = PgStore(api)
        self.worker_store = PgStore(worker)
        self.feed = PgFeed(api, self.store, database.api)
        self.lookup = PgTokenLookup(api)

    def keeper(
        self, worker: UUID | None = None, *, silent_after_s: float = 60, max_attempts: int = 5
    ) -> RunKeeper:
        return PgKeeper(
            self._worker,
            worker_id=worker or uuid4(),
            instance="test",
            session_url=self._database.worker,
            silent_after_s=silent_after_s,
            max_attempts=max_attempts,
        )

    async def make_user(self, email: str) -> Actor:
        return Actor(self._database.add_user(email), email)

    async def advance(self, seconds: float) -> None:
        by = timedelta(seconds=seconds)
        await self._owner.execute("update oryxforge.workers set seen_at = seen_at - $1::interval", by)
        await self._owner.execute("update oryxforge.runs set queued_at = queued_at - $1::interval", by)

    async def jobs_of(self, run_id: UUID) -> int:
        waiting = await self._owner.fetchval(
            "select count(*) from procrastinate.procrastinate_jobs where status = 'todo' and args ->> 'run' = $1",
            str(run_id),
        )
        return int(waiting or 0)


@asynccontextmanager
async def postgres_backend(database: Database) -> AsyncGenerator[Backend]:
    api, worker = Pool(database.api, most=6), Pool(database.worker, most=6)
    owner = await asyncpg.connect(database.owner)
    backend = PostgresBackend(database, api, worker, owner)
    feeding = asyncio.create_task(backend.feed.run())
    try:
        yield backend
    finally:
        feeding.cancel()
        await asyncio.gather(feeding, return_exceptions=True)
        await owner.close()
        await api.close()
        await worker.close()
