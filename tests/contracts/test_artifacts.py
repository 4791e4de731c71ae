"""What every Store does with artifacts: a worker records them for the run that it holds."""

from uuid import uuid4

import pytest

from contracts.backends import Backend
from contracts.refusals import refused
from contracts.scene import Team, asked, claim, dataset_id, table
from oryxforge.domain.artifacts import Artifact
from oryxforge.domain.chats import Chat
from oryxforge.domain.errors import Conflict, NotFound
from oryxforge.domain.runs import Fence, Run
from oryxforge.domain.sheets import SheetType
from oryxforge.ports.repos import NewSheet


async def record(backend: Backend, team: Team, chat: Chat, run: Run, name: str, attempt: int = 1) -> Artifact:
    exploration = await dataset_id(backend.store, team.editor, team.project, "Exploration")
    new = NewSheet(uuid4(), exploration, name, name.title().replace(" ", ""), SheetType.TABLE)
    async with backend.worker_store.transaction(team.editor, Fence(run.id, attempt)) as tx:
        sheet = await tx.sheets.create(new, uuid4(), table())
        return await tx.artifacts.create(chat.id, run.id, sheet.id, {"code": "select 1", "reads": []})


async def test_an_artifact_is_seen_with_its_provenance(backend: Backend, team: Team) -> None:
    chat, run = await asked(backend, team)
    await claim(backend.keeper(), run)
    made = await record(backend, team, chat, run, "By region")
    assert (made.chat_id, made.provenance) == (chat.id, {"code": "select 1", "reads": []})
    async with backend.store.transaction(team.viewer) as tx:
        assert await tx.artifacts.in_chat(chat.id) == [made]


async def test_what_earlier_attempts_recorded_is_dropped(backend: Backend, team: Team) -> None:
    chat, run = await asked(backend, team)
    other_chat, other_run = await asked(backend, team)
    keeper = backend.keeper()
    await claim(keeper, run)
    await claim(keeper, other_run)
    made = [await record(backend, team, chat, run, name) for name in ("One", "Two")]
    kept = await record(backend, team, other_chat, other_run, "Three")
    async with backend.worker_store.transaction(team.editor, Fence(run.id, 1)) as tx:
        dropped = await tx.artifacts.drop_of_run(run.id)
        assert await tx.artifacts.drop_of_run(run.id) == []
    assert set(dropped) == {a.datasheet_id for a in made}
    async with backend.store.transaction(team.viewer) as tx:
        assert await tx.artifacts.in_chat(chat.id) == []
        assert await tx.artifacts.in_chat(other_chat.id) == [kept]


async def test_an_attempt_that_was_lost_records_nothing(backend: Backend, team: Team) -> None:
    chat, run = await asked(backend, team)
    await claim(backend.keeper(silent_after_s=60), run)
    await backend.advance(120)
    await backend.keeper().rescue()
    with pytest.raises(Conflict, match="Another worker") as lost:
        await record(backend, team, chat, run, "Late")
    assert lost.value.code == "run_lost"
    await claim(backend.keeper(), run)
    with pytest.raises(Conflict):
        await record(backend, team, chat, run, "Late")
    await record(backend, team, chat, run, "In time", attempt=2)
    async with backend.store.transaction(team.viewer) as tx:
        assert [s.name for s in await tx.sheets.in_project(team.project)] == ["In time"]


async def test_an_answer_that_was_stopped_records_nothing(backend: Backend, team: Team) -> None:
    chat, run = await asked(backend, team)
    await claim(backend.keeper(), run)
    async with backend.store.transaction(team.editor) as tx:
        await tx.runs.cancel(run.id)
    with pytest.raises(Conflict):
        await record(backend, team, chat, run, "Late")


async def test_a_chat_that_is_not_there_has_no_artifacts(backend: Backend, team: Team) -> None:
    async with refused(backend.store, team.viewer, NotFound) as tx:
        await tx.artifacts.in_chat(uuid4())
