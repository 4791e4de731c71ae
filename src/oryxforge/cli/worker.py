"""`oryxforge worker`."""

from typing import Annotated

import typer

from oryxforge.cli.lazy import new_app
from oryxforge.cli.serving import run_worker
from oryxforge.cli.settings import read_settings

app = new_app("Run a worker.")


@app.command()
def worker(
    concurrency: Annotated[
        int | None, typer.Option(min=1, help="Chats and imports at once. [default: 256]")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write the log as JSON.")] = False,
) -> None:
    """Run a worker until it is told to stop; it then gives back what it holds, for another to go on.

    Settings come from the environment: DATABASE_WORKER_URL and the like.
    """
    run_worker(read_settings(worker_concurrency=concurrency, log_json=as_json or None))
