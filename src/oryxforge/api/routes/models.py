"""A plain language model: `/llm`."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from fastapi import APIRouter, Response

from oryxforge.api.deps import Api, Caller
from oryxforge.api.json import JsonRoute
from oryxforge.api.openapi import with_body
from oryxforge.api.schemas.chats import PromptBody
from oryxforge.api.stream import EventStream, frame

router = APIRouter(tags=["models"], route_class=JsonRoute)
DONE = frame(b"[DONE]")


@router.post(
    "/llm",
    summary="Stream a model's answer",
    response_class=EventStream,
    responses=with_body(502),
)
async def stream(api: Api, actor: Caller, body: PromptBody) -> Response:
    """Chunks as `data:` frames, then `data: [DONE]`. An error after the first chunk is `event: error`."""
    chunks = api.llm.stream(body.prompt, body.model)
    first = await anext(chunks, None)
    return EventStream(_frames(first, chunks))


async def _frames(first: str | None, chunks: AsyncGenerator[str]) -> AsyncGenerator[bytes]:
    async with aclosing(chunks):
        if first is not None:
            yield frame(first.encode("utf-8", "replace"))
        async for chunk in chunks:
            yield frame(chunk.encode("utf-8", "replace"))
    yield DONE
