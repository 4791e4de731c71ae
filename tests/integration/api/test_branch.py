"""A chat that goes on from the middle of another one, over HTTP."""

from uuid import uuid4

import httpx
import pytest

from integration.api.conftest import MakePerson, Team
from integration.api.product import Product
from integration.api.reading import all_events


@pytest.fixture
async def client(person: MakePerson) -> httpx.AsyncClient:
    return (await person("ada")).client


@pytest.fixture
async def project(client: httpx.AsyncClient) -> str:
    return (await client.post("/projects", json={"name": "Branches"})).json()["id"]


async def ask(client: httpx.AsyncClient, project: str, prompt: str, chat: str | None = None) -> str:
    body = {"project_id": project, "prompt": prompt} | ({"chat_id": chat} if chat else {})
    return (await client.post("/chat/query", json=body)).json()["chat_id"]


async def said(client: httpx.AsyncClient, chat: str) -> list[str]:
    return [m["content"] for m in (await client.get(f"/chats/{chat}/messages")).json()["messages"]]


async def test_an_edited_question_is_asked_in_a_branch(client: httpx.AsyncClient, project: str) -> None:
    chat = await ask(client, project, "count 2")
    await ask(client, project, "two", chat)
    made = await client.post(f"/chats/{chat}/branch", json={"seq": 4, "prompt": "  three  "})
    body = made.json()
    assert (made.status_code, body["status"], body["title"]) == (202, "processing", "count 2 (branch)")
    branch = body["chat_id"]
    await all_events(client, "GET", f"/chats/{branch}/stream")
    *before, answer = await said(client, branch)
    assert before == ["count 2", "0 ", "1 ", "three"]
    assert answer.startswith("three (3 before")
    shown = (await client.get(f"/chats/{branch}")).json()
    assert (shown["branched_from"], shown["branched_at"], shown["cost_usd"]) == (chat, 4, 0.25)
    assert (await client.get(f"/chats/{chat}")).json()["branched_from"] is None
    assert len(await said(client, chat)) == 5


async def test_a_branch_without_a_question_waits(client: httpx.AsyncClient, project: str) -> None:
    chat = await ask(client, project, "one")
    made = await client.post(f"/chats/{chat}/branch", json={"seq": 3})
    assert (made.status_code, made.json()["status"]) == (201, "completed")
    branch = made.json()["chat_id"]
    assert (await said(client, branch)) == (await said(client, chat))
    again = await client.post(f"/chats/{branch}/branch", json={"seq": 3})
    assert again.json()["title"] == "one (branch)"
    await ask(client, project, "two", branch)
    assert (await said(client, branch))[-1].startswith("two (2 before")


async def test_a_branch_of_a_chat_that_is_answering(
    client: httpx.AsyncClient, project: str, product: Product
) -> None:
    chat = await ask(client, project, "one")
    gate = uuid4().hex
    body = {"project_id": project, "prompt": f"count 2 {gate}", "chat_id": chat}
    assert (await client.post("/chat", json=body)).status_code == 202
    made = await client.post(f"/chats/{chat}/branch", json={"seq": 3, "prompt": "two"})
    assert made.status_code == 202
    await all_events(client, "GET", f"/chats/{made.json()['chat_id']}/stream")
    assert (await said(client, made.json()["chat_id"]))[2] == "two"
    product.gates.of(gate).set()


async def test_a_retry_makes_one(client: httpx.AsyncClient, project: str) -> None:
    chat = await ask(client, project, "one")
    headers = {"Idempotency-Key": uuid4().hex}
    body = {"seq": 1, "prompt": "two"}
    made = [await client.post(f"/chats/{chat}/branch", json=body, headers=headers) for _ in range(2)]
    assert [m.status_code for m in made] == [202, 202]
    assert made[0].json()["chat_id"] == made[1].json()["chat_id"]
    other = await client.post(f"/chats/{chat}/branch", json={"seq": 2}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "validation_failed"),
        ({"seq": 0}, "validation_failed"),
        ({"seq": 1, "prompt": " "}, "prompt_empty"),
        ({"seq": 1, "prompt": "x" * 100_001}, "prompt_too_long"),
    ],
)
async def test_branches_that_can_not_be(
    client: httpx.AsyncClient, project: str, body: dict[str, object], code: str
) -> None:
    chat = await ask(client, project, "one")
    answer = await client.post(f"/chats/{chat}/branch", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert (await client.get("/chats", params={"project_id": project})).json()["count"] == 1


async def test_who_may_branch(team: Team) -> None:
    chat = await ask(team.editor.client, team.project, "hello")
    for person, status in ((team.viewer, 403), (team.stranger, 404), (team.owner, 202)):
        answer = await person.client.post(f"/chats/{chat}/branch", json={"seq": 1, "prompt": "hi"})
        assert answer.status_code == status
