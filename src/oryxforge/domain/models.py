"""How a language model is reached, as a person sets it up."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlsplit

from oryxforge.domain.errors import Unprocessable

SECRET = re.compile(r"[\x21-\x7e]{1,500}")
MODEL = re.compile(r"[\w][\w.:/@+\[\]-]{0,199}")
SHOWN = 4
SHORTEST_SHOWN = 12


class Provider(StrEnum):
    """Anthropic itself, or another endpoint that speaks its Messages API."""

    ANTHROPIC = "anthropic"
    ENDPOINT = "endpoint"


@dataclass(frozen=True)
class ModelAccess:
    """A model's endpoint and its secret; without `model` the agent's own choice, without `base_url` Anthropic's."""

    provider: Provider
    secret: str = field(repr=False)
    model: str | None = None
    base_url: str | None = None
    saved_at: datetime | None = None

    @property
    def last_four(self) -> str:
        """The end of the secret, to tell it from another; of a short one nothing."""
        return self.secret[-SHOWN:] if len(self.secret) >= SHORTEST_SHOWN else ""


def checked_access(provider: Provider, secret: str, model: str | None, base_url: str | None) -> ModelAccess:
    """What a person typed, cleaned. Raises Unprocessable with what to change."""
    key, name = secret.strip(), (model or "").strip() or None
    if provider is Provider.ANTHROPIC and not key:
        raise Unprocessable("Paste the key.", code="model_key_missing")
    if key and not SECRET.fullmatch(key):
        raise Unprocessable(
            "A key is one word of plain characters. Copy it again, without anything around it.",
            code="model_key_invalid",
        )
    if name is not None and not MODEL.fullmatch(name):
        raise Unprocessable(
            "That is no model's name. Copy it from the provider's list of models.", code="model_name_invalid"
        )
    if provider is Provider.ANTHROPIC:
        return ModelAccess(provider, key, name)
    if name is None:
        raise Unprocessable("Name the model that the endpoint serves.", code="model_name_missing")
    return ModelAccess(provider, key, name, _checked_url(base_url))


def _checked_url(given: str | None) -> str:
    url = (given or "").strip().rstrip("/")
    try:
        parts = urlsplit(url)
        fine = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fine, parts = False, urlsplit("")
    if not fine or len(url) > 500 or any(c.isspace() for c in url):
        raise Unprocessable(
            "Give the endpoint's address, such as http://127.0.0.1:11434.", code="model_url_invalid"
        )
    if parts.username or parts.password or parts.query or parts.fragment:
        raise Unprocessable(
            "Give the address alone, without a login, a query or a fragment; the token has its own field.",
            code="model_url_invalid",
        )
    return url.removesuffix("/v1/messages").removesuffix("/v1")
