"""Rows of tables: `/data`."""

from fastapi import APIRouter, Request, Response

from oryxforge.api.deps import Api, Caller
from oryxforge.api.download import Download
from oryxforge.api.hot import HotRoute
from oryxforge.api.json import Json
from oryxforge.api.leaving import while_waited_for
from oryxforge.api.openapi import Responses, with_body
from oryxforge.api.schemas.data import (
    ExportBody,
    Head,
    PageOut,
    ProfileBody,
    ProfileOut,
    QueryBody,
    SheetNamed,
    profile_json,
)
from oryxforge.domain.exports import FileFormat

router = APIRouter(prefix="/data", tags=["data"], route_class=HotRoute)
ARROW = "application/vnd.apache.arrow.stream"
AS_ARROW: Responses = {
    200: {
        "content": {ARROW: {"schema": {"type": "string", "format": "binary"}}},
        "headers": {"X-Total-Count": {"schema": {"type": "integer"}, "description": "Of an Arrow answer."}},
    }
}
MEDIA_TYPES = {
    FileFormat.CSV: "text/csv; charset=utf-8",
    FileFormat.EXCEL: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileFormat.PARQUET: "application/vnd.apache.parquet",
}
AS_FILE: Responses = {
    200: {
        "description": "The file, named after the sheet.",
        "content": {
            kind.partition(";")[0]: {"schema": {"type": "string", "format": "binary"}}
            for kind in MEDIA_TYPES.values()
        },
        "headers": {
            "Content-Disposition": {"schema": {"type": "string"}},
            "X-Total-Count": {"schema": {"type": "integer"}, "description": "How many rows it has."},
        },
    }
}


@router.post("/load-dataframe", summary="First 1000 rows", response_model=Head, responses=with_body(404))
async def load_dataframe(api: Api, actor: Caller, body: SheetNamed) -> Response:
    return Json(await api.data.head(actor, body.project_id, body.name_python))


@router.post(
    "/query",
    summary="Rows, sorted and filtered",
    response_model=PageOut,
    responses=with_body(404) | AS_ARROW,
)
async def query(request: Request, api: Api, actor: Caller, body: QueryBody) -> Response:
    """As JSON, or as an Arrow IPC stream where `Accept` asks for it (the total is in `X-Total-Count`)."""
    asked = body.request()
    if ARROW in request.headers.get("accept", ""):
        rows, total = await api.data.page_arrow(actor, body.project_id, body.name_python, asked, body.version)
        return Response(rows, headers={"X-Total-Count": str(total)}, media_type=ARROW)
    page = await api.data.page(actor, body.project_id, body.name_python, asked, body.version)
    return Json(
        {
            "headers": page.headers,
            "types": page.types,
            "data": page.data,
            "total": page.total,
            "truncated": page.truncated,
            "offset": asked.offset,
            "limit": asked.limit,
        }
    )


@router.post(
    "/profile",
    summary="How a column's values are spread",
    response_model=ProfileOut,
    responses=with_body(404),
)
async def profile(request: Request, api: Api, actor: Caller, body: ProfileBody) -> Response:
    """Over all rows that `filter` and `search` leave; stopped when its client goes."""
    work = api.data.profile(actor, body.project_id, body.name_python, body.column, body.rows(), body.version)
    return Json(profile_json(await while_waited_for(request.receive, work)))


@router.post(
    "/export",
    summary="All rows as a CSV, Excel or Parquet file",
    response_class=Response,
    responses=with_body(404) | AS_FILE,
)
async def export(request: Request, api: Api, actor: Caller, body: ExportBody) -> Response:
    """Sorted and filtered as by `/data/query`. Excel holds 1,048,575 rows (422 beyond).

    In CSV an apostrophe stands before texts that a spreadsheet would run as formulas. Parquet has values as they are.
    """
    work = api.data.export(
        actor,
        body.project_id,
        body.name_python,
        body.format,
        tuple(body.columns or ()),
        body.view(),
        body.version,
    )
    name, made = await while_waited_for(request.receive, work)
    headers = {"X-Total-Count": str(made.rows)}
    return Download(made.chunks, made.size_bytes, f"{name}.{body.format}", MEDIA_TYPES[body.format], headers)
