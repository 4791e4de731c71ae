"""`oryxforge users`."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from loguru import logger

from oryxforge.adapters.postgres.accounts import PgAccounts
from oryxforge.adapters.postgres.auth.emails import normal_email
from oryxforge.cli.accounts import open_accounts
from oryxforge.cli.errors import Usage
from oryxforge.cli.lazy import new_group
from oryxforge.cli.output import Output
from oryxforge.cli.settings import read_settings
from oryxforge.ports.accounts import Account

T = TypeVar("T")
Data = Annotated[Path | None, typer.Option(help="The data folder.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Email = Annotated[str, typer.Argument(help="The e-mail address.")]

app = new_group("Accounts of the embedded mode.")


@app.command("list")
def list_users(data: Data = None, as_json: AsJson = False) -> None:
    """List the accounts."""
    found = _with_accounts(data, lambda accounts: accounts.all())
    columns = ("email", "owner", "id", "created_at", "last_sign_in_at")
    Output(as_json).rows([_told(a) for a in found], columns, "There is no account yet.")


@app.command()
def create(
    email: Email,
    data: Data = None,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from the first line of stdin.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make an account; without a password it signs in by tokens only."""
    if normal_email(email) is None:
        raise Usage(f"{email!r} is no e-mail address.", code="email_invalid")
    password = sys.stdin.readline().rstrip("\n") if password_stdin else None
    made = _with_accounts(data, lambda accounts: accounts.create(email, password))
    Output(as_json).done(f"Made the account {made.email}.", _told(made))


@app.command()
def delete(
    email: Email,
    data: Data = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Delete an account with what it owns."""
    if not yes and not sys.stdin.isatty():
        raise Usage("This deletes something: say --yes.", code="not_confirmed")
    if not yes:
        typer.confirm(f"Delete {email} with the projects it owns?", abort=True, err=True)
    _with_accounts(data, lambda accounts: accounts.delete(email))
    Output(as_json).done(f"Deleted the account {email}.")


def _with_accounts(data: Path | None, use: Callable[[PgAccounts], Awaitable[T]]) -> T:
    logger.remove()
    settings = read_settings(data=data)

    async def run() -> T:
        async with open_accounts(settings) as accounts:
            return await use(accounts)

    return asyncio.run(run())


def _told(account: Account) -> dict[str, object]:
    return {
        "email": account.email,
        "owner": account.is_owner,
        "id": str(account.id),
        "created_at": account.created_at.isoformat(),
        "last_sign_in_at": account.last_sign_in_at.isoformat() if account.last_sign_in_at else None,
    }
