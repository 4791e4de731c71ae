"""The storage part over a fresh database."""

from collections.abc import AsyncGenerator, Iterator
from pathlib import Path

import pytest

from fixtures.postgres import Database
from fixtures.supabase_js import supabase_js
from integration.api.product import Product, api_settings
from integration.storage.part import Storage


@pytest.fixture
async def storage(database: Database, tmp_path: Path) -> AsyncGenerator[Storage]:
    made = Storage(tmp_path, database)
    yield made
    await made.close()


@pytest.fixture
def whole(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with Product(api_settings(tmp_path_factory.mktemp("product"), database)) as running:
        yield running


__all__ = ["storage", "supabase_js"]
