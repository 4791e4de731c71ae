"""An MCP server on standard input and output, which hands every call on to a running OryxForge."""

from oryxforge.agents.tool_server import tool_server
from oryxforge.mcp.remote import RemoteTools


async def serve(tools: RemoteTools) -> None:
    """Serves until the input ends. Raises, before a word is written, what keeps the tools from being reached."""
    from mcp.server.stdio import stdio_server

    met = tools.introduction()
    server = tool_server(met.tools, tools.call, version=met.version, instructions=met.instructions)
    async with stdio_server() as (read, write):
        await server.run(read, write, server.create_initialization_options())
