"""What commands about projects, files and chats work with: a server, the person's token, and where to print."""

import functools
import inspect
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Concatenate, ParamSpec, cast
from uuid import UUID

import typer

from oryxforge.adapters.supabase.tokens import access_claims, load_or_create_key
from oryxforge.cli.client import Client, JsonObject
from oryxforge.cli.errors import Usage
from oryxforge.cli.finding import find_project
from oryxforge.cli.output import Output
from oryxforge.cli.settings import read_settings
from oryxforge.domain.errors import Unauthenticated, Unavailable
from oryxforge.embedded.home import Home, Owner
from oryxforge.settings import Settings

P = ParamSpec("P")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
DataFolder = Annotated[Path | None, typer.Option("--data", help="The data folder. [default: ~/.oryxforge]")]
Url = Annotated[str | None, typer.Option("--url", help="A server; without it, the `up` of the data folder.")]
Token = Annotated[str | None, typer.Option("--token", help="An access token for that server.")]
ProjectOption = Annotated[
    str | None, typer.Option("--project", "-p", help="A project's name or id; not needed where there is one.")
]

OPTIONS: tuple[tuple[str, object, object], ...] = (
    ("as_json", AsJson, False),
    ("url", Url, None),
    ("token", Token, None),
    ("data", DataFolder, None),
)
TOKEN_S = 3600


class Door:
    """Made by each command anew; connects when it is first used."""

    def __init__(self, as_json: bool, url: str | None, token: str | None, data: Path | None) -> None:
        self.out = Output(as_json)
        self._url = url
        self._token = token
        self._settings = read_settings(data=data)

    @functools.cached_property
    def client(self) -> Client:
        """Raises Unavailable where no `up` runs, Unauthenticated where a server was named without a token."""
        if self._url is None:
            return self._local()
        if self._token is None:
            raise Unauthenticated(
                f"A token for {self._url} is needed: give it with --token or ORYXFORGE_TOKEN.",
                code="token_missing",
            )
        return Client(self._url, self._token)

    def disconnect(self) -> None:
        """The next use connects anew."""
        self.__dict__.pop("client", None)

    def _local(self) -> Client:
        running = Home(self._settings.data).running()
        if running is None:
            raise Unavailable(
                f"OryxForge does not run on {self._settings.data}. Start it with `oryxforge up`, name another "
                "folder with --data, or a server with --url and --token.",
                code="not_running",
            )
        return Client(running.url, self._token or _token_of(running.owner, self._settings))

    def confirm(self, question: str, yes: bool) -> None:
        """Raises Abort where a person says no where nobody can be asked."""
        if yes:
            return
        if not sys.stdin.isatty():
            raise Usage("This deletes something: say --yes.", code="not_confirmed")
        typer.confirm(question, abort=True, err=True)

    def project(self, named: str | None) -> JsonObject:
        """A project by id or name; without either the only one. Raises NotFound."""
        return find_project(self.client, named)

    def project_id(self, named: str | None) -> str:
        return str(self.project(named)["id"])


def _token_of(owner: Owner, settings: Settings) -> str:
    key = load_or_create_key(settings.key_file)
    return key.sign(access_claims(UUID(owner.id), owner.email, settings.issuer, TOKEN_S, "password"))


def command(
    app: typer.Typer, name: str | None = None
) -> Callable[[Callable[Concatenate[Door, P], None]], Callable[Concatenate[Door, P], None]]:
    """Registers a function as a command; the options that make its door are added to its own."""

    def register(function: Callable[Concatenate[Door, P], None]) -> Callable[Concatenate[Door, P], None]:
        def run(*args: P.args, **kwargs: P.kwargs) -> None:
            as_json, url, token, data = (kwargs.pop(option) for option, _, _ in OPTIONS)
            door = Door(
                bool(as_json),
                cast("str | None", url),
                cast("str | None", token),
                cast("Path | None", data),
            )
            function(door, *args, **kwargs)

        run.__doc__ = function.__doc__
        _take_signature(run, function)
        app.command(name or function.__name__)(run)
        return function

    return register


def _take_signature(run: Callable[..., None], function: Callable[..., None]) -> None:
    own = list(inspect.signature(function).parameters.values())[1:]
    added = [
        inspect.Parameter(option, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)
        for option, kind, default in OPTIONS
    ]
    run.__signature__ = inspect.Signature([*own, *added])  # type: ignore[attr-defined]
    run.__annotations__ = {p.name: p.annotation for p in (*own, *added)}
