"""`oryxforge mcp`."""

import asyncio
import os
import signal
from collections.abc import Mapping
from typing import Any

from anyio import BrokenResourceError
from loguru import logger

from oryxforge.cli.door import Door, ProjectOption, command
from oryxforge.cli.errors import INTERRUPTED, PIPE_CLOSED, report
from oryxforge.cli.lazy import new_group
from oryxforge.domain.errors import Unauthenticated, Unavailable
from oryxforge.mcp.remote import Introduction, Message, RemoteTools
from oryxforge.mcp.stdio import serve as serve_stdio
from oryxforge.tools.toolbox import ALL

# What was asked has not been done, so it may be asked again.
NOT_DONE = frozenset({"token_invalid", "token_expired", "server_unreachable"})

app = new_group("A project's tools for other assistants (Model Context Protocol).")


@command(app)
def serve(door: Door, project: ProjectOption = None) -> None:
    """Serve a project's tools on standard input and output, for an assistant that starts this command.

    claude mcp add oryxforge -- oryxforge mcp serve --project "Coffee shop"

    OryxForge must be running; it also serves them itself, at /projects/<id>/mcp.
    """
    logger.remove()
    tools = RemoteTools(Line(door, f"/projects/{door.project_id(project)}/mcp").post)
    met = tools.introduction()
    signal.signal(signal.SIGINT, _interrupted)
    asyncio.run(_serve_to_the_end(tools, met))


def _interrupted(*_: object) -> None:
    os._exit(INTERRUPTED)


async def _serve_to_the_end(tools: RemoteTools, met: Introduction) -> None:
    """Never returns: threads that read or call would be waited for."""
    code = 0
    try:
        await serve_stdio(tools, met)
    except* (BrokenPipeError, BrokenResourceError):
        code = PIPE_CLOSED
    except* Exception as errors:  # noqa: BLE001 - the edge of the program
        code = report(errors, as_json=False, debug=False)
    os._exit(code)


@command(app)
def tools(door: Door) -> None:
    """List the tools."""
    found = [
        {"name": t.spec.name, "description": t.spec.description, "input_schema": t.spec.input_schema}
        for t in ALL
    ]
    door.out.rows(found, ("name", "description"), "There are no tools.")


class Line:
    """Posts to one address; connects anew where a token ran out, or where `up` was started again elsewhere."""

    def __init__(self, door: Door, path: str) -> None:
        self._door = door
        self._path = path

    def post(self, message: Message) -> Mapping[str, Any]:
        try:
            return self._door.client.post(self._path, message)
        except (Unauthenticated, Unavailable) as error:
            if error.code not in NOT_DONE:
                raise
            self._door.disconnect()
            return self._door.client.post(self._path, message)
