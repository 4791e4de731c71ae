"""A project in memory with the real tools over it, and the quick analyst to ask."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pyarrow as pa

from oryxforge.adapters.engine import DuckEngine
from oryxforge.adapters.files.store import FsspecFiles
from oryxforge.adapters.memory.store import MemoryStore
from oryxforge.agents.quick.agent import QuickAgent
from oryxforge.domain.chats import ChatMessage, ChatMode, MessageRole, Piece, PieceKind
from oryxforge.domain.identity import Actor
from oryxforge.domain.runs import Fence
from oryxforge.domain.sheets import SheetType
from oryxforge.ports.agent import Outcome, Turn
from oryxforge.ports.repos import NewSheet
from oryxforge.ports.toolbox import Toolbox
from oryxforge.services.analysis import Analysis
from oryxforge.services.answers import Workplace
from oryxforge.services.artifacts import Artifacts
from oryxforge.tools.toolbox import Tools


@dataclass
class Answer:
    """What was answered, by its pieces."""

    pieces: list[Piece]
    outcome: Outcome

    def of(self, kind: PieceKind) -> list[dict[str, Any]]:
        return [dict(p.metadata) for p in self.pieces if p.kind is kind]

    @property
    def text(self) -> str:
        return "".join(p.content for p in self.pieces)

    @property
    def reading(self) -> str:
        return "\n".join(n["text"] for n in self.of(PieceKind.NOTICE) if n["code"] == "reading")

    @property
    def rows(self) -> list[list[Any]]:
        tables = [a["table"] for a in self.of(PieceKind.ARTIFACT) if a["type"] == "table"]
        return tables[0]["data"] if tables else []

    @property
    def headers(self) -> list[str]:
        tables = [a["table"] for a in self.of(PieceKind.ARTIFACT) if a["type"] == "table"]
        return tables[0]["headers"] if tables else []

    @property
    def chart(self) -> dict[str, Any] | None:
        charts = [a["chart"] for a in self.of(PieceKind.ARTIFACT) if a["type"] == "chart"]
        return charts[0] if charts else None

    @property
    def sql(self) -> str:
        return "\n".join(u["input"]["sql"] for u in self.of(PieceKind.TOOL_USE))

    @property
    def choices(self) -> list[dict[str, str]]:
        return [c for q in self.of(PieceKind.QUESTION) for c in q["choices"]]


@dataclass
class Scene:
    """A project whose sheets the test makes."""

    folder: Path
    store: MemoryStore = field(default_factory=MemoryStore)
    actor: Actor = field(default_factory=lambda: Actor(uuid4(), request_id="test"))
    project_id: UUID = field(default_factory=uuid4)

    def __post_init__(self) -> None:
        root = str(self.folder / "files")
        self.engine = DuckEngine(root, memory_limit="256MB", threads=1, temp_folder=self.folder / "tmp")
        self.analysis = Analysis(self.store, self.engine)
        self.tools = Tools(
            self.analysis, Artifacts(self.store, self.engine, FsspecFiles(root), self.analysis)
        )

    async def open(self) -> None:
        async with self.store.transaction(self.actor) as tx:
            project = await tx.projects.create("Test", "test")
        self.project_id = project.id

    async def add(self, address: str, columns: dict[str, Sequence[object]] | pa.Table) -> None:
        """A sheet `dataset.Sheet` with these columns."""
        dataset_name, _, name = address.partition(".")
        made = columns if isinstance(columns, pa.Table) else pa.table(columns)
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, made.schema) as writer:
            writer.write_table(made)
        written = await self.engine.write_arrow(sink.getvalue().to_pybytes(), f"sheets/{uuid4()}.parquet")
        async with self.store.transaction(self.actor) as tx:
            dataset = await tx.datasets.find(self.project_id, dataset_name)
            if dataset is None:
                dataset = await tx.datasets.create(self.project_id, dataset_name.title(), dataset_name)
            await tx.sheets.create(
                NewSheet(uuid4(), dataset.id, name, name, SheetType.TABLE), uuid4(), written
            )

    def toolbox(self) -> Toolbox:
        return self.tools.at(Workplace(self.actor, self.project_id, "quick"))

    async def ask(
        self, prompt: str, *, history: Sequence[ChatMessage] = (), target: str | None = None
    ) -> Answer:
        return await ask(self.toolbox(), prompt, history=history, target=target)

    def close(self) -> None:
        self.engine.close()


async def ask(
    toolbox: Toolbox, prompt: str, *, history: Sequence[ChatMessage] = (), target: str | None = None
) -> Answer:
    pieces: list[Piece] = []
    outcome: Outcome | None = None
    async for item in QuickAgent().answer(turn(prompt, history, target), toolbox):
        assert outcome is None, "nothing comes after the outcome"
        if isinstance(item, Outcome):
            outcome = item
        else:
            pieces.append(item)
    assert outcome is not None
    return Answer(pieces, outcome)


def turn(prompt: str, history: Sequence[ChatMessage] = (), target: str | None = None) -> Turn:
    return Turn(
        chat_id=uuid4(),
        project_id=uuid4(),
        project_name="Test",
        prompt=prompt,
        mode=ChatMode.EXPLORE,
        target=target,
        history=tuple(history),
        fence=Fence(uuid4(), 1),
    )


def said(prompt: str, answer: Answer, before: Sequence[ChatMessage] = ()) -> list[ChatMessage]:
    """The history after a question and its answer."""
    messages = [(MessageRole.USER, Piece.text(prompt)), *((MessageRole.ASSISTANT, p) for p in answer.pieces)]
    chat, now = uuid4(), datetime.now(UTC)
    made = [
        ChatMessage(uuid4(), chat, len(before) + n, 1, role, p.kind, p.content, p.metadata, now)
        for n, (role, p) in enumerate(messages, 1)
    ]
    return [*before, *made]
