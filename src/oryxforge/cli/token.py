"""`oryxforge token`."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from loguru import logger

from oryxforge.cli.accounts import open_accounts
from oryxforge.cli.lazy import new_app
from oryxforge.cli.output import Output
from oryxforge.cli.settings import read_settings
from oryxforge.ports.accounts import Session
from oryxforge.settings import Settings

app = new_app("Print an access token.")


@app.command()
def token(
    data: Annotated[Path | None, typer.Option(help="The data folder.")] = None,
    email: Annotated[str | None, typer.Option(help="Of an account. [default: the local owner's]")] = None,
    hours: Annotated[int, typer.Option(min=1, max=24 * 365, help="How long it is good for.")] = 12,
    as_json: Annotated[bool, typer.Option("--json", help="Print it with its end and its user.")] = False,
) -> None:
    """Print an access token for scripts, and nothing else.

    curl -H "Authorization: Bearer $(oryxforge token)" http://127.0.0.1:8000/projects
    """
    logger.remove()
    session = asyncio.run(_session(read_settings(data=data), email, hours * 3600))
    if as_json:
        told = {"access_token": session.access_token, "expires_at": session.expires_at, "user": session.user}
        Output(as_json).json(told)
    else:
        print(session.access_token)


async def _session(settings: Settings, email: str | None, ttl_s: int) -> Session:
    async with open_accounts(settings) as accounts:
        return await accounts.token(email, ttl_s)
