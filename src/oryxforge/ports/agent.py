"""What answers a chat."""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from oryxforge.domain.chats import ChatMessage, ChatMode, Piece
from oryxforge.domain.runs import Fence
from oryxforge.ports.toolbox import Toolbox


@dataclass
class Bill:
    """What an answer has cost so far in US dollars. An agent may write on it until its iterator is closed: what a stopped
    answer cost is often known when no piece can be said any more.
    """

    cost_usd: float = 0.0

    def comes_to(self, cost_usd: float) -> None:
        """The whole cost so far; it only grows."""
        self.cost_usd = max(self.cost_usd, cost_usd)


@dataclass(frozen=True)
class Turn:
    """One question in a chat. `history` is what was said before it, the messages that count, in order; `replaces`
    are earlier runs of the same question, whose answers are to be forgotten. `budget_usd` is what the answer may
    cost at most, None for any amount; `bill` says what it does cost.
    """

    chat_id: UUID
    project_id: UUID
    project_name: str
    prompt: str
    mode: ChatMode
    target: str | None
    history: tuple[ChatMessage, ...]
    fence: Fence
    request_id: str = ""
    replaces: tuple[UUID, ...] = ()
    budget_usd: float | None = None
    bill: Bill = field(default_factory=Bill)


@dataclass(frozen=True)
class Outcome:
    """The cost of an answer in US dollars so far, and what the model's service reported of it.

    The last one counts; an agent that knows its cost before the end may say it earlier, too.
    """

    cost_usd: float = 0.0
    usage: Mapping[str, object] | None = None


class Agent(Protocol):
    """Answers a turn as pieces and at last an Outcome.

    Raises Failed (code and a sentence that helps) where it can't go on; what was yielded before stays. Closing the
    iterator, or cancelling its task, stops it within a second and leaves no process behind; the turn's bill then says
    what it has cost, as far as that is known.
    """

    name: str

    def answer(self, turn: Turn, toolbox: Toolbox) -> AsyncGenerator[Piece | Outcome]: ...
