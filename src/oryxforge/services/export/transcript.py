"""What was said in a chat, in the order in which a document tells it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from oryxforge.domain.chats import Chat, ChatMessage, PieceKind

ROWS = 20


@dataclass(frozen=True)
class Text:
    """What the analyst wrote, Markdown."""

    markdown: str


@dataclass(frozen=True)
class Code:
    """A step: SQL or Python that was run, or another tool's name and input as text."""

    language: str
    code: str
    ok: bool = True
    failure: str = ""


@dataclass(frozen=True)
class Table:
    title: str
    headers: Sequence[str]
    rows: Sequence[Sequence[object]]
    total: int


@dataclass(frozen=True)
class Chart:
    title: str
    figure: Mapping[str, object]


@dataclass(frozen=True)
class Report:
    title: str
    markdown: str
    sheet_id: str = ""


@dataclass(frozen=True)
class Note:
    """How the question was read, or what the analyst asked back; plain text."""

    text: str


Item = Text | Code | Table | Chart | Report | Note


@dataclass
class Turn:
    """A question in the person's own words, and what was answered."""

    question: str
    items: list[Item] = field(default_factory=list[Item])


@dataclass(frozen=True)
class Transcript:
    chat: Chat
    project: str
    turns: Sequence[Turn]


def turns_of(messages: Sequence[ChatMessage]) -> list[Turn]:
    """The messages that count, in order, as turns; what came before a question has an empty one."""
    turns: list[Turn] = []
    failed = {
        str(m.metadata.get("id")): m
        for m in messages
        if m.kind is PieceKind.TOOL_RESULT and not m.metadata.get("ok")
    }
    for message in messages:
        if message.is_question:
            turns.append(Turn(message.content))
            continue
        if not turns:
            turns.append(Turn(""))
        _add(turns[-1].items, message, failed)
    return turns


def _add(items: list[Item], message: ChatMessage, failed: Mapping[str, ChatMessage]) -> None:
    told = message.metadata
    match message.kind:
        case PieceKind.TEXT:
            before = items.pop().markdown if items and isinstance(items[-1], Text) else ""  # type: ignore[union-attr]
            items.append(Text(before + message.content))
        case PieceKind.TOOL_USE:
            items.append(_code(told, failed.get(str(told.get("id")))))
        case PieceKind.ARTIFACT:
            items += _artifact(told)
        case PieceKind.QUESTION:
            items.append(Note(str(told.get("text", ""))))
        case PieceKind.NOTICE if told.get("code") == "reading":
            items.append(Note(str(told.get("text", ""))))
        case _:
            pass


def _code(told: Mapping[str, object], failure: ChatMessage | None) -> Code:
    given = told.get("input")
    inputs = cast("Mapping[str, object]", given) if isinstance(given, Mapping) else {}
    tool = str(told.get("tool", "step")).rpartition("__")[2]
    language, code = next(
        (
            (lang, str(inputs[k]))
            for k, lang in (("sql", "sql"), ("code", "python"))
            if isinstance(inputs.get(k), str)
        ),
        ("text", " ".join([tool, *(f"{k}={v!r}" for k, v in inputs.items())])),
    )
    said = str(failure.metadata.get("text", "")) if failure else ""
    return Code(language, code, failure is None, said)


def _artifact(told: Mapping[str, object]) -> list[Item]:
    title = str(told.get("title") or "")
    table, chart = told.get("table"), told.get("chart")
    if isinstance(chart, Mapping):
        return [Chart(title, cast("Mapping[str, object]", chart))]
    if isinstance(table, Mapping):
        shown = cast("Mapping[str, object]", table)
        rows = [list(r) for r in cast("Sequence[Sequence[object]]", shown.get("data") or ())]
        total = shown.get("total")
        headers = [str(h) for h in cast("Sequence[object]", shown.get("headers") or ())]
        return [Table(title, headers, rows[:ROWS], total if isinstance(total, int) else len(rows))]
    if told.get("type") == "report":
        return [Report(title, str(told.get("text") or ""), str(told.get("datasheet_id") or ""))]
    return []


def cell(value: object) -> str:
    """A value as it is shown; nothing for what is missing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:.10g}" if isinstance(value, float) and abs(value) < 1e15 and value % 1 else _plain(value)


def _plain(value: object) -> str:
    return (
        str(int(value))
        if isinstance(value, float) and value.is_integer() and abs(value) < 1e15
        else str(value)
    )
