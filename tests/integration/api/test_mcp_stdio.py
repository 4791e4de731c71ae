"""`oryxforge mcp serve`, started by the protocol's own client as an assistant starts it."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

from integration.api.conftest import Command, Team
from integration.api.product import Product
from integration.api.test_mcp import TOTALS, imported, text
from oryxforge.api.routes.mcp import INSTRUCTIONS

SLOW = "select count(*) from range(100000000000) t(n) where sin(n) > 2"
SERVE = ["-m", "oryxforge", "mcp", "serve"]


@asynccontextmanager
async def started(product: Product, token: str, project: str) -> AsyncGenerator[ClientSession]:
    env = {**os.environ, "ORYXFORGE_URL": product.url, "ORYXFORGE_TOKEN": token}
    command = StdioServerParameters(command=sys.executable, args=[*SERVE, "--project", project], env=env)
    async with stdio_client(command) as (read, write), ClientSession(read, write) as session:
        told = await session.initialize()
        assert told.instructions == INSTRUCTIONS
        yield session


async def test_the_same_tools_until_the_token_is_revoked(product: Product, team: Team) -> None:
    await imported(team)
    made = (await team.editor.client.post("/tokens", json={"name": "Assistant"})).json()
    async with started(product, made["token"], "Shared") as session:
        assert "run_sql" in [t.name for t in (await session.list_tools()).tools]
        answered = await session.call_tool("run_sql", {"sql": TOTALS})
        assert not answered.is_error
        assert '["North", ' in text(answered)
        assert text(answered).count("<result ") == 1
        wrong = await session.call_tool("run_sql", {"sql": "drop table sales.Orders"})
        assert wrong.is_error
        await team.editor.client.delete(f"/tokens/{made['id']}")
        refused = await session.call_tool("list_sheets", {})
        assert refused.is_error
        assert "Make a new one in the settings" in text(refused)


def test_what_keeps_it_from_serving_is_said_before_a_word_of_the_protocol(
    product: Product, team: Team
) -> None:
    env = {**os.environ, "ORYXFORGE_URL": product.url, "ORYXFORGE_TOKEN": "oryx_gone"}
    ended = subprocess.run(
        [sys.executable, *SERVE, "--project", team.project],
        env=env,
        input="",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 4
    assert ended.stdout == ""
    assert ended.stderr.startswith("oryxforge: ")
    assert "Traceback" not in ended.stderr


async def test_the_tools_are_listed_without_a_server(command: Command) -> None:
    code, out, err = command("mcp", "tools")
    assert code == 0, err
    assert "run_sql" in out


@pytest.mark.parametrize("end", ["interrupted", "input ends in the middle of a call"])
async def test_it_ends_at_once(product: Product, team: Team, end: str) -> None:
    env = {
        **os.environ,
        "ORYXFORGE_URL": product.url,
        "ORYXFORGE_TOKEN": product.token(team.owner.id, team.owner.email),
    }
    running = await asyncio.create_subprocess_exec(
        sys.executable, *SERVE, "--project", team.project, env=env, stdin=PIPE, stdout=PIPE
    )
    assert running.stdin is not None
    assert running.stdout is not None
    hello = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}
    running.stdin.write(_line(1, "initialize", hello))
    assert json.loads(await running.stdout.readline())["id"] == 1
    if end == "interrupted":
        running.send_signal(signal.SIGINT)
    else:
        running.stdin.write(b'{"jsonrpc": "2.0", "method": "notifications/initialized"}\n')
        running.stdin.write(_line(2, "tools/call", {"name": "run_sql", "arguments": {"sql": SLOW}}))
        await running.stdin.drain()
        await asyncio.sleep(1)
        running.stdin.close()
    async with asyncio.timeout(10):
        assert await running.wait() == (130 if end == "interrupted" else 0)


def _line(number: int, method: str, params: object) -> bytes:
    message = {"jsonrpc": "2.0", "id": number, "method": method, "params": params}
    return json.dumps(message).encode() + b"\n"
