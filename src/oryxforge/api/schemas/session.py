"""Sign-in, the page's settings and health on the wire."""

from collections.abc import Mapping
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from oryxforge.api.schemas.body import Body, Out, Text, example


class LinkBody(Body):
    model_config = example(token="what stands behind ?token= in the link")  # noqa: S106 - no token

    token: Annotated[
        Text, Field(min_length=1, max_length=500, description="From the link that `up` printed.")
    ]


class SessionOut(Out):
    access_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105 - a scheme, no secret
    expires_in: int
    expires_at: int
    refresh_token: str
    user: Mapping[str, object]


class KeySet(Out):
    keys: list[Mapping[str, object]]


class Me(Out):
    id: UUID
    email: str | None
    is_owner: Annotated[bool, Field(description="Whether that is the owner of this installation.")]


class PageConfig(Out):
    """What the page needs before anybody has signed in; no secret."""

    supabase_url: Annotated[
        str,
        Field(
            description="What Supabase's clients are given: the hosted project's, or this API's own address."
        ),
    ]
    hosted: Annotated[bool, Field(description="Whether Supabase is hosted elsewhere.")]
    supabase_publishable_key: str | None
    agents: list[str]
    default_agent: str
    version: str


class Live(Out):
    status: Literal["ok"] = "ok"


class Ready(Out):
    """For each dependency `ok`, or a sentence that says what is wrong."""

    status: Literal["ok", "unavailable"]
    checks: dict[str, str]
