"""How Claude is reached, from the settings."""

from pathlib import Path

from oryxforge.agents.claude.settings import ClaudeSettings
from oryxforge.settings import Settings


def claude_settings(settings: Settings) -> ClaudeSettings:
    key, token = settings.anthropic_api_key, settings.anthropic_auth_token
    return ClaudeSettings(
        model=settings.model,
        api_key=key.get_secret_value() if key else None,
        auth_token=token.get_secret_value() if token else None,
        base_url=settings.anthropic_base_url,
        use_login=settings.claude_login,
        max_turns=settings.max_turns,
        max_budget_usd=settings.max_budget_usd,
        work_folder=Path(settings.data) / "claude",
        max_clients=settings.max_claude,
    )
