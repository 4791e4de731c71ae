"""What every Store keeps of budgets, and what it says was spent."""

import pytest

from contracts.backends import Backend
from contracts.refusals import refused
from contracts.scene import Team, asked, claim
from oryxforge.domain.budgets import Budget, Budgets
from oryxforge.domain.chats import ChatStatus
from oryxforge.domain.errors import Conflict, NotAllowed, NotFound
from oryxforge.ports.runs import Ending


async def spend(backend: Backend, team: Team, usd: float, status: ChatStatus = ChatStatus.COMPLETED) -> None:
    """An answer to the editor's question that cost so much."""
    _, run = await asked(backend, team)
    keeper = backend.keeper()
    _, fence = await claim(keeper, run)
    await keeper.finish(fence, Ending(status, result={"cost_usd": usd}, cost_usd=usd))


async def test_without_a_limit_all_may_be_spent(backend: Backend, team: Team) -> None:
    async with backend.store.transaction(team.editor) as tx:
        assert await tx.budgets.mine() == Budget(None, 0)
        assert await tx.budgets.of_project(team.project) == Budget(None, 0)


async def test_what_answers_cost_counts_for_project_and_person(backend: Backend, team: Team) -> None:
    await spend(backend, team, 0.5)
    await spend(backend, team, 0.25, ChatStatus.FAILED)
    async with backend.store.transaction(team.owner) as tx:
        await tx.budgets.set_for_project(team.project, 1)
        assert await tx.budgets.of_project(team.project) == Budget(1, 0.75)
        assert await tx.budgets.of_projects() == {team.project: Budget(1, 0.75)}
        assert (await tx.budgets.mine()).spent_usd == 0
    for store in (backend.store, backend.worker_store):
        async with store.transaction(team.editor) as tx:
            assert (await tx.budgets.mine()).spent_usd == 0.75
            assert (await tx.budgets.of_project(team.project)).left_usd == 0.25


async def test_a_limit_changes_and_goes(backend: Backend, team: Team) -> None:
    async with backend.store.transaction(team.viewer) as tx:
        for limit in (5.0, 0.0, None):
            await tx.budgets.set_mine(limit)
            assert await tx.budgets.mine() == Budget(limit, 0)


async def test_a_budget_is_its_owners_to_set(backend: Backend, team: Team) -> None:
    async with refused(backend.store, team.editor, NotAllowed) as tx:
        await tx.budgets.set_for_project(team.project, 1)
    async with refused(backend.store, team.stranger, NotFound, "project_not_found") as tx:
        await tx.budgets.set_for_project(team.project, 1)
    async with refused(backend.store, team.stranger, NotFound, "project_not_found") as tx:
        await tx.budgets.of_project(team.project)


@pytest.mark.parametrize(
    ("project", "mine", "left", "whose"),
    [
        (Budget(5, 5), Budget(None, 9), 0, "project"),
        (Budget(None, 5), Budget(9, 10), 0, "Your"),
        (Budget(5, 1), Budget(3, 1), 2, None),
        (Budget(None, 1), Budget(None, 1), None, None),
        (Budget(0, 0), Budget(None, 0), 0, "project"),
    ],
)
def test_the_smaller_counts(project: Budget, mine: Budget, left: float | None, whose: str | None) -> None:
    budgets = Budgets(project, mine)
    assert budgets.left_usd == left
    if whose is None:
        budgets.need_left()
        return
    with pytest.raises(Conflict, match=whose) as spent:
        budgets.need_left()
    assert spent.value.code == "budget_spent"
