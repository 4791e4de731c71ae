"""Asking over HTTP: at once, waiting, and as a stream that may be cut anywhere."""

from contextlib import aclosing
from uuid import uuid4

import httpx
import pytest

from integration.api.conftest import MakePerson
from integration.api.product import Product
from integration.api.reading import all_events, events, text_of


@pytest.fixture
async def client(person: MakePerson) -> httpx.AsyncClient:
    return (await person("ada")).client


@pytest.fixture
async def project(client: httpx.AsyncClient) -> str:
    return (await client.post("/projects", json={"name": "Chats"})).json()["id"]


async def test_an_answer_that_is_waited_for(client: httpx.AsyncClient, project: str) -> None:
    answer = await client.post(
        "/chat/query",
        json={"project_id": project, "prompt": "hello"},
        headers={"X-Request-ID": "from-the-client"},
    )
    body = answer.json()
    assert body["response"] == "hello (0 before; request from-the-client)"
    assert (body["status"], body["cost"]) == ("completed", 0.25)
    assert body["duration"] >= 0


async def test_asking_answers_at_once(client: httpx.AsyncClient, project: str) -> None:
    asked = await client.post("/chat", json={"project_id": project, "prompt": "count 4"})
    assert asked.status_code == 202
    chat = asked.json()["chat_id"]
    assert asked.json() == {
        "chat_id": chat,
        "status": "processing",
        "message": "Subscribe to Supabase Realtime for updates",
    }
    followed = await all_events(client, "GET", f"/chats/{chat}/stream")
    assert text_of(followed) == "0 1 2 3 "
    page = (await client.get(f"/chats/{chat}/messages")).json()
    assert [m["content"] for m in page["messages"]] == ["count 4", "0 ", "1 ", "2 ", "3 "]
    assert page["next"] is None
    shown = (await client.get(f"/chats/{chat}")).json()
    assert (shown["status"], shown["title"], shown["agent"]) == ("completed", "count 4", "scripted")


async def test_a_stream_tells_the_chat_then_pieces_then_the_end(
    client: httpx.AsyncClient, project: str
) -> None:
    found = await all_events(
        client, "POST", "/chat/stream", json={"project_id": project, "prompt": "count 3"}
    )
    assert [e.name for e in found] == ["chat", "message", "message", "message", "end"]
    chat = found[0].row["chat_id"]
    assert [e.id for e in found[:4]] == [f"{chat}:{n}" for n in (1, 2, 3, 4)]
    assert [e.row["seq"] for e in found[1:4]] == [2, 3, 4]
    end = found[-1].row
    assert (end["id"], end["status"], end["cost_usd"], end["error"]) == (chat, "completed", 0.25, None)


async def test_headers_of_a_stream(client: httpx.AsyncClient, project: str) -> None:
    body = {"project_id": project, "prompt": "hello"}
    async with client.stream("POST", "/chat/stream", json=body) as answer:
        assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert answer.headers["cache-control"] == "no-cache, no-transform"
        assert answer.headers["x-accel-buffering"] == "no"
        assert answer.headers["x-request-id"]


async def test_a_cut_stream_goes_on_where_it_was(
    client: httpx.AsyncClient, project: str, product: Product
) -> None:
    gate = uuid4().hex
    seen = []
    body = {"project_id": project, "prompt": f"count 60 {gate}"}
    async with (
        client.stream("POST", "/chat/stream", json=body) as answer,
        aclosing(events(answer)) as stream,
    ):
        async for event in stream:
            seen.append(event)
            if event.name == "message" and event.row["metadata"]["n"] == 17:
                break
    product.gates.of(gate).set()
    last = seen[-1].id
    chat = seen[0].row["chat_id"]
    seen += await all_events(client, "GET", f"/chats/{chat}/stream", headers={"Last-Event-ID": last})
    assert [e.row["metadata"]["n"] for e in seen if e.name == "message"] == list(range(60))
    stored = (await client.get(f"/chats/{chat}/messages", params={"after": 1})).json()["messages"]
    assert text_of(seen) == "".join(m["content"] for m in stored)


async def test_a_page_opened_in_the_middle_sees_everything_once(
    client: httpx.AsyncClient, project: str, product: Product
) -> None:
    gate = uuid4().hex
    asked = await client.post("/chat", json={"project_id": project, "prompt": f"count 40 {gate}"})
    chat = asked.json()["chat_id"]
    async with client.stream("GET", f"/chats/{chat}/stream") as first:
        found = []
        async with aclosing(events(first)) as stream:
            async for event in stream:
                found.append(event)
                if event.row.get("metadata", {}).get("n") == 19:
                    product.gates.of(gate).set()
    assert [e.row["seq"] for e in found[:-1]] == list(range(1, 42))
    late = await all_events(client, "GET", f"/chats/{chat}/stream")
    assert [e.data for e in late] == [e.data for e in found]


@pytest.mark.parametrize(
    "last",
    [
        "nonsense",
        "00000000-0000-4000-8000-000000000000:1",
        ":3",
        "{chat}:",
        "{chat}:-1",
        "{chat}:1:2",
        "{chat}:9999999999999",
    ],
)
async def test_a_last_event_id_of_something_else(client: httpx.AsyncClient, project: str, last: str) -> None:
    asked = await client.post("/chat/query", json={"project_id": project, "prompt": "hi"})
    chat = asked.json()["chat_id"]
    answer = await client.get(f"/chats/{chat}/stream", headers={"Last-Event-ID": last.format(chat=chat)})
    assert (answer.status_code, answer.json()["code"]) == (422, "last_event_id_invalid")


async def test_a_follow_up_knows_what_was_said(client: httpx.AsyncClient, project: str) -> None:
    first = (await client.post("/chat/query", json={"project_id": project, "prompt": "one"})).json()
    body = {"project_id": project, "prompt": "two", "chat_id": first["chat_id"]}
    second = (await client.post("/chat/query", json=body)).json()
    assert second["response"].startswith("two (2 before")


async def test_a_question_while_the_chat_answers(
    client: httpx.AsyncClient, project: str, product: Product
) -> None:
    gate = uuid4().hex
    asked = await client.post("/chat", json={"project_id": project, "prompt": f"count 2 {gate}"})
    body = {"project_id": project, "prompt": "and?", "chat_id": asked.json()["chat_id"]}
    for path in ("/chat", "/chat/stream", "/chat/query"):
        answer = await client.post(path, json=body)
        assert (answer.status_code, answer.json()["code"]) == (409, "chat_processing")
    product.gates.of(gate).set()


async def test_a_failed_answer(client: httpx.AsyncClient, project: str) -> None:
    waited = await client.post("/chat/query", json={"project_id": project, "prompt": "fail"})
    assert (waited.status_code, waited.json()["code"]) == (502, "model_failed")
    assert "set another" in waited.json()["detail"]
    found = await all_events(client, "POST", "/chat/stream", json={"project_id": project, "prompt": "fail"})
    assert text_of(found) == "so far"
    assert found[-1].name == "end"
    assert (found[-1].row["status"], found[-1].row["error"]["code"]) == ("failed", "model_failed")


async def test_stop(client: httpx.AsyncClient, project: str) -> None:
    found = []
    body = {"project_id": project, "prompt": "hang"}
    async with client.stream("POST", "/chat/stream", json=body) as answer:
        async for event in events(answer):
            found.append(event)
            if event.name == "message":
                stopped = await client.post(f"/chat/{event.row['chat_id']}/cancel")
                assert stopped.json()["status"] == "cancelled"
    assert text_of(found) == "before"
    assert found[-1].row["status"] == "cancelled"


async def test_a_deleted_chat_is_gone(client: httpx.AsyncClient, project: str) -> None:
    chat = (await client.post("/chat/query", json={"project_id": project, "prompt": "hi"})).json()["chat_id"]
    renamed = await client.patch(f"/chats/{chat}", json={"title": "Greeting"})
    assert renamed.json()["title"] == "Greeting"
    assert (await client.delete(f"/chats/{chat}")).status_code == 204
    for path in (f"/chats/{chat}", f"/chats/{chat}/messages", f"/chats/{chat}/stream"):
        assert (await client.get(path)).status_code == 404
    assert (await client.get("/chats", params={"project_id": project})).json()["count"] == 0


async def test_pages_of_messages(client: httpx.AsyncClient, project: str) -> None:
    asked = await client.post("/chat/query", json={"project_id": project, "prompt": "count 7"})
    chat, after, seen = asked.json()["chat_id"], 0, []
    while after is not None:
        page = (await client.get(f"/chats/{chat}/messages", params={"after": after, "limit": 3})).json()
        seen += [m["seq"] for m in page["messages"]]
        after = page["next"]
    assert seen == list(range(1, 9))


async def test_pages_from_the_end(client: httpx.AsyncClient, project: str) -> None:
    asked = await client.post("/chat/query", json={"project_id": project, "prompt": "count 7"})
    chat, before, seen = asked.json()["chat_id"], 2**31 - 1, []
    while before is not None:
        page = (await client.get(f"/chats/{chat}/messages", params={"before": before, "limit": 3})).json()
        seen = [m["seq"] for m in page["messages"]] + seen
        before = page["previous"]
        assert page["next"] is None
    assert seen == list(range(1, 9))
    assert (await client.get(f"/chats/{chat}/messages", params={"before": 0})).status_code == 422


@pytest.mark.parametrize(
    ("over", "status", "code"),
    [
        ({"prompt": " \n "}, 422, "prompt_empty"),
        ({"prompt": "x" * 100_001}, 422, "prompt_too_long"),
        ({"agent": "nobody"}, 422, "agent_unknown"),
        ({"agent": "claude"}, 503, "model_not_configured"),
        ({"target": "no dot"}, 422, "address_malformed"),
        ({"mode": "loud"}, 422, "validation_failed"),
        ({"chat_id": str(uuid4())}, 404, "chat_not_found"),
        ({"project_id": str(uuid4())}, 404, "project_not_found"),
    ],
)
async def test_questions_that_can_not_be(
    client: httpx.AsyncClient, project: str, over: dict[str, str], status: int, code: str
) -> None:
    answer = await client.post("/chat", json={"project_id": project, "prompt": "x", **over})
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_the_viewer_of_a_stream_leaves_no_trace(
    client: httpx.AsyncClient, project: str, product: Product
) -> None:
    body = {"project_id": project, "prompt": "hang"}
    async with client.stream("POST", "/chat/stream", json=body) as answer:
        async for event in events(answer):
            if event.name == "message":
                break
        assert len(product.streams) == 1
    await product.until(lambda: len(product.streams) == 0)
    assert (await client.post(f"/chat/{event.row['chat_id']}/cancel")).status_code == 200
