"""What keys, generated columns and replica identities make of a change."""

from collections.abc import Iterator

import pytest

from fixtures.postgres import PostgresServer
from integration.realtime.client import bare
from integration.realtime.serving import Serving

TABLES = """
create table public.covering (id int, note text, n int, primary key (id) include (note));
alter table public.covering enable row level security;
create policy seen on public.covering for select to anon using (n < 9);
create table public.doubled (id int primary key, a int, b int generated always as (a * 2) stored, tail text);
create table public.walled_doubled (a int, b int generated always as (a * 2) stored, id int primary key);
alter table public.walled_doubled enable row level security;
create policy seen on public.walled_doubled for select to anon using (a < 9);
create table public.whole (id int primary key, body text, tags text[], hidden text);
alter table public.whole replica identity full;
create table public.walled_whole (id int primary key, body text);
alter table public.walled_whole replica identity full;
alter table public.walled_whole enable row level security;
create policy seen on public.walled_whole for select to anon using (true);
create table public.keyless (id int, body text);
alter table public.keyless replica identity full;
create table public.walled_keyless (id int, secret text);
alter table public.walled_keyless replica identity full;
alter table public.walled_keyless enable row level security;
grant select on public.covering, public.doubled, public.walled_doubled, public.walled_whole, public.keyless,
  public.walled_keyless to anon;
revoke all on public.whole from anon;
grant select (id, body, tags) on public.whole to anon;
alter publication supabase_realtime add table public.covering, public.doubled, public.walled_doubled, public.whole,
  public.walled_whole, public.keyless, public.walled_keyless;
"""
NO_KEY = ["Error 400: Bad Request, no primary key"]


@pytest.fixture(scope="module")
def app(postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    with Serving(tmp_path_factory.mktemp("app"), postgres_server.make_database()) as running:
        running.run(TABLES)
        yield running


def wish(table: str, **more: object) -> dict[str, object]:
    return {"event": "*", "schema": "public", "table": table, **more}


async def test_columns_that_a_key_includes_are_no_part_of_it(app: Serving) -> None:
    async with bare(app.socket_url()) as client:
        await client.subscribe("c", None, wish("covering"))
        app.run("insert into covering values (1, null, 5), (2, 'n', 9), (3, 'n', 6)")
        assert [(await client.change())["record"]["id"] for _ in range(2)] == [1, 3]
        app.run("update covering set n = 7 where id = 1")
        data = await client.change()
        assert (data["record"], data["old_record"]) == ({"id": 1, "note": None, "n": 7}, {"id": 1})
        app.run("delete from covering where id = 3")
        assert (await client.change())["old_record"] == {"id": 3}


async def test_generated_columns_are_there_and_can_be_filtered_by(app: Serving) -> None:
    async with bare(app.socket_url()) as client, bare(app.socket_url()) as narrow:
        await client.subscribe("plain", None, wish("doubled"))
        await client.subscribe("walled", None, wish("walled_doubled"))
        for name, by in (("printed", "b=eq.6"), ("asked", "b=gt.6")):
            said = await narrow.subscribe(name, None, wish("doubled", filter=by, select=["b"]))
            assert said["status"] == "ok"
        app.run("insert into doubled (id, a, tail) values (1, 3, 't'), (2, 4, null), (3, null, 'u')")
        rows = [(await client.change())["record"] for _ in range(3)]
        assert rows == [
            {"id": 1, "a": 3, "b": 6, "tail": "t"},
            {"id": 2, "a": 4, "b": 8, "tail": None},
            {"id": 3, "a": None, "b": None, "tail": "u"},
        ]
        seen = [(await narrow.change())["record"] for _ in range(2)]
        assert sorted(seen, key=lambda row: row["id"]) == [{"id": 1, "b": 6}, {"id": 2, "b": 8}]
        app.run("update doubled set a = 10 where id = 1")
        data = await client.change()
        assert (data["record"]["b"], data["old_record"]) == (20, {"id": 1})
        app.run("insert into walled_doubled (id, a) values (1, 9), (2, 8)")
        assert (await client.change())["record"] == {"a": 8, "b": 16, "id": 2}


async def test_a_whole_old_row_is_told_where_all_may_read_the_table(app: Serving) -> None:
    async with bare(app.socket_url()) as client, bare(app.socket_url()) as walled:
        await client.subscribe("w", None, wish("whole"))
        await walled.subscribe("w", None, wish("walled_whole"))
        app.run("insert into whole values (1, 'a', '{x,y}', 'h')")
        await client.change()
        app.run("update whole set body = 'b', tags = '{z}'")
        data = await client.change()
        assert data["old_record"] == {"id": 1, "body": "a", "tags": ["x", "y"]}
        assert data["record"] == {"id": 1, "body": "b", "tags": ["z"]}
        app.run("delete from whole")
        assert (await client.change())["old_record"] == {"id": 1, "body": "b", "tags": ["z"]}
        app.run("insert into walled_whole values (1, 'a')")
        await walled.change()
        app.run("update walled_whole set body = 'b'")
        assert (await walled.change())["old_record"] == {"id": 1}
        app.run("delete from walled_whole")
        assert (await walled.change())["old_record"] == {"id": 1}


@pytest.mark.parametrize("table", ["keyless", "walled_keyless"])
async def test_of_a_table_without_a_key_it_is_told_that_there_is_none(app: Serving, table: str) -> None:
    async with bare(app.socket_url()) as client:
        # Whom it reaches must not tell of values that may be hidden.
        other = {**wish(table), "filter": "id=eq.77"}
        assert (await client.subscribe("k", None, other))["status"] == "ok"
        app.run(f"insert into {table} values (1, 'a')")
        data = await client.change()
        assert (data["type"], data["table"], data["errors"]) == ("INSERT", table, NO_KEY)
        assert "record" not in data and "old_record" not in data
        app.run(f"update {table} set id = 2")
        assert (await client.change())["errors"] == NO_KEY
        await client.subscribe("k", None, wish(table))
        app.run(f"delete from {table}")
        data = await client.change()
        assert data["old_record"] == ({"id": 2, "body": "a"} if table == "keyless" else {})
