"""What an agent remembers of a chat: the entries of its own session, append only."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from oryxforge.domain.runs import Fence

Entry = Mapping[str, object]


@dataclass(frozen=True)
class SessionKey:
    """A session of a chat; `subpath` names a part of it, the empty one is the conversation itself."""

    chat_id: UUID
    session_id: str
    subpath: str = ""


class SessionLog(Protocol):
    async def append(self, fence: Fence, key: SessionKey, entries: Sequence[Entry]) -> bool:
        """Adds JSON entries at the end, each known by the attempt that wrote it; False (nothing written) where the fence is void."""
        ...

    async def load(self, key: SessionKey) -> list[dict[str, object]]:
        """The entries in the order of writing; of those with the same `uuid` only the first."""
        ...

    async def drop_earlier(self, fence: Fence, chat_id: UUID, replaced: Collection[UUID] = ()) -> int:
        """Removes what earlier attempts of this run, and the runs that it replaces, wrote in the chat; how many entries.

        Nothing where the fence is void.
        """
        ...
