"""Budgets: one's own and those of projects."""

from uuid import UUID

from fastapi import APIRouter

from oryxforge.api.deps import Api, Caller
from oryxforge.api.json import JsonRoute
from oryxforge.api.openapi import signed_in, with_body
from oryxforge.api.schemas.budgets import AllBudgetsOut, BudgetBody, BudgetOut, BudgetsOut, ProjectBudgetOut
from oryxforge.services.budgets import ProjectBudget

router = APIRouter(tags=["projects"], route_class=JsonRoute)


@router.get("/budgets", summary="List budgets and what was spent", responses=signed_in())
async def all_of_mine(api: Api, actor: Caller) -> AllBudgetsOut:
    """The caller's own, and those of the projects that they see."""
    found = await api.budgets.all(actor)
    return AllBudgetsOut(
        mine=BudgetOut.model_validate(found.mine), projects=[_project(p) for p in found.projects]
    )


@router.patch("/budgets/mine", summary="Set the caller's own budget", responses=with_body())
async def set_mine(api: Api, actor: Caller, body: BudgetBody) -> BudgetOut:
    return BudgetOut.model_validate(await api.budgets.set_mine(actor, body.monthly_usd))


@router.get("/projects/{project_id}/budget", summary="Show what is left to spend", responses=signed_in(404))
async def show(api: Api, actor: Caller, project_id: UUID) -> BudgetsOut:
    return BudgetsOut.model_validate(await api.budgets.of(actor, project_id))


@router.patch("/projects/{project_id}/budget", summary="Set a project's budget", responses=with_body(404))
async def set_for_project(api: Api, actor: Caller, project_id: UUID, body: BudgetBody) -> BudgetsOut:
    """Its owner alone may. What is spent stops questions to models, and answers under way."""
    return BudgetsOut.model_validate(await api.budgets.set_for_project(actor, project_id, body.monthly_usd))


def _project(found: ProjectBudget) -> ProjectBudgetOut:
    budget, project = found.budget, found.project
    return ProjectBudgetOut(
        project_id=project.id,
        name=project.name,
        role=project.role,
        monthly_usd=budget.monthly_usd,
        spent_usd=budget.spent_usd,
        left_usd=budget.left_usd,
    )
