"""Questions to Postgres as those who listen: their role, their claims, row-level security on."""

from collections.abc import AsyncGenerator, Hashable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cached_property

import asyncpg
import orjson

from oryxforge.embedded.gateway.callers import Caller
from oryxforge.embedded.gateway.turns import Turns

TIMEOUT_S = 10.0
SETTINGS = {
    "application_name": "oryxforge-realtime",
    "timezone": "UTC",
    "datestyle": "ISO",
    "intervalstyle": "postgres",
    "statement_timeout": "5s",
    "idle_in_transaction_session_timeout": "15s",
}
FAILURES = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError)
# The database is away, or goes; all others are the fault of one question.
AWAY = (
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.InterfaceError,
    OSError,
)


@dataclass(frozen=True)
class Subject:
    """Who looks: a role, and the claims that policies read."""

    caller: Caller

    @property
    def role(self) -> str:
        return self.caller.role

    @cached_property
    def settings(self) -> str:
        return self.caller.settings

    @cached_property
    def lasting(self) -> str:
        """All claims but those that change with each token: who has the same sees the same."""
        passing = ("exp", "iat", "jti", "nbf")
        claims = {k: v for k, v in self.caller.claims.items() if k not in passing}
        return f"{self.role} {orjson.dumps(claims, option=orjson.OPT_SORT_KEYS, default=str).decode()}"

    @cached_property
    def person(self) -> tuple[str, str]:
        return self.role, str(self.caller.claims.get("sub", ""))

    def payer(self, place: str) -> tuple[str, str]:
        """Whom costs are charged to: a person, or the place that nobody in particular came from."""
        user = self.caller.claims.get("sub")
        return (self.role, str(user)) if user else ("", place)


class Asker:
    """A few connections under the login of Realtime; who waits for one is taken in turn."""

    def __init__(self, url: str, connections: int) -> None:
        self._url = url
        self._connections = connections
        self._turns = Turns(connections)
        self._pool: asyncpg.Pool | None = None

    async def open(self) -> None:
        """Connects nowhere yet."""
        self._pool = asyncpg.create_pool(
            self._url,
            min_size=0,
            max_size=self._connections,
            max_inactive_connection_lifetime=120,
            command_timeout=TIMEOUT_S,
            server_settings=SETTINGS,
        )
        await self._pool

    async def close(self) -> None:
        if self._pool is not None:
            self._pool.terminate()

    @asynccontextmanager
    async def connection(self, who: Hashable = None) -> AsyncGenerator[asyncpg.Connection]:
        """A connection of Realtime's own login, which may read nothing by itself."""
        assert self._pool is not None
        async with self._turns.turn(who, TIMEOUT_S), self._pool.acquire(timeout=TIMEOUT_S) as db:
            yield db  # pyright: ignore[reportReturnType]

    @asynccontextmanager
    async def as_role(
        self, role: str, settings: str, who: Hashable = None
    ) -> AsyncGenerator[asyncpg.Connection]:
        """A transaction as a client; all that it writes is undone at its end."""
        async with self.connection(who) as db:
            transaction = db.transaction()
            await transaction.start()
            try:
                await become(db, role, settings)
                yield db
            finally:
                await transaction.rollback()


async def become(db: asyncpg.Connection, role: str, settings: str) -> None:
    """For the rest of the transaction; only the three roles of clients."""
    assert role in ("anon", "authenticated", "service_role")
    await db.fetchrow(
        "select set_config('role', $1, true), set_config('request.jwt.claims', $2, true)", role, settings
    )
