"""`/storage/v1`: the part itself."""

import asyncio

from loguru import logger
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.routing import Router
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from oryxforge.adapters.postgres.pool import Pool
from oryxforge.domain.errors import OryxError
from oryxforge.embedded.gateway.callers import Callers
from oryxforge.embedded.gateway.storage.access import Access
from oryxforge.embedded.gateway.storage.bucket_routes import BucketRoutes
from oryxforge.embedded.gateway.storage.buckets import Buckets
from oryxforge.embedded.gateway.storage.content import Bytes
from oryxforge.embedded.gateway.storage.download_routes import DownloadRoutes
from oryxforge.embedded.gateway.storage.downloads import Downloads
from oryxforge.embedded.gateway.storage.faults import Fault, of_domain
from oryxforge.embedded.gateway.storage.listing import Listing
from oryxforge.embedded.gateway.storage.listing_v2 import ListingV2
from oryxforge.embedded.gateway.storage.names import check_readable
from oryxforge.embedded.gateway.storage.object_routes import ObjectRoutes
from oryxforge.embedded.gateway.storage.objects import Objects
from oryxforge.embedded.gateway.storage.parts import Desk, StorageSettings
from oryxforge.embedded.gateway.storage.resumable_routes import ObjectDestination, ResumableRoutes, Sender
from oryxforge.embedded.gateway.storage.signing import Signer
from oryxforge.embedded.gateway.storage.signing_routes import SigningRoutes
from oryxforge.embedded.gateway.storage.tus import Tus
from oryxforge.ports.files import FileStore

DAY_S, HOUR_S, FIRST_S = 86_400.0, 3_600.0, 60.0


class StorageApp:
    """The part under `/storage/v1`; connects when it is first asked."""

    def __init__(self, callers: Callers, pool: Pool, files: FileStore, settings: StorageSettings) -> None:
        self._access = Access(pool)
        objects = Objects(self._access)
        self._content = Bytes(objects, files, settings.limit)
        desk = Desk(
            callers,
            Buckets(self._access, settings.limit),
            objects,
            Listing(self._access),
            ListingV2(self._access),
            self._content,
            Downloads(self._content),
            Signer(settings.secret),
        )
        self._tus: Tus[Sender] = Tus(settings.uploads, ObjectDestination(self._content), settings.limit)
        # The order tells `/object/sign/…` from an object of a bucket.
        kinds = (
            BucketRoutes(desk),
            SigningRoutes(desk),
            ResumableRoutes(desk, self._tus),
            ObjectRoutes(desk),
            DownloadRoutes(desk),
        )
        self._router = Router([route for kind in kinds for route in kind.routes], redirect_slashes=False)
        self._sweeping: asyncio.Task[None] | None = None

    @property
    def app(self) -> ASGIApp:
        return self

    async def open(self) -> None:
        self._sweeping = asyncio.create_task(self._sweep())

    async def close(self) -> None:
        if self._sweeping is not None:
            self._sweeping.cancel()
            await asyncio.gather(self._sweeping, return_exceptions=True)
        await self._access.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            check_readable(scope.get("raw_path") or b"")
            await self._router({**scope, "app": self}, receive, watched)
        except ClientDisconnect:
            logger.info("client went away")
        except Exception as error:
            if started:
                raise
            await _refusal(error)(scope, receive, send)

    async def _sweep(self) -> None:
        await asyncio.sleep(FIRST_S)
        while True:
            try:
                await self._tus.sweep()
                if swept := await self._content.sweep(2 * DAY_S):
                    logger.info("bytes of no object swept", versions=swept)
            except (OryxError, Fault, OSError) as error:
                logger.warning("storage could not be swept", cause=str(error))
            await asyncio.sleep(HOUR_S)


def _refusal(error: Exception) -> Response:
    if isinstance(error, Fault):
        return error.answer
    if isinstance(error, OryxError):
        return of_domain(error).answer
    if isinstance(error, HTTPException):
        code = "MethodNotAllowed" if error.status_code == 405 else "NotFound"
        return Fault(error.status_code, code, "There is nothing at this address").answer
    logger.opt(exception=error).error("storage request broke")
    return Fault(500, "InternalError", "Something went wrong here. It was logged; try again.").answer
