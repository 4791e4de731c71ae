"""Realtime over a real database in a thread of its own, with a back door for the test scripts of other languages."""

import asyncio
import threading
from pathlib import Path
from typing import Any, Self
from uuid import UUID, uuid4

import psycopg
import uvicorn
from psycopg.rows import dict_row
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from fixtures.postgres import Database
from integration.api.modes import HostedProduct
from integration.api.product import api_settings
from oryxforge.adapters.postgres.accounts import PgAccounts
from oryxforge.adapters.postgres.auth.sessions import Sessions
from oryxforge.adapters.postgres.pool import Pool
from oryxforge.adapters.supabase.tokens import SigningKey, access_claims, load_or_create_key
from oryxforge.bootstrap.accounts import make_living
from oryxforge.bootstrap.realtime import SCOPES
from oryxforge.embedded.gateway.callers import Callers
from oryxforge.embedded.gateway.keys import ApiKeys, load_or_create_keys
from oryxforge.embedded.gateway.realtime.app import Realtime, RealtimeSettings
from oryxforge.embedded.gateway.realtime.hub import Limits
from oryxforge.embedded.gateway.realtime.protocol import FrameProtocol
from oryxforge.embedded.gateway.surface import Surface

ISSUER = "http://127.0.0.1:8000/auth/v1"


class World:
    """A Realtime at `url` over a database; `/test/sql` and `/test/token` are the back door to it."""

    url: str

    def __init__(self, database: Database, keys: ApiKeys, signing: SigningKey) -> None:
        self.database = database
        self.keys = keys
        self.signing = signing
        self.routes = [
            Route("/test/sql", self._sql, methods=["POST"]),
            Route("/test/token", self._token, methods=["POST"]),
        ]

    @property
    def back_door(self) -> str:
        return self.url

    def socket_url(self, version: str = "2.0.0", key: str | None = None) -> str:
        base = self.url.replace("http", "ws")
        return f"{base}/realtime/v1/websocket?apikey={key or self.keys.publishable}&vsn={version}"

    def token(self, user: UUID, ttl_s: int = 600, **over: object) -> str:
        return self.signing.sign({**access_claims(user, "a@x.org", ISSUER, ttl_s, "password"), **over})

    def run(self, statement: str, *arguments: object) -> list[dict[str, Any]]:
        """As the owner of the database; what the statement returns. The stream carries only what was flushed."""
        with psycopg.connect(
            self.database.owner, autocommit=True, row_factory=dict_row, options="-c synchronous_commit=on"
        ) as db:
            found = db.execute(statement, [str(a) if isinstance(a, UUID) else a for a in arguments])  # pyright: ignore
            return found.fetchall() if found.description else []

    def project_of(self, user: UUID, name: str = "P") -> UUID:
        row = self.run(
            "insert into public.projects (name, name_git, user_owner) values (%s, 'p', %s) returning id",
            name,
            user,
        )
        return row[0]["id"]

    def chat_in(self, project: UUID, user: UUID) -> UUID:
        row = self.run(
            "insert into public.chats (project_id, user_id, title, agent) values (%s, %s, 't', 'quick') returning id",
            project,
            user,
        )
        return row[0]["id"]

    def say(self, project: UUID, chat: UUID, seq: int, content: str = "") -> None:
        self.run(
            "insert into public.chat_messages (chat_id, project_id, seq, role, content)"
            " values (%s, %s, %s, 'assistant', %s)",
            chat,
            project,
            seq,
            content or f"{seq} ",
        )

    async def _sql(self, request: Request) -> JSONResponse:
        said = await request.json()
        rows = await asyncio.to_thread(self.run, said["sql"], *said.get("args", []))
        return JSONResponse([{k: str(v) for k, v in row.items()} for row in rows])

    async def _token(self, request: Request) -> JSONResponse:
        said = await request.json()
        user = UUID(said["user"]) if "user" in said else self.database.add_user()
        return JSONResponse({"user": str(user), "token": self.token(user, said.get("ttl", 600))})


class Threaded:
    """An app behind uvicorn in a thread of its own; `part` and `pool` are closed with it."""

    def __init__(self, app: ASGIApp, part: Realtime | None = None, pool: Pool | None = None) -> None:
        config = uvicorn.Config(
            app,
            port=0,
            ws=FrameProtocol,
            ws_max_size=1_000_000,
            ws_ping_interval=None,
            ws_per_message_deflate=False,
            lifespan="off",
            log_config=None,
            timeout_graceful_shutdown=1,
        )
        self._part = part
        self._pool = pool
        self._server = uvicorn.Server(config)
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> str:
        """Its address."""
        self._thread.start()
        assert self._started.wait(20)
        port = self._server.servers[0].sockets[0].getsockname()[1]
        return f"http://127.0.0.1:{port}"

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(20)

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=self._server.config.get_loop_factory()) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        if self._part is not None:
            await self._part.open()
        serving = asyncio.create_task(self._server._serve())
        while not self._server.started:
            await asyncio.sleep(0.01)
        self._started.set()
        while not self._server.should_exit:
            await asyncio.sleep(0.02)
        if self._part is not None:
            await self._part.close()
        if self._pool is not None:
            await self._pool.close()
        await serving


class Serving(World):
    """Realtime by itself, and the back door beside it."""

    def __init__(self, folder: Path, database: Database, limits: Limits | None = None) -> None:
        super().__init__(
            database, load_or_create_keys(folder / "keys.json"), load_or_create_key(folder / "jwt.json")
        )
        settings = RealtimeSettings(database.realtime, SCOPES, limits or Limits())
        pool = Pool(database.auth, most=2)
        living = make_living(PgAccounts(pool, Sessions(lambda *_: "", 60)))
        self.part = Realtime(settings, Callers(self.keys, [self.signing], ISSUER, living))
        app = Surface(Starlette(routes=self.routes), {"/realtime/v1": self.part.app})
        self._serving = Threaded(app, self.part, pool)

    def __enter__(self) -> Self:
        self.url = self._serving.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._serving.stop()


class HostedServing(World):
    """A whole Supabase of ours with API and worker in hosted mode; the back door has an address of its own."""

    def __init__(self, folder: Path, database: Database) -> None:
        self.product = HostedProduct(api_settings(folder / "supabase", database))
        settings = self.product.settings
        super().__init__(
            database, load_or_create_keys(settings.api_keys_file), load_or_create_key(settings.key_file)
        )
        self.url = self.product.url
        self._back = Threaded(Starlette(routes=self.routes))
        self._back_door = ""

    @property
    def back_door(self) -> str:
        return self._back_door

    def __enter__(self) -> Self:
        self.product.__enter__()
        self._back_door = self._back.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._back.stop()
        self.product.__exit__()


def make_user(serving: World) -> UUID:
    return serving.database.add_user(f"{uuid4()}@example.org")
