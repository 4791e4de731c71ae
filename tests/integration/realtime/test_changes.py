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
        serving.say(project, chat, 1, "héllo \"q\"\n")
        data = await client.change()
        assert data["record"]["content"] == "héllo \"q\"\n"
        assert data["record"] == serving.run(
            "select to_jsonb(m) as m from chat_messages m where chat_id = %s", chat
        )[0]["m"]
        assert (data["type"], data["schema"], data["table"]) == ("INSERT", "public", "chat_messages")
        assert {"name": "seq", "type": "int4"} in data["columns"]
