"""Tables of an application beside ours: their own policies, types, grants, and changes of them while it runs."""

import json
import time
from collections.abc import Iterator

import pytest

from fixtures.postgres import PostgresServer
from integration.realtime.client import bare
from integration.realtime.serving import Serving, make_user

NOTES = """
create table public.notes (
  id bigint generated always as identity primary key, owner uuid not null, secret text, body text, n numeric,
  tags text[], at timestamptz default now(), day date, f float8, j jsonb, b bytea, i interval, ok boolean, t time
);
alter table public.notes enable row level security;
revoke all on public.notes from anon, authenticated;
grant select (id, owner, body, n, tags, at, day, f, j, b, i, ok, t) on public.notes to authenticated;
create policy own on public.notes for select to authenticated using (owner = (select auth.uid()));
create table public.open_notes (id int primary key, body text);
create table public.keyless (body text);
grant select on public.open_notes, public.keyless to anon, authenticated, service_role;
alter publication supabase_realtime add table public.notes, public.open_notes, public.keyless;
"""
ALL = {"event": "*", "schema": "public", "table": "notes"}


@pytest.fixture(scope="module")
def app(postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    database = postgres_server.make_database()
    with Serving(tmp_path_factory.mktemp("app"), database) as running:
        for statement in NOTES.strip().split(";\n"):
            running.run(statement)
        yield running


async def test_values_are_what_to_jsonb_says(app: Serving) -> None:
    user = make_user(app)
    async with bare(app.socket_url()) as client:
        await client.subscribe("n", app.token(user), {**ALL, "filter": f"owner=eq.{user}"})
        app.run(
            """insert into notes (owner, secret, body, n, tags, day, f, j, b, i, ok, t, at) values
            (%s, 'hidden', E'a"\\\\\n\u2028é', 1.50, '{a,"b c",NULL}', '2020-02-29', 1.5e10, '{"x": [1, null]}', '\\xdead',
             '1 day 02:00', true, '12:00', '2001-02-03 04:05:06.7+02'),
            (%s, null, '', 'NaN', null, 'infinity', '-Infinity', '"t"', null, null, false, null, 'infinity')""",
            user,
            user,
        )
        expected = [
            row["v"]
            for row in app.run(
                "select to_jsonb(r) - 'secret' as v from notes r where owner = %s order by id", user
            )
        ]
        assert [(await client.change())["record"] for _ in range(2)] == expected


async def test_each_sees_their_own(app: Serving) -> None:
    mine, theirs = make_user(app), make_user(app)
    async with bare(app.socket_url()) as me, bare(app.socket_url()) as you:
        await me.subscribe("n", app.token(mine), ALL)
        await you.subscribe("n", app.token(theirs), ALL)
        for n, owner in enumerate([mine, theirs, mine]):
            app.run("insert into notes (owner, n) values (%s, %s)", owner, n)
        assert [(await me.change())["record"]["n"] for _ in range(2)] == [0, 2]
        assert (await you.change())["record"]["n"] == 1
        app.run("update notes set owner = %s where owner = %s and n = 2", theirs, mine)
        assert (await you.change())["record"]["n"] == 2
        await me.heartbeat()
        assert not [m for m in me.passed if m[3] == "postgres_changes"]


async def test_filters_on_hidden_columns_are_refused(app: Serving) -> None:
    user = make_user(app)
    async with bare(app.socket_url()) as client:
        for changes in ({**ALL, "filter": "secret=eq.hidden"}, {**ALL, "select": ["secret"]}):
            assert (await client.subscribe("n", app.token(user), changes))["status"] == "error"


async def test_no_policy_can_stop_the_others(app: Serving) -> None:
    user = make_user(app)
    app.run("create policy breaks on notes for select to authenticated using (n <> 77 or 1 / (n - 77) > 0)")
    async with bare(app.socket_url()) as client:
        await client.subscribe("n", app.token(user), {**ALL, "filter": "n=eq.77"})
        await client.subscribe("o", None, {"event": "*", "schema": "public", "table": "open_notes"})
        app.run("insert into notes (owner, n) values (%s, 77)", make_user(app))
        app.run("insert into open_notes values (1, 'a')")
        assert (await client.change())["record"] == {"id": 1, "body": "a"}
        if not [m for m in client.passed if m[3] == "phx_error"]:
            await client.until("phx_error")
    app.run("drop policy breaks on notes")


async def test_large_values_that_an_update_left_alone_are_there(app: Serving) -> None:
    user = make_user(app)
    app.run("alter table notes alter column body set storage external")
    (row,) = app.run("insert into notes (owner, body) values (%s, repeat('x', 100000)) returning id", user)
    async with bare(app.socket_url()) as client:
        await client.subscribe("n", app.token(user), {**ALL, "event": "UPDATE", "filter": f"owner=eq.{user}"})
        app.run("update notes set n = 5 where id = %s", row["id"])
        data = await client.change()
        assert (data["record"]["n"], len(data["record"]["body"])) == (5, 100_000)
        assert data["old_record"] == {"id": row["id"]}


async def test_grants_and_columns_that_change_while_it_runs(app: Serving) -> None:
    table = {"event": "*", "schema": "public", "table": "open_notes"}
    all_seeing = app.socket_url(key=app.keys.secret)
    async with bare(app.socket_url()) as client, bare(all_seeing) as admin:
        await client.subscribe("o", None, table)
        await admin.subscribe("o", None, table)
        app.run("revoke select on open_notes from anon")
        app.run("insert into open_notes values (10, 'unseen')")
        assert (await admin.change())["record"]["id"] == 10
        app.run("grant select (id) on open_notes to anon")
        app.run("insert into open_notes values (11, 'cut')")
        assert (await admin.change())["record"]["id"] == 11
        assert (await client.change())["record"] == {"id": 11}
        app.run("grant select on open_notes to anon")
        app.run("alter table open_notes add column more int default 7")
        app.run("insert into open_notes values (12, 'whole')")
        assert (await client.change())["record"] == {"id": 12, "body": "whole", "more": 7}


async def test_keys_that_change_and_deletes(app: Serving) -> None:
    async with bare(app.socket_url()) as client:
        await client.subscribe("o", None, {"event": "*", "schema": "public", "table": "open_notes"})
        app.run("insert into open_notes values (20, 'a')")
        await client.change()
        app.run("update open_notes set id = 21 where id = 20")
        data = await client.change()
        assert (data["record"]["id"], data["old_record"]) == (21, {"id": 20})
        app.run("delete from open_notes where id = 21")
        data = await client.change()
        assert (data["type"], data["old_record"]) == ("DELETE", {"id": 21})
        assert "record" not in data and "body" not in json.dumps(data["old_record"])


async def test_one_transaction_comes_in_its_order(app: Serving) -> None:
    async with bare(app.socket_url()) as client:
        await client.subscribe("o", None, {"event": "INSERT", "schema": "public", "table": "open_notes"})
        app.run("insert into open_notes select n, 'x' from generate_series(1000, 3999) n")
        seen = [(await client.change())["record"]["id"] for _ in range(3000)]
        assert seen == list(range(1000, 4000))


async def test_a_pattern_that_never_ends_hurts_only_who_sent_it(app: Serving) -> None:
    table = {"event": "INSERT", "schema": "public", "table": "open_notes"}
    async with bare(app.socket_url()) as client, bare(app.socket_url()) as other:
        said = await client.subscribe("bad", None, {**table, "filter": "body=match.("})
        assert said["status"] == "error"
        await client.subscribe("slow", None, {**table, "filter": r"body=match.^(.+)(.+)(.+)\3\2\1\1$"})
        await other.subscribe("o", None, table)
        app.run("insert into open_notes values (5000, repeat('a', 3000) || 'b')")
        assert (await other.change(within_s=8))["record"]["id"] == 5000
        app.run("insert into open_notes values (5001, 'a')")
        assert (await other.change())["record"]["id"] == 5001
        assert "filter" in (await client.until("system"))["message"]
        await client.until("phx_close")


@pytest.mark.parametrize("filter_", ["body=match.[", "id=match.(", "body=like.a\\", "body=imatch.a{2,1}"])
async def test_a_pattern_that_is_none_is_refused_and_nobody_else_feels_it(app: Serving, filter_: str) -> None:
    table = {"event": "*", "schema": "public", "table": "open_notes"}
    async with bare(app.socket_url()) as client, bare(app.socket_url()) as other:
        await other.subscribe("o", None, table)
        said = await client.subscribe("bad", None, {**table, "filter": filter_})
        assert said["status"] == "error"
        (row,) = app.run("insert into open_notes values (6000 + (random() * 1e8)::int, 'aaa') returning id")
        assert (await other.change())["record"]["id"] == row["id"]
        assert not [m for m in other.passed if m[3] == "phx_error"]


async def test_slow_patterns_cost_their_sender_the_right_to_send_more(app: Serving) -> None:
    table = {"event": "INSERT", "schema": "public", "table": "open_notes"}
    slow, other_user = make_user(app), make_user(app)
    patterns = [{**table, "filter": rf"body=match.^(.+)(.+)(.+)\3\2\1\1$|zz{n}"} for n in range(15)]
    async with bare(app.socket_url()) as client, bare(app.socket_url()) as other:
        await client.subscribe("slow", app.token(slow), *patterns)
        await client.subscribe("more", app.token(slow), {**table, "filter": "body=match.^a"})
        await other.subscribe("o", app.token(other_user), {**table, "filter": "body=match.^a"})
        started = time.monotonic()
        app.run("insert into open_notes values (7000, repeat('a', 3000) || 'b')")
        await client.until("phx_close")
        app.run("insert into open_notes values (7001, 'a')")
        while (await other.change())["record"]["id"] != 7001:
            pass
        assert time.monotonic() - started < 2
        said = await client.subscribe("again", app.token(slow), {**table, "filter": "body=match.^a"})
        assert said["status"] == "error" and "wait a minute" in said["message"]
        assert (await client.subscribe("plain", app.token(slow), {**table, "filter": "body=eq.a"}))[
            "status"
        ] == "ok"


async def test_filters_are_checked_against_the_present_role(app: Serving) -> None:
    user = make_user(app)
    async with bare(app.socket_url()) as client:
        all_seeing = app.token(user, role="service_role")
        await client.subscribe("hidden", all_seeing, {**ALL, "filter": "secret=eq.s3cret"})
        await client.send("realtime:hidden", "access_token", {"access_token": app.token(user)})
        await client.subscribe("n", app.token(user), {**ALL, "filter": f"owner=eq.{user}"})
        app.run("insert into notes (owner, secret) values (%s, 's3cret')", user)
        await client.change()
        app.run("insert into notes (owner, secret, n) values (%s, 'other', 2)", user)
        assert (await client.change())["record"]["n"] == 2


async def test_a_deleted_row_is_matched_by_its_key_alone(app: Serving) -> None:
    app.run("create table if not exists full_notes (id int primary key, secret text)")
    app.run("alter table full_notes replica identity full")
    app.run("grant select on full_notes to authenticated, anon")
    app.run("alter publication supabase_realtime add table full_notes")
    app.run("insert into full_notes values (1, 'a'), (2, 'a')")
    table = {"event": "DELETE", "schema": "public", "table": "full_notes"}
    async with bare(app.socket_url()) as client, bare(app.socket_url()) as fresh:
        await fresh.subscribe("o", None, {**table, "table": "open_notes"})
        said = await client.subscribe("s", app.token(make_user(app)), {**table, "filter": "secret=match.^a"})
        assert said["status"] == "ok"
        await client.subscribe("k", None, {**table, "filter": "id=eq.2"})
        app.run("delete from full_notes where id = 1")
        app.run("delete from full_notes where id = 2")
        assert (await client.change())["old_record"] == {"id": 2, "secret": "a"}
        app.run("alter publication supabase_realtime drop table full_notes")
        assert (await client.subscribe("gone", None, {**table}))["status"] == "error"


async def test_presence_and_asked_filters_have_an_end(app: Serving) -> None:
    table = {"event": "INSERT", "schema": "public", "table": "open_notes"}
    async with bare(app.socket_url()) as client:
        await client.join("p", None)
        for size, status in ((100, "ok"), (5_000, "error")):
            said = {"type": "presence", "event": "track", "payload": {"x": "y" * size}}
            assert (await client.call("realtime:p", "presence", said))["status"] == status
        many = [{**table, "filter": f"body=neq.{n}"} for n in range(201)]
        for channel, some in (("f", many[:100]), ("g", many[100:200]), ("g", many[99:199])):
            assert (await client.subscribe(channel, None, *some))["status"] == "ok"
        refused = await client.subscribe("h", None, *many[200:])
        assert refused["status"] == "error" and "at most 200 filters" in refused["message"]
