"""The model of an install: who sets it, what is tried, and what of it is shown."""

from uuid import UUID, uuid4

import pytest

from oryxforge.adapters.memory.model_vault import MemoryModelVault
from oryxforge.domain.errors import Conflict, NotAllowed, Unprocessable
from oryxforge.domain.identity import Actor
from oryxforge.domain.models import ModelAccess, Provider, checked_access
from oryxforge.services.models import Models, ModelSource, ModelState
from oryxforge.services.roster import Roster

KEY = "sk-ant-0123456789"
OWNER = Actor(UUID(int=1))
ANYBODY = Actor(uuid4())


class Probe:
    """Takes one key."""

    async def check(self, access: ModelAccess) -> None:
        if access.secret != KEY:
            raise Unprocessable("The key was refused.", code="model_key_refused")


async def is_owner(actor: Actor) -> bool:
    return actor == OWNER


def models(vault: MemoryModelVault | None, outside: ModelState | None = None) -> Models:
    return Models(vault, Probe(), is_owner, outside)


async def test_a_key_that_works_is_kept_and_never_shown() -> None:
    vault = MemoryModelVault()
    made = await models(vault).save(OWNER, Provider.ANTHROPIC, f" {KEY}\n", None, None)
    assert (made.source, made.last_four, made.why_fixed) == (ModelSource.SETTINGS, "6789", None)
    assert KEY not in repr(made)
    kept = vault.read()
    assert kept is not None
    assert kept.secret == KEY


async def test_a_key_that_does_not_work_changes_nothing() -> None:
    vault = MemoryModelVault(ModelAccess(Provider.ANTHROPIC, KEY))
    with pytest.raises(Unprocessable, match="refused"):
        await models(vault).save(OWNER, Provider.ANTHROPIC, "sk-ant-another", None, None)
    kept = vault.read()
    assert kept is not None
    assert kept.secret == KEY


async def test_only_the_owner_sets_and_sees_the_end_of_the_key() -> None:
    service = models(MemoryModelVault(ModelAccess(Provider.ANTHROPIC, KEY)))
    with pytest.raises(NotAllowed):
        await service.save(ANYBODY, Provider.ANTHROPIC, KEY, None, None)
    with pytest.raises(NotAllowed):
        await service.remove(ANYBODY)
    seen = await service.show(ANYBODY)
    assert seen.last_four is None
    assert seen.why_fixed


async def test_what_the_environment_sets_stays() -> None:
    outside = ModelState(ModelSource.ENVIRONMENT, Provider.ANTHROPIC)
    for service in (models(MemoryModelVault(), outside), models(None)):
        with pytest.raises(Conflict) as refused:
            await service.save(OWNER, Provider.ANTHROPIC, KEY, None, None)
        assert refused.value.code == "model_set_outside"
    assert (await models(None, outside).show(OWNER)).source is ModelSource.ENVIRONMENT


async def test_removed_on_request() -> None:
    vault = MemoryModelVault(ModelAccess(Provider.ANTHROPIC, KEY))
    assert (await models(vault).remove(OWNER)).source is ModelSource.NONE
    assert vault.read() is None


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ((Provider.ANTHROPIC, "", None, None), "model_key_missing"),
        ((Provider.ANTHROPIC, "two words", None, None), "model_key_invalid"),
        ((Provider.ENDPOINT, "", None, "http://localhost:11434"), "model_name_missing"),
        ((Provider.ENDPOINT, "", "qwen3", "file:///etc/passwd"), "model_url_invalid"),
        ((Provider.ENDPOINT, "", "qwen3", "http://user:pw@host"), "model_url_invalid"),
        ((Provider.ENDPOINT, "", "qwen3", "http://host:99999"), "model_url_invalid"),
        ((Provider.ENDPOINT, "", "q\nX: y", "http://host"), "model_name_invalid"),
    ],
)
def test_what_is_no_access(given: tuple[Provider, str, str | None, str | None], code: str) -> None:
    with pytest.raises(Unprocessable) as refused:
        checked_access(*given)
    assert refused.value.code == code


def test_an_address_as_it_is_copied() -> None:
    made = checked_access(Provider.ENDPOINT, "", "qwen3:8b", " http://127.0.0.1:11434/v1/ ")
    assert made.base_url == "http://127.0.0.1:11434"


def test_who_may_be_asked() -> None:
    saved: list[str] = []
    roster = Roster(("quick", "scripted"), None, lambda: bool(saved))
    assert (roster.names, roster.default) == (("quick", "scripted"), "quick")
    saved.append(KEY)
    assert (roster.names, roster.default) == (("quick", "claude", "scripted"), "claude")
    assert Roster(("quick",), "quick", lambda: True).default == "quick"
