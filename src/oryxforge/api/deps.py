"""What routes ask for: the services, who acts, and a retry's key."""

from dataclasses import replace
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header
from fastapi.openapi.models import HTTPBearer as HTTPBearerModel
from fastapi.security.base import SecurityBase
from starlette.requests import Request

from oryxforge.api.json import claimed_user
from oryxforge.api.request_ids import request_id
from oryxforge.bootstrap.api import Services
from oryxforge.domain.errors import NotAllowed, Unauthenticated
from oryxforge.domain.identity import Actor


async def _services(request: Request) -> Services:
    return request.app.state.services


class Bearer(SecurityBase):
    """The actor of the request's token; a `user_id` in the body that is another's is refused."""

    def __init__(self) -> None:
        self.model = HTTPBearerModel(
            bearerFormat="JWT", description="A signed-in user's token; `oryxforge token` prints one."
        )
        self.scheme_name = "bearer"

    async def __call__(self, request: Request) -> Actor:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise Unauthenticated("Send a token: Authorization: Bearer <token>.", code="token_missing")
        services: Services = request.app.state.services
        actor = await services.verifier.verify(token.strip())
        check_user(actor, claimed_user(request))
        return replace(actor, request_id=request_id(request.scope))


def check_user(actor: Actor, claimed: object) -> None:
    """Raises NotAllowed where a request names another user than the token's."""
    if claimed is None or claimed == "":
        return
    try:
        same = UUID(str(claimed)) == actor.user_id
    except ValueError:
        same = False
    if not same:
        raise NotAllowed(
            "`user_id` is not the user of the token. Leave it out: the token says who asks.",
            code="user_mismatch",
        )


bearer = Bearer()
Api = Annotated[Services, Depends(_services)]
Caller = Annotated[Actor, Depends(bearer)]
RetryKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        max_length=200,
        min_length=1,
        description="A word of your own; a retry with the same one does nothing twice.",
    ),
]
