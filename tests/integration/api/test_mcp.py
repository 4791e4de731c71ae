"""A project's tools over MCP, as the protocol's own client calls them."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import httpx2
import pytest
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client
from mcp.types import CallToolResult, TextContent

from integration.api.conftest import Team
from integration.api.product import Person, Product
from integration.api.test_path import CSV, import_body, upload
from oryxforge.tools.toolbox import ALL

TOTALS = "select region, sum(amount) as total from sales.Orders group by all order by all"
LIST = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}


def address(team: Team) -> str:
    return f"/projects/{team.project}/mcp"


@asynccontextmanager
async def session_of(product: Product, team: Team, token: str) -> AsyncGenerator[ClientSession]:
    async with (
        httpx2.AsyncClient(headers={"Authorization": f"Bearer {token}"}, timeout=30) as http,
        streamable_http_client(product.url + address(team), http_client=http) as (read, write),
        ClientSession(read, write) as session,
    ):
        await session.initialize()
        yield session


async def token_of(person: Person) -> str:
    return (await person.client.post("/tokens", json={"name": "Assistant"})).json()["token"]


async def imported(team: Team) -> None:
    source = await upload(team.owner.client, team.project, "orders.csv", CSV)
    body = import_body(team.project, source, {"data": "Orders"})
    assert (await team.owner.client.post("/files/import", json=body)).status_code == 200


def text(result: CallToolResult) -> str:
    (part,) = result.content
    assert isinstance(part, TextContent)
    return part.text


async def test_an_assistant_has_the_tools_of_the_chat(product: Product, team: Team) -> None:
    await imported(team)
    async with session_of(product, team, await token_of(team.editor)) as session:
        tools = (await session.list_tools()).tools
        assert [(t.name, t.input_schema) for t in tools] == [
            (t.spec.name, dict(t.spec.input_schema)) for t in ALL
        ]
        listed = await session.call_tool("list_sheets", {})
        assert "sales.Orders" in text(listed)
        answered = await session.call_tool("run_sql", {"sql": TOTALS})
        assert not answered.is_error
        assert text(answered).startswith("<result ")
        assert '["North", ' in text(answered)


async def test_what_an_assistant_saves_is_tied_to_its_code(product: Product, team: Team) -> None:
    await imported(team)
    async with session_of(product, team, await token_of(team.editor)) as session:
        saved = await session.call_tool("save_table", {"name": "Totals", "sql": TOTALS})
        assert not saved.is_error, text(saved)
    listed = (await team.viewer.client.get("/sheets", params={"project_id": team.project})).json()["sheets"]
    made = next(s for s in listed if s["name"] == "Totals")
    assert made["metadata"]["provenance"]["code"] == TOTALS
    assert made["metadata"]["provenance"]["agent"] == "mcp"


async def test_a_fault_is_told_and_the_session_goes_on(product: Product, team: Team) -> None:
    await imported(team)
    async with session_of(product, team, await token_of(team.editor)) as session:
        wrong = await session.call_tool("run_sql", {"sql": "select nothing from sales.Orders"})
        assert wrong.is_error
        assert "nothing" in text(wrong)
        unknown = await session.call_tool("format_disk", {})
        assert unknown.is_error
        assert "There is no tool 'format_disk'" in text(unknown)
        bare = await session.call_tool("run_sql", {})
        assert bare.is_error
        assert "sql" in text(bare)
        assert not (await session.call_tool("list_sheets", {})).is_error


async def test_a_viewer_looks_and_saves_nothing(product: Product, team: Team) -> None:
    await imported(team)
    before = (await team.owner.client.get("/sheets", params={"project_id": team.project})).json()["count"]
    async with session_of(product, team, await token_of(team.viewer)) as session:
        assert not (await session.call_tool("run_sql", {"sql": TOTALS})).is_error
        for tool, arguments in (
            ("save_table", {"name": "Totals", "sql": TOTALS}),
            ("save_chart", {"name": "Totals", "sql": TOTALS, "figure": {"data": []}}),
            ("save_report", {"name": "Totals", "markdown": "# Totals"}),
        ):
            refused = await session.call_tool(tool, arguments)
            assert refused.is_error
            assert "needs the role editor" in text(refused)
    after = (await team.owner.client.get("/sheets", params={"project_id": team.project})).json()["count"]
    assert after == before


async def test_who_is_let_in(product: Product, team: Team) -> None:
    assert (await team.stranger.client.post(address(team), json=LIST)).status_code == 404
    async with product.client() as nobody:
        refused = await nobody.post(address(team), json=LIST)
        assert refused.status_code == 401
        assert refused.headers["www-authenticate"] == "Bearer"
    made = (await team.editor.client.post("/tokens", json={"name": "Assistant"})).json()
    async with product.client(made["token"]) as assistant:
        assert (await assistant.post(address(team), json=LIST)).status_code == 200
        await team.editor.client.delete(f"/tokens/{made['id']}")
        assert (await assistant.post(address(team), json=LIST)).status_code == 401


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT"])
async def test_no_session_is_kept(team: Team, method: str) -> None:
    answer = await team.owner.client.request(method, address(team))
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{}", "text/plain", 415),
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b'{"jsonrpc": "1.0", "id": 1, "method": "tools/list"}', "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":"x"}', "application/json", 400),
        (b'{"jsonrpc":"2.0","id":1,"method":"no/such"}', "application/json", 200),
        (b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"\xff"}}', "application/json", 400),
    ],
)
async def test_messages_that_make_no_sense(team: Team, body: bytes, kind: str, status: int) -> None:
    answer = await team.owner.client.post(address(team), content=body, headers={"Content-Type": kind})
    assert answer.status_code == status, answer.text
    if status == 200:
        assert "error" in answer.json()


async def test_what_nobody_waits_for_is_stopped(product: Product, team: Team) -> None:
    await imported(team)
    token = await token_of(team.viewer)
    slow = "select count(*) from range(100000000000) t(n) where sin(n) > 2"
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call"}
    body = json.dumps({**call, "params": {"name": "run_sql", "arguments": {"sql": slow}}}).encode()
    port = int(product.url.rpartition(":")[2])
    for _ in range(3):
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(
            f"POST {address(team)} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\n"
            f"Content-Type: application/json\r\nAccept: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode()
            + body
        )
        await writer.drain()
        await asyncio.sleep(0.5)
        writer.close()
    async with asyncio.timeout(20), session_of(product, team, await token_of(team.owner)) as session:
        assert not (await session.call_tool("run_sql", {"sql": TOTALS})).is_error


async def test_a_body_over_the_limit(product: Product, team: Team) -> None:
    async def much() -> AsyncGenerator[bytes]:
        for _ in range(30):
            yield b" " * 1_000_000

    answer = await team.owner.client.post(
        address(team), content=much(), headers={"Content-Type": "application/json"}
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


async def test_a_chart_of_what_is_no_number(team: Team) -> None:
    await imported(team)
    figure = '{"data": [{"y": [1e999]}]}'
    body = (
        '{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "save_chart", "arguments":'
        f' {{"name": "Odd", "sql": "select 1 as one", "figure": {figure}}}}}}}'
    )
    answer = await team.owner.client.post(
        address(team), content=body, headers={"Content-Type": "application/json"}
    )
    assert "A figure holds numbers, and no infinite ones." in answer.text
