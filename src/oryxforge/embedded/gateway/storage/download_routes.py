"""`/object`: the bytes and what is known of them, for those who may see them, and publicly."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from oryxforge.embedded.gateway.storage.asked import json, place_of
from oryxforge.embedded.gateway.storage.faults import no_transforms
from oryxforge.embedded.gateway.storage.objects import StoredObject
from oryxforge.embedded.gateway.storage.parts import Desk

READ = ["GET", "HEAD"]


class DownloadRoutes:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @property
    def routes(self) -> list[Route]:
        return [
            Route("/object/info/public/{bucket}/{name:path}", self.public_info, methods=READ),
            Route("/object/info/authenticated/{bucket}/{name:path}", self.info, methods=READ),
            Route("/object/info/{bucket}/{name:path}", self.info, methods=READ),
            Route("/object/public/{bucket}/{name:path}", self.public, methods=READ),
            Route("/object/authenticated/{bucket}/{name:path}", self.bytes, methods=READ),
            Route("/object/{bucket}/{name:path}", self.bytes, methods=READ),
            Route("/render/image/{place:path}", self.transformed, methods=READ),
        ]

    async def transformed(self, request: Request) -> Response:
        raise no_transforms()

    async def bytes(self, request: Request) -> Response:
        desk, caller, place = self._desk, await self._desk.caller(request), place_of(request)

        async def find() -> StoredObject:
            if await desk.buckets.is_public(place[0]):
                return await desk.objects.find_public(*place)
            return await desk.objects.find(caller, *place)

        return await desk.downloads.answer(request, find)

    async def public(self, request: Request) -> Response:
        place = place_of(request)
        return await self._desk.downloads.answer(
            request, lambda: self._desk.objects.find_public(*place), public=True
        )

    async def info(self, request: Request) -> Response:
        caller, place = await self._desk.caller(request), place_of(request)
        return json(_info(await self._desk.objects.find(caller, *place)))

    async def public_info(self, request: Request) -> Response:
        return json(_info(await self._desk.objects.find_public(*place_of(request))))


def _info(found: StoredObject) -> dict[str, object]:
    return {
        "id": found.id,
        "name": found.name,
        "version": found.version,
        "bucket_id": found.bucket_id,
        "size": found.size,
        "content_type": found.metadata.get("mimetype"),
        "cache_control": found.metadata.get("cacheControl"),
        "content_encoding": found.metadata.get("contentEncoding"),
        "etag": found.metadata.get("eTag"),
        "metadata": found.user_metadata or {},
        "last_modified": found.updated_at,
        "created_at": found.created_at,
    }
