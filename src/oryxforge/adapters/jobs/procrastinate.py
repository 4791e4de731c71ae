"""The job queue over procrastinate: it wakes this worker; what a run is and who holds it stands in its own row."""

import asyncio
from uuid import UUID

import psycopg
from loguru import logger
from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import ProcrastinateException

from oryxforge.domain.errors import Unavailable
from oryxforge.ports.jobs import Handler

TASK = "oryxforge.run"
QUEUE = "runs"


class ProcrastinateQueue:
    """The JobQueue port. `url` must allow LISTEN: a session, not a transaction pooler."""

    def __init__(self, url: str, *, poll_s: float = 1.0) -> None:
        self._url = url
        self._poll_s = poll_s
        self._handled: set[asyncio.Task[None]] = set()

    async def work(self, handler: Handler, concurrency: int) -> None:
        try:
            while True:
                try:
                    await self._work(handler, concurrency)
                except (ProcrastinateException, psycopg.Error, OSError) as error:
                    logger.warning("the queue lost its database", cause=type(error).__name__)
                await asyncio.sleep(0.3)
        finally:
            for task in self._handled:
                task.cancel()
            await asyncio.gather(*self._handled, return_exceptions=True)

    async def _work(self, handler: Handler, concurrency: int) -> None:
        connector = PsycopgConnector(
            conninfo=self._url,
            min_size=1,
            max_size=4,
            timeout=5,
            configure=_in_own_schema,
        )
        app = App(connector=connector)

        async def run(run: str) -> None:
            await self._outliving(handler, UUID(run))

        app.task(name=TASK, queue=QUEUE)(run)
        async with app.open_async():
            await app.run_worker_async(
                queues=[QUEUE],
                concurrency=concurrency,
                install_signal_handlers=False,
                delete_jobs="always",
                fetch_job_polling_interval=self._poll_s,
                shutdown_graceful_timeout=0,
                update_heartbeat_interval=5,
            )

    async def _outliving(self, handler: Handler, run_id: UUID) -> None:
        """Waits for the handler, which goes on when the queue's connection breaks: its work is not the queue's."""
        task = asyncio.create_task(self._handle(handler, run_id))
        self._handled.add(task)
        task.add_done_callback(self._handled.discard)
        await asyncio.shield(task)

    async def _handle(self, handler: Handler, run_id: UUID) -> None:
        try:
            await handler(run_id)
        except Unavailable:
            logger.warning("a run could not be taken; it is rescued", run_id=str(run_id))


async def _in_own_schema(connection: psycopg.AsyncConnection) -> None:
    """Not by an option of the start, which session poolers refuse."""
    await connection.execute("set search_path = procrastinate")
    await connection.commit()
