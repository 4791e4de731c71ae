"""Hosted mode: a second OryxForge plays Supabase; API and worker share with it nothing but the wire and the database."""

import json
from collections.abc import Generator

import httpx
import pytest

from acceptance.programs import oryxforge
from fixtures.postgres import PostgresServer
from fixtures.supabase_js import SupabaseJs, supabase_js
from oryxforge.embedded.gateway.rest.binary import find_postgrest
from survival.hosted import HostedPair

__all__ = ["supabase_js"]


@pytest.fixture(scope="module")
def hosted(
    postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Generator[HostedPair]:
    with HostedPair(tmp_path_factory.mktemp("hosted"), postgres_server.make_database()) as running:
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
    if find_postgrest(None) is None:
        told["NO_REST"] = "1"
    assert len(await supabase_js.run("hosted.mjs", told, within_s=90)) == 4


def test_doctor_looks_at_supabase_too(hosted: HostedPair) -> None:
    well = oryxforge("doctor", "--json", env=hosted.environment)
    verdicts = {c["check"]: c["verdict"] for c in json.loads(well.stdout)["checks"]}
    assert [verdicts[c] for c in ("supabase", "signing keys", "realtime")] == ["ok"] * 3
    for name, value, told in (
        ("SUPABASE_PUBLISHABLE_KEY", "sb_publishable_wrong", "does not know SUPABASE_PUBLISHABLE_KEY"),
        ("SUPABASE_PUBLISHABLE_KEY", hosted.keys.secret, "fail  settings: SUPABASE_PUBLISHABLE_KEY"),
        ("SUPABASE_URL", "http://127.0.0.1:9", "does not answer"),
    ):
        ill = oryxforge("doctor", env={**hosted.environment, name: value})
        assert ill.returncode == 1
        assert told in ill.stdout
