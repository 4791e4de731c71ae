"""`oryxforge mcp`."""

import asyncio
from collections.abc import Mapping
from typing import Any

from loguru import logger

from oryxforge.cli.door import Door, ProjectOption, command
from oryxforge.cli.lazy import new_group
from oryxforge.domain.errors import Unauthenticated, Unavailable
from oryxforge.mcp.remote import Message, RemoteTools
from oryxforge.mcp.stdio import serve as serve_stdio
from oryxforge.tools.toolbox import ALL

app = new_group("A project's tools for other assistants (Model Context Protocol).")


@command(app)
def serve(door: Door, project: ProjectOption = None) -> None:
    """Serve a project's tools on standard input and output, for an assistant that starts this command.

    claude mcp add oryxforge -- oryxforge mcp serve --project "Coffee shop"

    OryxForge must be running; it also serves them itself, at /projects/<id>/mcp.
    """
    logger.remove()
    asyncio.run(serve_stdio(RemoteTools(Line(door, f"/projects/{door.project_id(project)}/mcp").post)))


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
            if error.code not in ("token_invalid", "token_expired", "server_unreachable"):
                raise
            self._door.disconnect()
            return self._door.client.post(self._path, message)
