"""What an agent may do, as data: the same catalogue for the chat agent and for MCP."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from oryxforge.domain.chats import Piece


@dataclass(frozen=True)
class ToolSpec:
    """A tool by name, with a JSON Schema of its arguments."""

    name: str
    description: str
    input_schema: Mapping[str, object]


@dataclass(frozen=True)
class ToolResult:
    """`text` goes to the model (capped, fenced); `data` is the same as JSON-ready values; `pieces` join the answer."""

    ok: bool
    text: str
    data: Mapping[str, object] = field(default_factory=dict[str, object])
    pieces: Sequence[Piece] = ()


class Toolbox(Protocol):
    """The tools bound to one actor, project and chat. A call never raises for bad input: `ok` is False, `text` says why."""

    def specs(self) -> Sequence[ToolSpec]: ...

    async def call(self, name: str, arguments: Mapping[str, object]) -> ToolResult: ...
