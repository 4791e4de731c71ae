"""What one answer spends, watched while it goes on."""

import asyncio
from collections.abc import Awaitable, Callable

from oryxforge.domain.budgets import Budgets, budget_spent
from oryxforge.domain.chats import Piece, PieceKind
from oryxforge.domain.errors import Failed, OryxError

LOOK_AGAIN_S = 5.0


class Spending:
    """`budgets` without this answer's own cost, read again now and then: others spend at the same time."""

    def __init__(
        self,
        budgets: Budgets,
        read: Callable[[], Awaitable[Budgets]],
        look_again_s: float = LOOK_AGAIN_S,
    ) -> None:
        self._budgets = budgets
        self._read = read
        self._look_again_s = look_again_s
        self._looked = asyncio.get_running_loop().time()

    @property
    def left_usd(self) -> float | None:
        return self._budgets.left_usd

    async def check(self, cost_usd: float) -> None:
        """Raises Failed `budget_spent` where the answer has cost so far what was left, or more."""
        now = asyncio.get_running_loop().time()
        if now - self._looked >= self._look_again_s:
            self._looked = now
            self._budgets = await self._read()
        if self._is_over(cost_usd):
            raise self.spent(cost_usd)

    def told(self, error: OryxError) -> OryxError:
        """An agent that kept to what was left says so in its own words: told as what it is."""
        cost = error.extra.get("cost_usd")
        if error.code == "budget_used_up" and isinstance(cost, int | float) and self._is_over(float(cost)):
            return self.spent(float(cost))
        return error

    def spent(self, cost_usd: float) -> OryxError:
        error = budget_spent(self._budgets)
        return Failed(
            f"The answer was stopped. {error.detail}", code=error.code, extra={"cost_usd": cost_usd}
        )

    def _is_over(self, cost_usd: float) -> bool:
        return self.left_usd is not None and cost_usd >= self.left_usd


def notice(error: OryxError) -> Piece:
    """What stands in the chat where an answer was stopped."""
    return Piece(PieceKind.NOTICE, metadata={"code": error.code, "text": error.detail})
