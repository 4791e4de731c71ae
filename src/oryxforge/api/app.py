"""The HTTP door: one FastAPI app over the services, and the server that runs it."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from importlib.metadata import version
from socket import socket

import uvicorn
from fastapi import FastAPI
from fastapi.routing import APIRoute

from oryxforge.api.errors import Faults, add_handlers
from oryxforge.api.headers import SecurityHeaders, add_cors
from oryxforge.api.limits import Bodies, Hosts, is_loopback
from oryxforge.api.openapi import describe
from oryxforge.api.request_ids import RequestIds
from oryxforge.api.routes import (
    budgets,
    chat,
    chats,
    data,
    datasets,
    files,
    jobs,
    mcp,
    members,
    models,
    page,
    projects,
    revisions,
    service,
    session,
    sheets,
    tokens,
    uploads,
)
from oryxforge.api.stream import Streams
from oryxforge.bootstrap.api import Api
from oryxforge.embedded.gateway.realtime.protocol import FrameProtocol
from oryxforge.embedded.gateway.surface import Surface
from oryxforge.embedded.gateway.turns import Turns
from oryxforge.settings import Settings

ROUTERS = (
    data.router,
    chat.router,
    chats.router,
    projects.router,
    members.router,
    mcp.router,
    files.router,
    uploads.router,
    jobs.router,
    datasets.router,
    sheets.router,
    revisions.router,
    models.router,
    budgets.router,
    session.router,
    tokens.router,
    service.router,
    page.router,
)
MEGABYTE = 1_000_000
GRACE_S = 5


def create_app(api: Api, settings: Settings) -> FastAPI:
    """The app; its lifespan opens and closes the api."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        await api.open()
        try:
            yield
        finally:
            await api.close()

    app = FastAPI(
        title="OryxForge",
        version=version("oryxforge"),
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.services = api.services
    app.state.settings = settings
    app.state.streams = Streams()
    app.state.assistants = Turns()
    app.state.routes = [r for router in ROUTERS for r in router.routes if isinstance(r, APIRoute)]
    add_handlers(app)
    for router in ROUTERS:
        app.include_router(router)
    page.add_assets(app)
    describe(app)
    _add_middlewares(app, settings, api)
    return app


def _add_middlewares(app: FastAPI, settings: Settings, api: Api) -> None:
    """The last one added is the outermost."""
    app.add_middleware(
        Bodies, limit_bytes=settings.body_limit_mb * MEGABYTE, but=(files.UPLOAD_PATH, uploads.PATH)
    )
    app.add_middleware(Faults)
    page.add_site(app, settings)
    if api.gateway is not None:
        app.add_middleware(Surface, parts=api.gateway.apps, but=session.PATHS)
    if is_loopback(settings.host) or settings.allowed_hosts:
        app.add_middleware(Hosts, allowed=settings.allowed_hosts)
    add_cors(app, settings.cors_origins)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(RequestIds)


class Server(uvicorn.Server):
    """Ends the open streams first, so that a stop waits for none of them; their clients resume elsewhere."""

    def __init__(self, config: uvicorn.Config, streams: Streams) -> None:
        super().__init__(config)
        self._streams = streams

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        self._streams.close()
        await super().shutdown(sockets)


def make_server(app: FastAPI, settings: Settings, beat: Callable[[], None] = lambda: None) -> Server:
    """A server for the app; port 0 takes a free one (`server.servers[0].sockets[0].getsockname()` says which).

    `beat` is called about every second while it serves.
    """

    async def notify() -> None:
        beat()

    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        loop="auto",
        http="httptools",
        ws=FrameProtocol,
        ws_max_size=MEGABYTE,
        ws_ping_interval=None,
        ws_per_message_deflate=False,
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        # Whoever may name an address for itself has no limits by address.
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies),
        timeout_graceful_shutdown=GRACE_S,
        timeout_keep_alive=30,
        callback_notify=notify,
        timeout_notify=0,
    )
    return Server(config, app.state.streams)
