"""Sign-in by the link of `up`, the keys that tokens are signed with, and who is signed in."""

from fastapi import APIRouter

from oryxforge.api.deps import Api, Caller
from oryxforge.api.json import JsonRoute
from oryxforge.api.openapi import problems, signed_in
from oryxforge.api.schemas.session import KeySet, LinkBody, Me, SessionOut
from oryxforge.domain.errors import NotFound

router = APIRouter(tags=["session"], route_class=JsonRoute)
PATHS = frozenset({"/auth/v1/signin-link", "/auth/v1/.well-known/jwks.json"})
ELSEWHERE = "Sign-in is at Supabase here; /config.json says where."


@router.post(
    "/auth/v1/signin-link",
    summary="Sign in by a one-time link",
    responses=problems(400, 401, 404, 413, 415, 422),
)
async def sign_in(api: Api, body: LinkBody) -> SessionOut:
    """Consumes the link's token; a second time it is refused."""
    if api.accounts is None:
        raise NotFound(ELSEWHERE, code="accounts_elsewhere")
    session = await api.accounts.redeem_link(body.token)
    return SessionOut.model_validate(session)


@router.get("/auth/v1/.well-known/jwks.json", summary="Keys of this install", responses=problems(404))
async def jwks(api: Api) -> KeySet:
    if api.jwks is None:
        raise NotFound(ELSEWHERE, code="accounts_elsewhere")
    return KeySet.model_validate(api.jwks)


@router.get("/me", summary="Who is signed in", responses=signed_in())
async def me(api: Api, actor: Caller) -> Me:
    is_owner = api.accounts is not None and await api.accounts.is_owner(actor.user_id)
    return Me(id=actor.user_id, email=actor.email, is_owner=is_owner)
