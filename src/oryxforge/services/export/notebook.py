"""A chat as a Jupyter notebook whose code runs: SQL over the project's tables, through oryxforge."""

import json
from collections.abc import Iterator

from oryxforge.services.export.markdown import item_markdown, plain, quote
from oryxforge.services.export.transcript import Code, Transcript

SETUP = """from oryxforge import Connection, IOService, ProjectContext

connection = Connection()
project = IOService(ProjectContext.open(connection, {project}))"""
Cell = dict[str, object]


def to_notebook(transcript: Transcript) -> str:
    """JSON of nbformat 4.5."""
    cells = [
        {**cell, "id": f"cell-{number}", "metadata": {}} for number, cell in enumerate(_cells(transcript), 1)
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook = {
        "cells": cells,
        "metadata": {
            "kernelspec": kernel,
            "language_info": {"name": "python"},
            "title": transcript.chat.title,
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"


def _cells(transcript: Transcript) -> Iterator[Cell]:
    yield _markdown(f"# {plain(transcript.chat.title)}\n\nProject {plain(transcript.project)}")
    steps = [i for t in transcript.turns for i in t.items if isinstance(i, Code) and i.ok]
    if any(s.language in ("sql", "python") for s in steps):
        yield _code(SETUP.format(project=repr(str(transcript.chat.project_id))))
    for turn in transcript.turns:
        if turn.question:
            yield _markdown(quote(turn.question))
        for item in turn.items:
            if isinstance(item, Code) and item.ok and item.language in ("sql", "python"):
                yield _code(
                    item.code if item.language == "python" else f"project.query({literal(item.code)})"
                )
            elif shown := item_markdown(item):
                yield _markdown(shown)


def literal(sql: str) -> str:
    """The statement as Python text, on its own lines where that keeps every character."""
    sound = '"""' not in sql and "\\" not in sql and all(c.isprintable() or c == "\n" for c in sql)
    return f'"""\n{sql}\n"""' if sound else repr(sql)


def _markdown(text: str) -> Cell:
    return {"cell_type": "markdown", "source": text.splitlines(keepends=True)}


def _code(text: str) -> Cell:
    return {
        "cell_type": "code",
        "execution_count": None,
        "outputs": [],
        "source": text.splitlines(keepends=True),
    }
