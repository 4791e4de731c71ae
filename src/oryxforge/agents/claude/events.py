"""What the SDK says, as pieces of an answer."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from oryxforge.agents.claude.options import SERVER
from oryxforge.domain.chats import Piece, PieceKind

if TYPE_CHECKING:
    from claude_agent_sdk.types import AssistantMessage, Message, ToolResultBlock, ToolUseBlock, UserMessage

PREFIX = f"mcp__{SERVER}__"
THOUGHT = 200
HOPELESS = (400, 401, 403, 404, 413)


class Reader:
    """Reads the messages of one turn, in order. `results` gives the pieces of a finished call by its id."""

    def __init__(self, results: Callable[[str], Sequence[Piece]]) -> None:
        self._results = results
        self._streamed: set[str] = set()
        self._current = ""
        self._thought = ""
        self._tools: dict[str, str] = {}
        self._gap = False
        self._spoke = False
        self.error: str | None = None

    def read(self, message: "Message") -> Iterator[Piece]:
        """The pieces of one message; none for what only concerns the program itself."""
        from claude_agent_sdk import types as said

        if getattr(message, "parent_tool_use_id", None) is not None:
            return
        match message:
            case said.StreamEvent():
                yield from self._event(message.event)
            case said.AssistantMessage():
                yield from self._assistant(message)
            case said.UserMessage():
                yield from self._user(message)
            case said.SystemMessage() if message.subtype == "api_retry":
                yield from _retry(message.data)
            case _:
                return

    def _event(self, event: Mapping[str, Any]) -> Iterator[Piece]:
        match event.get("type"):
            case "message_start":
                self._current = event["message"]["id"]
            case "content_block_delta":
                self._streamed.add(self._current)
                yield from self._delta(event["delta"])
            case "content_block_stop":
                yield from self._think("", end=True)
            case _:
                return

    def _delta(self, delta: Mapping[str, Any]) -> Iterator[Piece]:
        match delta.get("type"):
            case "text_delta":
                yield from self._say(delta["text"])
            case "thinking_delta":
                yield from self._think(delta["thinking"])
            case _:
                return

    def _say(self, text: str) -> Iterator[Piece]:
        if not text:
            return
        # Text before and after a step is not one paragraph.
        yield Piece.text(clean(f"\n\n{text}" if self._gap and self._spoke else text))
        self._gap, self._spoke = False, True

    def _think(self, text: str, *, end: bool = False) -> Iterator[Piece]:
        self._thought += text
        if self._thought and (end or len(self._thought) >= THOUGHT):
            yield Piece(PieceKind.THINKING, metadata={"text": clean(self._thought)})
            self._thought = ""

    def _assistant(self, message: "AssistantMessage") -> Iterator[Piece]:
        from claude_agent_sdk import types as said

        if message.error is not None:
            self.error = message.error
            return
        streamed = message.message_id in self._streamed
        for block in message.content:
            match block:
                case said.TextBlock() if not streamed:
                    yield from self._say(block.text)
                case said.ThinkingBlock() if not streamed:
                    yield from self._think(block.thinking, end=True)
                case said.ToolUseBlock():
                    yield from self._think("", end=True)
                    yield self._use(block)
                case _:
                    continue

    def _use(self, block: "ToolUseBlock") -> Piece:
        name = block.name.removeprefix(PREFIX)
        self._tools[block.id] = name
        self._gap = True
        return Piece(
            PieceKind.TOOL_USE, metadata={"id": block.id, "tool": name, "input": _clean_all(block.input)}
        )

    def _user(self, message: "UserMessage") -> Iterator[Piece]:
        from claude_agent_sdk.types import ToolResultBlock

        for block in message.content if isinstance(message.content, list) else ():
            if isinstance(block, ToolResultBlock):
                yield from self._results(block.tool_use_id) or (self._refused(block),)

    def _refused(self, block: "ToolResultBlock") -> Piece:
        """The result of a call that never ended on our side: no such tool, out of time."""
        return Piece(
            PieceKind.TOOL_RESULT,
            metadata={
                "id": block.tool_use_id,
                "tool": self._tools.get(block.tool_use_id, ""),
                "ok": not block.is_error,
                "text": clean(_text(block.content)),
                "duration_ms": 0,
            },
        )


def clean(text: str) -> str:
    """Without what no database takes: NUL characters and halves of surrogate pairs."""
    return text.replace("\x00", "\ufffd").encode(errors="replace").decode()


def _clean_all(value: object) -> object:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {clean(str(key)): _clean_all(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_clean_all(inner) for inner in value]
    return value


def _text(content: object) -> str:
    if isinstance(content, list):
        return "\n".join(_text(part.get("text", "")) for part in content if isinstance(part, dict))
    text = content if isinstance(content, str) else ""
    return text.removeprefix("<tool_use_error>").removesuffix("</tool_use_error>")


def _retry(data: Mapping[str, Any]) -> Iterator[Piece]:
    """A notice, but for errors that no retry cures: their failure follows at once."""
    if data.get("error_status") in HOPELESS:
        return
    wait_s = max(1, round(float(data.get("retry_delay_ms") or 0) / 1000))
    text = f"The model service did not answer; trying again in {wait_s} s."
    yield Piece(
        PieceKind.NOTICE,
        metadata={
            "code": "model_retry",
            "text": text,
            "attempt": data.get("attempt"),
            "status": data.get("error_status"),
        },
    )
