"""Commands that are imported when they are run: `--help` and completion stay quick."""

import importlib
from collections.abc import Mapping
from typing import Any, Protocol, cast

import typer
from typer.core import TyperCommand, TyperGroup, TyperOption
from typer.main import get_command


class CommandModule(Protocol):
    """A module of a command: its Typer application is named `app`."""

    app: typer.Typer


def new_app(text: str, *, completion: bool = False) -> typer.Typer:
    """A Typer application as all of ours are made: plain help (rich would triple the start), no own error pages."""
    return typer.Typer(
        help=text, add_completion=completion, rich_markup_mode=None, pretty_exceptions_enable=False
    )


def new_group(text: str) -> typer.Typer:
    """A Typer application with sub-commands, also where it has only one."""
    app = new_app(text)
    app.callback(no_args_is_help=True)(_nothing)
    return app


def _nothing() -> None: ...


class LazyGroup(TyperGroup):
    """Knows its commands by name and one line of help; `modules` says where each is defined."""

    modules: Mapping[str, tuple[str, str]] = {}

    def __init__(self, **attrs: Any) -> None:
        super().__init__(**attrs)
        for name, (_, text) in self.modules.items():
            self.add_command(TyperCommand(name, help=text, rich_markup_mode=None))

    def resolve_command(
        self, ctx: Any, args: list[str]
    ) -> tuple[str | None, TyperCommand | TyperGroup | None, list[str]]:
        name, _, rest = super().resolve_command(ctx, args)
        return name, load(self.modules[name][0], name) if name else None, rest


def load(module: str, name: str) -> TyperCommand | TyperGroup:
    """The command of a module, each of its options settable as ORYXFORGE_<OPTION>."""
    found = cast("CommandModule", importlib.import_module(module))
    command = cast("TyperCommand | TyperGroup", get_command(found.app))
    command.name = name
    _name_variables(command)
    return command


def _name_variables(command: TyperCommand | TyperGroup) -> None:
    for option in command.params:
        if isinstance(option, TyperOption) and option.envvar is None and option.name != "help":
            flag = max(option.opts, key=len)
            option.envvar = "ORYXFORGE_" + flag.lstrip("-").replace("-", "_").upper()
    if isinstance(command, TyperGroup):
        for child in command.commands.values():
            _name_variables(cast("TyperCommand | TyperGroup", child))
