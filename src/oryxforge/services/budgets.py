"""Budgets: who set which, what was spent, and what is left for a question."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from oryxforge.domain.budgets import FREE_AGENTS, Budget, checked_budget
from oryxforge.domain.budgets import Budgets as Both
from oryxforge.domain.identity import Actor
from oryxforge.domain.projects import Project
from oryxforge.ports.repos import Store, Transaction


@dataclass(frozen=True)
class ProjectBudget:
    project: Project
    budget: Budget


@dataclass(frozen=True)
class AllBudgets:
    mine: Budget
    projects: tuple[ProjectBudget, ...]


class Budgets:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def all(self, actor: Actor) -> AllBudgets:
        """The actor's own, and those of the projects that they see."""
        async with self._store.transaction(actor) as tx:
            found: Mapping[UUID, Budget] = await tx.budgets.of_projects()
            projects = [ProjectBudget(p, found[p.id]) for p in await tx.projects.all() if p.id in found]
            return AllBudgets(await tx.budgets.mine(), tuple(projects))

    async def of(self, actor: Actor, project_id: UUID) -> Both:
        """What bounds the actor's questions in a project. Raises NotFound."""
        async with self._store.transaction(actor) as tx:
            return await both(tx, project_id)

    async def set_mine(self, actor: Actor, monthly_usd: float | None) -> Budget:
        """None takes the limit away. Raises Unprocessable."""
        limit = checked_budget(monthly_usd)
        async with self._store.transaction(actor) as tx:
            await tx.budgets.set_mine(limit)
            return await tx.budgets.mine()

    async def set_for_project(self, actor: Actor, project_id: UUID, monthly_usd: float | None) -> Both:
        """Raises Unprocessable, NotFound, and NotAllowed for all but the project's owner."""
        limit = checked_budget(monthly_usd)
        async with self._store.transaction(actor) as tx:
            await tx.budgets.set_for_project(project_id, limit)
            return await both(tx, project_id)


async def both(tx: Transaction, project_id: UUID) -> Both:
    return Both(await tx.budgets.of_project(project_id), await tx.budgets.mine())


async def need_left(tx: Transaction, project_id: UUID, agent: str) -> None:
    """Raises Conflict `budget_spent` where a question to that agent can't be paid for any more."""
    if agent not in FREE_AGENTS:
        (await both(tx, project_id)).need_left()
