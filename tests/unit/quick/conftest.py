"""Projects of small tables, each made once."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import pytest_asyncio

from unit.quick.scene import Scene
from unit.quick.tables import SHOP, STAFF, SURVEY, WEATHER, Tables


async def scene_of(folder: Path, tables: Tables) -> Scene:
    made = Scene(folder)
    await made.open()
    for address, columns in tables.items():
        await made.add(address, columns)
    return made


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shop(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Scene]:
    scene = await scene_of(tmp_path_factory.mktemp("scene"), SHOP)
    yield scene
    scene.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def staff(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Scene]:
    scene = await scene_of(tmp_path_factory.mktemp("scene"), STAFF)
    yield scene
    scene.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def weather(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Scene]:
    scene = await scene_of(tmp_path_factory.mktemp("scene"), WEATHER)
    yield scene
    scene.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def survey(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Scene]:
    scene = await scene_of(tmp_path_factory.mktemp("scene"), SURVEY)
    yield scene
    scene.close()
