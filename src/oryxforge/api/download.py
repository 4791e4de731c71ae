"""A finished file on its way to a client, let go of when it has arrived or its client has gone."""

import re
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from urllib.parse import quote

from anyascii import anyascii
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from oryxforge.api.leaving import while_waited_for

NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f"*/:<>?\\|]+')


class Download(Response):
    """Chunks of a known total size, saved by a browser under a name."""

    def __init__(
        self, chunks: AsyncGenerator[bytes], size: int, name: str, media_type: str, headers: Mapping[str, str]
    ) -> None:
        named = {"content-length": str(size), "content-disposition": attachment(name)}
        super().__init__(headers={**headers, **named}, media_type=media_type)
        self._chunks = chunks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with aclosing(self._chunks):
            await while_waited_for(receive, self._sent(send))

    async def _sent(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        async for chunk in self._chunks:
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def attachment(name: str) -> str:
    """Content-Disposition (RFC 6266) of any name: plain letters for old clients, the name itself for all others."""
    safe = NOT_IN_NAMES.sub("_", name.encode("utf-8", "replace").decode()).strip(" .") or "file"
    plain = NOT_IN_NAMES.sub("_", anyascii(safe))
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(safe, safe='')}"
