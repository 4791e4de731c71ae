"""A plain language model: a prompt in, text out."""

from collections.abc import AsyncGenerator
from typing import Protocol


class Llm(Protocol):
    def stream(self, prompt: str, model: str | None = None) -> AsyncGenerator[str]:
        """Chunks of the answer as they come, none of them empty.

        Raises Unavailable (code `model_not_configured`) where no model is set, Unprocessable for a model that can't be
        had here, Failed where the provider refuses or fails.
        """
        ...
