"""The storage part over a fresh database."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from fixtures.postgres import Database
from fixtures.supabase_js import supabase_js
from integration.storage.part import Storage


@pytest.fixture
async def storage(database: Database, tmp_path: Path) -> AsyncGenerator[Storage]:
    made = Storage(tmp_path, database)
    yield made
    await made.close()


__all__ = ["storage", "supabase_js"]
