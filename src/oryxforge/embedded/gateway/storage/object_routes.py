"""`/object`: upload, list, remove, move, copy."""

from collections.abc import Mapping
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from oryxforge.embedded.gateway.callers import Caller
from oryxforge.embedded.gateway.storage.asked import (
    bucket_of,
    form_object,
    is_form,
    json,
    json_of,
    length_of,
    names_in,
    place_of,
    raw_object,
)
from oryxforge.embedded.gateway.storage.content import Placed
from oryxforge.embedded.gateway.storage.faults import no_such_key, too_large
from oryxforge.embedded.gateway.storage.multipart import FIELDS_LIMIT, read_form
from oryxforge.embedded.gateway.storage.names import checked_bucket, checked_name, may_name
from oryxforge.embedded.gateway.storage.objects import NewObject
from oryxforge.embedded.gateway.storage.parts import Desk

MOST_REMOVED = 1_000


class ObjectRoutes:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @property
    def routes(self) -> list[Route]:
        return [
            Route("/object/list/{bucket}", self.list, methods=["POST"]),
            Route("/object/list-v2/{bucket}", self.list_v2, methods=["POST"]),
            Route("/object/move", self.move, methods=["POST"]),
            Route("/object/copy", self.copy, methods=["POST"]),
            Route("/object/{bucket}", self.remove, methods=["DELETE"]),
            Route("/object/{bucket}/{name:path}", self.remove_one, methods=["DELETE"]),
            Route("/object/{bucket}/{name:path}", self.upload, methods=["POST"]),
            Route("/object/{bucket}/{name:path}", self.update, methods=["PUT"]),
        ]

    async def list(self, request: Request) -> Response:
        caller = await self._desk.caller(request)
        return json(await self._desk.listing.folder(caller, bucket_of(request), await json_of(request)))

    async def list_v2(self, request: Request) -> Response:
        caller = await self._desk.caller(request)
        return json(await self._desk.listing_v2.page(caller, bucket_of(request), await json_of(request)))

    async def upload(self, request: Request) -> Response:
        upsert = request.headers.get("x-upsert", "").lower() == "true"
        return await self._upload(request, upsert)

    async def update(self, request: Request) -> Response:
        return await self._upload(request, True)

    async def remove(self, request: Request) -> Response:
        caller, bucket = await self._desk.caller(request), bucket_of(request)
        names = names_in(await json_of(request), "prefixes", MOST_REMOVED)
        return json(await self._desk.content.remove(caller, bucket, [n for n in names if may_name(n)]))

    async def remove_one(self, request: Request) -> Response:
        caller, (bucket, name) = await self._desk.caller(request), place_of(request)
        if not await self._desk.content.remove(caller, bucket, [name]):
            raise no_such_key()
        return json({"message": "Successfully deleted"})

    async def move(self, request: Request) -> Response:
        caller = await self._desk.caller(request)
        source, target, _ = _both(await json_of(request))
        await self._desk.objects.move(caller, source, target)
        return json({"message": "Successfully moved"})

    async def copy(self, request: Request) -> Response:
        desk, caller = self._desk, await self._desk.caller(request)
        source, target, keeps = _both(await json_of(request))
        found = await desk.objects.find(caller, *source)
        upsert = request.headers.get("x-upsert", "").lower() == "true"
        new = NewObject(
            *target,
            str(uuid4()),
            str(found.metadata.get("mimetype", "")),
            str(found.metadata.get("cacheControl", "no-cache")),
            upsert,
            found.metadata.get("contentEncoding"),
            found.user_metadata or {} if keeps else {},
        )
        return json(_answer(await desk.content.copy(caller, found, new)))

    async def _upload(self, request: Request, upsert: bool) -> Response:
        caller, (bucket, name) = await self._desk.caller(request), place_of(request)
        return json(_answer(await receive(self._desk, request, caller, bucket, name, upsert)))


async def receive(
    desk: Desk,
    request: Request,
    caller: Caller,
    bucket: str,
    name: str,
    upsert: bool,
    owner: str | None = None,
) -> Placed:
    """Stores the body of a request, a form or raw bytes. Raises Fault before it reads what may not come."""
    length = length_of(request)
    if length is not None and length > desk.content.limit + FIELDS_LIMIT:
        raise too_large()
    if not is_form(request):
        new = raw_object(request, bucket, name, upsert, owner)
        most = await desk.content.admit(caller, new, length)
        return await desk.content.write(caller, new, request.stream(), length, most)
    form = read_form(request.headers["content-type"], request.stream())
    await form.begin()
    new = form_object(form, bucket, name, upsert, owner)
    most = await desk.content.admit(caller, new, None)
    if length is not None and length > most + FIELDS_LIMIT:
        raise too_large()
    return await desk.content.write(caller, new, form.chunks(), None, most)


def _answer(placed: Placed) -> dict[str, str]:
    return {"Id": str(placed.id), "Key": placed.key}


def _both(body: Mapping[str, object]) -> tuple[tuple[str, str], tuple[str, str], bool]:
    bucket = checked_bucket(body.get("bucketId"))
    target = checked_bucket(body.get("destinationBucket") or bucket)
    source_name, target_name = checked_name(body.get("sourceKey")), checked_name(body.get("destinationKey"))
    return (bucket, source_name), (target, target_name), body.get("copyMetadata") is not False
