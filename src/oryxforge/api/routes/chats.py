"""Chats: past ones, their messages, their events."""

from dataclasses import asdict
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Query, Response

from oryxforge.api.deps import Api, Caller, RetryKey
from oryxforge.api.events import after_event, chat_events
from oryxforge.api.json import Json, JsonRoute, dumps
from oryxforge.api.openapi import signed_in, with_body
from oryxforge.api.schemas.chats import (
    BranchBody,
    ChatBranched,
    ChatHitOut,
    ChatList,
    ChatOut,
    ChatPatch,
    ChatStarted,
    MessageList,
)
from oryxforge.api.stream import EventStream
from oryxforge.services.export.chats import MEDIA, Format
from oryxforge.services.idempotency import Key

router = APIRouter(prefix="/chats", tags=["chats"], route_class=JsonRoute)
LAST_SEQ = 2**31 - 1


@router.get("", summary="List or search a project's chats", responses=signed_in(404))
async def find(
    api: Api,
    actor: Caller,
    project_id: Annotated[UUID, Query()],
    search: Annotated[
        str, Query(max_length=200, description="Words that the title or the text must have.")
    ] = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
    after: Annotated[str | None, Query(max_length=200, description="The `next` of the page before.")] = None,
) -> ChatList:
    """Those last asked or answered first; a question that is being answered is searched once its answer has ended."""
    hits, following = await api.chats.find(actor, project_id, search, after, limit)
    found = [ChatHitOut(**asdict(h.chat), snippet=h.snippet) for h in hits]
    return ChatList(chats=found, count=len(found), next=following)


@router.get("/{chat_id}", summary="Show a chat", responses=signed_in(404))
async def show(api: Api, actor: Caller, chat_id: UUID) -> ChatOut:
    return ChatOut.model_validate(await api.chats.get(actor, chat_id))


@router.patch("/{chat_id}", summary="Rename a chat", responses=with_body(404))
async def rename(api: Api, actor: Caller, chat_id: UUID, body: ChatPatch) -> ChatOut:
    return ChatOut.model_validate(await api.chats.rename(actor, chat_id, body.title))


@router.delete("/{chat_id}", status_code=204, summary="Delete a chat", responses=signed_in(404))
async def delete(api: Api, actor: Caller, chat_id: UUID) -> Response:
    """Stops its answer, if one is under way."""
    await api.chats.delete(actor, chat_id)
    return Response(status_code=204)


@router.post("/{chat_id}/regenerate", status_code=202, summary="Answer anew", responses=signed_in(404, 409))
async def regenerate(api: Api, actor: Caller, chat_id: UUID, key: RetryKey = None) -> ChatStarted:
    """Answers the chat's last question again, by the agent that it was put to.

    A notice `attempt_restarted` supersedes the earlier answer at once: its rows stay and count no more. 409 while the chat
    is answering, 422 where nothing was asked.
    """
    started = await api.chats.regenerate(actor, chat_id, Key.of(key, f"POST /chats/{chat_id}/regenerate", {}))
    return ChatStarted(chat_id=started.chat_id)


@router.post(
    "/{chat_id}/branch",
    status_code=202,
    summary="Go on from the middle of a chat",
    responses={201: {"model": ChatBranched, "description": "Made; nothing was asked."}, **with_body(404)},
)
async def branch(
    api: Api, actor: Caller, chat_id: UUID, body: BranchBody, response: Response, key: RetryKey = None
) -> ChatBranched:
    """A new chat with copies of the messages that count before `seq`, their steps, artifacts and sources included.

    With a `prompt` that is asked in it at once (202): by the agent, in the mode and on the sheet of the question at `seq`.
    """
    retry = Key.of(key, f"POST /chats/{chat_id}/branch", body.request())
    made = await api.chats.branch(actor, chat_id, body.seq, body.prompt, retry)
    response.status_code = 202 if made.asked else 201
    return ChatBranched(chat_id=made.chat.id, status=made.chat.status, title=made.chat.title)


@router.get(
    "/{chat_id}/export",
    summary="Take a chat along",
    response_class=Response,
    responses={200: {"content": {kind: {} for kind in MEDIA.values()}}, **signed_in(404)},
)
async def export(
    api: Api,
    actor: Caller,
    chat_id: UUID,
    wanted: Annotated[Format, Query(alias="format")] = Format.MARKDOWN,
) -> Response:
    """As Markdown, as a page that needs nothing else (print it for a PDF), or as a notebook whose code runs."""
    made = await api.exports.export(actor, chat_id, wanted)
    headers = {"Content-Disposition": f'attachment; filename="{made.name}"'}
    return Response(made.text, media_type=made.media_type, headers=headers)


@router.get(
    "/{chat_id}/messages", summary="Read a chat", response_model=MessageList, responses=signed_in(404)
)
async def messages(
    api: Api,
    actor: Caller,
    chat_id: UUID,
    after: Annotated[int, Query(ge=0, le=LAST_SEQ)] = 0,
    before: Annotated[
        int | None,
        Query(
            ge=1,
            le=LAST_SEQ,
            description="Gives the last ones before it instead; the largest, the chat's end.",
        ),
    ] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 500,
) -> Response:
    """The messages that count, in order: without what a restarted attempt supersedes."""
    following = previous = None
    if before is None:
        found, following = await api.chats.messages(actor, chat_id, after, limit)
    else:
        found, previous = await api.chats.messages_before(actor, chat_id, before, limit)
    return Json(dumps({"messages": found, "next": following, "previous": previous}))


@router.get(
    "/{chat_id}/stream",
    summary="Follow a chat",
    response_class=EventStream,
    responses=signed_in(404),
)
async def follow(
    api: Api,
    actor: Caller,
    chat_id: UUID,
    last_event_id: Annotated[str | None, Header(alias="Last-Event-ID", max_length=100)] = None,
) -> Response:
    """Its messages as events, from the start or after `Last-Event-ID`, as they come; then `event: end`."""
    after = after_event(chat_id, last_event_id)
    await api.chats.get(actor, chat_id)
    return EventStream(chat_events(api.chats, actor, chat_id, after))
