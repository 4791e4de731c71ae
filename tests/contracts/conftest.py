"""The contract tests run once for each backend."""

import importlib
from collections.abc import AsyncGenerator

import pytest

from contracts.backends import Backend, memory_backend
from contracts.scene import Team, make_team


@pytest.fixture(params=["memory", "postgres"])
def database_or_none(request: pytest.FixtureRequest) -> object | None:
    """A database of its own, or None for the memory backend."""
    if request.param == "memory":
        return None
    try:
        importlib.import_module("contracts.postgres_backend")
    except ModuleNotFoundError as error:
        pytest.skip(f"no Postgres to test against: {error}")
    return request.getfixturevalue("database")


@pytest.fixture
async def backend(database_or_none: object | None) -> AsyncGenerator[Backend]:
    if database_or_none is None:
        async with memory_backend() as made:
            yield made
        return
    module = importlib.import_module("contracts.postgres_backend")
    async with module.postgres_backend(database_or_none) as made:
        yield made


@pytest.fixture
async def team(backend: Backend) -> Team:
    return await make_team(backend)
