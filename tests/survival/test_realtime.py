"""Five supabase-js clients follow one chat while what serves it is killed: each ends with its very text."""

import asyncio
from collections.abc import Generator
from pathlib import Path

import httpx
import jwt
import pytest

from fixtures.postgres import PostgresServer
from fixtures.supabase_js import SupabaseJs, supabase_js
from oryxforge.adapters.supabase.tokens import load_or_create_key
from survival.hosted import HostedPair
from survival.product import Product

__all__ = ["supabase_js"]
COUNT = 180
FOLLOWERS = ["cut", "expiring", "first", "late", "second"]


@pytest.fixture(params=["embedded", "hosted"])
def product(request: pytest.FixtureRequest, tmp_path: Path) -> Generator[Product | HostedPair]:
    if request.param == "hosted":
        server: PostgresServer = request.getfixturevalue("postgres_server")
        with HostedPair(tmp_path, server.make_database()) as pair:
            yield pair
        return
    running = Product(tmp_path, {"ORYXFORGE_SCRIPTED_AGENT": "1", "ORYXFORGE_SILENT_AFTER_S": "3"})
    running.start()
    yield running
    running.stop()


def brief(product: Product | HostedPair, ttl_s: int) -> str:
    """The same person's token with less time."""
    claims = jwt.decode(product.token, options={"verify_signature": False})
    return load_or_create_key(product.key_file).sign({**claims, "exp": claims["iat"] + ttl_s})


async def test_every_client_ends_with_the_text(
    product: Product | HostedPair, supabase_js: SupabaseJs
) -> None:
    async with httpx.AsyncClient(base_url=product.api_url, headers=product.headers, timeout=30) as client:
        config = (await client.get("/config.json")).json()
        project = product.make_project()
        said = {"project_id": project, "prompt": f"count {COUNT} every 50ms", "agent": "scripted"}
        chat: str = (await client.post("/chat", json=said)).json()["chat_id"]
    environment = {
        "GATEWAY_URL": config["supabase_url"],
        "API_URL": product.api_url,
        "PUBLISHABLE_KEY": config["supabase_publishable_key"],
        "CHAT": chat,
        "TOKEN": product.token,
        "BRIEF_TOKEN": brief(product, 3),
    }
    following = asyncio.create_task(supabase_js.run("chat_scenario.mjs", environment, within_s=100))
    for victim in product.victims:
        await asyncio.sleep(2)
        await asyncio.to_thread(product.kill_part, victim)
    _, *ended = await following
    async with httpx.AsyncClient(base_url=product.api_url, headers=product.headers, timeout=30) as client:
        rows = (await client.get(f"/chats/{chat}/messages", params={"limit": 1000})).json()["messages"]
    text = "".join(r["content"] for r in rows if r["role"] == "assistant")
    assert text == "".join(f"{n} " for n in range(1, COUNT + 1))
    assert sorted(e["name"] for e in ended) == FOLLOWERS
    for end in ended:
        assert (end["status"], end["text"], end["ordered"]) == ("completed", text, True), end["name"]
