"""Projects: `/projects`."""

from uuid import UUID

from fastapi import APIRouter, Response

from oryxforge.api.deps import Api, Caller, RetryKey
from oryxforge.api.json import JsonRoute
from oryxforge.api.openapi import signed_in, with_body
from oryxforge.api.schemas.projects import ProjectBody, ProjectList, ProjectOut, SuggestionList, SuggestionOut
from oryxforge.services.idempotency import Key

router = APIRouter(prefix="/projects", tags=["projects"], route_class=JsonRoute)


@router.post("", status_code=201, summary="Make a project", responses=with_body(409))
async def create(api: Api, actor: Caller, body: ProjectBody, key: RetryKey = None) -> ProjectOut:
    """A project with its datasets Sources and Exploration; the caller owns it."""
    retry = Key.of(key, "POST /projects", {"name": body.name})
    return ProjectOut.model_validate(await api.projects.create(actor, body.name, retry))


@router.get("", summary="List projects", responses=signed_in())
async def all_of_mine(api: Api, actor: Caller) -> ProjectList:
    """The caller's own projects and those shared with them."""
    found = [ProjectOut.model_validate(p) for p in await api.projects.all(actor)]
    return ProjectList(projects=found, count=len(found))


@router.get("/{project_id}", summary="Show a project", responses=signed_in(404))
async def show(api: Api, actor: Caller, project_id: UUID) -> ProjectOut:
    return ProjectOut.model_validate(await api.projects.get(actor, project_id))


@router.patch("/{project_id}", summary="Rename a project", responses=with_body(404, 409))
async def rename(api: Api, actor: Caller, project_id: UUID, body: ProjectBody) -> ProjectOut:
    return ProjectOut.model_validate(await api.projects.rename(actor, project_id, body.name))


@router.delete("/{project_id}", status_code=204, summary="Delete a project", responses=signed_in(404))
async def delete(api: Api, actor: Caller, project_id: UUID) -> Response:
    """Deletes the project with everything in it; its owner alone may."""
    await api.projects.delete(actor, project_id)
    return Response(status_code=204)


@router.get("/{project_id}/suggestions", summary="What could be asked", responses=signed_in(404))
async def suggestions(api: Api, actor: Caller, project_id: UUID) -> SuggestionList:
    """Up to six questions that the project's own tables can answer, the newest tables' first; none without a table."""
    found = await api.suggestions.of_project(actor, project_id)
    return SuggestionList(suggestions=[SuggestionOut(prompt=prompt) for prompt in found])
