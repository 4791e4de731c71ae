"""From what went wrong to one clear line on stderr and an exit code."""

import json
import sys
import traceback

import typer

from oryxforge.domain.errors import Invalid, Kind, OryxError

FAILED, USAGE, NOT_FOUND, NOT_ALLOWED = 1, 2, 3, 4
INTERRUPTED, PIPE_CLOSED = 130, 141
CODES = {Kind.NOT_FOUND: NOT_FOUND, Kind.NOT_ALLOWED: NOT_ALLOWED, Kind.UNAUTHENTICATED: NOT_ALLOWED}


class Usage(Invalid):
    """The command was called in a way that makes no sense."""

    code = "usage"


def report(error: Exception, *, as_json: bool, debug: bool) -> int:
    """Prints the error; the exit code of the process."""
    if debug:
        traceback.print_exception(error)
    if isinstance(error, OryxError):
        code, detail = error.code, error.detail
        exit_code = USAGE if isinstance(error, Usage) else CODES.get(error.kind, FAILED)
    elif isinstance(error, typer.TyperException):
        code, detail, exit_code = "usage", error.format_message(), error.exit_code
    else:
        code, detail, exit_code = "internal_error", _unexpected(error), FAILED
    if as_json:
        print(json.dumps(_problem(error, code, detail), default=str), file=sys.stderr)
    elif detail.startswith("Usage:"):
        print(detail, file=sys.stderr)
    else:
        print(f"oryxforge: {_one_line(detail)}", file=sys.stderr)
        if isinstance(error, OryxError) and (log := error.extra.get("log")):
            print(log, file=sys.stderr)
    return exit_code


def _problem(error: Exception, code: str, detail: str) -> dict[str, object]:
    problem: dict[str, object] = {
        "title": code.replace("_", " ").capitalize(),
        "code": code,
        "detail": detail,
    }
    if isinstance(error, OryxError):
        problem |= error.extra
        if error.errors:
            problem["errors"] = [{"loc": e.loc, "msg": e.msg} for e in error.errors]
    return problem


def _unexpected(error: Exception) -> str:
    text = str(error) or "no further word"
    return f"{type(error).__name__}: {text}. Run it again with --debug for the trace."


def _one_line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
