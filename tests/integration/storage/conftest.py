"""The storage part over a fresh database."""

from collections.abc import AsyncGenerator, Iterator
from pathlib import Path

import pytest

from fixtures.postgres import Database
from fixtures.supabase_js import supabase_js
from integration.api.modes import MODES, AnyProduct, mode_of
from integration.api.product import api_settings
from integration.storage.part import Storage


@pytest.fixture
async def storage(database: Database, tmp_path: Path) -> AsyncGenerator[Storage]:
    made = Storage(tmp_path, database)
    yield made
    await made.close()


@pytest.fixture
def whole(
    database: Database, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[AnyProduct]:
    with MODES[mode_of(request)](api_settings(tmp_path_factory.mktemp("product"), database)) as running:
        yield running


__all__ = ["storage", "supabase_js"]
