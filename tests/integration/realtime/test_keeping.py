"""Who was let in is let out again: accounts that are gone or banned, rights in private channels that end."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from websockets.exceptions import ConnectionClosed

from fixtures.postgres import PostgresServer
from integration.realtime.client import INSERTS, Bare, bare
from integration.realtime.serving import Serving, make_user
from oryxforge.embedded.gateway.realtime.hub import Limits

POLICIES = """
create table public.guests (name uuid primary key, may text);
grant select on public.guests to authenticated;
create policy hear on realtime.messages for select to authenticated
using (realtime.topic() in (select 'project:' || p from oryxforge.my_projects('viewer') p)
  or exists (select from public.guests where name = (select auth.uid()) and may in ('hear', 'both')));
create policy send on realtime.messages for insert to authenticated
with check (realtime.topic() in (select 'project:' || p from oryxforge.my_projects('viewer') p)
  or exists (select from public.guests where name = (select auth.uid()) and may = 'both'));
"""


@pytest.fixture(scope="module")
def quick(postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    limits = Limits(accounts_s=0.1, rights_s=0.1)
    with Serving(tmp_path_factory.mktemp("quick"), postgres_server.make_database(), limits) as running:
        running.run(POLICIES)
        yield running


@pytest.fixture(scope="module")
def told(postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """Asks for rights only when the log says that they change."""
    limits = Limits(accounts_s=600, rights_s=600)
    with Serving(tmp_path_factory.mktemp("told"), postgres_server.make_database(), limits) as running:
        running.run(POLICIES)
        yield running


def let_in(serving: Serving, user: UUID, may: str) -> None:
    serving.run(
        "insert into guests values (%s, %s) on conflict (name) do update set may = excluded.may", user, may
    )


async def ended(client: Bare) -> tuple[int, str]:
    with pytest.raises(ConnectionClosed) as closed:
        await client.until("never", within_s=10)
    assert closed.value.rcvd is not None
    return closed.value.rcvd.code, closed.value.rcvd.reason


async def test_a_member_who_is_removed_hears_no_more_in_private(told: Serving) -> None:
    owner, member = make_user(told), make_user(told)
    project = told.project_of(owner)
    told.run(
        "insert into project_members (project_id, user_id, role) values (%s, %s, 'viewer')", project, member
    )
    async with bare(told.socket_url()) as stays, bare(told.socket_url()) as goes:
        for client, user in ((stays, owner), (goes, member)):
            await client.subscribe("rows", told.token(user), {**INSERTS})
            assert (await client.join(f"project:{project}", told.token(user), private=True))["status"] == "ok"
        told.run("delete from project_members where project_id = %s and user_id = %s", project, member)
        said = await goes.until("system")
        assert (said["channel"], said["status"]) == (f"project:{project}", "error")
        assert said["message"].startswith("Unauthorized")
        await goes.until("phx_close")
        again = await goes.join(f"project:{project}", told.token(member), private=True)
        assert again["status"] == "error"
        said = {"type": "broadcast", "event": "e", "payload": {}}
        await stays.send(f"realtime:project:{project}", "broadcast", said)
        await stays.heartbeat()
        await goes.heartbeat()
        assert not [m for m in goes.passed if m[3] == "broadcast"]
        assert not [m for m in stays.passed if m[3] == "phx_close"]


async def test_a_policy_that_answers_otherwise_than_before(quick: Serving) -> None:
    user = make_user(quick)
    let_in(quick, user, "both")
    async with bare(quick.socket_url()) as client:
        config = {"private": True, "broadcast": {"ack": True}, "presence": {"enabled": True}}
        assert (await client.join("room", quick.token(user), **config))["status"] == "ok"
        said = {"type": "broadcast", "event": "e", "payload": {}}
        assert (await client.call("realtime:room", "broadcast", said))["status"] == "ok"
        tracked = {"type": "presence", "event": "track", "payload": {"a": 1}}
        assert (await client.call("realtime:room", "presence", tracked))["status"] == "ok"
        let_in(quick, user, "hear")
        assert "no longer send broadcast, presence" in (await client.until("system"))["message"]
        assert any(m[3] == "presence_diff" and m[4]["leaves"] for m in client.passed)
        refused = await client.call("realtime:room", "broadcast", said)
        assert refused["response"]["reason"].startswith("Unauthorized")
        let_in(quick, user, "nothing")
        assert (await client.until("system"))["message"].startswith("Unauthorized")
        await client.until("phx_close")


async def test_a_policy_that_breaks_refuses(quick: Serving) -> None:
    user = make_user(quick)
    let_in(quick, user, "both")
    async with bare(quick.socket_url()) as client, bare(quick.socket_url()) as fresh:
        await client.join("other", quick.token(user), private=True)
        quick.run(
            "create policy broken on realtime.messages as restrictive for select to authenticated"
            " using (1 / (length(topic) - 5) > -9)"
        )
        try:
            await client.until("phx_error")
            answer = await fresh.join("other", quick.token(user), private=True)
            assert answer["response"]["reason"].startswith("Unauthorized: What you may do")
        finally:
            quick.run("drop policy broken on realtime.messages")


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ("update auth.users set banned_until = now() + interval '1 hour' where id = %s", "User is banned"),
        (
            "update auth.users set deleted_at = now() where id = %s",
            "User from sub claim in JWT does not exist",
        ),
        ("delete from auth.users where id = %s", "User from sub claim in JWT does not exist"),
    ],
)
async def test_whose_account_ends_is_let_out(quick: Serving, how: str, reason: str) -> None:
    user, other = make_user(quick), make_user(quick)
    async with bare(quick.socket_url()) as client, bare(quick.socket_url()) as witness:
        await client.subscribe("c", quick.token(user), {**INSERTS})
        await witness.subscribe("c", quick.token(other), {**INSERTS})
        quick.run(how, user)
        said = await client.until("system")
        assert (said["status"], said["message"]) == ("error", reason)
        assert await ended(client) == (1008, reason)
        await witness.heartbeat()
        async with bare(quick.socket_url()) as again:
            answer = await again.join("c", quick.token(user), {**INSERTS})
            assert answer["response"]["reason"] == f"Unauthorized: {reason}"
            await again.join("d", None)
            await again.send("realtime:d", "access_token", {"access_token": quick.token(user)})
            assert (await again.until("system"))["message"] == f"Unauthorized: {reason}"


async def test_a_ban_that_is_over_lets_in_again(quick: Serving) -> None:
    user = make_user(quick)
    quick.run("update auth.users set banned_until = now() - interval '1 second' where id = %s", user)
    async with bare(quick.socket_url()) as client:
        assert (await client.subscribe("c", quick.token(user), {**INSERTS}))["status"] == "ok"
