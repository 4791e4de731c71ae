"""A chat as a document: Markdown, a page, a notebook."""
