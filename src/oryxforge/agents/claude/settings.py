"""How Claude is reached, and how far it may go."""

from dataclasses import dataclass, field, replace
from pathlib import Path


@dataclass(frozen=True)
class ClaudeSettings:
    """How to reach a model and how far a turn may go; budgets in US dollars a turn, times in seconds."""

    work_folder: Path
    model: str | None = None
    api_key: str | None = field(default=None, repr=False)
    auth_token: str | None = field(default=None, repr=False)
    base_url: str | None = None
    use_login: bool = False
    max_turns: int = 40
    max_budget_usd: float | None = None
    max_clients: int = 6
    max_connects: int = 2
    max_retries: int = 3
    tool_timeout_s: float = 300.0
    program: Path | None = None

    def within(self, budget_usd: float | None) -> "ClaudeSettings":
        """The same for a turn that may cost no more than that."""
        if budget_usd is None:
            return self
        return replace(self, max_budget_usd=min(budget_usd, self.max_budget_usd or budget_usd))

    def secrets(self) -> tuple[str, ...]:
        return tuple(s for s in (self.api_key, self.auth_token) if s)
