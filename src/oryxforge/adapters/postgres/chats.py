"""The SQL of chats and their messages."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import asyncpg

from oryxforge.adapters.postgres.pool import Connection, fields
from oryxforge.adapters.postgres.projects import PgProjects
from oryxforge.domain.chats import (
    Chat,
    ChatMessage,
    ChatMode,
    ChatStatus,
    MessageRole,
    PieceKind,
    asked_again,
    chat_processing,
)
from oryxforge.domain.errors import NotFound
from oryxforge.domain.finding import BEFORE, LENGTH, Hit, Place, snippet
from oryxforge.domain.identity import Actor, Role

COLUMNS = """id, project_id, user_id, title, agent, mode, status, error, cost_usd, duration_ms, created_at,
  completed_at, failed_at, active_at, branched_from, branched_at"""
SELECT = f"select {COLUMNS} from public.chats where deleted_at is null "
MESSAGES = """
select m.id, m.chat_id, m.seq, m.attempt, m.role, m.kind, m.content, m.metadata, m.created_at
from public.chat_messages m where m.chat_id = $1 and m.seq > $2
"""
NOT_SUPERSEDED = """
and not exists (
  select from public.chat_messages n
  where n.chat_id = $1 and n.kind = 'notice' and n.metadata ->> 'code' = 'attempt_restarted'
    and n.seq > m.seq and (n.metadata ->> 'supersedes_after')::int < m.seq
)
"""
ASK = """
with asked as (
  update public.chats
  set status = 'processing', error = null, completed_at = null, failed_at = null, agent = $2, mode = $3
  where id = $1 and status <> 'processing' and deleted_at is null
  returning id, project_id
)
insert into public.chat_messages (chat_id, project_id, seq, attempt, role, kind, content, metadata)
select a.id, a.project_id, 1 + coalesce((select max(m.seq) from public.chat_messages m where m.chat_id = $1), 0),
  0, 'user', 'text', $4, $5
from asked a
returning seq
"""
AGAIN = """
with asked as (
  update public.chats c
  set status = 'processing', error = null, completed_at = null, failed_at = null, agent = $3, mode = $4
  where c.id = $1 and c.status <> 'processing' and c.deleted_at is null and $2 = (
    select max(m.seq) from public.chat_messages m where m.chat_id = $1 and m.role = 'user' and m.kind = 'text'
  )
  returning c.id, c.project_id
), noted as (
  select a.id, a.project_id, 1 + (select max(m.seq) from public.chat_messages m where m.chat_id = $1) as seq from asked a
)
insert into public.chat_messages (chat_id, project_id, seq, attempt, role, kind, metadata)
select n.id, n.project_id, n.seq, 0, 'assistant', 'notice', $5::jsonb || jsonb_build_object('counts_from', n.seq)
from noted n
returning seq
"""


def searching(words: Sequence[str]) -> tuple[str, list[str]]:
    """The statement for so many words, and its values after those of project, place and limit.

    `strpos`, not `like`: nothing in a word has a meaning of its own.
    """
    columns = ", ".join(f"c.{name}" for name in COLUMNS.replace("\n", " ").replace(" ", "").split(","))
    paging = "and ($2::timestamptz is null or (c.active_at, c.id) < ($2, $3::uuid))"
    order = "order by c.active_at desc, c.id desc limit $4"
    of_project = "where c.project_id = $1 and c.deleted_at is null"
    if not words:
        said = "null::text as cut, 1 as starts, false as ends"
        return f"select {columns}, {said} from public.chats c {of_project} {paging} {order}", []
    holds = " and ".join(f"strpos({{0}}, ${n}) > 0" for n in range(5, 5 + len(words)))
    start = f"greatest(1, strpos(t.folded, $5) - {BEFORE})"
    # One pass over the project's texts: asked chat by chat it takes three times as long.
    return (
        f"""with told as materialized (
          select t.chat_id, max(t.seq) as seq from oryxforge.chat_texts t
          where t.project_id = $1 and {holds.format("t.folded")} group by t.chat_id
        ), found as materialized (
          select {columns}, told.seq from public.chats c left join told on told.chat_id = c.id
          {of_project} and (told.chat_id is not null or {holds.format("lower(c.title)")}) {paging} {order}
        )
        select c.*, substr(t.body, {start}, {LENGTH}) as cut, {start} as starts,
          length(t.body) >= {start} + {LENGTH} as ends
        from found c left join oryxforge.chat_texts t on t.chat_id = c.id and t.seq = c.seq
        order by c.active_at desc, c.id desc""",
        list(words),
    )


def chat(row: asyncpg.Record | Mapping[str, Any]) -> Chat:
    return Chat(**fields(row, mode=ChatMode(row["mode"]), status=ChatStatus(row["status"])))


def message(row: asyncpg.Record) -> ChatMessage:
    return ChatMessage(
        id=row["id"],
        chat_id=row["chat_id"],
        seq=row["seq"],
        attempt=row["attempt"],
        role=MessageRole(row["role"]),
        kind=PieceKind(row["kind"]),
        content=row["content"],
        metadata=row["metadata"],
        created_at=row["created_at"],
    )


class PgChats:
    def __init__(self, connection: Connection, actor: Actor, projects: PgProjects) -> None:
        self._db = connection
        self._me = actor.user_id
        self._projects = projects

    async def create(self, project_id: UUID, title: str, agent: str, mode: ChatMode) -> Chat:
        await self._projects.need(project_id, Role.EDITOR)
        row = await self._db.fetchrow(
            f"""insert into public.chats (project_id, user_id, title, agent, mode, status)
            values ($1, $2, $3, $4, $5, 'completed') returning {COLUMNS}""",
            project_id,
            self._me,
            title,
            agent,
            mode.value,
        )
        assert row is not None
        return chat(row)

    async def get(self, chat_id: UUID) -> Chat:
        row = await self._db.fetchrow(SELECT + "and id = $1", chat_id)
        if row is None:
            raise NotFound("There is no such chat, or it is not shared with you.", code="chat_not_found")
        return chat(row)

    async def search(
        self, project_id: UUID, words: Sequence[str], after: Place | None, limit: int
    ) -> list[Hit]:
        await self._projects.get(project_id)
        place = (after.active_at, after.chat_id) if after else (None, None)
        sql, given = searching(words)
        rows = await self._db.fetch(sql, project_id, *place, limit, *given)
        return [
            Hit(
                chat({k: r[k] for k in Chat.__dataclass_fields__}),
                snippet(r["cut"], r["starts"] > 1, r["ends"]) if r["cut"] is not None else None,
            )
            for r in rows
        ]

    async def rename(self, chat_id: UUID, title: str) -> Chat:
        await self._need_editor(chat_id)
        await self._db.execute("update public.chats set title = $2 where id = $1", chat_id, title)
        return await self.get(chat_id)

    async def delete(self, chat_id: UUID) -> None:
        await self._need_editor(chat_id)
        await self._db.execute("update public.chats set deleted_at = now() where id = $1", chat_id)

    async def messages(self, chat_id: UUID, after: int = 0, limit: int = 1000) -> list[ChatMessage]:
        await self.get(chat_id)
        rows = await self._db.fetch(MESSAGES + "order by m.seq limit $3", chat_id, after, limit)
        return [message(r) for r in rows]

    async def counting(self, chat_id: UUID, after: int = 0, limit: int = 1000) -> list[ChatMessage]:
        await self.get(chat_id)
        rows = await self._db.fetch(
            MESSAGES + NOT_SUPERSEDED + "order by m.seq limit $3", chat_id, after, limit
        )
        return [message(r) for r in rows]

    async def counting_before(self, chat_id: UUID, before: int, limit: int) -> list[ChatMessage]:
        await self.get(chat_id)
        earlier = MESSAGES + "and m.seq < $3" + NOT_SUPERSEDED + "order by m.seq desc limit $4"
        rows = await self._db.fetch(earlier, chat_id, 0, before, limit)
        return [message(r) for r in reversed(rows)]

    async def ask(
        self, chat_id: UUID, prompt: str, metadata: Mapping[str, object], agent: str, mode: ChatMode
    ) -> int:
        seq = await self._db.fetchval(ASK, chat_id, agent, mode.value, prompt, dict(metadata))
        if seq is None:
            await self._need_editor(chat_id)
            raise chat_processing()
        return int(seq)

    async def last_question(self, chat_id: UUID) -> ChatMessage | None:
        await self.get(chat_id)
        row = await self._db.fetchrow(
            MESSAGES + "and m.role = 'user' and m.kind = 'text' order by m.seq desc limit 1", chat_id, 0
        )
        return message(row) if row else None

    async def ask_again(self, chat_id: UUID, question: int, agent: str, mode: ChatMode) -> int:
        metadata = asked_again(question, 0)
        seq = await self._db.fetchval(AGAIN, chat_id, question, agent, mode.value, metadata)
        if seq is None:
            await self._need_editor(chat_id)
            raise chat_processing()
        return int(seq)

    async def branch(self, chat_id: UUID, before: int, title: str) -> Chat:
        await self._need_editor(chat_id)
        made = await self._db.fetchval("select oryxforge.branch_chat($1, $2, $3)", chat_id, before, title)
        return await self.get(made)

    async def _need_editor(self, chat_id: UUID) -> Chat:
        found = await self.get(chat_id)
        await self._projects.need(found.project_id, Role.EDITOR)
        return found
