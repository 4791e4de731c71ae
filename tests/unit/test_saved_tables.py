"""A table that an answer leaves behind: its query runs once, and its provenance names what that run read."""

from collections.abc import Mapping
from pathlib import Path
from uuid import uuid4

import pytest

from oryxforge.adapters.engine import DuckEngine
from oryxforge.adapters.files.store import FsspecFiles
from oryxforge.domain.errors import Invalid
from oryxforge.ports.engine import QueryResult, WrittenQuery
from oryxforge.services.analysis import Analysis
from oryxforge.services.artifacts import Artifacts, Origin
from unit.quick.scene import Scene

ORIGIN = Origin("quick")
DOUBLED = "select amount * 2 as doubled from sales.Orders order by all"


class Watched(DuckEngine):
    """Keeps what it was asked to run; while it writes, somebody imports the sheet anew."""

    def __init__(self, scene: Scene) -> None:
        super().__init__(str(scene.folder / "files"), temp_folder=scene.folder / "tmp")
        self._scene = scene
        self.ran: list[str] = []

    async def query(
        self, sql: str, tables: Mapping[str, str], limit: int = 1000, timeout_s: float = 60
    ) -> QueryResult:
        self.ran.append(sql)
        return await super().query(sql, tables, limit, timeout_s)

    async def write_query(self, sql: str, tables: Mapping[str, str], target_uri: str) -> WrittenQuery:
        self.ran.append(sql)
        await self._imported_anew()
        return await super().write_query(sql, tables, target_uri)

    async def _imported_anew(self) -> None:
        scene = self._scene
        written = (await super().write_query("select 9 as amount", {}, f"sheets/{uuid4()}.parquet")).written
        async with scene.store.transaction(scene.actor) as tx:
            sheet = await tx.sheets.find(scene.project_id, "sales", "Orders")
            assert sheet is not None
            await tx.sheets.add_version(sheet.id, uuid4(), written)


@pytest.fixture
async def scene(tmp_path: Path) -> Scene:
    scene = Scene(tmp_path)
    await scene.open()
    await scene.add("sales.Orders", {"amount": [1, 2]})
    return scene


async def test_it_runs_once_and_names_the_versions_that_it_read(scene: Scene) -> None:
    engine = Watched(scene)
    artifacts = Artifacts(
        scene.store, engine, FsspecFiles(str(scene.folder / "files")), Analysis(scene.store, engine)
    )
    saved = await artifacts.save_table(scene.actor, scene.project_id, ORIGIN, "Doubled", DOUBLED)
    assert engine.ran == [DOUBLED]
    assert saved.head.data == [[2], [4]]
    assert [(r.sheet, r.version) for r in saved.provenance.reads] == [("sales.Orders", 1)]
    assert saved.provenance.duration_ms > 0
    with pytest.raises(Invalid):
        await artifacts.save_table(
            scene.actor, scene.project_id, ORIGIN, "None", "select x from sales.Orders"
        )
    async with scene.store.transaction(scene.actor) as tx:
        assert await tx.sheets.find(scene.project_id, "exploration", "None") is None
    engine.close()
    scene.close()
