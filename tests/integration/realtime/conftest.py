"""One Realtime for all tests here; each test makes people and projects of its own."""

from collections.abc import Iterator

import pytest

from fixtures.postgres import PostgresServer
from fixtures.supabase_js import SupabaseJs, supabase_js
from integration.api.modes import mode_of
from integration.realtime.serving import HostedServing, Serving, World

__all__ = ["SupabaseJs", "supabase_js"]


@pytest.fixture(scope="session")
def serving(postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    database = postgres_server.make_database()
    with Serving(tmp_path_factory.mktemp("realtime"), database) as running:
        yield running


@pytest.fixture(scope="module")
def realtime(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """What real clients speak to, in either mode."""
    if mode_of(request) == "embedded":
        yield request.getfixturevalue("serving")
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with HostedServing(tmp_path_factory.mktemp("realtime"), server.make_database()) as running:
        yield running
