"""The contract tests run once for each backend."""

from collections.abc import AsyncGenerator

import pytest

from contracts.backends import Backend, memory_backend
from contracts.postgres_backend import postgres_backend
from contracts.scene import Team, make_team
from fixtures.postgres import Database


@pytest.fixture(params=["memory", "postgres"])
def database_or_none(request: pytest.FixtureRequest) -> Database | None:
    """A database of its own, or None for the memory backend."""
    return None if request.param == "memory" else request.getfixturevalue("database")


@pytest.fixture
async def backend(database_or_none: Database | None) -> AsyncGenerator[Backend]:
    made = memory_backend() if database_or_none is None else postgres_backend(database_or_none)
    async with made as ready:
        yield ready


@pytest.fixture
async def team(backend: Backend) -> Team:
    return await make_team(backend)
