"""The API and a worker over a real database, in a thread of their own; its agent does what a prompt says."""

import asyncio
import socket
import threading
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self
from uuid import UUID, uuid4

import httpx

from fixtures.postgres import Database
from oryxforge.adapters.jobs.procrastinate import ProcrastinateQueue
from oryxforge.adapters.postgres.keeper import PgKeeper
from oryxforge.adapters.postgres.sessions import PgSessionLog
from oryxforge.adapters.postgres.store import PgStore
from oryxforge.adapters.supabase.tokens import access_claims, load_or_create_key
from oryxforge.agents.claude.agent import ClaudeBackend
from oryxforge.agents.quick.agent import QuickAgent
from oryxforge.api.app import Server, create_app, make_server
from oryxforge.api.stream import Streams
from oryxforge.bootstrap.api import Services, make_api
from oryxforge.bootstrap.data import make_engine, make_files, make_pool, need
from oryxforge.bootstrap.worker import Worker, make_agents
from oryxforge.domain.chats import ChatStatus, Piece, PieceKind
from oryxforge.domain.errors import Failed
from oryxforge.domain.identity import Actor
from oryxforge.domain.runs import Run, RunKind
from oryxforge.ports.agent import Outcome, Turn
from oryxforge.ports.runs import Ending
from oryxforge.ports.toolbox import Toolbox
from oryxforge.services.analysis import Analysis
from oryxforge.services.answers import Answers
from oryxforge.services.artifacts import Artifacts
from oryxforge.services.bills import Bills
from oryxforge.services.imports import Imports
from oryxforge.services.runner import Runner
from oryxforge.services.writer import PieceWriter
from oryxforge.settings import Settings
from oryxforge.tools.toolbox import Tools


@dataclass
class Gates:
    """Agents wait here for tests; a gate is opened from the test's thread."""

    open_ones: dict[str, threading.Event] = field(default_factory=dict)

    def of(self, name: str) -> threading.Event:
        return self.open_ones.setdefault(name, threading.Event())


class ObedientAgent:
    """`count N [GATE]`: N pieces of text, each its own row, half of them before the gate.

    `select …` is answered by the quick analyst, `choose A B` by a question; `fail`, `hang`, or an echo.
    """

    name = "scripted"

    def __init__(self, gates: Gates) -> None:
        self._gates = gates

    async def answer(self, turn: Turn, toolbox: Toolbox) -> AsyncGenerator[Piece | Outcome]:
        word, *rest = turn.prompt.split()
        if word == "count":
            async for piece in self._count(int(rest[0]), rest[1] if rest[1:] else None):
                yield piece
        elif word == "fail":
            yield Piece.text("so far")
            raise Failed("The model's service refused the key; set another.", code="model_failed")
        elif word == "select":
            async for item in QuickAgent().answer(turn, toolbox):
                yield item
        elif word == "choose":
            choices = [{"label": one.title(), "prompt": one} for one in rest]
            yield Piece(PieceKind.QUESTION, metadata={"text": "Which one?", "choices": choices})
        elif word == "hang":
            yield Piece.text("before")
            await asyncio.Event().wait()
        else:
            yield Piece.text(f"{turn.prompt} ({len(turn.history)} before; request {turn.request_id})")
        yield Outcome(0.25)

    async def _count(self, pieces: int, gate: str | None) -> AsyncGenerator[Piece]:
        for number in range(pieces):
            if gate is not None and number == pieces // 2:
                while not self._gates.of(gate).is_set():
                    await asyncio.sleep(0.01)
            yield Piece(PieceKind.TEXT, f"{number} ", {"n": number})


@dataclass
class Person:
    """Somebody with an account, and a client that carries their token."""

    id: UUID
    email: str
    client: httpx.AsyncClient


class Product:
    """`works` is whether it has a worker too."""

    def __init__(self, settings: Settings, *, works: bool = True) -> None:
        self._listener = socket.create_server((settings.host, settings.port), backlog=1024)
        self.settings = settings.model_copy(update={"port": self._listener.getsockname()[1]})
        self.url = self.api_url = f"http://{settings.host}:{self.settings.port}"
        self.gates = Gates()
        self._works = works
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="product", daemon=True)
        self._running: list[asyncio.Task[Any]] = []

    def __enter__(self) -> Self:
        self._thread.start()
        self._do(self._start())
        return self

    def __exit__(self, *_: object) -> None:
        self._do(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def token(self, user_id: UUID, email: str, ttl_s: int = 600) -> str:
        key = load_or_create_key(self.settings.key_file)
        return key.sign(access_claims(user_id, email, self.settings.issuer, ttl_s, "password"))

    def client(self, token: str | None = None) -> httpx.AsyncClient:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx.AsyncClient(base_url=self.url, headers=headers, timeout=30)

    async def person(self, name: str) -> Person:
        """A new account; its client is the caller's to close."""
        email = f"{name}-{uuid4().hex[:8]}@example.org"
        assert self.api.services.accounts is not None
        account = await self.within(lambda: self.api.services.accounts.create(email, None))
        return Person(account.id, email, self.client(self.token(account.id, email)))

    @contextmanager
    def replaced(self, **services: object) -> Generator[None]:
        """The product with other services for the block."""
        before: Services = self.app.state.services
        self.app.state.services = replace(before, **services)  # type: ignore[arg-type]
        try:
            yield
        finally:
            self.app.state.services = before

    async def until(self, met: Callable[[], bool], within_s: float = 5) -> None:
        """Returns once something holds in the product's loop."""

        async def look() -> None:
            async with asyncio.timeout(within_s):
                while not met():
                    await asyncio.sleep(0.005)

        await self.within(look)

    async def within(self, work: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
        """Runs something in the product's own loop."""
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work(), self._loop))

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    async def _start(self) -> None:
        self.api = make_api(self.settings)
        self.app = create_app(self.api, self.settings)
        self.streams: Streams = self.app.state.streams
        self.server: Server = make_server(self.app, self.settings)
        serving = asyncio.create_task(self.server._serve([self._listener]))
        self._running = [serving]
        if self._works:
            self.worker = make_obedient_worker(self.settings, self.gates)
            self._running.append(asyncio.create_task(self.worker.run()))
        while not self.server.started:
            if serving.done():
                serving.result()
            await asyncio.sleep(0.01)

    async def _stop(self) -> None:
        self.server.should_exit = True
        await self._running[0]
        for working in self._running[1:]:
            working.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        if self._works:
            await self.worker.close()


def make_obedient_worker(settings: Settings, gates: Gates) -> Worker:
    url = need(settings.database_worker_url, "DATABASE_WORKER_URL")
    pool = make_pool(url, settings, 6, "test-worker")
    store = PgStore(pool)
    keeper = PgKeeper(
        pool, worker_id=uuid4(), instance="test", session_url=url, silent_after_s=settings.silent_after_s
    )
    engine, files = make_engine(settings, settings.files_root), make_files(settings)
    analysis = Analysis(store, engine)
    tools = Tools(analysis, Artifacts(store, engine, files, analysis))
    runner = Runner(ProcrastinateQueue(url), keeper)
    writer = PieceWriter(keeper, runner.stop)
    obedient, agents = ObedientAgent(gates), make_agents(settings, PgSessionLog(pool))
    claude = agents.get("claude")
    agents = {**agents, "scripted": obedient, "quick": obedient}
    answers = Answers(store, writer, Bills(keeper), agents, tools.at)
    imports = Imports(store, files, engine, keeper)

    async def do_import(actor: Actor, run: Run) -> Ending:
        return Ending(ChatStatus.COMPLETED, result=await imports.work(actor, run))

    runner.register({RunKind.CHAT: answers.work, RunKind.IMPORT: do_import})
    return Worker(runner, writer, pool, claude if isinstance(claude, ClaudeBackend) else None)


def api_settings(data: Path, database: Database, **more: object) -> Settings:
    return Settings.model_validate(
        {
            "data": data,
            "port": 0,
            "database_url": database.api,
            "database_worker_url": database.worker,
            "database_auth_url": database.auth,
            "database_authenticator_url": database.authenticator,
            "database_realtime_url": database.realtime,
            "scripted_agent": True,
            "agent": "scripted",
            **more,
        }
    )
