"""New versions of a table or chart: `/sheets/{id}/run`, `/sheets/{id}/versions`, `/sheets/{id}/document`."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from oryxforge.api.deps import Api, Caller
from oryxforge.api.json import Json, JsonRoute
from oryxforge.api.openapi import Responses, signed_in, with_body
from oryxforge.api.schemas.revisions import LookBody, RanOut, RunBody, SaveBody
from oryxforge.api.schemas.sheets import SheetOut
from oryxforge.domain.sheets import SheetType
from oryxforge.services.revisions import SHOWN

router = APIRouter(prefix="/sheets", tags=["sheets"], route_class=JsonRoute)
DOCUMENT: Responses = {
    200: {
        "description": "A chart as a Plotly figure, or a report as Markdown.",
        "content": {"application/json": {"schema": {"type": "object"}}, "text/markdown": {}},
    }
}


@router.get(
    "/{sheet_id}/document",
    summary="Read a chart or report",
    response_class=Response,
    responses=signed_in(404) | DOCUMENT,
)
async def document(
    api: Api, actor: Caller, sheet_id: UUID, version: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None
) -> Response:
    """Of the current version, unless another is asked for."""
    sheet, body = await api.revisions.document(actor, sheet_id, version)
    report = sheet.type is SheetType.REPORT
    return Response(body, media_type="text/markdown; charset=utf-8" if report else "application/json")


@router.patch("/{sheet_id}/document", summary="Change a chart's look", responses=with_body(404, 409))
async def change_look(api: Api, actor: Caller, sheet_id: UUID, body: LookBody) -> SheetOut:
    """A new version with the same values, code and data; 422 where a value differs."""
    changed = await api.revisions.edit(actor, sheet_id, dict(body.figure), body.what, body.version)
    return SheetOut.model_validate(changed)


@router.post(
    "/{sheet_id}/run",
    summary="Run a result's code, saving nothing",
    response_model=RanOut,
    responses=with_body(404),
)
async def run(api: Api, actor: Caller, sheet_id: UUID, body: RunBody) -> Response:
    """One read-only SQL statement, as the agent's own tool runs it."""
    ran = await api.revisions.run(actor, sheet_id, body.code)
    result = ran.answered.result
    return Json(
        {
            "headers": result.headers,
            "types": result.types,
            "data": result.data[:SHOWN],
            "total": result.total,
            "duration_ms": result.duration_ms,
            "reads": ran.answered.reads,
            "figure": ran.figure,
        }
    )


@router.post(
    "/{sheet_id}/versions",
    status_code=201,
    summary="Run code and keep what it gives",
    responses=with_body(404, 409),
)
async def save(api: Api, actor: Caller, sheet_id: UUID, body: SaveBody) -> SheetOut:
    """A new version, the current one from now on, with the code as its provenance."""
    return SheetOut.model_validate(await api.revisions.save(actor, sheet_id, body.code, body.version))
