"""The language model: what the environment sets, and what the owner saved in the settings."""

from collections.abc import Callable, Mapping
from functools import partial

from pydantic import SecretStr

from oryxforge.adapters.supabase.model_vault import FileModelVault
from oryxforge.agents.claude.probe import MessagesProbe
from oryxforge.agents.claude.settings import ClaudeSettings
from oryxforge.bootstrap.claude import claude_settings
from oryxforge.domain.errors import Unavailable
from oryxforge.domain.identity import Actor
from oryxforge.domain.models import ModelAccess, Provider
from oryxforge.ports.accounts import Accounts
from oryxforge.services.models import Models, ModelSource, ModelState
from oryxforge.services.roster import Roster
from oryxforge.settings import Settings

NO_TOKEN = "none"  # noqa: S105 - an endpoint without one still wants the header


def make_vault(settings: Settings) -> FileModelVault | None:
    """None where Supabase is hosted: there the environment alone sets the model."""
    return None if settings.supabase_url else FileModelVault(settings.data / "secrets" / "model.json")


def make_models(settings: Settings, accounts: Accounts | None) -> Models:
    async def is_owner(actor: Actor) -> bool:
        return accounts is not None and await accounts.is_owner(actor.user_id)

    return Models(make_vault(settings), MessagesProbe(), is_owner, _outside(settings))


def make_roster(settings: Settings) -> Roster:
    scripted = ("scripted",) if settings.scripted_agent else ()
    return Roster(("quick", *scripted), settings.agent, partial(_has_model, settings, make_vault(settings)))


def claude_access(settings: Settings) -> Callable[[], ClaudeSettings]:
    """How Claude is reached at the moment. The callable raises Unavailable where no model is set up."""
    vault = make_vault(settings)

    def now() -> ClaudeSettings:
        current = with_saved_model(settings, vault)
        if not current.claude_configured:
            raise Unavailable(
                "Claude is not set up here any more. Add a key in the settings, or ask the built-in analyst.",
                code="model_not_configured",
            )
        return claude_settings(current)

    return now


def with_saved_model(settings: Settings, vault: FileModelVault | None = None) -> Settings:
    """The settings with what the owner saved, where the environment sets no model."""
    vault = vault or make_vault(settings)
    if vault is None or settings.claude_configured:
        return settings
    saved = vault.read()
    return settings if saved is None else settings.model_copy(update=dict(_as_settings(saved)))


def _as_settings(saved: ModelAccess) -> Mapping[str, object]:
    if saved.provider is Provider.ANTHROPIC:
        access = {"anthropic_api_key": SecretStr(saved.secret), "anthropic_base_url": None}
    else:
        token = SecretStr(saved.secret or NO_TOKEN)
        access = {"anthropic_auth_token": token, "anthropic_base_url": saved.base_url}
    return access | ({"model": saved.model} if saved.model else {})


def _has_model(settings: Settings, vault: FileModelVault | None) -> bool:
    return with_saved_model(settings, vault).claude_configured


def _outside(settings: Settings) -> ModelState | None:
    if not settings.claude_configured:
        return None
    endpoint = settings.anthropic_base_url
    provider = Provider.ENDPOINT if endpoint else Provider.ANTHROPIC
    return ModelState(ModelSource.ENVIRONMENT, provider, settings.model, endpoint)
