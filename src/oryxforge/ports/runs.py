"""The worker's side of a run: claim, write under a fence, end, rescue. Not bound to one user: see RunKeeper.claim."""

from collections.abc import AsyncGenerator, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from oryxforge.domain.chats import ChatStatus, Piece
from oryxforge.domain.identity import Actor
from oryxforge.domain.runs import Fence, Run


@dataclass(frozen=True)
class Batch:
    """Pieces of one run, in order, of which the first gets the sequence number `first_seq`."""

    fence: Fence
    first_seq: int
    pieces: Sequence[Piece]


@dataclass(frozen=True)
class Claimed:
    """A run that this worker now holds, and the actor rebuilt from the run's user."""

    run: Run
    actor: Actor


@dataclass(frozen=True)
class Ending:
    status: ChatStatus
    error: Mapping[str, object] | None = None
    result: Mapping[str, object] | None = None
    cost_usd: float = 0.0
    duration_ms: int = 0


class RunKeeper(Protocol):
    async def claim(self, run_id: UUID) -> Claimed | None:
        """Takes a queued run as its next attempt; None where it is held, ended or gone."""
        ...

    async def append(self, batches: Sequence[Batch]) -> frozenset[UUID]:
        """Writes all batches in one statement; the ids of the runs that this worker no longer holds (nothing written).

        Safe to repeat after a lost connection: a batch that was committed is not written again.
        """
        ...

    async def progress(self, fence: Fence, progress: Mapping[str, object]) -> bool: ...

    async def finish(self, fence: Fence, ending: Ending) -> bool:
        """Ends the run (and its chat) unless the fence is void; safe to repeat. Its cost is counted as `bill` does."""
        ...

    async def bill(self, fence: Fence, cost_usd: float) -> None:
        """Counts what an attempt cost, once, in its chat and as spent: also where it was stopped, or its run goes on.

        Nothing where another worker holds that attempt.
        """
        ...

    async def heartbeat(self) -> frozenset[UUID]:
        """Says that this worker lives; the ids of the runs that it holds now."""
        ...

    async def rescue(self) -> int:
        """Queues again what workers that went silent left; how many runs."""
        ...

    def stops(self) -> AsyncGenerator[UUID]:
        """Ids of runs that were cancelled, as it happens; best effort, the heartbeat tells the same."""
        ...

    async def give_back(self, run_ids: Collection[UUID]) -> None:
        """Queues again what this worker holds of these runs and can't go on with."""
        ...

    async def sign_off(self) -> None:
        """Gives every run that this worker holds back to the queue at once."""
        ...
