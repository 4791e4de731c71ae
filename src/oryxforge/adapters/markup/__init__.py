"""Markdown by markdown-it."""

from markdown_it import MarkdownIt


class MarkdownHtml:
    """The Markup port: CommonMark with tables; an image is a link to it."""

    def __init__(self) -> None:
        self._parser = (
            MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable("image")
        )

    def html(self, markdown: str) -> str:
        return self._parser.render(markdown)
