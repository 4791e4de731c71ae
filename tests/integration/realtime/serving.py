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

from fixtures.postgres import Database
from oryxforge.adapters.supabase.tokens import access_claims, load_or_create_key
from oryxforge.bootstrap.realtime import SCOPES
from oryxforge.embedded.gateway.callers import Callers
from oryxforge.embedded.gateway.keys import load_or_create_keys
from oryxforge.embedded.gateway.realtime.app import Realtime, RealtimeSettings
from oryxforge.embedded.gateway.realtime.hub import Limits
from oryxforge.embedded.gateway.realtime.protocol import FrameProtocol
from oryxforge.embedded.gateway.surface import Surface

ISSUER = "http://127.0.0.1:8000/auth/v1"


class Serving:
    """The part behind uvicorn; `/test/sql` and `/test/token` are the back door."""

    def __init__(self, folder: Path, database: Database, limits: Limits | None = None) -> None:
        self.database = database
        self.keys = load_or_create_keys(folder / "keys.json")
        self.signing = load_or_create_key(folder / "jwt.json")
        callers = Callers(self.keys, [self.signing], ISSUER)
        settings = RealtimeSettings(database.realtime, SCOPES, limits or Limits())
        self.part = Realtime(settings, callers)
        routes = [
            Route("/test/sql", self._sql, methods=["POST"]),
            Route("/test/token", self._token, methods=["POST"]),
        ]
        app = Surface(Starlette(routes=routes), {"/realtime/v1": self.part.app})
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
        self._server = uvicorn.Server(config)
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._started.wait(20)
        port = self._server.servers[0].sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(20)

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=self._server.config.get_loop_factory()) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        await self.part.open()
        serving = asyncio.create_task(self._server._serve())
        while not self._server.started:
            await asyncio.sleep(0.01)
        self._started.set()
        while not self._server.should_exit:
            await asyncio.sleep(0.02)
        await self.part.close()
        await serving

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


def make_user(serving: Serving) -> UUID:
    return serving.database.add_user(f"{uuid4()}@example.org")
