"""Real supabase-py, which speaks version 1.0.0."""

import asyncio
from typing import Any

from realtime import AsyncRealtimeClient, RealtimePostgresChangesListenEvent

from integration.realtime.serving import Serving, make_user


def client_of(serving: Serving) -> AsyncRealtimeClient:
    return AsyncRealtimeClient(
        f"{serving.url.replace('http', 'ws')}/realtime/v1",
        token=serving.keys.publishable,
        auto_reconnect=False,
    )


async def test_changes(serving: Serving) -> None:
    user = make_user(serving)
    project = serving.project_of(user)
    chat = serving.chat_in(project, user)
    client, heard, live = client_of(serving), asyncio.Queue[dict[str, Any]](), asyncio.Event()
    await client.connect()
    await client.set_auth(serving.token(user))
    channel = client.channel(f"chat:{chat}")
    channel.on_postgres_changes(
        RealtimePostgresChangesListenEvent.Insert,
        table="chat_messages",
        schema="public",
        filter=f"chat_id=eq.{chat}",
        callback=lambda said: heard.put_nowait(said),
    )
    channel.on_postgres_changes(
        RealtimePostgresChangesListenEvent.Update,
        table="chats",
        schema="public",
        filter=f"id=eq.{chat}",
        callback=lambda said: heard.put_nowait(said),
    )
    channel.on_system(lambda said: live.set())
    await channel.subscribe()
    async with asyncio.timeout(10):
        await live.wait()
        serving.say(project, chat, 1, "é")
        serving.run("update chats set title = 'done' where id = %s", chat)
        first, second = await heard.get(), await heard.get()
    assert first["data"]["record"]["content"] == "é"
    assert second["data"]["record"]["title"] == "done"
    assert second["data"]["old_record"] == {"id": str(chat)}
    await client.close()


async def test_broadcast_and_presence(serving: Serving) -> None:
    one, two, heard = client_of(serving), client_of(serving), asyncio.Queue[Any]()
    joined = asyncio.Event()
    channels = []
    for client in (one, two):
        await client.connect()
        channel = client.channel(
            "py-room", {"config": {"presence": {"key": str(len(channels)), "enabled": True}}}
        )
        channels.append(channel)
    channels[0].on_broadcast("e", heard.put_nowait)
    channels[0].on_presence_join(lambda key, current, new: joined.set() if key == "1" else None)
    for channel in channels:
        subscribed = asyncio.Event()
        await channel.subscribe(lambda state, _, s=subscribed: s.set() if state == "SUBSCRIBED" else None)
        async with asyncio.timeout(5):
            await subscribed.wait()
    async with asyncio.timeout(5):
        await channels[1].track({"mood": "fine"})
        await joined.wait()
        await channels[1].send_broadcast("e", {"n": 1})
        assert (await heard.get())["payload"] == {"n": 1}
    for client in (one, two):
        await client.close()
