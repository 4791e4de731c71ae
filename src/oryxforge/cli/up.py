"""`oryxforge up`: the whole product on one machine."""

import json
import os
import sys
import threading
import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from oryxforge.adapters.logs import configure_logging
from oryxforge.cli.launch import Launch
from oryxforge.cli.lazy import new_app
from oryxforge.cli.listening import is_loopback
from oryxforge.cli.settings import read_settings
from oryxforge.embedded.home import Home
from oryxforge.embedded.supervisor import Stop

EXPOSED = (
    "Warning: listening on {host}: whoever reaches this machine can reach OryxForge, without encryption. "
    "Put a proxy with TLS before it."
)

app = new_app("Run the whole product.")


@app.command()
def up(
    data: Annotated[Path | None, typer.Option(help="The data folder. [default: ~/.oryxforge]")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="0 takes any free one. [default: 8000]")
    ] = None,
    host: Annotated[str | None, typer.Option(help="Where to listen. [default: 127.0.0.1]")] = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Open no browser.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the ready line as JSON.")] = False,
) -> None:
    """Run the whole product: database, web page, API and worker.

    Prints `ready URL` when it serves; the URL signs the local owner in, once. Ctrl-C stops everything.
    """
    settings = read_settings(data=data, port=port, host=host, no_browser=no_browser or None)
    home = Home(settings.data)
    settings = settings.model_copy(update={"data": home.folder})
    if not is_loopback(settings.host):
        print(EXPOSED.format(host=settings.host), file=sys.stderr, flush=True)

    def ready(url: str) -> None:
        print(json.dumps({"status": "ready", "url": url}) if as_json else f"ready {url}", flush=True)
        if not settings.no_browser and _has_display():
            threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()

    configure_logging("WARNING", as_json)
    home.make()
    stop = Stop()
    with home.held():
        Launch(settings, home, stop).run(ready)


def _has_display() -> bool:
    if sys.platform == "darwin":
        return True
    return sys.stdout.isatty() and bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
