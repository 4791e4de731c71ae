"""Sheets: `/sheets`."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response

from oryxforge.api.deps import Api, Caller
from oryxforge.api.json import JsonRoute
from oryxforge.api.openapi import signed_in, with_body
from oryxforge.api.schemas.sheets import SheetList, SheetOut, SheetPatch, VersionList, VersionOut

router = APIRouter(prefix="/sheets", tags=["sheets"], route_class=JsonRoute)


@router.get("", summary="List a project's sheets", responses=signed_in(404))
async def in_project(
    api: Api, actor: Caller, project_id: Annotated[UUID, Query()], deleted: Annotated[bool, Query()] = False
) -> SheetList:
    """With `deleted`, those that can be brought back, the last one that was deleted first."""
    listed = api.sheets.deleted_in if deleted else api.sheets.in_project
    found = [SheetOut.model_validate(s) for s in await listed(actor, project_id)]
    return SheetList(sheets=found, count=len(found))


@router.get("/{sheet_id}", summary="Show a sheet", responses=signed_in(404))
async def show(api: Api, actor: Caller, sheet_id: UUID) -> SheetOut:
    return SheetOut.model_validate(await api.sheets.get(actor, sheet_id))


@router.patch(
    "/{sheet_id}", summary="Rename or move a sheet, or set its version", responses=with_body(404, 409)
)
async def change(api: Api, actor: Caller, sheet_id: UUID, body: SheetPatch) -> SheetOut:
    """Undo and redo: an earlier or later version becomes the current one; no version is lost."""
    return SheetOut.model_validate(
        await api.sheets.change(actor, sheet_id, body.name, body.version, body.dataset_id)
    )


@router.delete("/{sheet_id}", status_code=204, summary="Delete a sheet", responses=signed_in(404))
async def delete(api: Api, actor: Caller, sheet_id: UUID) -> Response:
    """Hides the sheet; it can be restored for 30 days."""
    await api.sheets.delete(actor, sheet_id)
    return Response(status_code=204)


@router.post("/{sheet_id}/restore", summary="Bring a deleted sheet back", responses=signed_in(404, 409))
async def restore(api: Api, actor: Caller, sheet_id: UUID) -> SheetOut:
    """With its dataset, where that is deleted too."""
    return SheetOut.model_validate(await api.sheets.restore(actor, sheet_id))


@router.get("/{sheet_id}/versions", summary="List a sheet's versions", responses=signed_in(404))
async def versions(api: Api, actor: Caller, sheet_id: UUID) -> VersionList:
    sheet = await api.sheets.get(actor, sheet_id)
    found = [VersionOut.model_validate(v) for v in await api.sheets.versions(actor, sheet_id)]
    return VersionList(versions=found, count=len(found), current=sheet.version)


@router.post("/{sheet_id}/versions/{number}/restore", summary="Go to a version", responses=signed_in(404))
async def go_to(
    api: Api, actor: Caller, sheet_id: UUID, number: Annotated[int, Path(ge=1, le=2**31 - 1)]
) -> SheetOut:
    return SheetOut.model_validate(await api.sheets.point_to(actor, sheet_id, number))
