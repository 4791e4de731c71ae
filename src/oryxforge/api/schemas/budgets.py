"""Budgets on the wire, in US dollars of the current month (UTC)."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from oryxforge.api.schemas.body import Body, Out
from oryxforge.domain.identity import Role


class BudgetBody(Body):
    monthly_usd: Annotated[
        float | None,
        Field(
            ge=0, le=1_000_000, allow_inf_nan=False, description="Null takes the limit away.", examples=[20]
        ),
    ]


class BudgetOut(Out):
    monthly_usd: Annotated[float | None, Field(description="Null where there is no limit.")]
    spent_usd: float
    left_usd: float | None


class BudgetsOut(Out):
    """What bounds the caller's questions in a project."""

    project: BudgetOut
    mine: BudgetOut
    left_usd: Annotated[float | None, Field(description="What a question may cost at most.")]


class ProjectBudgetOut(BudgetOut):
    project_id: UUID
    name: str
    role: Role


class AllBudgetsOut(Out):
    mine: BudgetOut
    projects: list[ProjectBudgetOut]
