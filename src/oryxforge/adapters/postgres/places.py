"""Where the URL of a database leads: through which kind of pooler, and whether to the same database as another."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from secrets import randbelow, token_hex

import asyncpg

from oryxforge.adapters.postgres.pool import AWAY, unavailable

PID = "select pg_backend_pid()"
ROUNDS = 8
HEARD_WITHIN_S = 3.0
# The space that public.holds_mark looks in: "oryx" as a number.
MARKS = 1_869_773_176
HIGHEST = 2**31


async def shares_backends(url: str) -> bool:
    """Whether connections get another backend from one transaction to the next, as behind a transaction pooler.

    Raises Unavailable.
    """
    async with reached(url) as one, reached(url) as other:
        for _ in range(ROUNDS):
            pid = await one.fetchval(PID)
            async with other.transaction():
                # While the other holds a backend, it is either the one's own or the one may be given a third.
                if await other.fetchval(PID) == pid or await one.fetchval(PID) != pid:
                    return True
    return False


async def heard_from(session_url: str, senders: Mapping[str, str]) -> frozenset[str]:
    """Those, by name, of the URLs by which a notification reaches a session that listens. Raises Unavailable."""
    channel = f"oryxforge_doctor_{token_hex(8)}"
    heard: set[str] = set()
    everyone = asyncio.Event()
    async with reached(session_url) as session:
        await session.add_listener(channel, _into(heard, len(senders), everyone))
        for name, url in senders.items():
            async with reached(url) as sender:
                await sender.execute("select pg_notify($1, $2)", channel, name)
        try:
            await asyncio.wait_for(everyone.wait(), HEARD_WITHIN_S)
        except TimeoutError:
            return frozenset(heard)
    return frozenset(heard)


@asynccontextmanager
async def marked(url: str) -> AsyncGenerator[int]:
    """A mark that public.holds_mark finds in the database of this URL, and in no other, for the block. Raises Unavailable."""
    mark = randbelow(HIGHEST)
    async with reached(url) as db, db.transaction():
        await db.execute("select pg_advisory_xact_lock($1, $2)", MARKS, mark)
        yield mark


@asynccontextmanager
async def reached(url: str) -> AsyncGenerator[asyncpg.Connection]:
    """A connection for the block, through whatever pooler. Raises Unavailable."""
    try:
        db = await asyncpg.connect(url, timeout=10, command_timeout=10, statement_cache_size=0)
    except (asyncpg.PostgresError, *AWAY) as error:
        raise unavailable(error) from error
    try:
        yield db
        await db.close(timeout=5)
    except (asyncpg.PostgresError, *AWAY) as error:
        raise unavailable(error) from error
    finally:
        db.terminate()


def _into(
    heard: set[str], all_of: int, everyone: asyncio.Event
) -> Callable[[object, int, str, object], None]:
    def hear(_: object, __: int, ___: str, payload: object) -> None:
        heard.add(str(payload))
        if len(heard) == all_of:
            everyone.set()

    return hear
