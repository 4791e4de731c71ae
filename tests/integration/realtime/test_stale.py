"""A join that was being prepared when the stream was lost: it is refused, never answered and then not served."""

import asyncio
from collections.abc import Iterator

import psycopg
import pytest

from fixtures.postgres import PostgresServer
from integration.realtime.client import bare
from integration.realtime.serving import Serving

# To read a value of this type is to wait for a lock, so that a join can be held up in its midst.
HELD_UP = """
create function public.held(text) returns boolean language sql volatile
as $$ select pg_advisory_xact_lock_shared(42) is not null $$;
create domain public.slow_text as text check (case when value is null then true else public.held(value) end);
create type public.slow_pair as (one public.slow_text);
create table public.slow_notes (id int primary key, body public.slow_pair);
grant select on public.slow_notes to anon;
alter publication supabase_realtime add table public.slow_notes;
"""
NOTES: dict[str, object] = {"event": "INSERT", "schema": "public", "table": "slow_notes"}
KILL = "select pg_terminate_backend(active_pid) from pg_replication_slots where database = current_database()"
WAITS = "select count(*) as n from pg_locks where locktype = 'advisory' and not granted"


@pytest.fixture(scope="module")
def app(postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    with Serving(tmp_path_factory.mktemp("app"), postgres_server.make_database()) as running:
        running.run(HELD_UP)
        yield running


@pytest.mark.parametrize("how", [KILL, "alter table slow_notes add column more int"])
async def test_a_join_that_outlived_its_stream_is_refused(app: Serving, how: str) -> None:
    filtered = {**NOTES, "filter": "body=eq.(a)"}
    async with bare(app.socket_url()) as client, bare(app.socket_url()) as witness:
        await witness.subscribe("w", None, {**NOTES})
        async with await psycopg.AsyncConnection.connect(app.database.owner) as holder:
            await holder.execute("select pg_advisory_xact_lock(42)")
            ref = await client.send("realtime:c", "phx_join", {"config": {"postgres_changes": [filtered]}})
            async with asyncio.timeout(4):
                while not app.run(WAITS)[0]["n"]:
                    await asyncio.sleep(0.01)
            app.run(how)
            app.run("insert into slow_notes (id) values ((random() * 1e9)::int)")
            if how == KILL:
                await witness.until("phx_error")
            else:
                await witness.change()
        answer = await client.until("phx_reply", ref)
        assert answer["status"] == "error" and "try again" in answer["response"]["reason"]
        assert (await client.subscribe("c", None, filtered))["status"] == "ok"
        (row,) = app.run("insert into slow_notes values ((random() * 1e9)::int, '(a)') returning id")
        assert (await client.change())["record"]["id"] == row["id"]
