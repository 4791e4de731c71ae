"""Transactions as the caller: row-level security decides, in the database, on every operation."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import asyncpg

from oryxforge.adapters.postgres.pool import Connection, Pool
from oryxforge.embedded.gateway.callers import Caller
from oryxforge.embedded.gateway.storage.faults import of_database

SERVICE = Caller("service_role")
BECOME = """select set_config('role', $1, true), set_config('request.jwt.claims', $2, true),
  set_config('storage.operation', $3, true), set_config('statement_timeout', '15s', true)"""


class Access:
    """Opens transactions of the `authenticator` login in the role of whoever asks."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    @asynccontextmanager
    async def acting(self, caller: Caller, operation: str) -> AsyncGenerator[Connection]:
        """A transaction with the caller's role and claims. Raises Fault for what the database refuses."""
        async with self._pool.connection() as db:
            try:
                async with db.transaction():
                    await become(db, caller, operation)
                    yield db
            except (asyncpg.PostgresError, asyncpg.InterfaceError, UnicodeEncodeError) as error:
                raise of_database(error) from error

    async def close(self) -> None:
        await self._pool.close()


async def become(db: Connection, caller: Caller, operation: str) -> None:
    """Changes who acts for the rest of the transaction, or of its savepoint."""
    await db.execute(BECOME, caller.role, caller.settings, operation)
