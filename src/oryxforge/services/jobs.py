"""Long work seen from outside: progress, end, cancel."""

from uuid import UUID

from oryxforge.domain.identity import Actor
from oryxforge.domain.runs import Run
from oryxforge.ports.feed import ChatFeed
from oryxforge.ports.repos import Store
from oryxforge.services.imports import undo_import


class Jobs:
    def __init__(self, store: Store, feed: ChatFeed) -> None:
        self._store = store
        self._feed = feed

    async def get(self, actor: Actor, run_id: UUID) -> Run:
        async with self._store.transaction(actor) as tx:
            return await tx.runs.get(run_id)

    async def cancel(self, actor: Actor, run_id: UUID) -> Run:
        async with self._store.transaction(actor) as tx:
            return await tx.runs.cancel(run_id)

    async def undo(self, actor: Actor, run_id: UUID) -> int:
        """Takes back a finished import; how many sheets. Raises Conflict where that can't be."""
        async with self._store.transaction(actor) as tx:
            return await undo_import(tx, await tx.runs.get(run_id))

    async def wait(self, actor: Actor, run_id: UUID, timeout_s: float) -> Run:
        """The run when it has ended, or as it is when the time is over."""
        await self._feed.wait_run(actor, run_id, timeout_s)
        return await self.get(actor, run_id)
