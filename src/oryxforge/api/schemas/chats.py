"""Chats, their messages and answers on the wire."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from oryxforge.api.schemas.body import Body, Out, Text
from oryxforge.domain.chats import ChatMode, ChatStatus, MessageRole, PieceKind
from oryxforge.domain.runs import RunStatus
from oryxforge.services.chats import Question


class QuestionBody(Body):
    project_id: UUID
    prompt: Annotated[str, Field(examples=["total amount by region"])]
    chat_id: Annotated[UUID | None, Field(description="Go on in this chat.")] = None
    agent: Annotated[Text | None, Field(max_length=40, examples=["quick"])] = None
    mode: ChatMode = ChatMode.EXPLORE
    target: Annotated[
        Text | None, Field(description="The sheet to work on.", examples=["exploration.Totals"])
    ] = None

    def domain(self) -> Question:
        return Question(self.project_id, self.prompt, self.chat_id, self.agent, self.mode, self.target)

    def request(self) -> Mapping[str, object]:
        """What a retry with the same key must repeat."""
        return self.model_dump(mode="json", exclude={"user_id"})


class ChatStarted(Out):
    chat_id: UUID
    status: Literal["processing"] = "processing"
    message: str = "Subscribe to Supabase Realtime for updates"


class AnswerOut(Out):
    """`cost` in US dollars, `duration` in milliseconds."""

    chat_id: UUID
    status: RunStatus
    response: str
    cost: float
    duration: int


class ChatOut(Out):
    id: UUID
    project_id: UUID
    user_id: UUID
    title: str
    agent: str
    mode: ChatMode
    status: ChatStatus
    error: Mapping[str, object] | None
    cost_usd: float
    duration_ms: int
    created_at: datetime
    completed_at: datetime | None
    failed_at: datetime | None


class ChatList(Out):
    chats: list[ChatOut]
    count: int


class ChatPatch(Body):
    title: Annotated[Text, Field(examples=["Sales by region"])]


class MessageOut(Out):
    id: UUID
    chat_id: UUID
    seq: int
    attempt: int
    role: MessageRole
    kind: PieceKind
    content: str
    metadata: Mapping[str, object]
    created_at: datetime


class MessageList(Out):
    """`next` is the `after` of the page that follows, null where this was the last."""

    messages: list[MessageOut]
    next: int | None


class PromptBody(Body):
    prompt: Annotated[Text, Field(min_length=1, max_length=100_000, examples=["Say hello"])]
    model: Annotated[Text | None, Field(max_length=200, examples=["openai:gpt-5"])] = None
