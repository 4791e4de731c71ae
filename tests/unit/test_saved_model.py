"""What the owner saved, as agents and doors read it; the environment goes before it."""

from pathlib import Path
from typing import Any

import pytest

from oryxforge.bootstrap.models import claude_access, make_roster, make_vault, with_saved_model
from oryxforge.domain.errors import Unavailable
from oryxforge.domain.models import ModelAccess, Provider
from oryxforge.settings import Settings

KEY = ModelAccess(Provider.ANTHROPIC, "sk-ant-0123456789", "claude-sonnet-5")
LOCAL = ModelAccess(Provider.ENDPOINT, "", "qwen3:8b", "http://127.0.0.1:11434")


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("API_KEY", "AUTH_TOKEN", "BASE_URL"):
        monkeypatch.delenv(f"ANTHROPIC_{name}", raising=False)


def settings(data: Path, **more: Any) -> Settings:
    return Settings.model_validate({"data": data, **more})


async def save(given: Settings, access: ModelAccess) -> None:
    vault = make_vault(given)
    assert vault is not None
    await vault.save(access)


async def test_a_saved_key_counts_at_the_next_question(tmp_path: Path) -> None:
    given = settings(tmp_path)
    roster, access = make_roster(given), claude_access(given)
    assert (roster.names, roster.default) == (("quick",), "quick")
    with pytest.raises(Unavailable, match="settings"):
        access()
    await save(given, KEY)
    assert (roster.names, roster.default) == (("quick", "claude"), "claude")
    assert (access().api_key, access().model, access().base_url) == (KEY.secret, KEY.model, None)
    await save(given, LOCAL)
    assert access().base_url == LOCAL.base_url
    assert access().auth_token
    assert access().api_key is None


async def test_the_environment_goes_before_it(tmp_path: Path) -> None:
    given = settings(tmp_path, anthropic_api_key="sk-ant-from-outside")
    await save(given, LOCAL)
    assert claude_access(given)().api_key == "sk-ant-from-outside"
    assert claude_access(given)().base_url is None


async def test_hosted_the_environment_alone_counts(tmp_path: Path) -> None:
    await save(settings(tmp_path), KEY)
    hosted = settings(tmp_path, supabase_url="https://x.supabase.co")
    assert make_vault(hosted) is None
    assert not with_saved_model(hosted).claude_configured
    assert make_roster(hosted).names == ("quick",)
