"""Corners of the protocol that no client of Supabase walks into by itself."""

import asyncio
import json

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from integration.realtime.client import INSERTS, Bare, bare
from integration.realtime.serving import Serving, make_user


@pytest.mark.parametrize(
    "key", ["", "sb_publishable_wrong", "sb_secret_wrong", "eyJhbGciOiJub25lIn0.e30.", "x"]
)
async def test_a_socket_needs_a_key_of_this_install(serving: Serving, key: str) -> None:
    url = serving.socket_url().replace(serving.keys.publishable, key)
    with pytest.raises(InvalidStatus) as refused:
        async with connect(url):
            pass
    assert refused.value.response.status_code == 401
    assert "error" in json.loads(refused.value.response.body)


async def test_keys_of_both_styles_and_versions(serving: Serving) -> None:
    for key in (serving.keys.publishable, serving.keys.secret, serving.keys.legacy("anon")):
        async with bare(serving.socket_url(key=key)) as client:
            await client.heartbeat()
    with pytest.raises(InvalidStatus):
        async with connect(serving.socket_url("3.0.0")):
            pass


async def test_wrong_paths_and_methods(serving: Serving) -> None:
    base = serving.url.replace("http", "ws")
    with pytest.raises(InvalidStatus) as refused:
        async with connect(f"{base}/realtime/v1/elsewhere?apikey={serving.keys.publishable}"):
            pass
    assert refused.value.response.status_code == 404
    async with httpx.AsyncClient(base_url=f"{serving.url}/realtime/v1") as http:
        headers = {"apikey": serving.keys.publishable}
        assert (await http.get("/api/broadcast", headers=headers)).status_code == 405
        assert (await http.post("/api/broadcast", json={"messages": []})).status_code == 401
        assert (await http.post("/nothing", headers=headers)).status_code == 404
        for body in (b"{", b"[]", b'{"messages": [1]}', b'{"messages": [{"topic": "a"}]}'):
            assert (await http.post("/api/broadcast", headers=headers, content=body)).status_code == 422
        assert (
            await http.post("/api/broadcast", headers=headers, content=b" " * 1_100_000)
        ).status_code == 413
        said = {"messages": [{"topic": "a", "event": "e", "payload": {}}]}
        assert (await http.post("/api/broadcast", headers=headers, json=said)).status_code == 202
        assert (await http.post("/api/broadcast/a%2Fb/events/e", headers=headers, json={})).status_code == 202


async def test_a_secret_key_sees_all(serving: Serving) -> None:
    user = make_user(serving)
    project = serving.project_of(user)
    chat = serving.chat_in(project, user)
    async with bare(serving.socket_url(key=serving.keys.secret)) as client:
        await client.subscribe("all", None, {**INSERTS, "filter": f"chat_id=eq.{chat}"})
        serving.say(project, chat, 1)
        assert (await client.change())["record"]["seq"] == 1


async def test_a_join_again_replaces_the_first(serving: Serving) -> None:
    user = make_user(serving)
    project, token = serving.project_of(user), serving.token(user)
    chat = serving.chat_in(project, user)
    async with bare(serving.socket_url()) as client:
        for _ in range(3):
            await client.subscribe("c", token, {**INSERTS, "filter": f"chat_id=eq.{chat}"})
        serving.say(project, chat, 1)
        serving.say(project, chat, 2)
        assert [(await client.change())["record"]["seq"] for _ in range(2)] == [1, 2]


async def test_events_of_topics_that_were_not_joined(serving: Serving) -> None:
    async with bare(serving.socket_url()) as client:
        for event in ("broadcast", "presence", "access_token", "whatever"):
            answer = await client.call("realtime:nowhere", event, {})
            assert (answer["status"], answer["response"]) == ("error", {"reason": "unmatched topic"})
        assert (await client.call("realtime:nowhere", "phx_leave", {}))["status"] == "ok"
        assert (await client.call("elsewhere", "phx_join", {}))["status"] == "error"


@pytest.mark.parametrize(
    "config",
    [
        {"postgres_changes": "all"},
        {"postgres_changes": [1]},
        {"postgres_changes": [{"event": "TRUNCATE"}]},
        {"postgres_changes": [{"event": 1}]},
        {"postgres_changes": [{"filter": "id=eq.1"}]},
        {"postgres_changes": [{"table": "chats", "select": "id"}]},
        {"postgres_changes": [{"table": "chats"}] * 101},
    ],
)
async def test_a_join_that_makes_no_sense(serving: Serving, config: dict[str, object]) -> None:
    async with bare(serving.socket_url()) as client:
        answer = await client.call("realtime:c", "phx_join", {"config": config})
        assert answer["status"] == "error"
        assert answer["response"]["reason"].startswith("MalformedJoin")


async def test_answers_repeat_the_bindings_in_order(serving: Serving) -> None:
    wanted = [
        {"event": "*", "schema": "public", "table": "chats", "filter": ""},
        {"event": "INSERT", "schema": "public"},
        {"event": "DELETE", "schema": "public", "table": "chats", "select": ["id", "title"]},
    ]
    async with bare(serving.socket_url()) as client:
        answer = await client.join("c", None, *wanted)
        said = answer["response"]["postgres_changes"]
        assert [{k: v for k, v in one.items() if k != "id"} for one in said] == wanted
        assert all(0 < one["id"] < 2**27 for one in said)
        again = (await client.join("d", None, *wanted))["response"]["postgres_changes"]
        assert again == said
        assert (await client.join("e", None))["response"] == {"postgres_changes": []}


async def test_a_whole_schema(serving: Serving) -> None:
    user = make_user(serving)
    project = serving.project_of(user)
    async with bare(serving.socket_url()) as client:
        await client.subscribe("s", serving.token(user), {"event": "INSERT", "schema": "public"})
        chat = serving.chat_in(project, user)
        serving.say(project, chat, 1)
        seen = [(await client.change())["table"]]
        while seen[-1] != "chat_messages":
            seen.append((await client.change())["table"])
        assert seen[-2:] == ["chats", "chat_messages"]


async def test_a_rejected_refresh_closes_the_channel(serving: Serving) -> None:
    user = make_user(serving)
    async with bare(serving.socket_url()) as client:
        await client.join("c", serving.token(user))
        await client.send("realtime:c", "access_token", {"access_token": serving.keys.publishable})
        await client.send("realtime:c", "access_token", {"access_token": "a.b.c"})
        said = await client.until("system")
        assert (said["extension"], said["status"]) == ("system", "error")
        await client.until("phx_close")


@pytest.mark.parametrize("version", ["1.0.0", "2.0.0"])
async def test_what_is_of_one_channel_names_its_join(serving: Serving, version: str) -> None:
    """Of two channels of a name, one after the other, clients know whose goodbye it is."""
    user = make_user(serving)
    async with connect(serving.socket_url(version), compression=None) as socket:

        async def say(join_ref: str, ref: str, event: str, payload: object) -> None:
            names = {"topic": "realtime:c", "event": event, "payload": payload}
            told = [join_ref, ref, *names.values()]
            await socket.send(
                json.dumps(told if version == "2.0.0" else {**names, "ref": ref, "join_ref": join_ref})
            )

        async def heard() -> tuple[str | None, str | None, str]:
            """Join, reference and event."""
            said = json.loads(await asyncio.wait_for(socket.recv(), 5))
            if version == "2.0.0":
                return said[0], said[1], said[3]
            return said.get("join_ref"), said["ref"], said["event"]

        join = {"config": {"postgres_changes": [INSERTS]}, "access_token": serving.token(user)}
        for first, again in (("1", "2"), ("3", "4")):
            await say(first, first, "phx_join", join)
            assert [await heard() for _ in range(3)] == [
                (first, first, "phx_reply"),
                (first, None, "system"),
                (first, None, "presence_state"),
            ]
            await say(first, f"{first}l", "phx_leave", {})
            await say(again, again, "phx_join", join)
            assert [await heard() for _ in range(5)] == [
                (first, f"{first}l", "phx_reply"),
                (first, first, "phx_close"),
                (again, again, "phx_reply"),
                (again, None, "system"),
                (again, None, "presence_state"),
            ]
            # A leave of the one before that comes late ends nothing.
            await say(first, "late", "phx_leave", {})
            assert await heard() == (first, "late", "phx_reply")
            await say(again, "here", "presence", {"type": "presence", "event": "untrack"})
            assert await heard() == (again, "here", "phx_reply")
            await say(again, "bad", "access_token", {"access_token": "a.b.c"})
            assert [await heard() for _ in range(2)] == [(again, None, "system"), (again, again, "phx_close")]


async def test_a_frame_too_large_ends_the_socket(serving: Serving) -> None:
    async with connect(serving.socket_url(), compression=None) as socket:
        with pytest.raises(ConnectionClosed) as closed:
            await socket.send("x" * 1_100_000)
            await socket.recv()
        assert closed.value.rcvd is not None and closed.value.rcvd.code == 1009


async def test_large_rows_come_whole_or_say_so(serving: Serving) -> None:
    user = make_user(serving)
    project = serving.project_of(user)
    chat = serving.chat_in(project, user)
    async with bare(serving.socket_url()) as client:
        await client.subscribe("c", serving.token(user), {**INSERTS, "filter": f"chat_id=eq.{chat}"})
        serving.say(project, chat, 1, "x" * 300_000)
        serving.say(project, chat, 2, "x" * 1_200_000)
        first, second = await client.change(), await client.change()
        assert len(first["record"]["content"]) == 300_000
        assert second["errors"] == ["Error 413: Payload Too Large"]
        assert second["record"]["seq"] == 2 and "content" not in second["record"]


async def test_a_joining_channel_can_be_left(serving: Serving) -> None:
    async with bare(serving.socket_url()) as client:
        for n in range(20):
            await client.send(f"realtime:{n}", "phx_join", {"config": {"postgres_changes": [INSERTS]}})
            await client.send(f"realtime:{n}", "phx_leave", {})
        await client.heartbeat()
    async with asyncio.timeout(5):
        while serving.part.open_channels:
            await asyncio.sleep(0.01)


async def test_cookies_of_other_ports_shut_nobody_out(serving: Serving) -> None:
    cookies = {"Cookie": "; ".join(f"c{n}={'x' * 4_000}" for n in range(15))}
    async with connect(serving.socket_url(), compression=None, additional_headers=cookies) as socket:
        await Bare(socket).heartbeat()


@pytest.mark.parametrize("headers", [{"X-Long": "x" * 9_000}, {f"X-{n}": "x" for n in range(130)}])
async def test_a_handshake_too_large_is_refused(serving: Serving, headers: dict[str, str]) -> None:
    with pytest.raises(InvalidStatus) as refused:
        await connect(serving.socket_url(), additional_headers=headers, open_timeout=5)
    assert refused.value.response.status_code == 431
