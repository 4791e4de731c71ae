"""One transaction of many rows: who waits for it, and who does not."""

import asyncio
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from fixtures.postgres import PostgresServer
from integration.realtime.client import Bare, bare
from integration.realtime.serving import Serving, make_user

ROWS = 5_000
# On a busy machine all takes longer; who waited for all rows would be late by nearly all that they took.
LATE_S, LATE_SHARE = 0.7, 0.5
TABLES = """
create table public.tick (id int primary key, at float8);
create table public.large (id int primary key, body text, flag int);
alter table public.large alter column body set storage external;
create table public.owned (id int primary key, owner uuid, flag int default 0);
alter table public.owned enable row level security;
create policy own on public.owned for select to authenticated using (owner = (select auth.uid()));
grant select on public.tick, public.large, public.owned to anon, authenticated;
alter publication supabase_realtime add table public.tick, public.large, public.owned;
"""


@pytest.fixture(scope="module")
def app(postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    with Serving(tmp_path_factory.mktemp("app"), postgres_server.make_database()) as running:
        running.run(TABLES)
        running.run(
            f"insert into large select g, repeat(md5(g::text), 100), 0 from generate_series(1, {ROWS}) g"
        )
        yield running


def wish(table: str, event: str = "*", **more: object) -> dict[str, object]:
    return {"event": event, "schema": "public", "table": table, **more}


@asynccontextmanager
async def undelayed(app: Serving) -> AsyncGenerator[None]:
    """The events of another table come in time while the body runs, and some moments more."""
    late: list[float] = []
    app.run("truncate tick")

    async def listen(client: Bare) -> None:
        while True:
            sent_at = (await client.change(within_s=60))["record"]["at"]
            late.append(time.time() - sent_at)

    async with bare(app.socket_url()) as client:
        await client.subscribe("tick", None, wish("tick", "INSERT"))
        listening = asyncio.create_task(listen(client))
        sent, on = 0, True

        async def write() -> None:
            nonlocal sent
            while on:
                sent += 1
                await asyncio.to_thread(app.run, "insert into tick values (%s, %s)", sent, time.time())
                await asyncio.sleep(0.05)

        writing = asyncio.create_task(write())
        await asyncio.sleep(0.3)
        began = time.monotonic()
        yield
        took = time.monotonic() - began
        await asyncio.sleep(0.3)
        on = False
        await writing
        async with asyncio.timeout(60):
            while len(late) < sent:
                await asyncio.sleep(0.02)
        listening.cancel()
        assert max(late) < max(LATE_S, LATE_SHARE * took)


async def test_large_values_of_rows_that_nobody_wants_delay_nobody(app: Serving) -> None:
    async with bare(app.socket_url()) as other, undelayed(app):
        await other.subscribe("l", None, wish("large", "DELETE"))
        await asyncio.to_thread(app.run, "update large set flag = flag + 1")


async def test_large_values_of_rows_that_somebody_wants_delay_no_other_table(app: Serving) -> None:
    async with bare(app.socket_url()) as client, undelayed(app):
        await client.subscribe(
            "l", None, wish("large", "UPDATE", filter="flag=gte.0", select=["flag", "body"])
        )
        await asyncio.to_thread(app.run, "update large set flag = flag + 1 where id <= 3000")
        seen = [(await client.change(within_s=20))["record"] for _ in range(3000)]
        assert [row["id"] for row in seen] == list(range(1, 3001))
        assert {len(row["body"]) for row in seen} == {3200}


async def test_rows_that_must_be_asked_for_delay_no_other_table(app: Serving) -> None:
    owner, others = make_user(app), [make_user(app) for _ in range(9)]
    async with AsyncExitStack() as stack:
        clients: list[Bare] = []
        for user in (owner, *others):
            client = await stack.enter_async_context(bare(app.socket_url()))
            await client.subscribe("o", app.token(user), wish("owned", "INSERT"))
            clients.append(client)
        async with undelayed(app):
            await asyncio.to_thread(
                app.run, f"insert into owned select g, %s from generate_series(1, {ROWS}) g", owner
            )
            await asyncio.to_thread(app.run, "insert into owned values (0, %s)", others[0])
            seen = [(await clients[0].change(within_s=30))["record"]["id"] for _ in range(ROWS)]
            assert seen == list(range(1, ROWS + 1))
            assert (await clients[1].change(within_s=30))["record"]["id"] == 0


async def test_a_channel_gets_what_is_asked_for_and_what_is_not_in_commit_order(app: Serving) -> None:
    user = make_user(app)
    async with bare(app.socket_url()) as client:
        tables = [wish(table, "INSERT") for table in ("owned", "tick")]
        answer = await client.join("both", app.token(user), *tables)
        assert answer["status"] == "ok"
        for n in range(-1, -61, -3):
            app.run(
                f"insert into tick values ({n}, 0); insert into owned values ({n - 1}, '{user}');"
                f" insert into tick values ({n - 2}, 0)"
            )
        assert [(await client.change())["record"]["id"] for _ in range(60)] == list(range(-1, -61, -1))
