"""`oryxforge config`."""

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit, urlunsplit

import typer
from pydantic import SecretStr

from oryxforge.cli.lazy import new_group
from oryxforge.cli.output import Output
from oryxforge.cli.settings import read_settings
from oryxforge.embedded.home import Home
from oryxforge.settings import Settings

HIDDEN = "set"
HIDDEN_PART = "…"

app = new_group("What this installation is set to.")


@app.command()
def show(
    data: Annotated[Path | None, typer.Option(help="The data folder.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show every setting, secrets hidden, and whether `up` runs."""
    settings = read_settings(data=data)
    running = Home(settings.data).running()
    shown: dict[str, object] = {name: _shown(getattr(settings, name)) for name in Settings.model_fields}
    shown |= {"default_agent": settings.default_agent, "files_root": settings.files_root}
    shown["running"] = running.url if running else None
    Output(as_json).value(shown)


def _shown(value: object) -> object:
    if isinstance(value, SecretStr):
        return _without_password(value.get_secret_value())
    if isinstance(value, str) and "://" in value:
        return _without_login(value)
    return str(value) if isinstance(value, Path) else value


def _without_login(url: str) -> str:
    """Of any other URL neither user nor password nor what it asks for: either may be a key."""
    parts = urlsplit(url)
    _, at, place = parts.netloc.rpartition("@")
    login = f"{HIDDEN_PART}@" if at else ""
    query = HIDDEN_PART if parts.query else ""
    return urlunsplit((parts.scheme, login + place, parts.path, query, ""))


def _without_password(secret: str) -> str:
    """Of a database URL who and where, of any other secret nothing."""
    parts = urlsplit(secret)
    if not parts.scheme.startswith("postgres"):
        return HIDDEN
    login, at, place = parts.netloc.rpartition("@")
    user = login.partition(":")[0]
    return urlunsplit((parts.scheme, f"{user}{at}{place}", parts.path, "", ""))
