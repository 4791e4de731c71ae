"""Transactions in memory: one at a time, all or nothing."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from oryxforge.adapters.memory.artifacts import MemoryArtifacts
from oryxforge.adapters.memory.budgets import MemoryBudgets
from oryxforge.adapters.memory.chats import MemoryChats
from oryxforge.adapters.memory.datasets import MemoryDatasets
from oryxforge.adapters.memory.idempotency import MemoryIdempotency
from oryxforge.adapters.memory.members import MemoryMembers
from oryxforge.adapters.memory.projects import MemoryProjects
from oryxforge.adapters.memory.runs import MemoryRuns
from oryxforge.adapters.memory.sheets import MemorySheets
from oryxforge.adapters.memory.sources import MemorySources
from oryxforge.adapters.memory.tables import MemoryTables
from oryxforge.adapters.memory.tokens import MemoryTokens
from oryxforge.domain.identity import Actor
from oryxforge.domain.runs import Fence, run_lost
from oryxforge.ports.repos import Store


class MemoryTransaction:
    def __init__(self, tables: MemoryTables, actor: Actor) -> None:
        self.projects = MemoryProjects(tables, actor)
        self.members = MemoryMembers(tables, actor)
        self.sources = MemorySources(tables, actor)
        self.datasets = MemoryDatasets(tables, actor)
        self.sheets = MemorySheets(tables, actor)
        self.chats = MemoryChats(tables, actor)
        self.runs = MemoryRuns(tables, actor)
        self.artifacts = MemoryArtifacts(tables, actor)
        self.budgets = MemoryBudgets(tables, actor)
        self.tokens = MemoryTokens(tables, actor)
        self.idempotency = MemoryIdempotency(tables, actor)


class MemoryStore(Store):
    """The Store port over `tables`, which it may share with a keeper, a feed and a queue."""

    def __init__(self, tables: MemoryTables | None = None) -> None:
        self._tables = tables or MemoryTables()

    @asynccontextmanager
    async def transaction(
        self, actor: Actor, fence: Fence | None = None
    ) -> AsyncGenerator[MemoryTransaction]:
        async with self._tables.transaction():
            if fence and not self._tables.holds(fence):
                raise run_lost()
            yield MemoryTransaction(self._tables, actor)

    async def check(self) -> None:
        return None
