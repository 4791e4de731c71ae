"""Markdown by markdown-it."""

from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict


class MarkdownHtml:
    """The Markup port: CommonMark with tables, which scroll where they are wide; an image is a link to it."""

    def __init__(self) -> None:
        self._parser = (
            MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable("image")
        )
        self._parser.add_render_rule("table_open", _table_opens)
        self._parser.add_render_rule("table_close", _table_closes)

    def html(self, markdown: str) -> str:
        return self._parser.render(markdown)


def _table_opens(
    renderer: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType
) -> str:
    return f'<div class="scroll" tabindex="0">{renderer.renderToken(tokens, at, options, env)}'


def _table_closes(
    renderer: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType
) -> str:
    return f"{renderer.renderToken(tokens, at, options, env)}</div>"
