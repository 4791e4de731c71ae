"""What may be spent on models in a month, and what was."""

from dataclasses import dataclass

from oryxforge.domain.errors import Conflict, Unprocessable

MOST_USD = 1_000_000.0
FREE_AGENTS = frozenset({"quick"})


@dataclass(frozen=True)
class Budget:
    """US dollars of the current month (UTC); without `monthly_usd` there is no limit."""

    monthly_usd: float | None
    spent_usd: float

    @property
    def left_usd(self) -> float | None:
        return None if self.monthly_usd is None else max(0.0, self.monthly_usd - self.spent_usd)


@dataclass(frozen=True)
class Budgets:
    """What bounds a question: the budget of its project and that of who asks."""

    project: Budget
    mine: Budget

    @property
    def left_usd(self) -> float | None:
        """What a question may cost at most; None for any amount."""
        both = [b.left_usd for b in (self.project, self.mine) if b.left_usd is not None]
        return min(both, default=None)

    def need_left(self) -> None:
        """Raises Conflict `budget_spent` where nothing is left."""
        if self.left_usd is not None and self.left_usd <= 0:
            raise budget_spent(self)


def budget_spent(budgets: Budgets) -> Conflict:
    """Says whose budget is spent and what to do."""
    ours, mine = budgets.project.left_usd, budgets.mine.left_usd
    by_project = ours is not None and (mine is None or ours <= mine)
    limit = budgets.project.monthly_usd if by_project else budgets.mine.monthly_usd
    whose = (
        f"This project's budget of ${limit:.2f} a month is spent. Its owner can raise it in the settings"
        if by_project
        else f"Your budget of ${limit:.2f} a month is spent. Raise it in the settings"
    )
    return Conflict(f"{whose}; the built-in analyst (quick) costs nothing.", code="budget_spent")


def checked_budget(monthly_usd: float | None) -> float | None:
    """Raises Unprocessable for what is no amount."""
    if monthly_usd is not None and not 0 <= monthly_usd <= MOST_USD:
        raise Unprocessable(
            f"A budget is between 0 and {MOST_USD:,.0f} US dollars a month.", code="budget_invalid"
        )
    return monthly_usd
