"""Settings that would open an installation are refused before anything is served."""

import pytest

from oryxforge.cli.settings import read_settings
from oryxforge.domain.errors import Invalid
from oryxforge.embedded.gateway.keys import ApiKeys

KEYS = ApiKeys("sb_publishable_a", "sb_secret_b", "a secret that is long enough for HS256")


SERVICE = KEYS.legacy("service_role")


@pytest.mark.parametrize(
    "key", [KEYS.secret, f' "{KEYS.secret}"', SERVICE, f"'{SERVICE}'", KEYS.legacy("authenticated")]
)
def test_a_secret_key_is_never_the_publishable_one(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUPABASE_PUBLISHABLE_KEY", key)
    with pytest.raises(Invalid, match=r"^SUPABASE_PUBLISHABLE_KEY .*secret key.*sb_publishable_") as refused:
        read_settings()
    assert key not in f"{refused.value} {refused.value.__cause__}"


@pytest.mark.parametrize("key", [KEYS.publishable, KEYS.legacy("anon"), "of-another-kind", "a.b.c", ""])
def test_keys_for_everybody(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUPABASE_PUBLISHABLE_KEY", key)
    assert read_settings().supabase_publishable_key == key


@pytest.mark.parametrize("prefix", ["", "your-"])
def test_a_secret_that_everybody_knows(prefix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = f"{prefix}super-secret-jwt-token-with-at-least-32-characters-long"
    monkeypatch.setenv("SUPABASE_JWT_SECRET", secret)
    with pytest.raises(Invalid, match=r"^SUPABASE_JWT_SECRET .*of its own") as refused:
        read_settings()
    assert secret not in f"{refused.value} {refused.value.__cause__}"
