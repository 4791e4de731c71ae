"""An MCP server on standard input and output, which hands every call on to a running OryxForge."""

from oryxforge.agents.tool_server import tool_server
from oryxforge.mcp.remote import Introduction, RemoteTools


async def serve(tools: RemoteTools, met: Introduction) -> None:
    """Serves until the input ends, or nobody reads the output.

    A read of the input and a call to the server can't be interrupted: whoever is done ends the process.
    """
    from mcp.server.stdio import stdio_server

    server = tool_server(met.tools, tools.call, version=met.version, instructions=met.instructions)
    async with stdio_server() as (read, write):
        await server.run(read, write, server.create_initialization_options())
