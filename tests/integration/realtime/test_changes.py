"""Which changes reach whom."""

from integration.realtime.client import INSERTS, bare
from integration.realtime.serving import Serving, make_user


async def test_member_gets_the_rows_of_a_chat(serving: Serving) -> None:
    user = make_user(serving)
    project = serving.project_of(user)
    chat, other = serving.chat_in(project, user), serving.chat_in(project, user)
    async with bare(serving.socket_url()) as client:
        said = await client.subscribe("c", serving.token(user), {**INSERTS, "filter": f"chat_id=eq.{chat}"})
        assert said == {
            "extension": "postgres_changes",
            "status": "ok",
            "message": "Subscribed to PostgreSQL",
            "channel": "c",
        }
        serving.say(project, other, 1)
        serving.say(project, chat, 1, 'héllo "q"\n')
        data = await client.change()
        assert data["record"]["content"] == 'héllo "q"\n'
        assert (
            data["record"]
            == serving.run("select to_jsonb(m) as m from chat_messages m where chat_id = %s", chat)[0]["m"]
        )
        assert (data["type"], data["schema"], data["table"]) == ("INSERT", "public", "chat_messages")
        assert {"name": "seq", "type": "int4"} in data["columns"]


async def test_channels_of_one_socket_come_and_go(serving: Serving) -> None:
    user = make_user(serving)
    project, token = serving.project_of(user), serving.token(user)
    chat, other = serving.chat_in(project, user), serving.chat_in(project, user)
    async with bare(serving.socket_url()) as client:
        await client.subscribe("one", token, {**INSERTS, "filter": f"chat_id=eq.{chat}"})
        await client.subscribe("two", token, {**INSERTS, "filter": f"chat_id=eq.{other}"})
        serving.say(project, chat, 1)
        serving.say(project, other, 1)
        assert (await client.change())["record"]["chat_id"] == str(chat)
        assert (await client.change())["record"]["chat_id"] == str(other)
        assert (await client.call("realtime:one", "phx_leave", {}))["status"] == "ok"
        assert await client.until("phx_close") == {}
        await client.subscribe("late", token, {**INSERTS, "filter": f"chat_id=eq.{chat}"})
        serving.say(project, chat, 2)
        assert (await client.change())["record"]["seq"] == 2
