"""`/bucket`."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from oryxforge.embedded.gateway.storage.asked import bucket_of, json, json_of
from oryxforge.embedded.gateway.storage.parts import Desk

BATCH = 1_000


class BucketRoutes:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @property
    def routes(self) -> list[Route]:
        return [
            Route("/bucket", self.all, methods=["GET"]),
            Route("/bucket", self.create, methods=["POST"]),
            Route("/bucket/{bucket}", self.get, methods=["GET"]),
            Route("/bucket/{bucket}", self.update, methods=["PUT"]),
            Route("/bucket/{bucket}", self.delete, methods=["DELETE"]),
            Route("/bucket/{bucket}/empty", self.empty, methods=["POST"]),
        ]

    async def all(self, request: Request) -> Response:
        caller = await self._desk.caller(request)
        return json(await self._desk.buckets.all(caller, request.query_params))

    async def get(self, request: Request) -> Response:
        caller = await self._desk.caller(request)
        return json(await self._desk.buckets.get(caller, bucket_of(request)))

    async def create(self, request: Request) -> Response:
        caller = await self._desk.caller(request)
        return json({"name": await self._desk.buckets.create(caller, await json_of(request))})

    async def update(self, request: Request) -> Response:
        caller = await self._desk.caller(request)
        await self._desk.buckets.update(caller, bucket_of(request), await json_of(request))
        return json({"message": "Successfully updated"})

    async def delete(self, request: Request) -> Response:
        caller = await self._desk.caller(request)
        await self._desk.buckets.delete(caller, bucket_of(request))
        return json({"message": "Successfully deleted"})

    async def empty(self, request: Request) -> Response:
        """Takes away what the caller may; ends when a batch takes nothing more."""
        desk, caller, bucket = self._desk, await self._desk.caller(request), bucket_of(request)
        await desk.buckets.get(caller, bucket)
        while names := await desk.buckets.names(caller, bucket, BATCH):
            if not await desk.content.remove(caller, bucket, names):
                break
        return json({"message": "Successfully emptied"})
