"""The auth surface as an ASGI app: routes, who may call them, and refusals instead of faults."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from loguru import logger
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router
from starlette.types import Receive, Scope, Send

from oryxforge.adapters.postgres.pool import AWAY, Pool
from oryxforge.domain.errors import Unavailable
from oryxforge.embedded.gateway.auth import admin, mailing, oauth, service, signup, token, user, verify
from oryxforge.embedded.gateway.auth.asking import Ask, read
from oryxforge.embedded.gateway.auth.context import Auth
from oryxforge.embedded.gateway.auth.errors import VERSION_HEADER, AuthError
from oryxforge.embedded.gateway.callers import Refused

Handler = Callable[[Auth, Ask], Awaitable[Response]]


@dataclass(frozen=True)
class Door:
    """A route; `open` needs no API key: browsers and providers come here by a link. `service`: the secret key alone."""

    method: str
    path: str
    handler: Handler
    open: bool = False
    service: bool = False


DOORS = (
    Door("GET", "/health", service.health, open=True),
    Door("GET", "/.well-known/openid-configuration", service.discovery, open=True),
    Door("GET", "/settings", service.settings),
    Door("GET", "/outbox", service.show_outbox),
    Door("POST", "/signup", signup.sign_up),
    Door("POST", "/token", token.grant),
    Door("GET", "/user", user.show),
    Door("PUT", "/user", user.update),
    Door("GET", "/reauthenticate", user.reauthenticate),
    Door("POST", "/logout", user.sign_out),
    Door("POST", "/otp", mailing.one_time_password),
    Door("POST", "/magiclink", mailing.one_time_password),
    Door("POST", "/recover", mailing.recover),
    Door("POST", "/resend", mailing.resend),
    Door("POST", "/verify", verify.by_client),
    Door("GET", "/verify", verify.by_link, open=True),
    Door("GET", "/authorize", oauth.authorize, open=True),
    Door("GET", "/callback", oauth.callback, open=True),
    Door("GET", "/user/identities/authorize", oauth.link),
    Door("DELETE", "/user/identities/{identity_id}", user.unlink),
    Door("GET", "/admin/users", admin.index, service=True),
    Door("POST", "/admin/users", admin.create, service=True),
    Door("GET", "/admin/users/{user_id}", admin.show, service=True),
    Door("PUT", "/admin/users/{user_id}", admin.change, service=True),
    Door("DELETE", "/admin/users/{user_id}", admin.delete, service=True),
    Door("POST", "/invite", admin.invite, service=True),
    Door("POST", "/admin/generate_link", admin.generate_link, service=True),
)


class AuthApp:
    """The part of the surface under /auth/v1."""

    def __init__(self, auth: Auth) -> None:
        self._auth = auth
        self._router = Router([_route(door, self._run) for door in _by_method()], default=_nowhere)

    @property
    def app(self) -> "AuthApp":
        return self

    @property
    def pool(self) -> Pool:
        return self._auth.pool

    async def open(self) -> None:
        await self._auth.mailer.open()

    async def close(self) -> None:
        await self._auth.mailer.close()
        await self._auth.pool.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._router(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1003})

    async def _run(self, doors: Mapping[str, Door], request: Request) -> Response:
        door = doors.get(request.method)
        version = request.headers.get(VERSION_HEADER)
        try:
            if door is None:
                raise AuthError(405, "method_not_allowed", "Method not allowed")
            self._admit(door, request)
            return await door.handler(self._auth, await read(request))
        except AuthError as refused:
            return refused.response(version)
        except (Unavailable, *AWAY):
            logger.warning("auth surface without its database", path=door.path if door else "")
            return AuthError(503, "database_unavailable", "Try again in a few seconds").response(version)
        except Exception:  # noqa: BLE001 - the edge of this part: nothing of a fault reaches a client
            logger.exception("auth surface failed", path=door.path if door else "")
            return AuthError(500, "unexpected_failure", "Something went wrong here").response(version)

    def _admit(self, door: Door, request: Request) -> None:
        if door.open:
            return
        ask = Ask(request, {})
        key = request.headers.get("apikey") or self._in_address(request)
        if door.service:
            try:
                role = self._auth.callers.named(key, ask.bearer).role
            except Refused as error:
                raise AuthError(401, error.code, str(error)) from error
            if role != "service_role":
                raise AuthError(403, "not_admin", "User not allowed")
            return
        try:
            self._auth.callers.of_key(key) if key else self._auth.callers.named(None, ask.bearer)
        except Refused as error:
            raise AuthError(401, error.code, str(error)) from error

    def _in_address(self, request: Request) -> str | None:
        """The key of the query, where browsers can't send headers; addresses are logged, so no secret one."""
        key = request.query_params.get("apikey")
        try:
            if key and self._auth.callers.of_key(key).role == "service_role":
                raise AuthError(
                    401, "bad_api_key", "Send a secret key in the apikey header, never in an address"
                )
        except Refused as error:
            raise AuthError(401, error.code, str(error)) from error
        return key


def _by_method() -> list[Mapping[str, Door]]:
    paths: dict[str, dict[str, Door]] = {}
    for door in DOORS:
        paths.setdefault(door.path, {})[door.method] = door
    return list(paths.values())


def _route(
    doors: Mapping[str, Door], run: Callable[[Mapping[str, Door], Request], Awaitable[Response]]
) -> Route:
    async def endpoint(request: Request) -> Response:
        return await run(doors, request)

    path = next(iter(doors.values())).path
    return Route(path, endpoint, methods=["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])


async def _nowhere(scope: Scope, receive: Receive, send: Send) -> None:
    request = Request(scope)
    refused = AuthError(404, "not_found", "There is no such call here")
    await refused.response(request.headers.get(VERSION_HEADER))(scope, receive, send)
