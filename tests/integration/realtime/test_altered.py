"""Tables that change while somebody listens: who joins sees them as they are, and who listens goes on."""

from collections.abc import Iterator

import pytest

from fixtures.postgres import PostgresServer
from integration.realtime.client import Bare, bare
from integration.realtime.serving import Serving, make_user


@pytest.fixture(scope="module")
def app(postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    with Serving(tmp_path_factory.mktemp("app"), postgres_server.make_database()) as running:
        yield running


def publish(app: Serving, name: str, columns: str) -> dict[str, object]:
    """A new table, and a wish for it."""
    app.run(f"create table {name} ({columns})")
    app.run(f"grant select on {name} to anon, authenticated")
    app.run(f"alter publication supabase_realtime add table {name}")
    return {"event": "*", "schema": "public", "table": name}


async def no_failure(client: Bare) -> None:
    await client.heartbeat()
    assert not [m for m in client.passed if m[3] in ("phx_error", "phx_close")]


async def test_who_listens_goes_on_when_columns_come_go_and_move(app: Serving) -> None:
    wish = publish(app, "moved", "gone text, id int primary key, body text, n numeric")
    async with bare(app.socket_url()) as client, bare(app.socket_url()) as loser:
        await client.subscribe("plain", None, wish)
        await client.subscribe("printed", None, {**wish, "filter": "body=eq.yes"})
        await client.subscribe("asked", None, {**wish, "filter": "n=gt.1"})
        await loser.subscribe("lost", None, {**wish, "filter": "gone=eq.x"})
        await loser.subscribe("kept", None, wish)
        app.run("insert into moved values ('x', 1, 'no', 1)")
        assert (await client.change())["record"] == {"gone": "x", "id": 1, "body": "no", "n": 1}
        app.run("alter table moved add column more int default 5")
        app.run("insert into moved values ('x', 2, 'yes', 1)")
        seen = [await client.until("postgres_changes") for _ in range(2)]
        assert [s["data"]["record"]["more"] for s in seen] == [5, 5]
        assert {"name": "more", "type": "int4"} in seen[0]["data"]["columns"]
        assert not [m for m in loser.passed if m[3] == "phx_error"]
        app.run("alter table moved drop column gone")
        app.run("insert into moved values (3, 'yes', 2)")
        seen = [await client.until("postgres_changes") for _ in range(3)]
        assert [s["data"]["record"] for s in seen] == [{"id": 3, "body": "yes", "n": 2, "more": 5}] * 3
        await loser.until("phx_error")
        assert {m[2] for m in loser.passed if m[3] == "system"} == {"realtime:lost"}
        assert (await loser.change())["record"]["id"] == 3
        await no_failure(client)


async def test_rows_of_before_and_after_in_one_transaction(app: Serving) -> None:
    wish = publish(app, "midway", "id int primary key, a text, b text")
    async with bare(app.socket_url()) as client:
        await client.subscribe("m", None, wish)
        app.run(
            "begin; insert into midway values (1, 'a', 'b'); alter table midway drop column a;"
            " insert into midway values (2, 'b'); alter table midway add column c int default 3;"
            " insert into midway values (3, 'b'); commit"
        )
        rows = [(await client.change())["record"] for _ in range(3)]
        assert [row["b"] for row in rows] == ["b"] * 3
        assert rows[2] == {"id": 3, "b": "b", "c": 3}
        await no_failure(client)


async def test_new_columns_names_and_grants_are_known_to_who_joins(app: Serving) -> None:
    wish, user = publish(app, "before", "id int primary key, body text"), make_user(app)
    app.run("revoke select on before from authenticated")
    app.run("grant select (id) on before to authenticated")
    async with bare(app.socket_url()) as early, bare(app.socket_url()) as client:
        await early.subscribe("e", None, wish)
        app.run("alter table before add column room int")
        room = {**wish, "filter": "room=eq.7"}
        assert (await client.subscribe("room", None, room))["status"] == "ok"
        by_body = {**wish, "filter": "body=eq.x"}
        assert (await client.subscribe("b", app.token(user), by_body))["status"] == "error"
        app.run("grant select on before to authenticated")
        assert (await client.subscribe("b", app.token(user), by_body))["status"] == "ok"
        app.run("insert into before values (1, 'y', 7)")
        assert (await client.change())["record"] == {"id": 1, "body": "y", "room": 7}
        app.run("alter table before rename to after")
        assert (await client.subscribe("n", None, {**wish, "table": "after"}))["status"] == "ok"
        assert (await client.subscribe("old", None, wish))["status"] == "error"
        app.run("insert into after values (2, 'x')")
        seen = [await client.change() for _ in range(2)]
        assert [(s["table"], s["record"]["id"]) for s in seen] == [("after", 2)] * 2
        await early.until("postgres_changes")
        assert (await early.change())["table"] == "after"


async def test_a_right_that_was_taken_hides_the_next_row(app: Serving) -> None:
    wish = publish(app, "walled", "id int primary key, body text")
    async with bare(app.socket_url()) as client:
        await client.subscribe("w", None, wish)
        app.run("insert into walled values (1, 'seen')")
        assert (await client.change())["record"]["id"] == 1
        app.run(
            "begin; alter table walled enable row level security;"
            " create policy few on walled for select to anon using (id > 2);"
            " insert into walled values (2, 'secret'), (3, 'open'); commit"
        )
        assert (await client.change())["record"]["id"] == 3
        app.run("revoke select on walled from anon; grant select (id) on walled to anon")
        app.run("insert into walled values (4, 'secret')")
        assert (await client.change())["record"] == {"id": 4}
