"""Claude Code set up as the settings say it: the real program connects to a project's tools in both ways."""

import asyncio
import os
import sys
from pathlib import Path

from integration.api.conftest import Team
from integration.api.product import Product
from integration.api.test_mcp import address, token_of
from oryxforge.agents.claude.options import program
from oryxforge.agents.claude.settings import ClaudeSettings


async def claude(home: Path, *arguments: str, **env: str) -> str:
    """What the program says; it must end well."""
    running = await asyncio.create_subprocess_exec(
        program(ClaudeSettings(home)),
        *arguments,
        cwd=home,
        env={"PATH": os.environ["PATH"], "HOME": str(home), "DISABLE_AUTOUPDATER": "1", **env},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await running.communicate()
    assert running.returncode == 0, said.decode()
    return said.decode()


async def test_over_http(product: Product, team: Team, tmp_path: Path) -> None:
    url, bearer = product.url + address(team), f"Authorization: Bearer {await token_of(team.viewer)}"
    await claude(tmp_path, "mcp", "add", "--transport", "http", "oryxforge", url, "--header", bearer)
    assert "Connected" in await claude(tmp_path, "mcp", "list")


async def test_over_stdio(product: Product, team: Team, tmp_path: Path) -> None:
    env = {"ORYXFORGE_URL": product.url, "ORYXFORGE_TOKEN": await token_of(team.viewer)}
    serve = [sys.executable, "-m", "oryxforge", "mcp", "serve", "--project", "Shared"]
    await claude(tmp_path, "mcp", "add", "oryxforge", "--", *serve)
    env["PYTHONPATH"] = os.environ.get("PYTHONPATH", "")
    assert "Connected" in await claude(tmp_path, "mcp", "list", **env)
