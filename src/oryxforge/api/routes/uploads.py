"""Resumable uploads of files: `/files/uploads`, by TUS 1.0.0."""

from collections.abc import Awaitable, Callable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Request, Response
from starlette.exceptions import HTTPException

from oryxforge.api.deps import Api, Caller
from oryxforge.api.errors import MEDIA_TYPE, problem
from oryxforge.api.json import JsonRoute
from oryxforge.api.openapi import REF, Responses, signed_in
from oryxforge.api.schemas.files import SourceOut, UploadOut
from oryxforge.bootstrap.uploads import project_of
from oryxforge.embedded.gateway.storage.tus import TusRefused
from oryxforge.embedded.gateway.storage.tus_http import SPOKEN, VERSION, TusDoor

router = APIRouter(tags=["files"], route_class=JsonRoute)
PATH = "/files/uploads"
ONE = PATH + "/{upload_id}"
MISMATCH = 460
SAYS = {
    408: "Nothing came for a minute.",
    410: "The upload has expired, or its bytes are gone.",
    412: "Tus-Resumable names no version that this server speaks.",
    423: "Another request is writing to the upload.",
    MISMATCH: "The bytes are not those that Upload-Checksum names.",
    507: "There is no room left for a file of this size.",
}
Version = Annotated[str, Header(alias="Tus-Resumable", description="`1.0.0`.")]
Length = Annotated[str, Header(alias="Upload-Length", description="The file's bytes.")]
Offset = Annotated[str, Header(alias="Upload-Offset", description="Where this body goes on.")]
Metadata = Annotated[
    str,
    Header(
        alias="Upload-Metadata",
        description="`project_id` and `filename`, each followed by its value in base64.",
    ),
]
Bytes = {"requestBody": {"content": {"application/offset+octet-stream": {"schema": {"type": "string"}}}}}


def _responses(*statuses: int) -> Responses:
    told = signed_in(400, 404, 409, *(s for s in statuses if s not in SAYS))
    for status in (412, *(s for s in statuses if s in SAYS)):
        told[status] = {"description": SAYS[status], "content": {MEDIA_TYPE: {"schema": REF}}}
    return told


async def _told(request: Request, work: Callable[[], Awaitable[Response]]) -> Response:
    try:
        return await work()
    except TusRefused as refused:
        status = 400 if refused.status == MISMATCH else refused.status
        headers = {**SPOKEN, **({"Tus-Version": VERSION} if status == 412 else {})}
        answer = problem(request.scope, status, refused.code, str(refused), headers=headers)
        answer.status_code = refused.status
        return answer


@router.post(
    PATH,
    status_code=201,
    summary="Begin a resumable upload",
    response_class=Response,
    responses=_responses(410, 413, 415, 423, 429, 460, 507, 408),
    openapi_extra=Bytes,
)
async def begin(
    request: Request, api: Api, actor: Caller, version: Version = "", length: Length = "", told: Metadata = ""
) -> Response:
    """TUS 1.0.0 with creation, creation-with-upload, termination, expiration and checksum; the `Location` is the upload's.

    When its last byte is there the file becomes a data source, with the upload's id as its own.
    """
    door, owner = TusDoor(api.uploads), str(actor.user_id)
    return await _told(request, lambda: door.create(request, actor, owner, {}, PATH))


@router.head(
    ONE,
    summary="The offset of a resumable upload",
    response_class=Response,
    responses=_responses(410, 413, 423),
)
async def offset(
    request: Request, api: Api, actor: Caller, upload_id: UUID, version: Version = ""
) -> Response:
    """For who is about to go on: another request that still writes is ended, and what it wrote is kept."""
    door, owner = TusDoor(api.uploads), str(actor.user_id)
    return await _told(request, lambda: door.head(request, actor, owner, str(upload_id)))


@router.patch(
    ONE,
    status_code=204,
    summary="Go on with a resumable upload",
    response_class=Response,
    responses=_responses(410, 413, 415, 423, 460, 408),
    openapi_extra=Bytes,
)
async def go_on(
    request: Request, api: Api, actor: Caller, upload_id: UUID, version: Version = "", at: Offset = ""
) -> Response:
    """Bytes at `Upload-Offset`; the answer to the last of them comes once the file is a data source."""
    door, owner = TusDoor(api.uploads), str(actor.user_id)
    return await _told(request, lambda: door.patch(request, actor, owner, str(upload_id)))


@router.delete(
    ONE,
    status_code=204,
    summary="End a resumable upload",
    response_class=Response,
    responses=_responses(410, 423),
)
async def end(request: Request, api: Api, actor: Caller, upload_id: UUID, version: Version = "") -> Response:
    """What it became stays."""
    door, owner = TusDoor(api.uploads), str(actor.user_id)
    return await _told(request, lambda: door.delete(request, owner, str(upload_id)))


@router.get(ONE, summary="What became of a resumable upload", responses=_responses(410, 413, 423))
async def show(api: Api, actor: Caller, upload_id: UUID) -> UploadOut:
    """Its offset, and its data source once it is whole."""
    try:
        upload, at = await api.uploads.look(actor, str(actor.user_id), upload_id)
    except TusRefused as refused:
        raise HTTPException(refused.status) from refused
    source = None
    if upload.result is not None:
        found = await api.sources.get(actor, project_of(upload), upload_id)
        source = SourceOut.model_validate(found)
    return UploadOut(
        id=upload_id, offset=at, length=upload.length, expires_at=upload.expires_at, source=source
    )
