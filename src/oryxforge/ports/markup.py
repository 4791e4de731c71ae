"""Markdown as HTML."""

from typing import Protocol


class Markup(Protocol):
    def html(self, markdown: str) -> str:
        """Safe HTML: what is HTML in the Markdown stays text, no image is fetched, no link runs a script."""
        ...
