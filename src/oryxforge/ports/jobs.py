"""Durable jobs: a queue that wakes a worker with the id of a run."""

from collections.abc import Awaitable, Callable
from typing import Protocol
from uuid import UUID

Handler = Callable[[UUID], Awaitable[None]]


class JobQueue(Protocol):
    async def work(self, handler: Handler, concurrency: int) -> None:
        """Calls the handler for each queued run until cancelled; then stops taking and lets the handlers be cancelled."""
        ...
