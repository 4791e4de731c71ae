"""Clients that are slow, silent, or too many; a Postgres that is killed."""

import asyncio
import socket
from collections.abc import Callable
from pathlib import Path

import httpx
import psycopg
import pytest
from websockets.exceptions import ConnectionClosed

from fixtures.postgres import Database
from integration.realtime.client import INSERTS, bare
from integration.realtime.serving import Serving, make_user
from oryxforge.embedded.gateway.realtime.hub import Limits

FEW = Limits(channels=3, joins_burst=5, joins_per_s=0.01, messages_burst=50, messages_per_s=0.01)


async def test_a_slow_client_is_cut_and_slows_nobody(tmp_path: Path, database: Database) -> None:
    with Serving(tmp_path, database, Limits(buffer_bytes=200_000)) as small:
        await _one_slow_one_fast(small)


async def _one_slow_one_fast(small: Serving) -> None:
    user = make_user(small)
    project = small.project_of(user)
    chat = small.chat_in(project, user)
    changes = {**INSERTS, "filter": f"chat_id=eq.{chat}"}
    async with bare(small.socket_url()) as fast, bare(small.socket_url()) as slow:
        await fast.subscribe("c", small.token(user), changes)
        await slow.subscribe("c", small.token(user), changes)
        raw: socket.socket = slow.socket.transport.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.socket.transport.pause_reading()
        for seq in range(1, 81):
            small.say(project, chat, seq, "x" * 100_000)
            assert (await fast.change(within_s=3))["record"]["seq"] == seq
        async with asyncio.timeout(5):
            while small.part.open_channels > 1:
                await asyncio.sleep(0.02)
        slow.socket.transport.resume_reading()
        with pytest.raises(ConnectionClosed):
            while True:
                await slow.change()


async def test_a_silent_client_is_let_go(tmp_path: Path, database: Database) -> None:
    with Serving(tmp_path, database, Limits(silence_s=1.2)) as small:
        async with bare(small.socket_url()) as client:
            with pytest.raises(ConnectionClosed) as closed:
                await client.until("never", within_s=10)
            assert closed.value.rcvd is not None
            assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (1001, "no heartbeat")


async def test_too_many_channels_and_joins(tmp_path: Path, database: Database) -> None:
    with Serving(tmp_path, database, FEW) as small:
        await _too_many(small)
        await _too_many_by_http(small)


async def _too_many(small: Serving) -> None:
    async with bare(small.socket_url()) as client:
        answers = [await client.join(f"c{n}", None) for n in range(7)]
        reasons = [a["response"].get("reason", "ok").partition(":")[0] for a in answers]
        assert reasons == ["ok"] * 3 + ["ChannelRateLimitReached"] * 2 + ["ClientJoinRateLimitReached"] * 2
        with pytest.raises(ConnectionClosed) as closed:
            for _ in range(60):
                await client.heartbeat()
        assert closed.value.rcvd is not None and closed.value.rcvd.reason == "too many messages"


async def _too_many_by_http(small: Serving) -> None:
    message = {"topic": "a", "event": "e", "payload": {}}
    several = [{**message, "topic": f"{n}", "private": True} for n in range(6)]
    headers = {"apikey": small.keys.publishable}
    async with httpx.AsyncClient(base_url=f"{small.url}/realtime/v1", headers=headers) as http:
        for messages, status in (
            ([message] * 30, 202),
            ([message] * 30, 429),
            (several, 429),
            ([message], 202),
        ):
            answer = await http.post("/api/broadcast", json={"messages": messages})
            assert answer.status_code == status
        token = {"authorization": f"Bearer {small.token(make_user(small))}"}
        answer = await http.post("/api/broadcast", json={"messages": [message] * 30}, headers=token)
        assert answer.status_code == 202


async def test_a_killed_reader_makes_clients_join_anew(
    tmp_path: Path, make_database: Callable[[], Database]
) -> None:
    database = make_database()
    with Serving(tmp_path, database) as serving:
        user = make_user(serving)
        project = serving.project_of(user)
        chat = serving.chat_in(project, user)
        changes = {**INSERTS, "filter": f"chat_id=eq.{chat}"}
        async with bare(serving.socket_url()) as client:
            await client.subscribe("c", serving.token(user), changes)
            serving.say(project, chat, 1)
            await client.change()
            with psycopg.connect(database.owner, autocommit=True) as db:
                db.execute(
                    "select pg_terminate_backend(active_pid) from pg_replication_slots where database = current_database()"
                )
            serving.say(project, chat, 2)
            assert (await client.until("system"))["status"] == "error"
            await client.until("phx_error")
            await client.subscribe("c", serving.token(user), changes)
            serving.say(project, chat, 3)
            # The reader may have told of the row before, as it was about to die.
            told = [(await client.change())["record"]["seq"]]
            if told == [2]:
                told.append((await client.change())["record"]["seq"])
            assert told[-1] == 3


async def test_what_a_socket_shows_of_itself_has_an_end(serving: Serving) -> None:
    async with bare(serving.socket_url()) as client:

        async def track(channel: int, size: int) -> str:
            said = {"type": "presence", "event": "track", "payload": {"x": "y" * size}}
            answer = await client.call(f"realtime:p{channel}", "presence", said)
            return answer["response"].get("reason", "ok").partition(":")[0]

        for channel in range(17):
            await client.join(f"p{channel}", None)
        assert [await track(n, 4_080) for n in range(17)] == ["ok"] * 16 + ["PresenceTooLarge"]
        assert await track(3, 4_080) == "ok"
        untracked = {"type": "presence", "event": "untrack"}
        assert (await client.call("realtime:p0", "presence", untracked))["status"] == "ok"
        assert await track(16, 4_080) == "ok"
        assert await track(0, 4_080) == "PresenceTooLarge"
        await client.call("realtime:p1", "phx_leave", {})
        assert await track(0, 4_080) == "ok"
