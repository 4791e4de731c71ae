"""Files: `/files` and `/sources`."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request, Response
from starlette.exceptions import HTTPException

from oryxforge.api.deps import Api, Caller, RetryKey, check_user
from oryxforge.api.failures import failed
from oryxforge.api.json import Json, JsonRoute
from oryxforge.api.multipart import Upload
from oryxforge.api.openapi import Responses, signed_in, with_body
from oryxforge.api.schemas.body import PROJECT_ID
from oryxforge.api.schemas.files import (
    ImportBody,
    Imported,
    InspectionOut,
    PreviewBody,
    SheetPreviewOut,
    SheetReadingOut,
    SourceList,
    SourceOut,
)
from oryxforge.api.schemas.jobs import JobOut
from oryxforge.domain.errors import Conflict, FieldError, TooLarge, Unprocessable
from oryxforge.domain.runs import Run, RunStatus
from oryxforge.services.idempotency import Key
from oryxforge.settings import Settings

router = APIRouter(tags=["files"], route_class=JsonRoute)
UPLOAD_PATH = "/files/upload"
MEGABYTE = 1_000_000
WAIT_S = 900.0
ASYNC = "respond-async"
MULTIPART = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["project_id", "file"],
                    "properties": {
                        "project_id": {"type": "string", "format": "uuid"},
                        "file": {"type": "string", "format": "binary"},
                    },
                },
                "example": {"project_id": PROJECT_ID, "file": "region,amount\nNorth,10\nSouth,20\n"},
            }
        },
    }
}
STARTED: Responses = {
    202: {
        "description": "The import goes on as a job: asked for by `Prefer: respond-async`, or it takes long.",
        "model": JobOut,
        "headers": {
            "Location": {"schema": {"type": "string"}},
            "Preference-Applied": {"schema": {"type": "string"}},
        },
    }
}


@router.post(
    UPLOAD_PATH,
    status_code=201,
    summary="Upload a file",
    responses=signed_in(400, 404, 413, 415),
    openapi_extra=MULTIPART,
)
async def upload(
    request: Request, api: Api, actor: Caller, project_id: Annotated[UUID | None, Query()] = None
) -> SourceOut:
    """Stored as it arrives. `project_id` comes before `file` in the form, or in the query."""
    content_type = request.headers.get("content-type", "")
    if not content_type.lower().startswith("multipart/form-data"):
        raise HTTPException(415)
    _check_length(request)
    form = Upload(content_type, request.stream(), lambda fields: check_user(actor, fields.get("user_id")))
    filename = await form.begin()
    check_user(actor, form.before.get("user_id"))
    project = project_id or _project(form.before.get("project_id"))
    return SourceOut.model_validate(await api.sources.upload(actor, project, filename, form.chunks()))


@router.get("/sources", summary="List a project's files", responses=signed_in(404))
async def sources(api: Api, actor: Caller, project_id: Annotated[UUID, Query()]) -> SourceList:
    found = [SourceOut.model_validate(s) for s in await api.sources.in_project(actor, project_id)]
    return SourceList(sources=found, count=len(found))


@router.delete("/sources/{source_id}", status_code=204, summary="Delete a file", responses=signed_in(404))
async def delete(api: Api, actor: Caller, source_id: UUID, project_id: Annotated[UUID, Query()]) -> Response:
    """Sheets that were imported from it stay."""
    await api.sources.delete(actor, project_id, source_id)
    return Response(status_code=204)


@router.post("/files/preview", summary="Look into a file", responses=with_body(404))
async def preview(api: Api, actor: Caller, body: PreviewBody) -> dict[str, SheetPreviewOut]:
    """The first 100 rows of every sheet, by the sheet's name; a CSV has one."""
    found = await api.sources.preview(
        actor, body.project_id, body.data_source_id, body.settings_load.domain()
    )
    return {name: SheetPreviewOut.model_validate(p) for name, p in found.items()}


@router.post("/files/inspect", summary="Look into a file, and learn how it is read", responses=with_body(404))
async def inspect(api: Api, actor: Caller, body: PreviewBody) -> InspectionOut:
    """As the preview, with what was found out (encoding, delimiter, header …) and why each column has its type."""
    found = await api.sources.inspect(
        actor, body.project_id, body.data_source_id, body.settings_load.domain()
    )
    return InspectionOut(sheets=[SheetReadingOut.model_validate(s) for s in found])


@router.post(
    "/files/import",
    summary="Import sheets of a file",
    response_model=Imported,
    responses=with_body(404, 409, 502) | STARTED,
)
async def start_import(
    api: Api,
    actor: Caller,
    body: ImportBody,
    key: RetryKey = None,
    prefer: Annotated[str, Header(max_length=500)] = "",
) -> Response:
    """Waits for the end; with `Prefer: respond-async` answers at once with a job."""
    run = await api.sources.start_import(
        actor,
        body.project_id,
        body.data_source_id,
        body.settings_save.domain(),
        body.settings_load.domain(),
        Key.of(key, "POST /files/import", body.request()),
    )
    if ASYNC in [p.strip().lower() for p in prefer.split(",")]:
        return _as_job(run, {"Preference-Applied": ASYNC})
    return _ended(await api.jobs.wait(actor, run.id, WAIT_S))


def _ended(run: Run) -> Response:
    if run.status is RunStatus.COMPLETED:
        return Json(Imported.model_validate(run.result).model_dump())
    if run.status is RunStatus.CANCELLED:
        raise Conflict("The import was cancelled. Start it again.", code="import_cancelled")
    if run.status is RunStatus.FAILED:
        raise failed(run.error)
    return _as_job(run, {})


def _as_job(run: Run, headers: dict[str, str]) -> Response:
    job = JobOut.model_validate(run).model_dump()
    return Json(job, status_code=202, headers={"Location": f"/jobs/{run.id}", **headers})


def _check_length(request: Request) -> None:
    settings: Settings = request.app.state.settings
    length = request.headers.get("content-length", "")
    limit = settings.upload_limit_mb * MEGABYTE
    if length.isascii() and length.isdigit() and int(length) > limit + MEGABYTE:
        raise TooLarge(f"A file may have {settings.upload_limit_mb} MB here. Split it, or raise the limit.")


def _project(value: str | None) -> UUID:
    if value is None:
        raise Unprocessable(
            "Send `project_id` before `file` in the form, or in the query.",
            code="project_missing",
            errors=[FieldError("project_id", "Field required before `file`")],
        )
    try:
        return UUID(value)
    except ValueError as error:
        raise Unprocessable(
            "`project_id` is no id; GET /projects lists them.",
            code="validation_failed",
            errors=[FieldError("project_id", "Input should be a valid UUID")],
        ) from error
