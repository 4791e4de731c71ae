"""The install's language model: shown to who is signed in, set and removed by the local owner."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum

from oryxforge.domain.errors import Conflict, NotAllowed
from oryxforge.domain.identity import Actor
from oryxforge.domain.models import ModelAccess, Provider, checked_access
from oryxforge.ports.models import ModelProbe, ModelVault


class ModelSource(StrEnum):
    NONE = "none"
    ENVIRONMENT = "environment"
    SETTINGS = "settings"


@dataclass(frozen=True)
class ModelState:
    """What may be known of the model; `last_four` is for the owner alone, `why_fixed` says who changes it and how."""

    source: ModelSource
    provider: Provider | None = None
    model: str | None = None
    base_url: str | None = None
    last_four: str | None = None
    saved_at: datetime | None = None
    why_fixed: str | None = None


class Models:
    """`set_outside` is what the environment says, which nobody changes here; without a vault it alone counts."""

    def __init__(
        self,
        vault: ModelVault | None,
        probe: ModelProbe,
        is_owner: Callable[[Actor], Awaitable[bool]],
        set_outside: ModelState | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._vault = vault
        self._probe = probe
        self._is_owner = is_owner
        self._set_outside = set_outside
        self._now = now

    async def show(self, actor: Actor) -> ModelState:
        why = await self._why_fixed(actor)
        state = self._set_outside or self._saved()
        return replace(state, why_fixed=why, last_four=None if why else state.last_four)

    async def save(
        self, actor: Actor, provider: Provider, secret: str, model: str | None, base_url: str | None
    ) -> ModelState:
        """Tries the model first. Raises NotAllowed, Conflict, and what ModelProbe.check raises."""
        vault = await self._changeable(actor)
        access = replace(checked_access(provider, secret, model, base_url), saved_at=self._now())
        await self._probe.check(access)
        await vault.save(access)
        return await self.show(actor)

    async def remove(self, actor: Actor) -> ModelState:
        """Raises NotAllowed, Conflict."""
        await (await self._changeable(actor)).remove()
        return await self.show(actor)

    def _saved(self) -> ModelState:
        access = self._vault.read() if self._vault else None
        return _state(access) if access else ModelState(ModelSource.NONE)

    async def _why_fixed(self, actor: Actor) -> str | None:
        if self._set_outside is not None:
            return "It is set by the environment of the server. Change it there, and start it again."
        if self._vault is None:
            return "Here a model is set by the environment of the server: ANTHROPIC_API_KEY, for example."
        if actor.by_token or not await self._is_owner(actor):
            return "Only the owner of this installation sets the model."
        return None

    async def _changeable(self, actor: Actor) -> ModelVault:
        why = await self._why_fixed(actor)
        if why is None:
            assert self._vault is not None
            return self._vault
        if self._vault is None or self._set_outside is not None:
            raise Conflict(why, code="model_set_outside")
        raise NotAllowed(why, code="owner_only")


def _state(access: ModelAccess) -> ModelState:
    return ModelState(
        ModelSource.SETTINGS,
        access.provider,
        access.model,
        access.base_url,
        access.last_four or None,
        access.saved_at,
    )
