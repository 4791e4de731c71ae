from claude_agent_sdk.types import (
    AssistantMessage,
    StreamEvent,
    SystemMessage,
    TextBlock,
    ThinkingBlock,
    ToolResultBlock,
    ToolUseBlock,
    UserMessage,
)

from oryxforge.agents.claude.events import Reader
from oryxforge.domain.chats import Piece, PieceKind

DONE = Piece(PieceKind.TOOL_RESULT, metadata={"id": "t1", "ok": True})


def event(**fields: object) -> StreamEvent:
    return StreamEvent("u", "s", fields)


def delta(**fields: object) -> StreamEvent:
    return event(type="content_block_delta", index=0, delta=fields)


START = event(type="message_start", message={"id": "m1"})
STOP = event(type="content_block_stop", index=0)


def says(*blocks: object, id: str = "m1", error: str | None = None) -> AssistantMessage:
    return AssistantMessage(list(blocks), "model", message_id=id, error=error)  # type: ignore[arg-type]


def read(*messages: object, results: dict[str, tuple[Piece, ...]] | None = None) -> list[Piece]:
    reader = Reader(lambda call_id: (results or {}).get(call_id, ()))
    return [piece for message in messages for piece in reader.read(message)]  # type: ignore[arg-type]


def test_text_comes_as_it_streams_and_not_again() -> None:
    pieces = read(
        START, delta(type="text_delta", text="a"), delta(type="text_delta", text="b"), says(TextBlock("ab"))
    )
    assert pieces == [Piece.text("a"), Piece.text("b")]


def test_a_message_that_did_not_stream_is_read_whole() -> None:
    assert read(says(ThinkingBlock("hm", ""), TextBlock("ab"))) == [
        Piece(PieceKind.THINKING, metadata={"text": "hm"}),
        Piece.text("ab"),
    ]


def test_thoughts_are_gathered_to_some_length() -> None:
    pieces = read(START, *[delta(type="thinking_delta", thinking="x" * 90)] * 4, STOP)
    assert [len(str(p.metadata["text"])) for p in pieces] == [270, 90]


def test_text_after_a_step_is_a_new_paragraph() -> None:
    pieces = read(
        says(TextBlock("Look:"), ToolUseBlock("t1", "mcp__oryxforge__run_sql", {"sql": "x"})),
        UserMessage([ToolResultBlock("t1", "ok")]),
        says(TextBlock("Seven."), id="m2"),
        says(TextBlock(" Done."), id="m3"),
        results={"t1": (DONE,)},
    )
    assert [p.content for p in pieces] == ["Look:", "", "", "\n\nSeven.", " Done."]
    assert pieces[1].metadata == {"id": "t1", "tool": "run_sql", "input": {"sql": "x"}}
    assert pieces[2] is DONE


def test_a_call_that_our_side_never_ended_has_a_result_all_the_same() -> None:
    refused = UserMessage([ToolResultBlock("t9", "<tool_use_error>no such tool</tool_use_error>", True)])
    (use, result) = read(says(ToolUseBlock("t9", "Bash", {})), refused)
    assert use.metadata["tool"] == "Bash"
    assert result.metadata == {
        "id": "t9",
        "tool": "Bash",
        "ok": False,
        "text": "no such tool",
        "duration_ms": 0,
    }


def test_a_retry_is_a_notice() -> None:
    data = {"attempt": 1, "retry_delay_ms": 2100, "error_status": 529}
    (notice,) = read(SystemMessage("api_retry", data))
    assert notice.metadata["code"] == "model_retry"
    assert "2 s" in str(notice.metadata["text"])


def test_no_notice_of_a_retry_that_can_not_help() -> None:
    assert read(SystemMessage("api_retry", {"error_status": 401})) == []


def test_what_no_database_takes_is_replaced() -> None:
    text, use = read(says(TextBlock("a\x00b"), ToolUseBlock("t1", "x", {"k": ["\ud800", 1]})))
    assert text.content == "a\ufffdb"
    assert use.metadata["input"] == {"k": ["?", 1]}


def test_the_text_of_an_error_is_no_answer() -> None:
    reader = Reader(lambda _: ())
    assert list(reader.read(says(TextBlock("API Error: 529"), error="server_error"))) == []
    assert reader.error == "server_error"


def test_what_concerns_the_program_is_left_out() -> None:
    inner = AssistantMessage([TextBlock("x")], "model", parent_tool_use_id="t1")
    assert read(SystemMessage("init", {}), UserMessage("go on"), inner) == []
