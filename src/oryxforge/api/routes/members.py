"""Who shares a project: `/projects/{id}/members`."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from oryxforge.api.deps import Api, Caller
from oryxforge.api.json import JsonRoute
from oryxforge.api.openapi import signed_in, with_body
from oryxforge.api.schemas.projects import Email, MemberBody, MemberList, MemberOut

router = APIRouter(prefix="/projects/{project_id}/members", tags=["projects"], route_class=JsonRoute)


@router.get("", summary="List who shares a project", responses=signed_in(404))
async def members(api: Api, actor: Caller, project_id: UUID) -> MemberList:
    found = [MemberOut.model_validate(m) for m in await api.projects.members(actor, project_id)]
    return MemberList(members=found, count=len(found))


@router.post("", status_code=201, summary="Share a project", responses=with_body(404, 409))
async def add(api: Api, actor: Caller, project_id: UUID, body: MemberBody) -> MemberOut:
    """Adds somebody who has an account here, as viewer or editor."""
    return MemberOut.model_validate(await api.projects.add_member(actor, project_id, body.email, body.role))


@router.patch("", summary="Change a member's role", responses=with_body(404))
async def change(api: Api, actor: Caller, project_id: UUID, body: MemberBody) -> MemberOut:
    member = await api.projects.member(actor, project_id, body.email)
    changed = await api.projects.set_role(actor, project_id, member.user_id, body.role)
    return MemberOut.model_validate(changed)


@router.delete("", status_code=204, summary="Stop sharing with somebody", responses=signed_in(404))
async def remove(api: Api, actor: Caller, project_id: UUID, email: Annotated[Email, Query()]) -> Response:
    """The owner removes anybody; a member may leave."""
    member = await api.projects.member(actor, project_id, email)
    await api.projects.remove_member(actor, project_id, member.user_id)
    return Response(status_code=204)
