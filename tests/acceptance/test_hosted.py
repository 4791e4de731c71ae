"""Hosted mode: a second OryxForge plays Supabase; API and worker share with it nothing but the wire and the database."""

import json
from collections.abc import Generator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from acceptance.programs import oryxforge, wait_until
from acceptance.test_production import answers, free_port, running
from fixtures.postgres import Database, PostgresServer
from fixtures.supabase_js import SupabaseJs, supabase_js
from oryxforge.embedded.gateway.keys import load_or_create_keys
from oryxforge.embedded.gateway.rest.binary import find_postgrest

__all__ = ["supabase_js"]
ISSUER = "http://127.0.0.1:8000/auth/v1"


@dataclass(frozen=True)
class Hosted:
    """The part of Supabase, the API's address, and the settings of the hosted side."""

    supabase: str
    api: str
    publishable: str
    env: dict[str, str]


def surface(database: Database, folder: Path) -> dict[str, str]:
    return {
        "DATABASE_URL": database.api,
        "DATABASE_AUTH_URL": database.auth,
        "DATABASE_AUTHENTICATOR_URL": database.authenticator,
        "DATABASE_REALTIME_URL": database.realtime,
        "ORYXFORGE_DATA": str(folder / "supabase"),
    }


@pytest.fixture(scope="module")
def hosted(postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Generator[Hosted]:
    database, folder = postgres_server.make_database(), tmp_path_factory.mktemp("hosted")
    (folder / "ours").mkdir(mode=0o700)
    keys = load_or_create_keys(folder / "supabase" / "secrets" / "keys.json")
    supabase, api = (f"http://127.0.0.1:{free_port()}" for _ in range(2))
    env = {
        "DATABASE_URL": database.api,
        "DATABASE_WORKER_URL": database.worker,
        "SUPABASE_URL": supabase,
        "SUPABASE_PUBLISHABLE_KEY": keys.publishable,
        # The part of Supabase names itself so whatever its port.
        "ORYXFORGE_AUTH_ISSUER": ISSUER,
        "ORYXFORGE_DATA": str(folder / "ours"),
        "ORYXFORGE_SCRIPTED_AGENT": "1",
        "ORYXFORGE_CORS_ORIGINS": supabase,
    }
    with ExitStack() as stack:
        port = supabase.rpartition(":")[2]
        stack.enter_context(running("api", "--port", port, env=surface(database, folder)))
        stack.enter_context(running("api", "--port", api.rpartition(":")[2], env=env))
        stack.enter_context(running("worker", env=env))
        for url in (supabase, api):
            wait_until(lambda url=url: answers(url), 40, url)
        yield Hosted(supabase, api, keys.publishable, env)


def test_the_page_is_told_where_supabase_is(hosted: Hosted) -> None:
    told = httpx.get(f"{hosted.api}/config.json").json()
    assert (told["supabase_url"], told["supabase_publishable_key"]) == (hosted.supabase, hosted.publishable)


def test_none_of_the_surface_is_served_beside_it(hosted: Hosted) -> None:
    headers = {"apikey": hosted.publishable}
    for path in ("/auth/v1/settings", "/rest/v1/chats", "/storage/v1/bucket"):
        assert httpx.get(f"{hosted.api}{path}", headers=headers).status_code == 404


async def test_sign_in_chat_and_changes_through_supabase_js(hosted: Hosted, supabase_js: SupabaseJs) -> None:
    told = {"URL": hosted.supabase, "API_URL": hosted.api, "PUBLISHABLE_KEY": hosted.publishable}
    if find_postgrest(None) is None:
        told["NO_REST"] = "1"
    assert len(await supabase_js.run("hosted.mjs", told, within_s=90)) == 4


def test_doctor_looks_at_supabase_too(hosted: Hosted) -> None:
    well = oryxforge("doctor", "--json", env=hosted.env)
    verdicts = {c["check"]: c["verdict"] for c in json.loads(well.stdout)["checks"]}
    assert [verdicts[c] for c in ("supabase", "signing keys", "realtime")] == ["ok"] * 3
    for name, value, told in (
        ("SUPABASE_PUBLISHABLE_KEY", "sb_publishable_wrong", "does not know SUPABASE_PUBLISHABLE_KEY"),
        ("SUPABASE_URL", "http://127.0.0.1:9", "does not answer"),
    ):
        ill = oryxforge("doctor", env={**hosted.env, name: value})
        assert ill.returncode == 1
        assert told in ill.stdout
