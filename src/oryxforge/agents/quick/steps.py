"""Calls of the toolbox: those that a question needs to be understood, and those that the user sees."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast
from uuid import uuid4

from oryxforge.agents.quick.numerals import number
from oryxforge.domain.chats import Piece, PieceKind
from oryxforge.ports.toolbox import Toolbox, ToolResult

Rows = list[list[object]]


@dataclass(frozen=True)
class Table:
    """A result's first rows, and how many there are in all."""

    headers: list[str]
    types: list[str]
    data: Rows
    total: int

    @property
    def whole(self) -> bool:
        return self.total <= len(self.data)

    def column(self, at: int) -> list[object]:
        return [row[at] for row in self.data]


def table_of(data: Mapping[str, object]) -> Table:
    rows = cast(Sequence[Sequence[object]], data.get("data", ()))
    total = data.get("total")
    return Table(
        [str(h) for h in cast(Sequence[object], data.get("headers", ()))],
        [str(t) for t in cast(Sequence[object], data.get("types", ()))],
        [list(r) for r in rows],
        total if isinstance(total, int) else len(rows),
    )


@dataclass
class Step:
    """One call that the user sees: what was asked for, and how it ended."""

    tool: str
    given: Mapping[str, object]
    id: str = field(default_factory=lambda: f"quick_{uuid4().hex[:12]}")
    began: float = field(default_factory=time.monotonic)

    def use(self) -> Piece:
        return Piece(
            PieceKind.TOOL_USE, metadata={"id": self.id, "tool": self.tool, "input": dict(self.given)}
        )

    def result(self, result: ToolResult) -> Piece:
        took = result.data.get("duration_ms")
        total = result.data.get("total")
        said = f"{total:,} row{'' if total == 1 else 's'}" if isinstance(total, int) else "Done"
        return Piece(
            PieceKind.TOOL_RESULT,
            metadata={
                "id": self.id,
                "tool": self.tool,
                "ok": result.ok,
                "text": said if result.ok else result.text,
                "duration_ms": took
                if isinstance(took, int)
                else round((time.monotonic() - self.began) * 1000),
            },
        )


class Facts:
    """Small questions to the data that a reading hangs on. What can't be had is None."""

    def __init__(self, toolbox: Toolbox) -> None:
        self._toolbox = toolbox

    async def row(self, sql: str) -> list[object] | None:
        found = await self.rows(sql, 1)
        return found[0] if found else None

    async def rows(self, sql: str, limit: int = 1000) -> Rows:
        result = await self._toolbox.call("run_sql", {"sql": sql, "limit": limit})
        return table_of(result.data).data if result.ok else []

    async def numbers(self, sql: str) -> list[float | None]:
        return [number(v) for v in await self.row(sql) or ()]
