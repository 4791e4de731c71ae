"""One Realtime for all tests here; each test makes people and projects of its own."""

from collections.abc import Iterator

import pytest

from fixtures.postgres import PostgresServer
from fixtures.supabase_js import SupabaseJs, supabase_js
from integration.realtime.serving import Serving

__all__ = ["SupabaseJs", "supabase_js"]


@pytest.fixture(scope="session")
def serving(postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    database = postgres_server.make_database()
    with Serving(tmp_path_factory.mktemp("realtime"), database) as running:
        yield running
