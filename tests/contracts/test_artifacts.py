"""What every Store does with artifacts: a worker records them for the run that it holds."""

from uuid import uuid4

from contracts.backends import Backend
from contracts.refusals import refused
from contracts.scene import Team, asked, claim, dataset_id, make_sheet
from oryxforge.domain.artifacts import Artifact
from oryxforge.domain.chats import Chat
from oryxforge.domain.errors import NotFound
from oryxforge.domain.runs import Run


async def record(backend: Backend, team: Team, chat: Chat, run: Run, name: str) -> Artifact:
    exploration = await dataset_id(backend.store, team.editor, team.project, "Exploration")
    sheet = await make_sheet(backend.worker_store, team.editor, exploration, name)
    async with backend.worker_store.transaction(team.editor) as tx:
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
    async with backend.worker_store.transaction(team.editor) as tx:
        dropped = await tx.artifacts.drop_of_run(run.id)
        assert await tx.artifacts.drop_of_run(run.id) == []
    assert set(dropped) == {a.datasheet_id for a in made}
    async with backend.store.transaction(team.viewer) as tx:
        assert await tx.artifacts.in_chat(chat.id) == []
        assert await tx.artifacts.in_chat(other_chat.id) == [kept]


async def test_a_chat_that_is_not_there_has_no_artifacts(backend: Backend, team: Team) -> None:
    async with refused(backend.store, team.viewer, NotFound) as tx:
        await tx.artifacts.in_chat(uuid4())
