"""Tokens for scripts: `/tokens`."""

from dataclasses import asdict
from uuid import UUID

from fastapi import APIRouter, Response

from oryxforge.api.deps import Api, Caller
from oryxforge.api.json import JsonRoute
from oryxforge.api.openapi import signed_in, with_body
from oryxforge.api.schemas.tokens import NewTokenOut, TokenBody, TokenList, TokenOut

router = APIRouter(prefix="/tokens", tags=["session"], route_class=JsonRoute)


@router.post("", status_code=201, summary="Make a token for a script", responses=with_body(409))
async def create(api: Api, actor: Caller, body: TokenBody) -> NewTokenOut:
    """The answer shows the token, once: send it as `Authorization: Bearer <token>`. It may do what its maker may."""
    made = await api.tokens.create(actor, body.name, body.days)
    return NewTokenOut(**asdict(made.token), token=made.secret)


@router.get("", summary="List the caller's tokens", responses=signed_in())
async def mine(api: Api, actor: Caller) -> TokenList:
    found = [TokenOut.model_validate(t) for t in await api.tokens.all(actor)]
    return TokenList(tokens=found, count=len(found))


@router.delete("/{token_id}", status_code=204, summary="Revoke a token", responses=signed_in(404))
async def revoke(api: Api, actor: Caller, token_id: UUID) -> Response:
    """It opens nothing from now on."""
    await api.tokens.delete(actor, token_id)
    return Response(status_code=204)
