"""The worker process: takes runs and does them."""

import asyncio
from collections.abc import Mapping
from uuid import uuid4

from oryxforge.adapters.files import FsspecFiles
from oryxforge.adapters.jobs.procrastinate import ProcrastinateQueue
from oryxforge.adapters.memory.clock import SystemClock
from oryxforge.adapters.postgres.keeper import PgKeeper
from oryxforge.adapters.postgres.pool import Pool
from oryxforge.adapters.postgres.purges import PgPurges
from oryxforge.adapters.postgres.sessions import PgSessionLog
from oryxforge.adapters.postgres.store import PgStore
from oryxforge.agents.claude.agent import ClaudeBackend
from oryxforge.agents.quick.agent import QuickAgent
from oryxforge.agents.scripted import ScriptedAgent
from oryxforge.bootstrap.claude import claude_settings
from oryxforge.bootstrap.data import make_engine, make_files, make_pool
from oryxforge.bootstrap.models import claude_access
from oryxforge.bootstrap.urls import worker_session, worker_url
from oryxforge.domain.chats import ChatStatus
from oryxforge.domain.identity import Actor
from oryxforge.domain.runs import Run, RunKind
from oryxforge.ports.agent import Agent
from oryxforge.ports.runs import Ending
from oryxforge.ports.sessions import SessionLog
from oryxforge.services.analysis import Analysis
from oryxforge.services.answers import Answers
from oryxforge.services.artifacts import Artifacts
from oryxforge.services.bills import Bills
from oryxforge.services.imports import Imports
from oryxforge.services.runner import Runner
from oryxforge.services.upkeep import DeletedSheets, Upkeep, unfinished
from oryxforge.services.writer import PieceWriter
from oryxforge.settings import Settings
from oryxforge.tools.toolbox import Tools


class Worker:
    """Runs until cancelled; on `close` it gives back what it holds, so that another goes on at once."""

    def __init__(
        self,
        runner: Runner,
        writer: PieceWriter,
        pool: Pool,
        claude: ClaudeBackend | None = None,
        upkeep: Upkeep | None = None,
    ) -> None:
        self._upkeep = upkeep
        self._runner = runner
        self._writer = writer
        self._pool = pool
        self._claude = claude

    async def run(self) -> None:
        if self._claude is not None:
            await self._claude.reap()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._writer.run())
            group.create_task(self._runner.run())
            if self._upkeep is not None:
                group.create_task(self._upkeep.run())

    async def close(self) -> None:
        await self._runner.sign_off()
        if self._claude is not None:
            await self._claude.close()
        await self._pool.close()


def make_worker(settings: Settings) -> Worker:
    """Raises Invalid where a setting is missing."""
    pool = make_pool(worker_url(settings).url, settings, settings.worker_connections, "oryxforge-worker")
    session_url = worker_session(settings).url
    store = PgStore(pool)
    keeper = PgKeeper(
        pool,
        worker_id=uuid4(),
        instance=settings.instance,
        session_url=session_url,
        silent_after_s=settings.silent_after_s,
    )
    engine, files = make_engine(settings, settings.files_root), make_files(settings)
    analysis = Analysis(store, engine)
    tools = Tools(analysis, Artifacts(store, engine, files, analysis))
    runner = Runner(ProcrastinateQueue(session_url), keeper, concurrency=settings.worker_concurrency)
    writer = PieceWriter(keeper, runner.stop)
    agents = make_agents(settings, PgSessionLog(pool))
    answers = Answers(store, writer, Bills(keeper), agents, tools.at)
    imports = Imports(store, files, engine, keeper)

    async def do_import(actor: Actor, run: Run) -> Ending:
        return Ending(ChatStatus.COMPLETED, result=await imports.work(actor, run))

    runner.register({RunKind.CHAT: answers.work, RunKind.IMPORT: do_import})
    claude = agents.get("claude")
    deleted = DeletedSheets(PgPurges(pool), files, SystemClock())
    temporary = FsspecFiles(str(settings.data / "tmp"))
    upkeep = Upkeep([unfinished(files), unfinished(temporary), deleted.chore])
    return Worker(runner, writer, pool, claude if isinstance(claude, ClaudeBackend) else None, upkeep)


def make_agents(settings: Settings, sessions: SessionLog) -> Mapping[str, Agent]:
    agents: dict[str, Agent] = {"quick": QuickAgent()}
    if settings.claude_configured or not settings.supabase_url:
        # Without a key yet, too: one may be saved while this runs.
        agents["claude"] = ClaudeBackend(claude_settings(settings), sessions, claude_access(settings))
    if settings.scripted_agent:
        agents["scripted"] = ScriptedAgent()
    return agents
