"""Pieces of all chats of a worker, gathered for some milliseconds and written in one statement."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from loguru import logger

from oryxforge.domain.chats import Piece, PieceKind
from oryxforge.domain.errors import Unavailable
from oryxforge.domain.runs import Fence
from oryxforge.ports.runs import Batch, RunKeeper

TEXT_LIMIT = 32_000
BACKLOG = 2_000


@dataclass
class _Pending:
    fence: Fence
    next_seq: int
    pieces: list[Piece] = field(default_factory=list[Piece])
    idle: asyncio.Event = field(default_factory=asyncio.Event)
    lost: bool = False


class PieceWriter:
    """Writes pieces in order, whole or not at all; tells `on_lost` of a run that this worker does not hold any more."""

    def __init__(self, keeper: RunKeeper, on_lost: Callable[[UUID], None], gather_s: float = 0.02) -> None:
        self._keeper = keeper
        self._on_lost = on_lost
        self._gather_s = gather_s
        self._open: dict[UUID, _Pending] = {}
        self._work = asyncio.Event()

    def open(self, fence: Fence, next_seq: int) -> None:
        pending = _Pending(fence, next_seq)
        pending.idle.set()
        self._open[fence.run_id] = pending

    async def put(self, run_id: UUID, piece: Piece) -> None:
        """Queues a piece; waits while the run has a long backlog."""
        pending = self._open[run_id]
        if pending.lost:
            return
        while len(pending.pieces) >= BACKLOG:
            await pending.idle.wait()
        _join(pending.pieces, piece)
        pending.idle.clear()
        self._work.set()

    async def drain(self, run_id: UUID) -> None:
        """Returns when everything put so far is committed (or the run is lost)."""
        await self._open[run_id].idle.wait()

    def close(self, run_id: UUID) -> None:
        self._open.pop(run_id, None)

    async def run(self) -> None:
        """Writes until cancelled, at most once in the gathering time; what comes after a pause goes at once."""
        now = asyncio.get_running_loop().time
        due = now()
        while True:
            await self._work.wait()
            await asyncio.sleep(max(0, due - now()))
            due = now() + self._gather_s
            self._work.clear()
            await self._flush([p for p in self._open.values() if p.pieces and not p.lost])

    async def _flush(self, ready: list[_Pending]) -> None:
        taken = [(p, p.pieces) for p in ready]
        for pending, _ in taken:
            pending.pieces = []
        batches = [Batch(p.fence, p.next_seq, pieces) for p, pieces in taken]
        lost = await self._written(batches)
        for pending, pieces in taken:
            if pending.fence.run_id in lost:
                pending.lost = True
                pending.pieces = []
                if self._open.get(pending.fence.run_id) is pending:
                    self._on_lost(pending.fence.run_id)
            pending.next_seq += len(pieces)
            if not pending.pieces:
                pending.idle.set()

    async def _written(self, batches: list[Batch]) -> frozenset[UUID]:
        """Repeats until the database has said yes or no: an unknown commit is told apart by its sequence number."""
        delay = 0.1
        while True:
            try:
                return await self._keeper.append(batches)
            except Unavailable:
                logger.warning("pieces wait for the database", chats=len(batches))
                await asyncio.sleep(delay)
                delay = min(delay * 2, 1)
            except Exception:  # noqa: BLE001 - what one chat said must not stop the others
                logger.exception("pieces were refused", chats=len(batches))
                return await self._apart(batches)

    async def _apart(self, batches: list[Batch]) -> frozenset[UUID]:
        """Each chat by itself: the one whose pieces the database refuses gives up its run."""
        if len(batches) == 1:
            return frozenset({batches[0].fence.run_id})
        return frozenset().union(*[await self._written([b]) for b in batches])


def _join(pieces: list[Piece], piece: Piece) -> None:
    """Neighbouring text of one chat becomes one row."""
    last = pieces[-1] if pieces else None
    plain = piece.kind is PieceKind.TEXT and not piece.metadata
    if (
        plain
        and last is not None
        and last.kind is PieceKind.TEXT
        and not last.metadata
        and len(last.content) < TEXT_LIMIT
    ):
        pieces[-1] = Piece.text(last.content + piece.content)
    else:
        pieces.append(piece)
