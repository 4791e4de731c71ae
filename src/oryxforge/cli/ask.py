"""`oryxforge ask`."""

import asyncio
import time
from contextlib import aclosing
from pathlib import Path
from typing import Annotated

import typer
from loguru import logger

from oryxforge.bootstrap.local import LocalAnalyst, local_analyst
from oryxforge.cli.answers import AnswerPrinter
from oryxforge.cli.charts import make_folder, save_charts
from oryxforge.cli.errors import Usage
from oryxforge.cli.lazy import new_app
from oryxforge.cli.output import Output
from oryxforge.cli.settings import read_settings
from oryxforge.ports.agent import Outcome

AGENTS = ("claude", "quick")

app = new_app("Ask a question about files.")


@app.command()
def ask(
    files: Annotated[
        list[str], typer.Argument(metavar='FILE... "QUESTION"', help="Files, and last the question.")
    ],
    agent: Annotated[
        str | None, typer.Option(help="claude or quick. [default: quick, claude where it is set up]")
    ] = None,
    model: Annotated[str | None, typer.Option(help="The model of claude.")] = None,
    save: Annotated[Path | None, typer.Option(help="A folder for the answer's charts.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole answer as JSON.")] = False,
) -> None:
    """Ask a question about local files; needs no server.

    oryxforge ask sales.csv "total amount by region"

    In SQL each file is a table by its name without the ending: orders.csv is orders.
    """
    if len(files) < 2:
        raise Usage('Name a file and ask: oryxforge ask sales.csv "total amount by region"')
    if agent not in (None, *AGENTS):
        raise Usage(f"There is no agent {agent!r}; there is {' and '.join(AGENTS)}.", code="agent_unknown")
    if save is not None:
        make_folder(save)
    logger.remove()
    settings = read_settings(model=model)
    question = files[-1]
    out = Output(as_json)

    async def run() -> None:
        async with local_analyst(settings, [Path(f) for f in files[:-1]], agent) as analyst:
            await _answer(analyst, question, out, save)

    asyncio.run(run())


async def _answer(analyst: LocalAnalyst, question: str, out: Output, save: Path | None) -> None:
    printer = AnswerPrinter(out)
    started = time.monotonic()
    cost = 0.0
    async with aclosing(analyst.answer(question)) as answer:
        async for item in answer:
            if isinstance(item, Outcome):
                cost = item.cost_usd
            else:
                printer.piece(item.kind.value, item.content, item.metadata)
    printer.end()
    duration_ms = round((time.monotonic() - started) * 1000)
    told = printer.collected.to_json(analyst.agent.name, cost, duration_ms)
    if save is not None:
        told["saved"] = [str(path) for path in save_charts(printer.collected.charts, save)]
        out.note(
            "Saved " + ", ".join(map(str, told["saved"])) if told["saved"] else "There is no chart to save."
        )
    if out.as_json:
        out.json(told)
    else:
        spent = f", {cost:.4f} US dollars" if cost else ""
        out.note(f"({analyst.agent.name}, {duration_ms} ms{spent})")
