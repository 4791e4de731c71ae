"""An analyst over local files: no server, no database, nothing left behind."""

import re
import tempfile
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

from oryxforge.adapters.engine import DuckEngine
from oryxforge.adapters.files.store import FsspecFiles
from oryxforge.adapters.memory.sessions import MemorySessionLog
from oryxforge.adapters.memory.store import MemoryStore
from oryxforge.agents.claude.agent import ClaudeBackend
from oryxforge.agents.quick.agent import QuickAgent
from oryxforge.bootstrap.bare_names import SCHEMA, BareNames
from oryxforge.bootstrap.claude import claude_settings
from oryxforge.bootstrap.models import with_saved_model
from oryxforge.domain.chats import ChatMode, Piece
from oryxforge.domain.errors import NotFound, OryxError, Unavailable, Unprocessable
from oryxforge.domain.identity import Actor
from oryxforge.domain.runs import Fence
from oryxforge.domain.sheets import SheetType, Written
from oryxforge.domain.sources import LoadSettings
from oryxforge.ports.agent import Agent, Outcome, Turn
from oryxforge.ports.engine import ImportProgress
from oryxforge.ports.repos import NewSheet
from oryxforge.services.analysis import Analysis
from oryxforge.services.answers import Workplace
from oryxforge.services.artifacts import Artifacts
from oryxforge.settings import Settings
from oryxforge.tools.toolbox import Tools


@dataclass(frozen=True)
class LocalAnalyst:
    """Answers questions about the files that it was opened with; `tables` are their names in SQL."""

    agent: Agent
    tables: tuple[str, ...]
    tools: Tools
    actor: Actor
    project_id: UUID

    async def answer(self, prompt: str) -> AsyncGenerator[Piece | Outcome]:
        """Pieces and then the outcome. Raises Failed, Unavailable."""
        turn = Turn(
            chat_id=uuid4(),
            project_id=self.project_id,
            project_name="Local files",
            prompt=prompt,
            mode=ChatMode.EXPLORE,
            target=None,
            history=(),
            fence=Fence(uuid4(), 1),
        )
        place = Workplace(self.actor, self.project_id, self.agent.name)
        bare = BareNames(self.tables)
        async with aclosing(self.agent.answer(turn, self.tools.at(place))) as pieces:
            async for item in pieces:
                yield bare.of(item) if isinstance(item, Piece) else item


@asynccontextmanager
async def local_analyst(
    settings: Settings, files: Sequence[Path], agent: str | None
) -> AsyncGenerator[LocalAnalyst]:
    """Imports the files into a temporary folder. Raises NotFound, Invalid for files; Unavailable for an agent not set up."""
    with tempfile.TemporaryDirectory(prefix="oryxforge-ask-") as folder:
        local = with_saved_model(settings).model_copy(update={"data": Path(folder)})
        answering = _agent(local, agent)
        root = Path(folder) / "files"
        store, actor = MemoryStore(), Actor(uuid4(), request_id="ask")
        engine = DuckEngine(
            str(root),
            memory_limit=settings.engine_memory,
            threads=settings.engine_threads,
            temp_folder=Path(folder) / "tmp",
        )
        try:
            loading = _Loading(store, engine, root, actor)
            await loading.open()
            for file in files:
                await loading.load(file)
            analysis = Analysis(store, engine)
            tools = Tools(analysis, Artifacts(store, engine, FsspecFiles(str(root)), analysis))
            yield LocalAnalyst(answering, tuple(loading.tables), tools, actor, loading.project_id)
        finally:
            engine.close()


def _agent(settings: Settings, named: str | None) -> Agent:
    name = named or settings.default_agent
    if name == "quick":
        return QuickAgent()
    if name != "claude":
        raise Unprocessable(f"There is no agent {name!r}; there is claude and quick.", code="agent_unknown")
    if not settings.claude_configured:
        raise Unavailable(
            "Claude is not set up here. Set a key with `oryxforge config model`, or ask the built-in analyst with --agent quick.",
            code="model_not_configured",
        )
    return ClaudeBackend(claude_settings(settings), MemorySessionLog())


class _Loading:
    """Files into sheets: each sheet of a file is a table, named after the file."""

    def __init__(self, store: MemoryStore, engine: DuckEngine, root: Path, actor: Actor) -> None:
        self._store = store
        self._engine = engine
        self._root = root
        self._actor = actor
        self.tables: list[str] = []

    async def open(self) -> None:
        async with self._store.transaction(self._actor) as tx:
            project = await tx.projects.create("Local files", "local-files")
            dataset = await tx.datasets.create(project.id, SCHEMA, SCHEMA)
        self.project_id, self._dataset_id = project.id, dataset.id

    async def load(self, file: Path) -> None:
        if not file.is_file():
            raise NotFound(f"There is no file {file}.", code="file_not_found")
        try:
            await self._import(file)
        except OryxError as error:
            raise type(error)(f"{file}: {error.detail}", code=error.code) from error

    async def _import(self, file: Path) -> None:
        uri = f"sources/{uuid4()}"
        target = self._root / uri
        target.parent.mkdir(parents=True, exist_ok=True)
        target.symlink_to(file.absolute())
        kind = await self._engine.detect(uri, file.name)
        found = await self._engine.preview(uri, kind, LoadSettings(), 1)
        sheets = [name for name, seen in found.items() if seen.headers] or list(found)
        for sheet in sheets:
            name = self._free(file.stem if len(found) == 1 else f"{file.stem}_{sheet}")
            written = await self._engine.import_sheet(
                uri, kind, sheet, f"sheets/{uuid4()}.parquet", LoadSettings(), _untold
            )
            await self._record(name, written)

    async def _record(self, name: str, written: Written) -> None:
        new = NewSheet(uuid4(), self._dataset_id, name, name, SheetType.TABLE)
        async with self._store.transaction(self._actor) as tx:
            await tx.sheets.create(new, uuid4(), written)
        self.tables.append(name)

    def _free(self, wanted: str) -> str:
        """What the engine can take as a name, numbered where another file has it."""
        base = re.sub(r"\W+", "_", wanted).strip("_") or "data"
        name, number = base, 2
        while name.lower() in (t.lower() for t in self.tables):
            name, number = f"{base}_{number}", number + 1
        return name


def _untold(_: ImportProgress) -> None:
    """Local files are read without a word in between."""
