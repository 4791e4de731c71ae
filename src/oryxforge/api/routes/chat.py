"""Asking: `/chat`."""

from uuid import UUID

from fastapi import APIRouter, Response

from oryxforge.api.deps import Api, Caller, RetryKey
from oryxforge.api.events import chat_events, first_event
from oryxforge.api.failures import failed
from oryxforge.api.json import JsonRoute
from oryxforge.api.openapi import signed_in, with_body
from oryxforge.api.schemas.chats import AnswerOut, ChatOut, ChatStarted, QuestionBody
from oryxforge.api.stream import EventStream
from oryxforge.domain.runs import RunStatus
from oryxforge.services.idempotency import Key

router = APIRouter(prefix="/chat", tags=["chats"], route_class=JsonRoute)


@router.post("", status_code=202, summary="Ask", responses=with_body(404, 409))
async def ask(api: Api, actor: Caller, body: QuestionBody, key: RetryKey = None) -> ChatStarted:
    """Answers at once; the work goes on in the background. 409 while the chat is answering."""
    started = await api.chats.ask(actor, body.domain(), Key.of(key, "POST /chat", body.request()))
    return ChatStarted(chat_id=started.chat_id)


@router.post("/stream", summary="Ask and follow", response_class=EventStream, responses=with_body(404, 409))
async def stream(api: Api, actor: Caller, body: QuestionBody, key: RetryKey = None) -> Response:
    """First `event: chat` with the chat's id, then the answer's pieces, then `event: end`.

    A stream that was cut is resumed by `GET /chats/{id}/stream` with the last id seen; the answer goes on meanwhile.
    """
    started = await api.chats.ask(actor, body.domain(), Key.of(key, "POST /chat/stream", body.request()))
    return EventStream(chat_events(api.chats, actor, started.chat_id, started.seq, first_event(started)))


@router.post("/query", summary="Ask and wait", responses=with_body(404, 409, 429, 502))
async def query(api: Api, actor: Caller, body: QuestionBody, key: RetryKey = None) -> AnswerOut:
    """The whole answer; a failed one is a problem. A cancelled one has what was written."""
    started = await api.chats.ask(actor, body.domain(), Key.of(key, "POST /chat/query", body.request()))
    answer = await api.chats.answer(actor, started)
    if answer.status is RunStatus.FAILED:
        raise failed(answer.error, {"chat_id": str(started.chat_id)})
    return AnswerOut(
        chat_id=started.chat_id,
        status=answer.status,
        response=answer.text,
        cost=answer.cost_usd,
        duration=answer.duration_ms,
    )


@router.post("/{chat_id}/cancel", summary="Stop the answer", responses=signed_in(404))
async def cancel(api: Api, actor: Caller, chat_id: UUID) -> ChatOut:
    """What was written stays. No error where nothing is under way."""
    return ChatOut.model_validate(await api.chats.cancel(actor, chat_id))
