"""`/upload/resumable`: TUS into objects, as supabase's clients and Uppy send it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from oryxforge.embedded.gateway.callers import Caller
from oryxforge.embedded.gateway.storage.access import SERVICE
from oryxforge.embedded.gateway.storage.asked import user_metadata
from oryxforge.embedded.gateway.storage.content import Bytes
from oryxforge.embedded.gateway.storage.faults import Fault
from oryxforge.embedded.gateway.storage.kinds import cache_control, checked_type, encoding
from oryxforge.embedded.gateway.storage.names import checked_bucket, checked_name
from oryxforge.embedded.gateway.storage.objects import NewObject
from oryxforge.embedded.gateway.storage.parts import Desk
from oryxforge.embedded.gateway.storage.signing import Scope
from oryxforge.embedded.gateway.storage.tus import Tus, TusRefused
from oryxforge.embedded.gateway.storage.tus_files import Upload
from oryxforge.embedded.gateway.storage.tus_http import SPOKEN, VERSION, TusDoor, metadata_of

METHODS = ["POST", "HEAD", "PATCH", "DELETE", "OPTIONS"]


@dataclass(frozen=True)
class Sender:
    """Who sends: a caller, or whoever holds a signed URL, in the name of the one who signed it."""

    caller: Caller
    word: str
    owner: str | None = None


class ObjectDestination:
    """Finished files become objects, in the sender's name; the upload's id is the version."""

    def __init__(self, content: Bytes) -> None:
        self._content = content

    async def admit(self, who: Sender, upload: Upload) -> None:
        await self._content.admit(who.caller, _object(who, upload), upload.length)

    async def finish(self, who: Sender, upload: Upload, path: Path) -> Mapping[str, str]:
        placed = await self._content.adopt(who.caller, _object(who, upload), path)
        return {"Id": str(placed.id), "Key": placed.key}


class ResumableRoutes:
    def __init__(self, desk: Desk, tus: Tus[Sender]) -> None:
        self._desk = desk
        self._door = TusDoor(tus)

    @property
    def routes(self) -> list[Route]:
        # `sign` is of those with a signed upload URL: they need no key.
        return [
            Route("/upload/resumable/sign/{upload}", self.one, methods=METHODS),
            Route("/upload/resumable/sign", self.all, methods=["POST", "OPTIONS"]),
            Route("/upload/resumable/{upload}", self.one, methods=METHODS),
            Route("/upload/resumable", self.all, methods=["POST", "OPTIONS"]),
            Route("/upload/resumable/", self.all, methods=["POST", "OPTIONS"]),
        ]

    async def all(self, request: Request) -> Response:
        if request.method == "OPTIONS":
            return self._door.options()
        try:
            sender, upsert = await self._sender(request)
            prefix = request.url.path.rstrip("/")
            options = {"upsert": "true"} if upsert else {}
            return await self._door.create(request, sender, sender.word, options, prefix)
        except (TusRefused, Fault) as refused:
            return refusal(refused)

    async def one(self, request: Request) -> Response:
        method = request.method
        if method == "POST":
            method = request.headers.get("x-http-method-override", "").upper()
        try:
            if method == "OPTIONS":
                return self._door.options()
            return await self._answer(request, method, request.path_params["upload"])
        except (TusRefused, Fault) as refused:
            return refusal(refused)

    async def _answer(self, request: Request, method: str, upload: str) -> Response:
        sender, _ = await self._sender(request)
        if method == "HEAD":
            return await self._door.head(request, sender, sender.word, upload)
        if method == "PATCH":
            return await self._door.patch(request, sender, sender.word, upload)
        if method == "DELETE":
            return await self._door.delete(request, sender.word, upload)
        raise TusRefused(405, "MethodNotAllowed", "An upload takes HEAD, PATCH and DELETE.")

    async def _sender(self, request: Request) -> tuple[Sender, bool]:
        """Who sends, and whether what is there may be overwritten."""
        if request.url.path.partition("/upload/resumable")[2].startswith("/sign"):
            return self._signed(request)
        caller = await self._desk.caller(request)
        word = _word(f"{caller.role}:{caller.claims.get('sub', '')}")
        return Sender(caller, word), request.headers.get("x-upsert", "").lower() == "true"

    def _signed(self, request: Request) -> tuple[Sender, bool]:
        token = request.headers.get("x-signature", "")
        if request.method == "POST" and "upload" not in request.path_params:
            metadata = metadata_of(request.headers.get("upload-metadata", ""))
            bucket, name = metadata.get("bucketName", ""), metadata.get("objectName", "")
            claims = self._desk.signer.check(token, Scope.UPLOAD, bucket, name)
        else:
            claims = self._desk.signer.read(token, Scope.UPLOAD)
        owner = claims.get("owner")
        sender = Sender(SERVICE, _word(f"signed:{claims['url']}:{owner}"), str(owner) if owner else None)
        return sender, claims.get("upsert") is True


def refusal(refused: TusRefused | Fault) -> Response:
    fault = refused if isinstance(refused, Fault) else Fault(refused.status, refused.code, str(refused))
    answer = fault.answer
    answer.headers.update(SPOKEN)
    if fault.status == 412:
        answer.headers["Tus-Version"] = VERSION
    return answer


def _object(who: Sender, upload: Upload) -> NewObject:
    told = upload.metadata
    return NewObject(
        checked_bucket(told.get("bucketName")),
        checked_name(told.get("objectName")),
        upload.id,
        checked_type(told.get("contentType")),
        cache_control(told.get("cacheControl")),
        upload.options.get("upsert") == "true",
        encoding(told.get("contentEncoding")),
        user_metadata(told.get("metadata")),
        who.owner,
    )


def _word(identity: str) -> str:
    return hashlib.sha256(identity.encode()).hexdigest()[:32]
