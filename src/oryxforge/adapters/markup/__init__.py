"""Markdown by markdown-it."""

import hashlib
import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from mdit_py_plugins.footnote import footnote_plugin

TASK = re.compile(r"\[([ xX])\](?=\s)")


class MarkdownHtml:
    """The Markup port: CommonMark, footnotes, tables that scroll where they are wide, lists of tasks.

    An image is a link to it.
    """

    def __init__(self) -> None:
        self._parser = (
            MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable("image")
        )
        self._parser.use(footnote_plugin, inline=False)
        self._parser.add_render_rule("table_open", _table_opens)
        self._parser.add_render_rule("table_close", _table_closes)
        self._parser.core.ruler.push("tasks", _tick)

    def html(self, markdown: str) -> str:
        # A page holds many texts, and their footnotes must not lead from one to another.
        name = hashlib.blake2s(markdown.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
        return self._parser.render(markdown, {"docId": name})


def _table_opens(
    renderer: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType
) -> str:
    return f'<div class="scroll" tabindex="0">{renderer.renderToken(tokens, at, options, env)}'


def _table_closes(
    renderer: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType
) -> str:
    return f"{renderer.renderToken(tokens, at, options, env)}</div>"


def _tick(state: StateCore) -> None:
    """Boxes of a list of tasks as signs: a form has no place in a document."""
    for item, _, inline in zip(state.tokens, state.tokens[1:], state.tokens[2:], strict=False):
        if item.type == "list_item_open" and inline.type == "inline" and inline.children:
            first = inline.children[0]
            if (found := TASK.match(first.content)) and first.type == "text":
                first.content = ("☐" if found[1] == " " else "☑") + first.content[found.end() :]
                item.attrSet("class", "task")
