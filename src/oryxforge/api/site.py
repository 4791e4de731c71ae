"""The built page: its files by their addresses, each with what a browser may do with it."""

import base64
import hashlib
import mimetypes
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import FileResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from oryxforge.api.headers import site_policy

PACKAGE = Path(__file__).parent.parent
PLACES = (PACKAGE / "site", PACKAGE.parent.parent / "web" / "out")
NOT_FOUND = "/404"
PACKED = ".gz"
FOREVER = "public, max-age=31536000, immutable"
FRESH = "no-cache"
INLINE = re.compile(rb"<script(?P<attributes>[^>]*)>(?P<code>.*?)</script>", re.S | re.I)
TYPES = {".txt": "text/x-component", ".html": "text/html", ".js": "text/javascript", ".css": "text/css"}


@dataclass(frozen=True)
class SiteFile:
    path: Path
    packed: Path | None
    headers: Mapping[str, str]
    media_type: str


def find_site() -> Path | None:
    """The folder of the build: in a wheel beside the package, in a checkout where it was built."""
    return next((place for place in PLACES if (place / "index.html").is_file()), None)


def load_site(folder: Path, supabase_url: str | None) -> dict[str, SiteFile]:
    """Every file by its exact address; a page also without `.html`, and `/` for the first."""
    files: dict[str, SiteFile] = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix != PACKED):
        address = "/" + path.relative_to(folder).as_posix()
        file = files[address] = _file(path, address, supabase_url)
        if path.suffix == ".html":
            files[address.removesuffix(".html")] = file
    files["/"] = files["/index"]
    return files


class Site:
    """ASGI middleware: answers GET and HEAD of the page's addresses, and a browser's of none at all."""

    def __init__(self, app: ASGIApp, files: Mapping[str, SiteFile], is_route: Callable[[str], bool]) -> None:
        self._app = app
        self._files = files
        self._is_route = is_route

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = self._find(scope) if scope["type"] == "http" and scope["method"] in ("GET", "HEAD") else None
        if found is None:
            await self._app(scope, receive, send)
            return
        file, status = found
        await _answer(file, status, scope)(scope, receive, send)

    def _find(self, scope: Scope) -> tuple[SiteFile, Literal[200, 404]] | None:
        path: str = scope["path"]
        file = self._files.get(path)
        if file is not None:
            return file, 200
        browses = "text/html" in Headers(scope=scope).get("accept", "")
        missing = self._files.get(NOT_FOUND) if browses and not self._is_route(path) else None
        return None if missing is None else (missing, 404)


def _answer(file: SiteFile, status: int, scope: Scope) -> FileResponse:
    if file.packed is None:
        return FileResponse(file.path, status, file.headers, file.media_type)
    headers = {**file.headers, "Vary": "Accept-Encoding"}
    if "gzip" not in Headers(scope=scope).get("accept-encoding", ""):
        return FileResponse(file.path, status, headers, file.media_type)
    return FileResponse(file.packed, status, {**headers, "Content-Encoding": "gzip"}, file.media_type)


def _file(path: Path, address: str, supabase_url: str | None) -> SiteFile:
    headers = {"Cache-Control": FOREVER if address.startswith("/_next/static/") else FRESH}
    if path.suffix == ".html":
        headers["Content-Security-Policy"] = site_policy(
            inline_hashes(path.read_bytes()), _origins(supabase_url)
        )
    media_type = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    packed = path.with_name(path.name + PACKED)
    return SiteFile(path, packed if packed.is_file() else None, headers, media_type)


def inline_hashes(html: bytes) -> list[str]:
    """What a policy calls the scripts that stand in a page itself."""
    codes = {m["code"] for m in INLINE.finditer(html) if b" src=" not in m["attributes"] and m["code"]}
    return sorted(f"'sha256-{base64.b64encode(hashlib.sha256(code).digest()).decode()}'" for code in codes)


def _origins(supabase_url: str | None) -> Sequence[str]:
    """Where a hosted Supabase is asked, and listened to."""
    if not supabase_url:
        return ()
    parts = urlsplit(supabase_url)
    socket = "ws" if parts.scheme == "http" else "wss"
    return (f"{parts.scheme}://{parts.netloc}", f"{socket}://{parts.netloc}")
