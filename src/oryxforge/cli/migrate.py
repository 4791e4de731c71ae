"""`oryxforge migrate`."""

import asyncio
import os
from typing import Annotated

import typer

from oryxforge.adapters.postgres.migrate import migrate as run_migrations
from oryxforge.bootstrap.data import need
from oryxforge.cli.lazy import new_app
from oryxforge.cli.output import Output
from oryxforge.cli.settings import read_settings

app = new_app("Bring the database's schema up to date.")


@app.command()
def migrate(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Bring the database's schema up to date, as its owner: DATABASE_OWNER_URL, else DATABASE_URL.

    ORYXFORGE_API_PASSWORD and ORYXFORGE_WORKER_PASSWORD, where they are set, become those of the login roles.
    """
    settings = read_settings()
    url = need(settings.database_owner_url or settings.database_url, "DATABASE_OWNER_URL")
    applied = asyncio.run(
        run_migrations(
            url,
            api_password=os.environ.get("ORYXFORGE_API_PASSWORD"),
            worker_password=os.environ.get("ORYXFORGE_WORKER_PASSWORD"),
        )
    )
    said = f"Applied {len(applied)}: {', '.join(applied)}." if applied else "The schema is up to date."
    Output(as_json).done(said, {"applied": list(applied)})
