"""`oryxforge config`."""

import asyncio
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit, urlunsplit

import typer
from pydantic import SecretStr

from oryxforge.agents.claude.probe import MessagesProbe
from oryxforge.bootstrap.models import make_vault, with_saved_model
from oryxforge.cli.lazy import new_group
from oryxforge.cli.output import Output
from oryxforge.cli.settings import read_settings
from oryxforge.domain.errors import Conflict
from oryxforge.domain.models import ModelAccess, Provider, checked_access
from oryxforge.embedded.home import Home
from oryxforge.ports.models import ModelVault
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
    default = with_saved_model(settings).default_agent
    shown |= {"default_agent": default, "files_root": settings.files_root}
    shown["running"] = running.url if running else None
    Output(as_json).value(shown)


@app.command()
def model(
    base_url: Annotated[
        str | None, typer.Option(help="An endpoint that speaks the Messages API. [default: Anthropic]")
    ] = None,
    name: Annotated[str | None, typer.Option("--model", help="The model; an endpoint needs one.")] = None,
    remove: Annotated[bool, typer.Option("--remove", help="Forget the saved key.")] = False,
    data: Annotated[Path | None, typer.Option(help="The data folder.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Save the model's key, read from stdin or asked for; it is tried first, and counts at the next question."""
    settings = read_settings(data=data)
    vault = make_vault(settings)
    if vault is None:
        raise Conflict("Here a model is set by the environment: ANTHROPIC_API_KEY.", code="model_set_outside")
    out = Output(as_json)
    if remove:
        asyncio.run(vault.remove())
        out.value({"source": "none"})
        return
    provider = Provider.ENDPOINT if base_url else Provider.ANTHROPIC
    access = checked_access(provider, _secret(provider), name, base_url)
    asyncio.run(_save(vault, replace(access, saved_at=datetime.now(UTC))))
    shown = {"source": "settings", "provider": provider.value, "model": access.model}
    out.value({**shown, "base_url": access.base_url, "last_four": access.last_four})


async def _save(vault: ModelVault, access: ModelAccess) -> None:
    await MessagesProbe().check(access)
    await vault.save(access)


def _secret(provider: Provider) -> str:
    """The key: never an option, which other users of the machine and the shell's history would see."""
    if not sys.stdin.isatty():
        return sys.stdin.read().strip()
    asked = "Key" if provider is Provider.ANTHROPIC else "Token (Enter where there is none)"
    return str(typer.prompt(asked, hide_input=True, default="", show_default=False, err=True))


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
