"""Chats listed and searched, over HTTP."""

import httpx
import pytest

from integration.api.conftest import MakePerson


@pytest.fixture
async def client(person: MakePerson) -> httpx.AsyncClient:
    return (await person("ada")).client


@pytest.fixture
async def project(client: httpx.AsyncClient) -> str:
    return (await client.post("/projects", json={"name": "Many"})).json()["id"]


async def ask(client: httpx.AsyncClient, project: str, prompt: str) -> str:
    body = {"project_id": project, "prompt": prompt}
    return (await client.post("/chat/query", json=body)).json()["chat_id"]


async def found(client: httpx.AsyncClient, project: str, **query: object) -> dict:
    answer = await client.get("/chats", params={"project_id": project, **query})  # type: ignore[dict-item]
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_pages_of_chats(client: httpx.AsyncClient, project: str) -> None:
    chats = [await ask(client, project, f"question {n}") for n in range(5)]
    whole = await found(client, project)
    assert ([c["id"] for c in whole["chats"]], whole["count"], whole["next"]) == (chats[::-1], 5, None)
    seen, after = [], None
    for size in (2, 2, 1):
        page = await found(client, project, limit=2, **({"after": after} if after else {}))
        assert page["count"] == size
        seen += [c["id"] for c in page["chats"]]
        after = page["next"]
    assert (seen, after) == (chats[::-1], None)


async def test_search(client: httpx.AsyncClient, project: str) -> None:
    chat = await ask(client, project, "Where is the TREASURE?")
    await ask(client, project, "count 2")
    (hit,) = (await found(client, project, search="treasure where"))["chats"]
    assert hit["id"] == chat
    assert hit["snippet"].startswith("Where is the TREASURE?")
    assert (await found(client, project, search="no such word"))["chats"] == []
    assert (await found(client, project))["chats"][0]["snippet"] is None


@pytest.mark.parametrize("after", ["x", "%", "MjAyNi0wMS0wMSB4", "4pyT", "=" * 200])
async def test_a_place_that_no_page_gave(client: httpx.AsyncClient, project: str, after: str) -> None:
    answer = await client.get("/chats", params={"project_id": project, "after": after})
    assert (answer.status_code, answer.json()["code"]) == (422, "cursor_invalid")
