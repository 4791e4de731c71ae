"""TUS over HTTP: its headers, in and out, for any door."""

import base64
import binascii
import re
from collections.abc import Mapping
from email.utils import formatdate
from typing import Generic, TypeVar
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from oryxforge.embedded.gateway.storage.tus import CHECKSUMS, Checksum, Tus, TusRefused
from oryxforge.embedded.gateway.storage.tus_files import Upload

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,termination,expiration,checksum"
BODY_TYPE = "application/offset+octet-stream"
SPOKEN = {"Tus-Resumable": VERSION, "Cache-Control": "no-store"}
KEY = re.compile(r"[!-+\--~]{1,100}")
METADATA_LIMIT = 16_384
Who = TypeVar("Who")


class TusDoor(Generic[Who]):
    """Each call answers one request of an `owner` (a word for who that is); raises TusRefused and the destination's."""

    def __init__(self, tus: Tus[Who]) -> None:
        self._tus = tus

    def options(self) -> Response:
        told = {"Tus-Version": VERSION, "Tus-Extension": EXTENSIONS, "Tus-Max-Size": str(self._tus.limit)}
        return Response(None, 204, {**SPOKEN, **told, "Tus-Checksum-Algorithm": ",".join(CHECKSUMS)})

    async def create(
        self, request: Request, who: Who, owner: str, options: Mapping[str, str], prefix: str
    ) -> Response:
        """201 with the upload's address below `prefix`."""
        _check_version(request)
        length = _number(request, "upload-length")
        metadata = metadata_of(request.headers.get("upload-metadata", ""))
        checksum = _checksum(request)
        upload = await self._tus.create(who, owner, length, metadata, options)
        offset = 0
        if length and request.headers.get("content-type") == BODY_TYPE:
            upload, offset = await self._tus.patch(who, owner, UUID(upload.id), 0, request.stream(), checksum)
        headers = {**_headers(upload, offset), "Location": f"{prefix}/{upload.id}"}
        return Response(None, 201, headers)

    async def head(self, request: Request, who: Who, owner: str, upload_id: str) -> Response:
        _check_version(request)
        upload, offset = await self._tus.resume(who, owner, _id(upload_id))
        metadata = ",".join(
            f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in upload.metadata.items()
        )
        told = {"Upload-Length": str(upload.length), **({"Upload-Metadata": metadata} if metadata else {})}
        return Response(None, 200, {**_headers(upload, offset), **told})

    async def patch(self, request: Request, who: Who, owner: str, upload_id: str) -> Response:
        _check_version(request)
        if request.headers.get("content-type") != BODY_TYPE:
            raise TusRefused(415, "InvalidContentType", f"The body of a PATCH is {BODY_TYPE}.")
        offset = _number(request, "upload-offset")
        checksum = _checksum(request)
        upload, offset = await self._tus.patch(who, owner, _id(upload_id), offset, request.stream(), checksum)
        return Response(None, 204, _headers(upload, offset))

    async def delete(self, request: Request, owner: str, upload_id: str) -> Response:
        _check_version(request)
        await self._tus.remove(owner, _id(upload_id))
        return Response(None, 204, SPOKEN)

    async def look(self, who: Who, owner: str, upload_id: str) -> tuple[Upload, int]:
        return await self._tus.look(who, owner, _id(upload_id))


def metadata_of(header: str) -> dict[str, str]:
    """`Upload-Metadata` as texts. Raises TusRefused where it is no list of keys and base64 values."""
    if len(header) > METADATA_LIMIT:
        raise TusRefused(400, "InvalidMetadata", "Upload-Metadata is too long.")
    found: dict[str, str] = {}
    for pair in header.split(",") if header.strip() else []:
        key, _, value = pair.strip().partition(" ")
        try:
            text = base64.b64decode(value.strip(), validate=True).decode()
        except (binascii.Error, ValueError) as error:
            raise TusRefused(
                400, "InvalidMetadata", "Upload-Metadata holds base64 of UTF-8 texts."
            ) from error
        if not KEY.fullmatch(key) or key in found or "\0" in text:
            raise TusRefused(400, "InvalidMetadata", "Upload-Metadata holds keys, each once.")
        found[key] = text
    return found


def _headers(upload: Upload, offset: int) -> dict[str, str]:
    expires = formatdate(upload.expires_at, usegmt=True)
    return {**SPOKEN, "Upload-Offset": str(offset), "Upload-Expires": expires}


def _check_version(request: Request) -> None:
    if request.headers.get("tus-resumable") != VERSION:
        raise TusRefused(412, "UnsupportedVersion", f"This server speaks TUS {VERSION}: send Tus-Resumable.")


def _number(request: Request, name: str) -> int:
    value = request.headers.get(name, "")
    if not (value.isascii() and value.isdigit() and len(value) <= 18):
        raise TusRefused(400, "InvalidRequest", f"{name.title()} is a number of bytes.")
    return int(value)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise TusRefused(404, "NoSuchUpload", "There is no such upload; begin a new one.") from error


def _checksum(request: Request) -> Checksum | None:
    header = request.headers.get("upload-checksum")
    if header is None:
        return None
    algorithm, _, value = header.partition(" ")
    try:
        digest = base64.b64decode(value.strip(), validate=True)
    except (binascii.Error, ValueError) as error:
        raise TusRefused(400, "InvalidChecksum", "Upload-Checksum is an algorithm and base64.") from error
    if algorithm not in CHECKSUMS:
        raise TusRefused(400, "InvalidChecksum", f"Checksums here are {' and '.join(CHECKSUMS)}.")
    return Checksum(algorithm, digest)
