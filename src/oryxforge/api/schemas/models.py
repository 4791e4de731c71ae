"""The install's language model on the wire; its secret goes in and never comes out."""

from datetime import datetime
from typing import Annotated

from pydantic import Field, SecretStr

from oryxforge.api.schemas.body import Body, Out, Text, example
from oryxforge.domain.models import Provider
from oryxforge.services.models import ModelSource


class ModelBody(Body):
    model_config = example(provider="anthropic", secret="sk-ant-…")  # noqa: S106 - no secret

    provider: Annotated[
        Provider, Field(description="Anthropic, or another endpoint that speaks its Messages API.")
    ]
    secret: Annotated[
        SecretStr,
        Field(
            default=SecretStr(""),
            max_length=500,
            description="The key, or the endpoint's token if it has one.",
        ),
    ]
    model: Annotated[
        Text | None,
        Field(default=None, max_length=200, description="The model's name; an endpoint needs one."),
    ]
    base_url: Annotated[
        Text | None,
        Field(
            default=None, max_length=500, description="Of an endpoint.", examples=["http://127.0.0.1:11434"]
        ),
    ]


class ModelOut(Out):
    source: ModelSource
    provider: Provider | None
    model: str | None
    base_url: str | None
    last_four: Annotated[str | None, Field(description="The end of the secret; for the owner alone.")]
    saved_at: datetime | None
    why_fixed: Annotated[
        str | None, Field(description="Why the caller can't change it; null where they can.")
    ]
