"""Sessions of agents in memory."""

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from oryxforge.domain.runs import Fence
from oryxforge.ports.sessions import Entry, SessionKey


@dataclass(frozen=True)
class _Row:
    key: SessionKey
    fence: Fence
    entry: str


def _always(_fence: Fence) -> bool:
    return True


class MemorySessionLog:
    """`holds` says whether a fence is still good."""

    def __init__(self, holds: Callable[[Fence], bool] = _always) -> None:
        self._holds = holds
        self._rows: list[_Row] = []

    async def append(self, fence: Fence, key: SessionKey, entries: Sequence[Entry]) -> bool:
        if not self._holds(fence):
            return False
        self._rows += [_Row(key, fence, json.dumps(entry)) for entry in entries]
        return True

    async def load(self, key: SessionKey) -> list[dict[str, object]]:
        seen: set[object] = set()
        kept: list[dict[str, object]] = []
        for row in self._rows:
            if row.key != key:
                continue
            entry = json.loads(row.entry)
            name = entry.get("uuid")
            if name is None or name not in seen:
                kept.append(entry)
                seen.add(name)
        return kept

    async def drop_earlier(self, fence: Fence, chat_id: UUID, replaced: Collection[UUID] = ()) -> int:
        if not self._holds(fence):
            return 0
        before = len(self._rows)
        self._rows = [row for row in self._rows if not _is_earlier(row, fence, chat_id, replaced)]
        return before - len(self._rows)


def _is_earlier(row: _Row, fence: Fence, chat_id: UUID, replaced: Collection[UUID]) -> bool:
    same = row.fence.run_id == fence.run_id
    gone = row.fence.attempt < fence.attempt if same else row.fence.run_id in replaced
    return row.key.chat_id == chat_id and gone
