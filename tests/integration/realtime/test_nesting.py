"""JSON that is nested deeper than it could be written again: refused, and nothing is left of it."""

import json
from typing import Any

import httpx
import pytest

from integration.realtime.client import Bare, bare
from integration.realtime.serving import Serving


def nested(levels: int) -> Any:
    return json.loads("[" * levels + "]" * levels)


def track(meta: object) -> dict[str, object]:
    return {"type": "presence", "event": "track", "payload": meta}


def pushed(topic: str, event: str, payload: object) -> bytes:
    """A broadcast as a binary frame."""
    names = [b"1", b"bin", topic.encode(), event.encode(), b""]
    return bytes([3, *map(len, names), 1]) + b"".join(names) + json.dumps(payload).encode()


async def reason(client: Bare, topic: str, event: str, payload: object) -> str:
    answer = await client.call(f"realtime:{topic}", event, payload)
    assert answer["status"] == "error"
    return answer["response"]["reason"].partition(":")[0]


async def test_a_presence_too_deep_leaves_no_ghost(serving: Serving) -> None:
    async with bare(serving.socket_url()) as other:
        await other.join("ghosts", None)
        async with bare(serving.socket_url()) as client:
            await client.join("evil", None)
            await client.join("ghosts", None, presence={"key": "me"})
            assert (await client.call("realtime:ghosts", "presence", track({"who": "me"})))["status"] == "ok"
            assert "me" in (await other.until("presence_diff"))["joins"]
            assert await reason(client, "evil", "presence", track({"a": nested(251)})) == "MalformedMessage"
            await client.heartbeat()
        assert "me" in (await other.until("presence_diff"))["leaves"]
        await other.join("ghosts", None)
        assert await other.until("presence_state") == {}


@pytest.mark.parametrize("levels", [240, 255, 400])
async def test_a_broadcast_too_deep_is_refused(serving: Serving, levels: int) -> None:
    said = {"type": "broadcast", "event": "e", "payload": {"a": nested(levels)}}
    async with bare(serving.socket_url()) as client:
        await client.join("deep", None)
        assert await reason(client, "deep", "broadcast", said) == "MalformedBroadcast"
        await client.socket.send(pushed("realtime:deep", "e", said["payload"]))
        answer = await client.until("phx_reply", "bin")
        assert answer["response"]["reason"].startswith("MalformedBroadcast")
        await client.heartbeat()


async def test_what_is_not_too_deep_is_heard(serving: Serving) -> None:
    payload = {"a": nested(230)}
    async with bare(serving.socket_url("1.0.0")) as old, bare(serving.socket_url()) as client:
        await old.socket.send(
            json.dumps({"topic": "realtime:deep", "event": "phx_join", "payload": {}, "ref": "1"})
        )
        while json.loads(await old.socket.recv())["event"] != "phx_reply":
            pass
        await client.join("deep", None)
        await client.send("realtime:deep", "broadcast", {"event": "e", "payload": payload})
        while (said := json.loads(await old.socket.recv()))["event"] != "broadcast":
            pass
        assert said["payload"]["payload"] == payload
        assert (await client.call("realtime:deep", "presence", track(payload)))["status"] == "ok"


async def test_broadcasts_too_deep_are_refused_by_http(serving: Serving) -> None:
    headers = {"apikey": serving.keys.publishable}
    said = {"messages": [{"topic": "a", "event": "e", "payload": nested(400)}]}
    async with httpx.AsyncClient(base_url=f"{serving.url}/realtime/v1", headers=headers) as http:
        assert (await http.post("/api/broadcast", json=said)).status_code == 422
        assert (await http.post("/api/broadcast/a/events/e", json=nested(400))).status_code == 422
        assert (await http.post("/api/broadcast/a/events/e", json=nested(230))).status_code == 202


async def test_a_join_too_deep_is_answered(serving: Serving) -> None:
    wish: dict[str, object] = {"event": "*", "schema": "public", "table": "chats", "more": nested(251)}
    async with bare(serving.socket_url()) as client:
        answer = await client.join("c", None, wish)
        assert (answer["status"], answer["response"]["reason"].partition(":")[0]) == (
            "error",
            "MalformedMessage",
        )
        assert await reason(client, "c", "broadcast", {"event": "e"}) == "unmatched topic"
        assert (await client.join("c", None, {**wish, "more": nested(200)}))["status"] == "ok"
