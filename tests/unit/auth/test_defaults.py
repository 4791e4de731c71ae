"""What holds where nothing is set: open on loopback, closed anywhere else."""

import pytest

from oryxforge.bootstrap.auth import auth_config
from oryxforge.domain.errors import Invalid
from oryxforge.settings import Settings

KEYS = {"client_id": "c", "client_secret": "s"}


def settings(**told: object) -> Settings:
    return Settings.model_validate(told)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.0.0.2"])
def test_on_loopback(host: str) -> None:
    config = auth_config(settings(host=host))
    assert (config.signup, config.confirmed_at_once, config.anonymous) == (True, True, False)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.0.10", "oryx.example.org"])
def test_anywhere_else(host: str) -> None:
    config = auth_config(settings(host=host))
    assert (config.signup, config.confirmed_at_once, config.anonymous) == (False, False, False)
    assert auth_config(settings(host=host, auth_signup=True)).signup


def test_providers() -> None:
    made = auth_config(settings(oauth_providers={"google": KEYS, "github": KEYS})).providers
    assert made["google"].issuer == "https://accounts.google.com"
    assert made["github"].issuer is None
    with pytest.raises(Invalid, match="okta needs an issuer"):
        auth_config(settings(oauth_providers={"okta": KEYS}))


def test_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORYXFORGE_OAUTH_PROVIDERS", '{"github": {"client_id": "c", "client_secret": "s"}}')
    monkeypatch.setenv("ORYXFORGE_AUTH_REDIRECTS", "https://a.example/**, https://b.example/")
    read = Settings()
    assert read.oauth_providers["github"].client_id == "c"
    assert read.auth_redirects == ("https://a.example/**", "https://b.example/")
    assert "'s'" not in repr(read)
