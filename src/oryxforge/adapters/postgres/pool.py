"""Connections: one pool a login role, JSON as Python values, safe behind a transaction pooler."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import asyncpg
import orjson
from loguru import logger

from oryxforge.domain.errors import Unavailable
from oryxforge.domain.text import clean_json

if TYPE_CHECKING:
    Connection = asyncpg.pool.PoolConnectionProxy
else:
    Connection = asyncpg.Connection

AWAY = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.CannotConnectNowError,
    asyncpg.InsufficientResourcesError,
    asyncpg.PostgresIOError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.InternalClientError,
    OSError,
    TimeoutError,
)
FULL = "The database's disk is full. Free some space; what waits then goes on by itself."


def unavailable(cause: BaseException) -> Unavailable:
    full = isinstance(cause, asyncpg.DiskFullError)
    return Unavailable(
        FULL
        if full
        else "The database does not answer at the moment. Try again in a few seconds; "
        "`oryxforge doctor` tells more.",
        code="database_unavailable",
        extra={"cause": type(cause).__name__},
    )


def to_json(value: object) -> str:
    """JSON that jsonb takes: without NUL characters and half surrogates, which a table's cell may hold."""
    try:
        text = orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS).decode()
    except TypeError:
        text = "\\u0000"
    if "\\u0000" in text:
        text = orjson.dumps(
            clean_json({"v": value})["v"], default=str, option=orjson.OPT_NON_STR_KEYS
        ).decode()
    return text


def fields(row: asyncpg.Record | Mapping[str, Any], **over: object) -> dict[str, Any]:
    """A row's columns by name, some of them replaced by richer values."""
    return {**dict(row), **over}


async def prepare(connection: asyncpg.Connection) -> None:
    """Makes jsonb arrive and leave as Python values."""
    await connection.set_type_codec(
        "jsonb", schema="pg_catalog", encoder=to_json, decoder=orjson.loads, format="text"
    )


async def _keep(_: asyncpg.Connection) -> None:
    """Nothing to reset: every setting that we make is local to its transaction."""


class Pool:
    """A lazy asyncpg pool; connects at first use, so that a program starts without its database.

    `is_pooled`, where given, is asked at first use whether a transaction pooler is between: then no statement is kept,
    since the next transaction may be another backend's, which does not know it.
    """

    def __init__(
        self,
        url: str,
        *,
        most: int = 16,
        cached_statements: int = 200,
        name: str = "oryxforge",
        is_pooled: Callable[[str], Awaitable[bool]] | None = None,
    ) -> None:
        self.url = url
        self._name = name
        self._cached = cached_statements
        self._is_pooled = is_pooled
        self._opening = asyncio.Lock()
        self._make = partial(
            asyncpg.create_pool,
            url,
            min_size=0,
            max_size=most,
            init=prepare,
            reset=_keep,
            timeout=10,
            command_timeout=120,
            max_inactive_connection_lifetime=60,
            server_settings={"application_name": name},
        )
        self._pool: asyncpg.Pool | None = None

    async def open(self) -> asyncpg.Pool:
        """The pool, made at first use. Raises Unavailable, and what asyncpg raises."""
        if self._pool is None:
            async with self._opening:
                if self._pool is None:
                    self._pool = await self._make(statement_cache_size=await self._kept())
        return self._pool

    async def _kept(self) -> int:
        if self._is_pooled is None or not await self._is_pooled(self.url):
            return self._cached
        logger.warning(
            "found a transaction pooler, so no statements are kept; say so by ORYXFORGE_DATABASE_POOLED=1",
            pool=self._name,
        )
        return 0

    @asynccontextmanager
    async def connection(self) -> AsyncGenerator[Connection]:
        """A connection for the block. Raises Unavailable where none can be had."""
        try:
            pool = await self.open()
            connection = await pool.acquire(timeout=15)
        except AWAY as error:
            raise unavailable(error) from error
        try:
            yield connection
        finally:
            await pool.release(connection)

    async def close(self) -> None:
        if self._pool is not None:
            await self._pool.close()
            self._pool = None
