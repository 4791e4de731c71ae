"""A stopped answer of Claude's own program: what it cost by then is counted in its chat and in the budgets."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from integration.api.conftest import MakePerson
from integration.api.product import Person, Product
from oryxforge.bootstrap.accounts import OWNER_EMAIL
from stubs.messages_api import MessagesStub, Reply, ToolUse, say

LOOK = Reply([ToolUse("mcp__oryxforge__list_sheets", {})], input_tokens=100_000, output_tokens=1_000)


@pytest.fixture
async def stub(product: Product) -> AsyncIterator[MessagesStub]:
    """What Claude is reached at in the product."""
    accounts = product.api.services.accounts
    assert accounts is not None
    owner = await product.within(lambda: accounts.ensure_owner(OWNER_EMAIL))
    async with MessagesStub() as served, product.client(product.token(owner.id, OWNER_EMAIL)) as client:
        access = {
            "provider": "endpoint",
            "base_url": served.url,
            "model": "claude-sonnet-5",
            "secret": "sk-x",
        }
        assert (await client.post("/models/claude", json=access)).status_code == 200
        yield served
        await client.delete("/models/claude")


async def told(person: Person, chat: str, text: str) -> None:
    """Returns once the answer has said that."""
    async with asyncio.timeout(20):
        while text not in str((await person.client.get(f"/chats/{chat}/messages")).json()):
            await asyncio.sleep(0.02)


async def cost_of(person: Person, chat: str) -> float:
    async with asyncio.timeout(5):
        while not (cost := (await person.client.get(f"/chats/{chat}")).json()["cost_usd"]):
            await asyncio.sleep(0.02)
    return cost


async def test_a_stopped_answer_is_counted(person: MakePerson, stub: MessagesStub) -> None:
    ada = await person("ada")
    project = (await ada.client.post("/projects", json={"name": "Mine"})).json()["id"]
    stub.script(LOOK, say("North ", *["and so on "] * 500, delay_s=0.02))
    question = {"project_id": project, "prompt": "total by region", "agent": "claude"}
    chat = (await ada.client.post("/chat", json=question)).json()["chat_id"]
    await told(ada, chat, "North")

    stopped = (await ada.client.post(f"/chat/{chat}/cancel")).json()

    assert (stopped["status"], stopped["cost_usd"]) == ("cancelled", 0)
    cost = await cost_of(ada, chat)
    budgets = (await ada.client.get("/budgets")).json()
    assert budgets["mine"]["spent_usd"] == budgets["projects"][0]["spent_usd"] == cost
    limit = await ada.client.patch("/budgets/mine", json={"monthly_usd": cost})
    assert limit.json()["left_usd"] == 0
    refused = await ada.client.post("/chat", json=question)
    assert (refused.status_code, refused.json()["code"]) == (409, "budget_spent")
