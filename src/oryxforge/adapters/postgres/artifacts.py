"""The SQL of artifacts."""

from collections.abc import Mapping
from uuid import UUID

from oryxforge.adapters.postgres.chats import PgChats
from oryxforge.adapters.postgres.pool import Connection, fields
from oryxforge.domain.artifacts import Artifact
from oryxforge.domain.identity import Actor

COLUMNS = "id, chat_id, datasheet_id, provenance, created_at"


class PgArtifacts:
    def __init__(self, connection: Connection, actor: Actor, chats: PgChats) -> None:
        self._db = connection
        self._chats = chats

    async def create(
        self, chat_id: UUID, run_id: UUID, datasheet_id: UUID, provenance: Mapping[str, object]
    ) -> Artifact:
        row = await self._db.fetchrow(
            f"""insert into public.artifacts (chat_id, project_id, run_id, datasheet_id, provenance)
            select c.id, c.project_id, $2, $3, $4 from public.chats c where c.id = $1 returning {COLUMNS}""",
            chat_id,
            run_id,
            datasheet_id,
            dict(provenance),
        )
        assert row is not None
        return Artifact(**fields(row))

    async def in_chat(self, chat_id: UUID) -> list[Artifact]:
        rows = await self._db.fetch(
            f"select {COLUMNS} from public.artifacts where chat_id = $1 order by created_at, id", chat_id
        )
        if not rows:
            await self._chats.get(chat_id)
        return [Artifact(**fields(r)) for r in rows]

    async def drop_of_run(self, run_id: UUID) -> list[UUID]:
        rows = await self._db.fetch(
            "delete from public.artifacts where run_id = $1 returning datasheet_id", run_id
        )
        return [r["datasheet_id"] for r in rows]
