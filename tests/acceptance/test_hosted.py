"""Hosted mode: a second OryxForge plays Supabase; API and worker share with it nothing but the wire and the database."""

import json
from collections.abc import Callable, Generator
from uuid import uuid4

import httpx
import jwt
import psycopg
import pytest

from acceptance.programs import broken, looked_at, oryxforge, wait_until
from acceptance.test_production import running
from fixtures.postgres import Database, PostgresServer
from fixtures.postgrest import PROGRAM, needs_postgrest
from fixtures.supabase_js import SupabaseJs, supabase_js
from survival.hosted import HostedPair, answers, free_port, port_of

__all__ = ["supabase_js"]


@pytest.fixture(scope="module")
def shared(postgres_server: PostgresServer) -> Database:
    return postgres_server.make_database()


@pytest.fixture(scope="module")
def hosted(shared: Database, tmp_path_factory: pytest.TempPathFactory) -> Generator[HostedPair]:
    with HostedPair(tmp_path_factory.mktemp("hosted"), shared) as running:
        yield running


def test_the_page_is_told_where_supabase_is(hosted: HostedPair) -> None:
    told = httpx.get(f"{hosted.api_url}/config.json").json()
    assert (told["supabase_url"], told["hosted"]) == (hosted.url, True)
    assert told["supabase_publishable_key"] == hosted.keys.publishable


def test_keys_that_were_swapped_are_never_served(hosted: HostedPair) -> None:
    refused = oryxforge(
        "api", env={**hosted.environment, "SUPABASE_PUBLISHABLE_KEY": hosted.keys.legacy("service_role")}
    )
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "Give the publishable key" in refused.stderr


def test_none_of_the_surface_is_served_beside_it(hosted: HostedPair) -> None:
    headers = {"apikey": hosted.keys.publishable}
    for path in ("/auth/v1/settings", "/rest/v1/chats", "/storage/v1/bucket"):
        assert httpx.get(f"{hosted.api_url}{path}", headers=headers).status_code == 404


async def test_sign_in_chat_and_changes_through_supabase_js(
    hosted: HostedPair, supabase_js: SupabaseJs
) -> None:
    told = {"URL": hosted.url, "API_URL": hosted.api_url, "PUBLISHABLE_KEY": hosted.keys.publishable}
    if PROGRAM is None:
        told["NO_REST"] = "1"
    assert len(await supabase_js.run("hosted.mjs", told, within_s=90)) == 4


def test_doctor_looks_at_supabase_too(hosted: HostedPair) -> None:
    well = oryxforge("doctor", "--json", env=hosted.environment)
    assert well.returncode == 0, well.stdout
    verdicts = {c["check"]: c["verdict"] for c in json.loads(well.stdout)["checks"]}
    looked = ("supabase", "signing keys", "issuer", "realtime", "pooler", "one database")
    assert [verdicts[c] for c in looked] == ["ok"] * len(looked)
    assert verdicts["project"] == ("warn" if PROGRAM is None else "ok")
    for name, value, told in (
        ("SUPABASE_PUBLISHABLE_KEY", "sb_publishable_wrong", "does not know SUPABASE_PUBLISHABLE_KEY"),
        ("SUPABASE_PUBLISHABLE_KEY", hosted.keys.secret, "fail  settings: SUPABASE_PUBLISHABLE_KEY"),
        ("SUPABASE_URL", "http://127.0.0.1:9", "does not answer"),
    ):
        ill = oryxforge("doctor", env={**hosted.environment, name: value})
        assert ill.returncode == 1
        assert told in ill.stdout


def test_a_secret_beside_published_keys_shuts_nobody_out(hosted: HostedPair) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    secret = "not what this project signs by, but long enough"
    env = {**hosted.environment, "SUPABASE_JWT_SECRET": secret}
    with running("api", "--port", port_of(url), env=env):
        wait_until(lambda: answers(url), 40, "the API")
        assert httpx.get(f"{url}/projects", headers=hosted.headers).status_code == 200
        forged = jwt.encode({"sub": str(uuid4()), "aud": "authenticated", "exp": 9_999_999_999}, secret[:-1])
        refused = httpx.get(f"{url}/projects", headers={"Authorization": f"Bearer {forged}"})
        assert refused.status_code == 401


async def test_doctor_finds_a_secret_that_is_not_the_projects(hosted: HostedPair) -> None:
    found = await looked_at(
        hosted.environment, SUPABASE_JWT_SECRET="a secret of another project, long enough"
    )
    assert broken(found) == {"signing keys"}
    assert "Unset it" in found["signing keys"].fix


async def test_doctor_finds_an_alias_that_no_token_names(hosted: HostedPair) -> None:
    alias = hosted.url.replace("127.0.0.1", "localhost")
    found = await looked_at(hosted.environment, SUPABASE_URL=alias)
    assert broken(found) == {"issuer"}
    assert f"SUPABASE_URL={hosted.url}" in found["issuer"].fix
    told = await looked_at(
        hosted.environment, SUPABASE_URL=alias, ORYXFORGE_AUTH_ISSUER=f"{hosted.url}/auth/v1"
    )
    assert broken(told) == set()


@needs_postgrest
async def test_doctor_finds_the_database_of_another_project(
    hosted: HostedPair, make_database: Callable[[], Database]
) -> None:
    other = make_database()
    urls = {"DATABASE_URL": other.api, "DATABASE_WORKER_URL": other.worker}
    found = await looked_at(hosted.environment, **urls)
    assert broken(found) == {"project"}
    assert found["project"].found == "SUPABASE_URL and DATABASE_URL lead to different databases"


async def test_doctor_finds_urls_that_are_missing(hosted: HostedPair) -> None:
    no_database = {k: v for k, v in hosted.environment.items() if not k.startswith("DATABASE")}
    found = await looked_at(no_database)
    assert broken(found) == {"database"}
    assert found["database"].found == "DATABASE_URL is not set"
    api_alone = {k: v for k, v in hosted.environment.items() if k != "DATABASE_WORKER_URL"}
    found = await looked_at(api_alone)
    assert broken(found) == set()
    assert found["worker login"].verdict == "warn"


async def test_doctor_finds_a_worker_at_another_database(
    hosted: HostedPair, make_database: Callable[[], Database]
) -> None:
    found = await looked_at(hosted.environment, DATABASE_WORKER_URL=make_database().worker)
    assert broken(found) == {"one database"}
    assert "DATABASE_WORKER_URL leads to another database than DATABASE_URL" in found["one database"].found


@pytest.mark.parametrize(
    ("made", "told"),
    [
        ("set (publish = 'insert')", "carries no update and no delete"),
        ("drop table public.chats, public.artifacts", "lacks artifacts, chats"),
        (
            "set table public.chats (id, status), public.chat_messages where (seq > 5)",
            "leaves out some rows of chat_messages",
        ),
    ],
)
async def test_doctor_finds_what_the_publication_leaves_out(
    hosted: HostedPair, shared: Database, made: str, told: str
) -> None:
    with psycopg.connect(shared.owner, autocommit=True) as db:
        db.execute(f"alter publication supabase_realtime {made}")  # pyright: ignore[reportArgumentType, reportCallIssue]
        found = (await looked_at(hosted.environment))["realtime"]
        assert found.verdict == "fail"
        assert told in found.found
        for statement in found.fix.removeprefix("As the owner: ").split(";")[:-1]:
            db.execute(statement)  # pyright: ignore[reportArgumentType, reportCallIssue]
    mended = (await looked_at(hosted.environment))["realtime"]
    assert mended.verdict == "ok", mended
