"""A chat's last question asked again, over HTTP."""

from uuid import uuid4

import httpx
import pytest

from integration.api.conftest import MakePerson, Team
from integration.api.product import Product
from integration.api.reading import all_events, text_of


@pytest.fixture
async def client(person: MakePerson) -> httpx.AsyncClient:
    return (await person("ada")).client


@pytest.fixture
async def project(client: httpx.AsyncClient) -> str:
    return (await client.post("/projects", json={"name": "Again"})).json()["id"]


async def ask(client: httpx.AsyncClient, project: str, prompt: str, chat: str | None = None) -> str:
    body = {"project_id": project, "prompt": prompt} | ({"chat_id": chat} if chat else {})
    return (await client.post("/chat/query", json=body)).json()["chat_id"]


async def counting(client: httpx.AsyncClient, chat: str) -> list[dict]:
    return (await client.get(f"/chats/{chat}/messages")).json()["messages"]


async def test_the_earlier_answer_is_superseded(client: httpx.AsyncClient, project: str) -> None:
    chat = await ask(client, project, "first")
    await ask(client, project, "count 3", chat)
    again = await client.post(f"/chats/{chat}/regenerate")
    assert (again.status_code, again.json()["chat_id"], again.json()["status"]) == (202, chat, "processing")
    everything = await all_events(client, "GET", f"/chats/{chat}/stream")
    assert everything[-1].row["status"] == "completed"
    messages = await counting(client, chat)
    assert [m["content"] for m in messages][2:] == ["count 3", "", "0 ", "1 ", "2 "]
    notice = messages[3]
    assert (notice["metadata"]["code"], notice["metadata"]["supersedes_after"]) == ("attempt_restarted", 3)
    assert [e.row["seq"] for e in everything[:-1]] == list(range(1, 11))
    assert (await client.get(f"/chats/{chat}")).json()["cost_usd"] == 0.75


async def test_the_agent_hears_nothing_of_the_earlier_answer(client: httpx.AsyncClient, project: str) -> None:
    chat = await ask(client, project, "one")
    await ask(client, project, "two", chat)
    assert (await client.post(f"/chats/{chat}/regenerate")).status_code == 202
    await all_events(client, "GET", f"/chats/{chat}/stream")
    assert (await counting(client, chat))[-1]["content"].startswith("two (2 before")


async def test_a_retry_asks_once(client: httpx.AsyncClient, project: str) -> None:
    chat = await ask(client, project, "hello")
    headers = {"Idempotency-Key": uuid4().hex}
    answers = [await client.post(f"/chats/{chat}/regenerate", headers=headers) for _ in range(2)]
    assert [a.status_code for a in answers] == [202, 202]
    await all_events(client, "GET", f"/chats/{chat}/stream")
    assert [m["seq"] for m in await counting(client, chat)] == [1, 3, 4]


async def test_not_while_it_answers(client: httpx.AsyncClient, project: str, product: Product) -> None:
    gate = uuid4().hex
    body = {"project_id": project, "prompt": f"count 2 {gate}"}
    chat = (await client.post("/chat", json=body)).json()["chat_id"]
    answer = await client.post(f"/chats/{chat}/regenerate")
    assert (answer.status_code, answer.json()["code"]) == (409, "chat_processing")
    product.gates.of(gate).set()
    assert text_of(await all_events(client, "GET", f"/chats/{chat}/stream")) == "0 1 "


async def test_a_failed_answer_is_tried_again(client: httpx.AsyncClient, project: str) -> None:
    body = {"project_id": project, "prompt": "fail"}
    failed = await client.post("/chat/query", json=body)
    chat = failed.json()["chat_id"]
    assert (await client.post(f"/chats/{chat}/regenerate")).status_code == 202
    events = await all_events(client, "GET", f"/chats/{chat}/stream")
    assert events[-1].row["status"] == "failed"
    assert [m["content"] for m in await counting(client, chat)] == ["fail", "", "so far"]


async def test_who_may_ask_again(team: Team) -> None:
    chat = await ask(team.editor.client, team.project, "hello")
    for person, status in ((team.viewer, 403), (team.stranger, 404), (team.owner, 202)):
        assert (await person.client.post(f"/chats/{chat}/regenerate")).status_code == status
    missing = await team.owner.client.post(f"/chats/{uuid4()}/regenerate")
    assert (missing.status_code, missing.json()["code"]) == (404, "chat_not_found")
