"""A retry with the same Idempotency-Key does nothing twice."""

import asyncio
from uuid import uuid4

import httpx
import pytest

from integration.api.conftest import MakePerson
from integration.api.reading import all_events, text_of
from integration.api.test_path import CSV, import_body, upload


@pytest.fixture
async def client(person: MakePerson) -> httpx.AsyncClient:
    return (await person("ada")).client


@pytest.fixture
async def project(client: httpx.AsyncClient) -> str:
    return (await client.post("/projects", json={"name": "Retries"})).json()["id"]


@pytest.fixture
def again() -> dict[str, str]:
    return {"Idempotency-Key": uuid4().hex}


async def test_one_project(client: httpx.AsyncClient, again: dict[str, str]) -> None:
    tries = [client.post("/projects", json={"name": "Once"}, headers=again) for _ in range(5)]
    answers = await asyncio.gather(*tries)
    assert {a.status_code for a in answers} == {201}
    assert len({a.json()["id"] for a in answers}) == 1


async def test_a_project_that_is_gone_by_then(client: httpx.AsyncClient, again: dict[str, str]) -> None:
    made = await client.post("/projects", json={"name": "Brief"}, headers=again)
    await client.delete(f"/projects/{made.json()['id']}")
    retried = await client.post("/projects", json={"name": "Brief"}, headers=again)
    assert (retried.status_code, retried.json()) == (201, made.json())


async def test_an_import_whose_file_is_gone_by_then(
    client: httpx.AsyncClient, project: str, again: dict[str, str]
) -> None:
    source = await upload(client, project, "orders.csv", CSV)
    body = import_body(project, source, {"data": "Orders"})
    made = await client.post("/files/import", json=body, headers=again)
    await client.delete(f"/sources/{source}", params={"project_id": project})
    retried = await client.post("/files/import", json=body, headers=again)
    assert (retried.status_code, retried.json()) == (200, made.json())


async def test_one_chat(client: httpx.AsyncClient, project: str, again: dict[str, str]) -> None:
    body = {"project_id": project, "prompt": "hi"}
    answers = [await client.post("/chat", json=body, headers=again) for _ in range(3)]
    assert len({a.json()["chat_id"] for a in answers}) == 1
    assert (await client.get("/chats", params={"project_id": project})).json()["count"] == 1


async def test_a_stream_that_is_asked_for_again(
    client: httpx.AsyncClient, project: str, again: dict[str, str]
) -> None:
    body = {"project_id": project, "prompt": "count 5"}
    both = [await all_events(client, "POST", "/chat/stream", json=body, headers=again) for _ in range(2)]
    assert [e.id for e in both[0]] == [e.id for e in both[1]]
    assert text_of(both[1]) == "0 1 2 3 4 "


async def test_an_answer_that_is_asked_for_again(
    client: httpx.AsyncClient, project: str, again: dict[str, str]
) -> None:
    body = {"project_id": project, "prompt": "count 5"}
    both = [(await client.post("/chat/query", json=body, headers=again)).json() for _ in range(2)]
    assert both[0] == both[1]


async def test_one_import(client: httpx.AsyncClient, project: str, again: dict[str, str]) -> None:
    source = await upload(client, project, "orders.csv", CSV)
    body = import_body(project, source, {"data": "Orders"})
    both = [await client.post("/files/import", json=body, headers=again) for _ in range(2)]
    assert [a.status_code for a in both] == [200, 200]
    assert both[0].json() == both[1].json()


async def test_a_key_with_another_request(
    client: httpx.AsyncClient, project: str, again: dict[str, str]
) -> None:
    await client.post("/chat", json={"project_id": project, "prompt": "one"}, headers=again)
    other = await client.post("/chat", json={"project_id": project, "prompt": "two"}, headers=again)
    assert other.status_code == 409


@pytest.mark.parametrize("key", ["", "x" * 201])
async def test_a_key_that_is_none(client: httpx.AsyncClient, key: str) -> None:
    answer = await client.post("/projects", json={"name": "K"}, headers={"Idempotency-Key": key})
    assert answer.status_code == 422
