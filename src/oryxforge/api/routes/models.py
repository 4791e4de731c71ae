"""Language models: a plain one at `/llm`, and how Claude is reached at `/models/claude`."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from fastapi import APIRouter, Response

from oryxforge.api.deps import Api, Caller
from oryxforge.api.json import JsonRoute
from oryxforge.api.openapi import signed_in, with_body
from oryxforge.api.schemas.chats import PromptBody
from oryxforge.api.schemas.models import ModelBody, ModelOut
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


@router.get("/models/claude", summary="Show how Claude is reached", responses=signed_in())
async def show(api: Api, actor: Caller) -> ModelOut:
    return ModelOut.model_validate(await api.models.show(actor))


@router.post("/models/claude", summary="Set how Claude is reached", responses=with_body(409, 502))
async def save(api: Api, actor: Caller, body: ModelBody) -> ModelOut:
    """Asks the model for one token, and keeps what works. The installation's owner alone may."""
    secret = body.secret.get_secret_value()
    return ModelOut.model_validate(
        await api.models.save(actor, body.provider, secret, body.model, body.base_url)
    )


@router.delete("/models/claude", summary="Remove the saved key", responses=signed_in(409))
async def remove(api: Api, actor: Caller) -> ModelOut:
    return ModelOut.model_validate(await api.models.remove(actor))
