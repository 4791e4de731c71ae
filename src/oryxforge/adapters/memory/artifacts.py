"""Artifacts in memory."""

from collections.abc import Mapping
from uuid import UUID, uuid4

from oryxforge.adapters.memory.chats import MemoryChats
from oryxforge.adapters.memory.projects import MemoryProjects
from oryxforge.adapters.memory.tables import ArtifactRow, MemoryTables, plain
from oryxforge.domain.artifacts import Artifact
from oryxforge.domain.identity import Actor, Role
from oryxforge.ports.repos import ArtifactRepo


class MemoryArtifacts(ArtifactRepo):
    def __init__(self, tables: MemoryTables, actor: Actor) -> None:
        self._t = tables
        self._projects = MemoryProjects(tables, actor)
        self._chats = MemoryChats(tables, actor)

    async def create(
        self, chat_id: UUID, run_id: UUID, datasheet_id: UUID, provenance: Mapping[str, object]
    ) -> Artifact:
        chat = await self._chats.get(chat_id)
        await self._projects.need(chat.project_id, Role.EDITOR)
        made = Artifact(uuid4(), chat_id, datasheet_id, plain(provenance), self._t.clock.now())
        self._t.artifacts[made.id] = ArtifactRow(made, run_id)
        return made

    async def in_chat(self, chat_id: UUID) -> list[Artifact]:
        await self._chats.get(chat_id)
        there = [row.artifact for row in self._t.artifacts.values() if row.artifact.chat_id == chat_id]
        return sorted(there, key=lambda a: (a.created_at, a.id))

    async def drop_of_run(self, run_id: UUID) -> list[UUID]:
        dropped: list[UUID] = []
        for key, row in list(self._t.artifacts.items()):
            if row.run_id == run_id:
                chat = await self._chats.get(row.artifact.chat_id)
                await self._projects.need(chat.project_id, Role.EDITOR)
                del self._t.artifacts[key]
                dropped.append(row.artifact.datasheet_id)
        return dropped
