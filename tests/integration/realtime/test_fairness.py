"""Whoever makes a costly filter pays for it alone; who listens to what is published no more is told."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack

import httpx
import pytest

from fixtures.postgres import PostgresServer
from integration.realtime.client import bare
from integration.realtime.serving import Serving, make_user

TABLES = """
create table public.words (id int primary key, body text);
grant select on public.words to anon, authenticated;
alter publication supabase_realtime add table public.words;
"""
WORDS: dict[str, object] = {"event": "INSERT", "schema": "public", "table": "words"}
SLOW = r"body=match.^(.+)(.+)(.+)\3\2\1\1$|zz"
LONG = "repeat('a', 3000) || 'b'"


@pytest.fixture(scope="module")
def app(postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    with Serving(tmp_path_factory.mktemp("app"), postgres_server.make_database()) as running:
        running.run(TABLES)
        yield running


async def test_a_stranger_shuts_no_other_stranger_out(app: Serving) -> None:
    async with bare(app.socket_url()) as slow, bare(app.socket_url()) as other:
        await slow.subscribe("s", None, {**WORDS, "filter": f"{SLOW}0"})
        await other.subscribe("o", None, {**WORDS, "filter": "body=like.fine%"})
        app.run(f"insert into words values (1, {LONG})")
        await slow.until("phx_close")
        app.run("insert into words values (2, 'fine')")
        assert (await other.change())["record"]["id"] == 2
        assert (await other.subscribe("again", None, {**WORDS, "filter": "body=match.^f"}))["status"] == "ok"
        for pattern in ("body=match.^f", f"{SLOW}0"):
            said = await slow.subscribe("again", None, {**WORDS, "filter": pattern})
            assert said["status"] == "error" and "wait a minute" in said["message"]


async def test_a_row_that_only_one_sees_costs_only_that_one(app: Serving) -> None:
    mine, theirs = make_user(app), make_user(app)
    app.run("create table if not exists diaries (id int primary key, owner uuid, body text)")
    app.run("alter table diaries enable row level security")
    app.run("grant select on diaries to authenticated")
    app.run("create policy own on diaries for select to authenticated using (owner = (select auth.uid()))")
    app.run("alter publication supabase_realtime add table diaries")
    wish = {**WORDS, "table": "diaries", "filter": f"{SLOW}9"}
    async with bare(app.socket_url()) as me, bare(app.socket_url()) as you:
        await me.subscribe("d", app.token(mine), wish)
        await you.subscribe("d", app.token(theirs), wish)
        app.run(f"insert into diaries values (1, %s, {LONG})", theirs)
        await you.until("phx_close")
        app.run("insert into diaries values (2, %s, 'zz9')", mine)
        assert (await me.change())["record"]["id"] == 2
        assert (await me.subscribe("again", app.token(mine), wish))["status"] == "ok"


async def test_many_slow_patterns_fail_no_filter_of_others(app: Serving) -> None:
    user = make_user(app)
    async with AsyncExitStack() as stack:
        slow = [await stack.enter_async_context(bare(app.socket_url())) for _ in range(8)]
        plain, asks, known = [await stack.enter_async_context(bare(app.socket_url())) for _ in range(3)]
        await plain.subscribe("p", None, WORDS)
        await asks.subscribe("a", app.token(user), {**WORDS, "filter": "body=neq.x,id=gt.0"})
        await known.subscribe("k", None, {**WORDS, "filter": "body=match.^known"})
        for n, client in enumerate(slow):
            await client.subscribe("s", None, {**WORDS, "filter": f"{SLOW}1{n}"})
        app.run(f"insert into words values (20, {LONG})")
        app.run("insert into words values (21, 'known')")
        assert [(await plain.change())["record"]["id"] for _ in range(2)] == [20, 21]
        assert [(await asks.change())["record"]["id"] for _ in range(2)] == [20, 21]
        assert (await known.change(within_s=20))["record"]["id"] == 21
        for client in slow:
            await client.until("phx_close", within_s=20)
        for client in (plain, asks, known):
            await client.heartbeat()
            assert not [m for m in client.passed if m[3] in ("phx_error", "phx_close")]


async def test_a_channel_with_filters_gets_all_in_order(app: Serving) -> None:
    async with bare(app.socket_url()) as client:
        wishes = [{**WORDS, "filter": f} for f in ("id=gte.100", "body=like.%e%", "body=eq.one")]
        answer = await client.join("c", None, *wishes)
        ids = [one["id"] for one in answer["response"]["postgres_changes"]]
        app.run(
            "insert into words select n, case when mod(n, 2) = 0 then 'one' else 'x' end from generate_series(90, 689) n"
        )
        seen: list[int] = []
        while not seen or seen[-1] != 689:
            said = await client.until("postgres_changes")
            row = said["data"]["record"]
            wanted = [row["id"] >= 100, row["id"] % 2 == 0, row["id"] % 2 == 0]
            assert sorted(said["ids"]) == sorted(i for i, w in zip(ids, wanted, strict=True) if w)
            seen.append(row["id"])
        assert seen == [n for n in range(90, 690) if n >= 100 or n % 2 == 0]


@pytest.mark.parametrize("how", ["alter publication supabase_realtime drop table {0}", "drop table {0}"])
async def test_who_listens_to_a_table_that_goes_is_told(app: Serving, how: str) -> None:
    name = "going" if "alter" in how else "gone"
    app.run(f"create table {name} (id int primary key)")
    app.run(f"grant select on {name} to anon")
    app.run(f"alter publication supabase_realtime add table {name}")
    table: dict[str, object] = {"event": "*", "schema": "public", "table": name}
    async with bare(app.socket_url()) as client, bare(app.socket_url()) as other:
        assert (await client.subscribe("g", None, table))["status"] == "ok"
        await other.subscribe("o", None, {**WORDS})
        app.run(how.format(name))
        said = await client.until("system", within_s=10)
        assert (said["extension"], said["status"]) == ("postgres_changes", "error")
        assert said["message"].endswith(f"[schema: public, table: {name}]")
        await client.until("phx_error")
        said = await client.subscribe("g", None, table)
        assert said["status"] == "error" and said["message"].startswith("Unable to subscribe")
        await other.heartbeat()
        assert not [m for m in other.passed if m[3] == "phx_error"]


async def test_all_tables_are_those_that_are_published(app: Serving) -> None:
    every: dict[str, object] = {"event": "*", "schema": "apart", "table": "*"}
    app.run("create schema apart; grant usage on schema apart to anon")
    async with bare(app.socket_url()) as early, bare(app.socket_url()) as client:
        assert (await early.subscribe("e", None, every))["status"] == "error"
        for name in ("one", "two"):
            app.run(f"create table apart.{name} (id int primary key)")
            app.run(f"grant select on apart.{name} to anon")
            app.run(f"alter publication supabase_realtime add table apart.{name}")
            app.run(f"insert into apart.{name} values (0)")
            if name == "one":
                assert (await client.subscribe("e", None, every))["status"] == "ok"
        app.run("insert into apart.one values (1); insert into apart.two values (2)")
        seen: list[tuple[str, int]] = []
        while not seen or seen[-1] != ("two", 2):
            data = await client.change(within_s=10)
            seen.append((data["table"], data["record"]["id"]))
        assert [one for one in seen if one[1]] == [("one", 1), ("two", 2)]
        app.run("alter publication supabase_realtime drop table apart.one, apart.two")
        await client.until("phx_error", within_s=10)
        assert (await client.subscribe("e", None, every))["status"] == "error"


@pytest.mark.parametrize("how", ["socket", "http"])
async def test_questions_of_one_hold_up_no_changes_and_no_joins_of_others(app: Serving, how: str) -> None:
    table = f"walled_{how}"
    for statement in (
        f"create table {table} (id int primary key)",
        f"alter table {table} enable row level security",
        f"grant select on {table} to anon",
        f"create policy seen on {table} for select to anon using (id > 0)",
        f"alter publication supabase_realtime add table {table}",
        "drop policy if exists slow on realtime.messages",
        "create policy slow on realtime.messages for select to anon"
        " using (not starts_with(topic, 'slow') or pg_sleep(0.2) is not null)",
    ):
        app.run(statement)
    topics = [f"slow{n}" for n in range(40)]
    async with AsyncExitStack() as stack:
        flood, other, fresh = [await stack.enter_async_context(bare(app.socket_url())) for _ in range(3)]
        await other.subscribe("o", None, {**WORDS, "table": table})
        if how == "socket":
            for topic in topics:
                await flood.send(f"realtime:{topic}", "phx_join", {"config": {"private": True}})
            await flood.heartbeat()
        else:
            address = f"{app.url}/realtime/v1/api/broadcast"
            http = await stack.enter_async_context(
                httpx.AsyncClient(headers={"apikey": app.keys.publishable})
            )
            bodies = [{"messages": [{"topic": t, "event": "e", "private": True}]} for t in topics]
            posts = [asyncio.create_task(http.post(address, json=body)) for body in bodies]
            stack.callback(lambda: [post.cancel() for post in posts])
            await asyncio.sleep(0.2)
        began = time.monotonic()
        for n in (1, 2, 3):
            app.run(f"insert into {table} values ({n})")
            assert (await other.change(within_s=1))["record"]["id"] == n
        assert (await fresh.join("quick", None, private=True))["status"] == "ok"
        assert time.monotonic() - began < 2
