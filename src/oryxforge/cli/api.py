"""`oryxforge api`."""

from typing import Annotated

import typer

from oryxforge.cli.lazy import new_app
from oryxforge.cli.serving import run_api
from oryxforge.cli.settings import read_settings

app = new_app("Run the API.")


@app.command()
def api(
    host: Annotated[str | None, typer.Option(help="Where to listen. [default: 127.0.0.1]")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="[default: 8000]")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write the log as JSON.")] = False,
) -> None:
    """Run the API until it is told to stop. Settings come from the environment: DATABASE_URL and the like."""
    run_api(read_settings(host=host, port=port, log_json=as_json or None))
