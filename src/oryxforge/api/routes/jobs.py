"""Jobs: `/jobs`."""

from uuid import UUID

from fastapi import APIRouter

from oryxforge.api.deps import Api, Caller
from oryxforge.api.json import JsonRoute
from oryxforge.api.openapi import signed_in
from oryxforge.api.schemas.jobs import JobOut, UndoneOut

router = APIRouter(prefix="/jobs", tags=["jobs"], route_class=JsonRoute)


@router.get("/{job_id}", summary="Show a job's progress or end", responses=signed_in(404))
async def show(api: Api, actor: Caller, job_id: UUID) -> JobOut:
    return JobOut.model_validate(await api.jobs.get(actor, job_id))


@router.post("/{job_id}/cancel", summary="Cancel a job", responses=signed_in(404))
async def cancel(api: Api, actor: Caller, job_id: UUID) -> JobOut:
    """No error where it has ended already."""
    return JobOut.model_validate(await api.jobs.cancel(actor, job_id))


@router.post("/{job_id}/undo", summary="Undo an import", responses=signed_in(404, 409))
async def undo(api: Api, actor: Caller, job_id: UUID) -> UndoneOut:
    """New sheets are deleted (for 30 days they can be restored), older ones go back to the version before."""
    return UndoneOut(sheets=await api.jobs.undo(actor, job_id))
