"""The command `oryxforge`: finds the command that was asked for, and turns errors into exit codes."""

import os
import sys
from typing import Annotated

import typer
from typer.main import get_command

from oryxforge import __version__
from oryxforge.cli import errors
from oryxforge.cli.lazy import LazyGroup, new_app

DEBUG, JSON = "--debug", "--json"

COMMANDS = {
    "up": "Run the whole product: database, web page, API and worker.",
    "ask": "Ask a question about files; needs no server.",
    "projects": "Projects and the people in them.",
    "sources": "Uploaded files: upload, preview, import.",
    "datasets": "Datasets of a project.",
    "sheets": "Sheets: tables, charts, reports and their versions.",
    "data": "Rows of sheets: head, query, export.",
    "chat": "Chats: ask, follow, show, cancel.",
    "mcp": "A project's tools for other assistants.",
    "config": "What this installation is set to.",
    "users": "Accounts of the embedded mode.",
    "token": "Print an access token for scripts.",
    "doctor": "Check this installation and say what to fix.",
    "api": "Run the API (production).",
    "worker": "Run a worker (production).",
    "migrate": "Bring the database's schema up to date (production).",
}


class Root(LazyGroup):
    modules = {name: (f"oryxforge.cli.{name}", text) for name, text in COMMANDS.items()}


app = new_app("OryxForge: a data analyst that you chat with.", completion=True)


def _version(asked: bool) -> None:
    if asked:
        print(f"oryxforge {__version__}")
        raise typer.Exit


@app.callback(cls=Root, no_args_is_help=True)
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
    debug: Annotated[bool, typer.Option(DEBUG, help="Show the trace of an error.")] = False,
) -> None:
    """OryxForge: a data analyst that you chat with. `oryxforge COMMAND --help` tells more."""


def run(args: list[str]) -> int:
    """Runs one command; its exit code."""
    debug = DEBUG in args or bool(os.environ.get("ORYXFORGE_DEBUG"))
    as_json = JSON in args or bool(os.environ.get("ORYXFORGE_JSON"))
    try:
        code = get_command(app).main(
            [a for a in args if a != DEBUG], prog_name="oryxforge", standalone_mode=False
        )
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return errors.PIPE_CLOSED
    except (KeyboardInterrupt, typer.Abort):
        return errors.INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the edge of the program
        return errors.report(error, as_json=as_json, debug=debug)
    return code if isinstance(code, int) else 0


def main() -> None:
    sys.exit(run(sys.argv[1:]))
