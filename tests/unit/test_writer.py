"""The writer over a keeper that refuses: what one chat said must not stop the others."""

import asyncio
from collections.abc import Sequence
from uuid import UUID, uuid4

from oryxforge.adapters.memory.keeper import MemoryKeeper
from oryxforge.adapters.memory.tables import MemoryTables
from oryxforge.domain.chats import Piece
from oryxforge.domain.errors import Unavailable
from oryxforge.domain.runs import Fence
from oryxforge.ports.runs import Batch
from oryxforge.services.writer import PieceWriter


class Choosy(MemoryKeeper):
    """Takes everything but a piece that says `poison`, and is away for the first `outages` calls."""

    def __init__(self, outages: int = 0) -> None:
        super().__init__(MemoryTables())
        self.outages = outages
        self.said: dict[UUID, list[str]] = {}

    async def append(self, batches: Sequence[Batch]) -> frozenset[UUID]:
        if self.outages:
            self.outages -= 1
            raise Unavailable("away")
        if any("poison" in p.content for b in batches for p in b.pieces):
            raise ValueError("poison")
        for batch in batches:
            self.said.setdefault(batch.fence.run_id, []).extend(p.content for p in batch.pieces)
        return frozenset()


async def written(keeper: Choosy, pieces: dict[UUID, str]) -> list[UUID]:
    lost: list[UUID] = []
    writer = PieceWriter(keeper, lost.append, gather_s=0)
    writing = asyncio.create_task(writer.run())
    for run_id, content in pieces.items():
        writer.open(Fence(run_id, 1), 1)
        await writer.put(run_id, Piece.text(content))
    for run_id in pieces:
        await asyncio.wait_for(writer.drain(run_id), 5)
    writing.cancel()
    return lost


async def test_a_refused_piece_ends_its_own_run_alone() -> None:
    good, bad, other = uuid4(), uuid4(), uuid4()
    keeper = Choosy()
    lost = await written(keeper, {good: "one", bad: "poison", other: "two"})
    assert lost == [bad]
    assert keeper.said == {good: ["one"], other: ["two"]}


async def test_pieces_wait_for_the_database() -> None:
    run = uuid4()
    keeper = Choosy(outages=2)
    assert await written(keeper, {run: "kept"}) == []
    assert keeper.said == {run: ["kept"]}
