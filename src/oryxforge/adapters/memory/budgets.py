"""Budgets in memory: of people and of projects by their ids."""

from collections.abc import Callable
from uuid import UUID

from oryxforge.adapters.memory.projects import MemoryProjects
from oryxforge.adapters.memory.tables import MemoryTables
from oryxforge.domain.budgets import Budget
from oryxforge.domain.identity import Actor, Role
from oryxforge.domain.runs import Run
from oryxforge.ports.repos import BudgetRepo


class MemoryBudgets(BudgetRepo):
    def __init__(self, tables: MemoryTables, actor: Actor) -> None:
        self._t = tables
        self._me = actor.user_id
        self._projects = MemoryProjects(tables, actor)

    async def mine(self) -> Budget:
        return Budget(self._t.budgets.get(self._me), self._spent(lambda run: run.user_id == self._me))

    async def of_project(self, project_id: UUID) -> Budget:
        await self._projects.get(project_id)
        spent = self._spent(lambda run: run.project_id == project_id)
        return Budget(self._t.budgets.get(project_id), spent)

    async def of_projects(self) -> dict[UUID, Budget]:
        return {p.id: await self.of_project(p.id) for p in await self._projects.all()}

    async def set_mine(self, monthly_usd: float | None) -> None:
        self._set(self._me, monthly_usd)

    async def set_for_project(self, project_id: UUID, monthly_usd: float | None) -> None:
        await self._projects.need(project_id, Role.OWNER)
        self._set(project_id, monthly_usd)

    def _set(self, whose: UUID, monthly_usd: float | None) -> None:
        if monthly_usd is not None:
            self._t.budgets[whose] = monthly_usd
        elif whose in self._t.budgets:
            del self._t.budgets[whose]

    def _spent(self, counts: Callable[[Run], bool]) -> float:
        now = self._t.clock.now()
        return sum(
            row.cost_usd
            for (run_id, _), row in self._t.costs.items()
            if (row.told_at.year, row.told_at.month) == (now.year, now.month)
            and counts(self._t.runs[run_id].run)
        )
