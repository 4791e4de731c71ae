"""`/object/sign` and `/object/upload/sign`: URLs that carry their own right, given to those who have it."""

from collections.abc import Mapping
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from oryxforge.embedded.gateway.storage.access import SERVICE
from oryxforge.embedded.gateway.storage.asked import (
    bucket_of,
    json,
    json_of,
    names_in,
    place_of,
    raw_object,
)
from oryxforge.embedded.gateway.storage.faults import Fault, invalid, no_transforms
from oryxforge.embedded.gateway.storage.kinds import UNKNOWN
from oryxforge.embedded.gateway.storage.names import may_name
from oryxforge.embedded.gateway.storage.object_routes import receive
from oryxforge.embedded.gateway.storage.parts import Desk
from oryxforge.embedded.gateway.storage.signing import UPLOAD_S, Scope

LONGEST_S = 10 * 365 * 86_400
MOST_PATHS = 1_000
NOT_SEEN = "Either the object does not exist or you do not have access to it"


class SigningRoutes:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @property
    def routes(self) -> list[Route]:
        return [
            Route("/object/upload/sign/{bucket}/{name:path}", self.sign_upload, methods=["POST"]),
            Route("/object/upload/sign/{bucket}/{name:path}", self.upload, methods=["PUT"]),
            Route("/object/sign/{bucket}", self.sign_many, methods=["POST"]),
            Route("/object/sign/{bucket}/{name:path}", self.sign, methods=["POST"]),
            Route("/object/sign/{bucket}/{name:path}", self.download, methods=["GET", "HEAD"]),
        ]

    async def sign(self, request: Request) -> Response:
        caller, (bucket, name) = await self._desk.caller(request), place_of(request)
        body = await json_of(request)
        if body.get("transform"):
            raise no_transforms()
        lasts = _lasts(body)
        await self._desk.objects.find(caller, bucket, name)
        return json({"signedURL": self._url(bucket, name, lasts)})

    async def sign_many(self, request: Request) -> Response:
        caller, bucket = await self._desk.caller(request), bucket_of(request)
        body = await json_of(request)
        names, lasts = names_in(body, "paths", MOST_PATHS), _lasts(body)
        seen = await self._desk.objects.visible(caller, bucket, [name for name in names if may_name(name)])
        return json(
            [
                {"error": None, "path": name, "signedURL": self._url(bucket, name, lasts)}
                if name in seen
                else {"error": NOT_SEEN, "path": name, "signedURL": None}
                for name in names
            ]
        )

    async def download(self, request: Request) -> Response:
        bucket, name = place_of(request)
        self._claims(request, Scope.DOWNLOAD, bucket, name)
        return await self._desk.downloads.answer(
            request, lambda: self._desk.objects.find(SERVICE, bucket, name)
        )

    async def sign_upload(self, request: Request) -> Response:
        """Asks the policies as an upload would: those of insert, and with upsert those of update too."""
        caller, (bucket, name) = await self._desk.caller(request), place_of(request)
        upsert = request.headers.get("x-upsert", "").lower() == "true"
        probe = replace(raw_object(request, bucket, name, upsert), mimetype=UNKNOWN)
        await self._desk.objects.may_write(caller, probe)
        owner = caller.claims.get("sub")
        more = {"upsert": upsert, **({"owner": str(owner)} if owner else {})}
        token = self._desk.signer.sign(Scope.UPLOAD, bucket, name, UPLOAD_S, **more)
        return json({"url": f"/object/upload/sign/{bucket}/{name}?token={token}", "token": token})

    async def upload(self, request: Request) -> Response:
        bucket, name = place_of(request)
        claims = self._claims(request, Scope.UPLOAD, bucket, name)
        owner = claims.get("owner")
        placed = await receive(
            self._desk,
            request,
            SERVICE,
            bucket,
            name,
            claims.get("upsert") is True,
            owner if isinstance(owner, str) else None,
        )
        return json({"Key": placed.key})

    def _claims(self, request: Request, scope: Scope, bucket: str, name: str) -> Mapping[str, object]:
        token = request.query_params.get("token")
        if not token:
            raise Fault(400, "InvalidJWT", "The signed URL has no token")
        return self._desk.signer.check(token, scope, bucket, name)

    def _url(self, bucket: str, name: str, lasts_s: int) -> str:
        """Not escaped: Supabase's clients escape what they get."""
        return f"/object/sign/{bucket}/{name}?token={self._desk.signer.sign(Scope.DOWNLOAD, bucket, name, lasts_s)}"


def _lasts(body: Mapping[str, object]) -> int:
    """A number, or as Supabase's Python client has it, a number in a text."""
    lasts = body.get("expiresIn")
    if isinstance(lasts, str) and lasts.isascii() and lasts.isdigit() and len(lasts) < 12:
        lasts = int(lasts)
    if not isinstance(lasts, int) or isinstance(lasts, bool) or not 0 < lasts <= LONGEST_S:
        raise invalid("expiresIn is a number of seconds, at most ten years of them")
    return lasts
