"""The SQL of agents' sessions; the row of the run is locked while its attempt writes, so that a lost one can't."""

import base64
import json
from collections.abc import Collection, Sequence
from uuid import UUID

from oryxforge.adapters.postgres.pool import AWAY, Pool, unavailable
from oryxforge.domain.runs import Fence
from oryxforge.ports.sessions import Entry, SessionKey

HELD = """
with held as (
  select id from oryxforge.runs
  where id = $1 and attempt = $2 and chat_id = $3 and status = 'running'
  for share
)
"""
APPEND = f"""{HELD}
insert into oryxforge.agent_sessions (chat_id, session_id, subpath, run_id, attempt, entry)
select $3, $4, $5, held.id, $2, e.entry::jsonb
from held cross join unnest($6::text[]) with ordinality as e(entry, o)
order by e.o
"""
LOAD = """
select entry::text as entry from oryxforge.agent_sessions
where chat_id = $1 and session_id = $2 and subpath = $3
order by n
"""
DROP = f"""{HELD}
delete from oryxforge.agent_sessions s using held
where s.chat_id = $3 and (s.run_id = held.id and s.attempt < $2 or s.run_id = any ($4::uuid[]) and s.run_id <> held.id)
"""
PACKED = "packed"


class PgSessionLog:
    """The SessionLog port over Postgres, under the workers' login role."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def append(self, fence: Fence, key: SessionKey, entries: Sequence[Entry]) -> bool:
        if not entries:
            return True
        packed = [_pack(entry) for entry in entries]
        done = await self._do(
            APPEND, fence.run_id, fence.attempt, key.chat_id, key.session_id, key.subpath, packed
        )
        return done > 0

    async def load(self, key: SessionKey) -> list[dict[str, object]]:
        async with self._pool.connection() as connection:
            try:
                rows = await connection.fetch(LOAD, key.chat_id, key.session_id, key.subpath)
            except AWAY as error:
                raise unavailable(error) from error
        return _once([_unpack(row["entry"]) for row in rows])

    async def drop_earlier(self, fence: Fence, chat_id: UUID, replaced: Collection[UUID] = ()) -> int:
        return await self._do(DROP, fence.run_id, fence.attempt, chat_id, list(replaced))

    async def _do(self, sql: str, *values: object) -> int:
        async with self._pool.connection() as connection:
            try:
                tag: str = await connection.execute(sql, *values)
            except AWAY as error:
                raise unavailable(error) from error
        return int(tag.rsplit(" ", 1)[1])


def _pack(entry: Entry) -> str:
    """JSON that jsonb takes: it has no NUL character and no half of a surrogate pair, so such an entry goes in wrapped."""
    text = json.dumps(entry, ensure_ascii=False)
    if "\\u0000" in text or not _is_utf8(text):
        whole = base64.b64encode(json.dumps(entry).encode()).decode()
        return json.dumps({PACKED: whole})
    return text


def _unpack(text: str) -> dict[str, object]:
    entry: dict[str, object] = json.loads(text)
    packed = entry.get(PACKED)
    if len(entry) == 1 and isinstance(packed, str):
        return json.loads(base64.b64decode(packed))
    return entry


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _once(entries: list[dict[str, object]]) -> list[dict[str, object]]:
    seen: set[object] = set()
    kept: list[dict[str, object]] = []
    for entry in entries:
        name = entry.get("uuid")
        if name is None or name not in seen:
            kept.append(entry)
            seen.add(name)
    return kept
