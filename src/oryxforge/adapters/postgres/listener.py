"""LISTEN on a connection of its own, made again when it breaks."""

import asyncio
from collections.abc import Callable, Mapping

import asyncpg
from loguru import logger

from oryxforge.adapters.postgres.pool import AWAY


class Listener:
    """Calls a function for each notification of a channel; `on_connect` runs at each (re)connect, since some may be lost."""

    def __init__(
        self, url: str, channels: Mapping[str, Callable[[str], None]], on_connect: Callable[[], None]
    ) -> None:
        self._url = url
        self._channels = channels
        self._on_connect = on_connect

    async def run(self) -> None:
        """Listens until cancelled."""
        while True:
            lost = asyncio.Event()
            try:
                connection = await asyncpg.connect(self._url, timeout=10, statement_cache_size=0)
            except (asyncpg.PostgresError, *AWAY) as error:
                logger.warning("listener can't connect", cause=type(error).__name__)
                await asyncio.sleep(0.5)
                continue
            try:
                connection.add_termination_listener(_setting(lost))
                for channel, call in self._channels.items():
                    await connection.add_listener(channel, _payload_of(call))
                self._on_connect()
                await self._until_lost(connection, lost)
            except (asyncpg.PostgresError, *AWAY) as error:
                logger.warning("listener lost its connection", cause=type(error).__name__)
            finally:
                await _close(connection)

    async def _until_lost(self, connection: asyncpg.Connection, lost: asyncio.Event) -> None:
        while not lost.is_set():
            try:
                await asyncio.wait_for(lost.wait(), 15)
            except TimeoutError:
                await connection.fetchval("select 1", timeout=10)


def _payload_of(call: Callable[[str], None]) -> Callable[[object, int, str, object], None]:
    def handle(_: object, __: int, ___: str, payload: object) -> None:
        call(str(payload))

    return handle


def _setting(event: asyncio.Event) -> Callable[[object], None]:
    def handle(_: object) -> None:
        event.set()

    return handle


async def _close(connection: asyncpg.Connection) -> None:
    try:
        await connection.close(timeout=2)
    except (asyncpg.PostgresError, *AWAY):
        connection.terminate()
