"""The Llm port through LangChain: any provider that `init_chat_model` knows, or an OpenAI-compatible endpoint."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from loguru import logger

from oryxforge.domain.errors import Failed, OryxError, Unavailable, Unprocessable

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessageChunk

TIMEOUT_S = 60
RETRIES = 1
SAID = {
    400: "refused the request",
    401: "refused the key; set the right one in ORYXFORGE_LLM_API_KEY",
    403: "refused the key; set one that may use this model in ORYXFORGE_LLM_API_KEY",
    404: "does not know the model; set another in ORYXFORGE_LLM",
    429: "is busy or its quota is used up; try again later",
}


class LangChainLlm:
    """`model` is `provider:name`, such as `openai:gpt-5`; `base_url` any endpoint that speaks the provider's protocol."""

    def __init__(self, model: str | None, base_url: str | None, api_key: str | None) -> None:
        self._model = model
        self._base_url = base_url
        self._api_key = api_key
        self._chat = lru_cache(8)(self._make)

    async def stream(self, prompt: str, model: str | None = None) -> AsyncGenerator[str]:
        chat = await asyncio.to_thread(self._chat, self._name(model))
        answer = cast("AsyncGenerator[AIMessageChunk]", chat.astream(prompt))
        async with aclosing(answer) as chunks:
            try:
                async for chunk in chunks:
                    if text := str(chunk.text):
                        yield text
            except Exception as error:
                raise _failed(error) from error

    def _name(self, asked: str | None) -> str:
        if self._model is None:
            raise Unavailable(
                "No language model is set here. Set ORYXFORGE_LLM, for example to openai:gpt-5, and its key.",
                code="model_not_configured",
            )
        provider, _, _ = self._model.rpartition(":")
        if asked is None:
            return self._model
        if ":" not in asked:
            return f"{provider}:{asked}" if provider else asked
        if asked.partition(":")[0] != provider:
            raise Unprocessable(
                f"Models of {provider or 'the set provider'} alone can be had here.", code="model_unknown"
            )
        return asked

    def _make(self, name: str) -> "BaseChatModel":
        from langchain.chat_models import init_chat_model

        settings: dict[str, Any] = {"timeout": TIMEOUT_S, "max_retries": RETRIES}
        given = {"base_url": self._base_url, "api_key": self._api_key}
        settings.update({k: v for k, v in given.items() if v is not None})
        try:
            return init_chat_model(name, **settings)
        except Exception as error:
            logger.warning("model can't be set up", cause=type(error).__name__)
            raise Unavailable(
                "The language model is not set up fully. Check ORYXFORGE_LLM, its key and its base URL.",
                code="model_not_configured",
            ) from error


def _failed(error: Exception) -> OryxError:
    status = getattr(error, "status_code", None)
    said = SAID.get(status) if isinstance(status, int) else None
    logger.warning("model failed", cause=type(error).__name__, status=status)
    return Failed(
        f"The model's service {said or 'does not answer as it should; try again in a moment'}.",
        code="model_failed",
    )
