"""Real supabase-py, which speaks version 1.0.0."""

import asyncio
from typing import Any

from realtime import AsyncRealtimeClient, RealtimePostgresChangesListenEvent

from integration.api.modes import in_both_modes
from integration.realtime.serving import World, make_user


def client_of(realtime: World) -> AsyncRealtimeClient:
    return AsyncRealtimeClient(
        f"{realtime.url.replace('http', 'ws')}/realtime/v1",
        token=realtime.keys.publishable,
        auto_reconnect=False,
    )


@in_both_modes("realtime")
async def test_changes(realtime: World) -> None:
    user = make_user(realtime)
    project = realtime.project_of(user)
    chat = realtime.chat_in(project, user)
    client, heard, live = client_of(realtime), asyncio.Queue[dict[str, Any]](), asyncio.Event()
    await client.connect()
    await client.set_auth(realtime.token(user))
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
        realtime.say(project, chat, 1, "é")
        realtime.run("update chats set title = 'done' where id = %s", chat)
        first, second = await heard.get(), await heard.get()
    assert first["data"]["record"]["content"] == "é"
    assert second["data"]["record"]["title"] == "done"
    assert second["data"]["old_record"] == {"id": str(chat)}
    await client.close()


@in_both_modes("realtime")
async def test_broadcast_and_presence(realtime: World) -> None:
    one, two, heard = client_of(realtime), client_of(realtime), asyncio.Queue[Any]()
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
