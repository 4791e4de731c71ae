"""Transactions with the actor's claims: row-level security decides what is there."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import asyncpg

from oryxforge.adapters.postgres.artifacts import PgArtifacts
from oryxforge.adapters.postgres.budgets import PgBudgets
from oryxforge.adapters.postgres.chats import PgChats
from oryxforge.adapters.postgres.datasets import PgDatasets
from oryxforge.adapters.postgres.idempotency import PgIdempotency
from oryxforge.adapters.postgres.members import PgMembers
from oryxforge.adapters.postgres.pool import AWAY, Connection, Pool, to_json, unavailable
from oryxforge.adapters.postgres.projects import PgProjects
from oryxforge.adapters.postgres.runs import PgRuns
from oryxforge.adapters.postgres.sheets import PgSheets
from oryxforge.adapters.postgres.sources import PgSources
from oryxforge.adapters.postgres.tokens import PgTokens
from oryxforge.domain.errors import NotAllowed, Unauthenticated
from oryxforge.domain.identity import Actor
from oryxforge.domain.runs import Fence, run_lost

HOLD = "select oryxforge.hold($1, $2)"
CLAIMS = "select set_config('request.jwt.claims', $1, true)"


class PgTransaction:
    def __init__(self, connection: Connection, actor: Actor) -> None:
        self.projects = PgProjects(connection, actor)
        self.members = PgMembers(connection, actor, self.projects)
        self.sources = PgSources(connection, actor, self.projects)
        self.datasets = PgDatasets(connection, actor, self.projects)
        self.sheets = PgSheets(connection, actor, self.projects, self.datasets)
        self.chats = PgChats(connection, actor, self.projects)
        self.runs = PgRuns(connection, actor, self.projects)
        self.artifacts = PgArtifacts(connection, actor, self.chats)
        self.budgets = PgBudgets(connection, actor, self.projects)
        self.tokens = PgTokens(connection, actor)
        self.idempotency = PgIdempotency(connection, actor)


class PgStore:
    """The Store port over Postgres; the pool's login role is bound by row-level security."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    @asynccontextmanager
    async def transaction(self, actor: Actor, fence: Fence | None = None) -> AsyncGenerator[PgTransaction]:
        async with self._pool.connection() as connection:
            try:
                async with connection.transaction():
                    await connection.execute(CLAIMS, to_json(actor.jwt_claims()))
                    if fence and not await connection.fetchval(HOLD, fence.run_id, fence.attempt):
                        raise run_lost()
                    yield PgTransaction(connection, actor)
            except asyncpg.InsufficientPrivilegeError as error:
                raise NotAllowed("Your role in this project does not allow that. Ask its owner.") from error
            except asyncpg.ForeignKeyViolationError as error:
                # Every key of a row that a person writes was read before, but for their own.
                raise Unauthenticated(
                    "This account is gone. Sign in with another one.", code="user_gone"
                ) from error
            except AWAY as error:
                if isinstance(error, OSError) and not isinstance(error, ConnectionError):
                    raise
                raise unavailable(error) from error

    async def check(self) -> None:
        async with self._pool.connection() as connection:
            try:
                await connection.fetchval("select 1 from public.projects limit 1")
            except (asyncpg.PostgresError, *AWAY) as error:
                raise unavailable(error) from error
