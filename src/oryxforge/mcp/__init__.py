"""The MCP door on a person's machine: a project's tools on standard input and output."""
