"""People, projects and things in them that the contract tests start from."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from contracts.backends import Backend
from oryxforge.domain.chats import Chat, ChatMode, Piece
from oryxforge.domain.identity import Actor, Role
from oryxforge.domain.runs import Fence, Run, RunKind
from oryxforge.domain.sheets import Column, Sheet, SheetType, Written
from oryxforge.domain.sources import DataSource, SourceType
from oryxforge.ports.repos import NewSheet, Store
from oryxforge.ports.runs import Batch, RunKeeper


@dataclass(frozen=True)
class Team:
    """A project, those who share it, and somebody who does not."""

    project: UUID
    owner: Actor
    editor: Actor
    viewer: Actor
    stranger: Actor


async def make_team(backend: Backend) -> Team:
    tag = uuid4().hex[:8]
    people = [await backend.make_user(f"{who}-{tag}@example.org") for who in ("owner", "ed", "view", "none")]
    owner, editor, viewer, stranger = people
    async with backend.store.transaction(owner) as tx:
        project = await tx.projects.create("Sales", "sales")
        await tx.members.add(project.id, str(editor.email), Role.EDITOR)
        await tx.members.add(project.id, str(viewer.email), Role.VIEWER)
    return Team(project.id, owner, editor, viewer, stranger)


def table(uri: str = "a.parquet", rows: int = 3, receipt: dict[str, object] | None = None) -> Written:
    return Written(
        uri, rows, (Column("region", "VARCHAR"), Column("n", "BIGINT")), 99, f"hash of {uri}", receipt or {}
    )


async def make_sheet(
    store: Store, actor: Actor, dataset_id: UUID, name: str = "Orders", written: Written | None = None
) -> Sheet:
    new = NewSheet(uuid4(), dataset_id, name, name.title().replace(" ", ""), SheetType.TABLE)
    async with store.transaction(actor) as tx:
        return await tx.sheets.create(new, uuid4(), written or table())


async def dataset_id(store: Store, actor: Actor, project_id: UUID, name: str = "Sources") -> UUID:
    async with store.transaction(actor) as tx:
        found = await tx.datasets.find(project_id, name)
    assert found is not None
    return found.id


async def make_source(store: Store, actor: Actor, project_id: UUID, name: str = "orders.csv") -> DataSource:
    async with store.transaction(actor) as tx:
        return await tx.sources.create(uuid4(), project_id, name, SourceType.CSV, f"files/{name}", 12)


async def make_chat(store: Store, actor: Actor, project_id: UUID) -> Chat:
    async with store.transaction(actor) as tx:
        return await tx.chats.create(project_id, "About sales", "quick", ChatMode.EXPLORE)


async def ask(store: Store, actor: Actor, chat: Chat, prompt: str = "How much?") -> Run:
    """A question and its run, queued."""
    async with store.transaction(actor) as tx:
        seq = await tx.chats.ask(chat.id, prompt, {}, "quick", ChatMode.EXPLORE)
        return await tx.runs.create(RunKind.CHAT, chat.project_id, chat.id, seq + 1, {"seq": seq})


async def asked(backend: Backend, team: Team) -> tuple[Chat, Run]:
    chat = await make_chat(backend.store, team.editor, team.project)
    return chat, await ask(backend.store, team.editor, chat)


async def claim(keeper: RunKeeper, run: Run) -> tuple[Run, Fence]:
    """The run as this keeper now holds it, and the right to write for it."""
    claimed = await keeper.claim(run.id)
    assert claimed is not None
    return claimed.run, Fence(run.id, claimed.run.attempt)


def texts(fence: Fence, first_seq: int, *contents: str) -> Batch:
    return Batch(fence, first_seq, [Piece.text(c) for c in contents])


async def said(backend: Backend, team: Team, chat: Chat) -> list[str]:
    """What stands in the chat, in order."""
    async with backend.store.transaction(team.viewer) as tx:
        return [m.content for m in await tx.chats.messages(chat.id)]


async def chat_now(backend: Backend, team: Team, chat: Chat) -> Chat:
    async with backend.store.transaction(team.viewer) as tx:
        return await tx.chats.get(chat.id)


async def run_now(backend: Backend, team: Team, run: Run) -> Run:
    async with backend.store.transaction(team.viewer) as tx:
        return await tx.runs.get(run.id)


async def chats_in(backend: Backend, team: Team) -> list[Chat]:
    """The project's chats as they are listed."""
    async with backend.store.transaction(team.viewer) as tx:
        return [h.chat for h in await tx.chats.search(team.project, [], None, 100)]
