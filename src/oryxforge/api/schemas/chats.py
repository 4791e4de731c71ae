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
    active_at: Annotated[datetime, Field(description="When it was last asked or answered.")]
    branched_from: Annotated[UUID | None, Field(description="The chat that this one goes on from.")] = None
    branched_at: Annotated[
        int | None, Field(description="The sequence number there, before which all was copied.")
    ] = None


class BranchBody(Body):
    seq: Annotated[
        int, Field(ge=1, le=2**31 - 1, description="Copy what counts before this message.", examples=[5])
    ]
    prompt: Annotated[str | None, Field(description="Ask this in the new chat at once.")] = None

    def request(self) -> Mapping[str, object]:
        return self.model_dump(mode="json", exclude={"user_id"})


class ChatBranched(Out):
    """The new chat; `processing` where a question is on its way in it."""

    chat_id: UUID
    status: ChatStatus
    title: str


class ChatHitOut(ChatOut):
    snippet: Annotated[str | None, Field(description="What was said around a word that was looked for.")] = (
        None
    )


class ChatList(Out):
    """`count` of this page; `next` is the `after` of the page that follows, null where this was the last."""

    chats: list[ChatHitOut]
    count: int
    next: str | None


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
    """`next` is the `after` of the page that follows, null where this was the last; `previous`, where `before` was given,
    the `before` of the page that precedes, null where this begins the chat."""

    messages: list[MessageOut]
    next: int | None
    previous: int | None


class PromptBody(Body):
    prompt: Annotated[Text, Field(min_length=1, max_length=100_000, examples=["Say hello"])]
    model: Annotated[Text | None, Field(max_length=200, examples=["openai:gpt-5"])] = None
