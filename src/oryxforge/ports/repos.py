"""Rows by noun, inside one transaction that runs with the actor's claims: what they may not see is not there."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from oryxforge.domain.artifacts import Artifact
from oryxforge.domain.budgets import Budget
from oryxforge.domain.chats import Chat, ChatMessage, ChatMode
from oryxforge.domain.datasets import Dataset
from oryxforge.domain.finding import Hit, Place
from oryxforge.domain.identity import Actor, Role
from oryxforge.domain.projects import Member, Project
from oryxforge.domain.runs import Fence, Run, RunKind
from oryxforge.domain.sheets import Sheet, SheetType, SheetVersion, Written
from oryxforge.domain.sources import DataSource, SourceType
from oryxforge.domain.tokens import AccessToken


class ProjectRepo(Protocol):
    async def create(self, name: str, name_git: str) -> Project:
        """Raises Conflict where the actor has a project of that name."""
        ...

    async def all(self) -> list[Project]: ...
    async def get(self, project_id: UUID) -> Project:
        """Raises NotFound."""
        ...

    async def need(self, project_id: UUID, role: Role) -> Project:
        """The project, if the actor has at least that role in it. Raises NotFound for a stranger, NotAllowed for less."""
        ...

    async def rename(self, project_id: UUID, name: str, name_git: str) -> Project: ...
    async def set_git_path(self, project_id: UUID, git_path: str | None) -> Project: ...
    async def delete(self, project_id: UUID) -> None: ...


class MemberRepo(Protocol):
    async def in_project(self, project_id: UUID) -> list[Member]: ...
    async def add(self, project_id: UUID, email: str, role: Role) -> Member:
        """Raises NotFound where nobody has that e-mail, Conflict where they are a member already."""
        ...

    async def set_role(self, project_id: UUID, user_id: UUID, role: Role) -> Member: ...
    async def remove(self, project_id: UUID, user_id: UUID) -> None: ...


class SourceRepo(Protocol):
    """The status of a source follows its imports: nobody sets it."""

    async def create(
        self, source_id: UUID, project_id: UUID, name: str, kind: SourceType, uri: str, size_bytes: int
    ) -> DataSource: ...
    async def get(self, project_id: UUID, source_id: UUID) -> DataSource: ...
    async def in_project(self, project_id: UUID) -> list[DataSource]: ...
    async def delete(self, project_id: UUID, source_id: UUID) -> None: ...


class DatasetRepo(Protocol):
    async def create(self, project_id: UUID, name: str, name_python: str) -> Dataset:
        """Raises Conflict where the project has one of that name (its id in `extra["dataset_id"]`)."""
        ...

    async def in_project(self, project_id: UUID) -> list[Dataset]: ...
    async def get(self, dataset_id: UUID) -> Dataset: ...
    async def find(self, project_id: UUID, name: str) -> Dataset | None:
        """By name or name_python, without regard to case."""
        ...

    async def rename(self, dataset_id: UUID, name: str, name_python: str) -> Dataset: ...
    async def delete(self, dataset_id: UUID) -> None:
        """Hides the dataset and its sheets."""
        ...

    async def deleted_in(self, project_id: UUID, since: datetime) -> list[Dataset]:
        """What was deleted after a time, the last one first."""
        ...

    async def restore(self, dataset_id: UUID, since: datetime) -> Dataset:
        """Brings back what `delete` hid, if that was after a time. Raises NotFound, or Conflict where its name is taken."""
        ...


@dataclass(frozen=True)
class NewSheet:
    id: UUID
    dataset_id: UUID
    name: str
    name_python: str
    type: SheetType
    source_id: UUID | None = None
    metadata: Mapping[str, object] | None = None


class SheetRepo(Protocol):
    async def in_dataset(self, dataset_id: UUID) -> list[Sheet]: ...
    async def in_project(self, project_id: UUID) -> list[Sheet]: ...
    async def get(self, sheet_id: UUID) -> Sheet: ...
    async def find(self, project_id: UUID, dataset: str, name: str) -> Sheet | None:
        """By both name_python, without regard to case."""
        ...

    async def create(self, new: NewSheet, version_id: UUID, written: Written) -> Sheet:
        """A sheet with its first version. Raises Conflict where the dataset has one of that name_python."""
        ...

    async def add_version(
        self, sheet_id: UUID, version_id: UUID, written: Written, metadata: Mapping[str, object] | None = None
    ) -> Sheet:
        """A new version, the current one from now on; `metadata` goes over what the sheet had, but for its receipt and edit."""
        ...

    async def versions(self, sheet_id: UUID) -> list[SheetVersion]: ...
    async def point_to(self, sheet_id: UUID, number: int) -> Sheet: ...
    async def rename(self, sheet_id: UUID, name: str, name_python: str) -> Sheet: ...
    async def move(self, sheet_id: UUID, dataset_id: UUID, name: str, name_python: str) -> Sheet:
        """Puts a sheet into a dataset of its project, under a name.

        Raises Conflict where that has one of the name_python, Unprocessable for another project's.
        """
        ...

    async def delete(self, sheet_id: UUID) -> None:
        """Hides the sheet; its rows and file are kept for 30 days."""
        ...

    async def deleted_in(self, project_id: UUID, since: datetime) -> list[Sheet]:
        """Sheets that were hidden after a time, alone or with their dataset; the last one first."""
        ...

    async def restore(self, sheet_id: UUID) -> Sheet:
        """Also brings back its dataset, where that is hidden. Raises Conflict where either's name is taken."""
        ...


class ChatRepo(Protocol):
    async def create(self, project_id: UUID, title: str, agent: str, mode: ChatMode) -> Chat: ...
    async def get(self, chat_id: UUID) -> Chat: ...
    async def search(
        self, project_id: UUID, words: Sequence[str], after: Place | None, limit: int
    ) -> list[Hit]:
        """Chats of which the title, or one question with its answer, has all words (in lower case); with no word, all.

        The one that was asked or answered last comes first.
        """
        ...

    async def rename(self, chat_id: UUID, title: str) -> Chat: ...
    async def delete(self, chat_id: UUID) -> None: ...
    async def messages(self, chat_id: UUID, after: int = 0, limit: int = 1000) -> list[ChatMessage]:
        """Every message after a sequence number, in order."""
        ...

    async def counting(self, chat_id: UUID, after: int = 0, limit: int = 1000) -> list[ChatMessage]:
        """The same without those that a restarted attempt supersedes (domain.chats.counting)."""
        ...

    async def counting_before(self, chat_id: UUID, before: int, limit: int) -> list[ChatMessage]:
        """The last of those that count before a sequence number, in order."""
        ...

    async def ask(
        self, chat_id: UUID, prompt: str, metadata: Mapping[str, object], agent: str, mode: ChatMode
    ) -> int:
        """Writes the user's message and sets the chat processing; its sequence number.

        Raises Conflict (code `chat_processing`) where an answer is under way.
        """
        ...

    async def last_question(self, chat_id: UUID) -> ChatMessage | None: ...
    async def ask_again(self, chat_id: UUID, question: int, agent: str, mode: ChatMode) -> int:
        """Sets the chat processing, and writes the notice that supersedes all after its last question; the notice's
        sequence number.

        Raises Conflict (code `chat_processing`) where an answer is under way, or that is not the last question.
        """
        ...

    async def branch(self, chat_id: UUID, before: int, title: str) -> Chat:
        """A new chat with copies of the messages that count before a sequence number, from 1 on, and their artifacts."""
        ...


class RunRepo(Protocol):
    async def create(
        self,
        kind: RunKind,
        project_id: UUID,
        chat_id: UUID | None,
        next_seq: int,
        args: Mapping[str, object],
    ) -> Run:
        """A queued run and its job, both in this transaction."""
        ...

    async def get(self, run_id: UUID) -> Run: ...
    async def active(self, chat_id: UUID) -> Run | None: ...
    async def of_question(self, chat_id: UUID, seq: int) -> list[UUID]:
        """The runs that answered (or tried to) the question of that sequence number."""
        ...

    async def cancel(self, run_id: UUID) -> Run:
        """Ends a run (and its chat) as cancelled, unless it has ended; from then on its attempt writes nothing."""
        ...


class ArtifactRepo(Protocol):
    async def create(
        self, chat_id: UUID, run_id: UUID, datasheet_id: UUID, provenance: Mapping[str, object]
    ) -> Artifact: ...
    async def in_chat(self, chat_id: UUID) -> list[Artifact]: ...
    async def drop_of_run(self, run_id: UUID) -> list[UUID]:
        """Forgets what earlier attempts of a run recorded; the ids of the sheets, for the caller to delete."""
        ...


class BudgetRepo(Protocol):
    """Amounts in US dollars of the current month (UTC)."""

    async def mine(self) -> Budget: ...
    async def of_project(self, project_id: UUID) -> Budget:
        """Raises NotFound."""
        ...

    async def of_projects(self) -> dict[UUID, Budget]:
        """Of every project that the actor sees."""
        ...

    async def set_mine(self, monthly_usd: float | None) -> None:
        """None takes the limit away."""
        ...

    async def set_for_project(self, project_id: UUID, monthly_usd: float | None) -> None:
        """Raises NotAllowed for all but the project's owner."""
        ...


class TokenRepo(Protocol):
    """The actor's own tokens."""

    async def create(
        self, name: str, token_hash: str, last_four: str, expires_at: datetime
    ) -> AccessToken: ...
    async def all(self) -> list[AccessToken]:
        """The newest first, those that have run out too."""
        ...

    async def delete(self, token_id: UUID) -> None:
        """Raises NotFound."""
        ...


@dataclass(frozen=True)
class Remembered:
    """The answer given to an earlier request with the same idempotency key."""

    status: int
    body: Mapping[str, object]


class IdempotencyRepo(Protocol):
    async def recall(self, key: str, route: str, request_hash: str) -> Remembered | None:
        """Locks the key for this transaction. Raises Conflict where the key was used with another request."""
        ...

    async def remember(
        self, key: str, route: str, request_hash: str, status: int, body: Mapping[str, object]
    ) -> None: ...


class Transaction(Protocol):
    @property
    def projects(self) -> ProjectRepo: ...
    @property
    def members(self) -> MemberRepo: ...
    @property
    def sources(self) -> SourceRepo: ...
    @property
    def datasets(self) -> DatasetRepo: ...
    @property
    def sheets(self) -> SheetRepo: ...
    @property
    def chats(self) -> ChatRepo: ...
    @property
    def runs(self) -> RunRepo: ...
    @property
    def artifacts(self) -> ArtifactRepo: ...
    @property
    def budgets(self) -> BudgetRepo: ...
    @property
    def tokens(self) -> TokenRepo: ...
    @property
    def idempotency(self) -> IdempotencyRepo: ...


class Store(Protocol):
    def transaction(
        self, actor: Actor, fence: Fence | None = None
    ) -> AbstractAsyncContextManager[Transaction]:
        """Commits at the end of the block, rolls back on any exception.

        With a fence the run's attempt is held until the commit. Raises Conflict `run_lost` where it is not ours any
        more, Unavailable where the database is away.
        """
        ...

    async def check(self) -> None:
        """Raises Unavailable with the reason."""
        ...
