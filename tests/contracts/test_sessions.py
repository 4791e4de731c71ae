"""What every SessionLog does, and the SDK's own suite for a store over each of them."""

from collections.abc import AsyncIterator
from typing import Protocol
from uuid import UUID, uuid4

import asyncpg
import pytest
from claude_agent_sdk.testing import run_session_store_conformance

from fixtures.postgres import Database
from oryxforge.adapters.memory.sessions import MemorySessionLog
from oryxforge.adapters.postgres.pool import Pool
from oryxforge.adapters.postgres.sessions import PgSessionLog
from oryxforge.agents.claude.sessions import ChatSessions
from oryxforge.domain.runs import Fence
from oryxforge.ports.sessions import SessionKey, SessionLog

ODD = {"type": "user", "uuid": "u1", "text": "a\x00b \ud800 \\u0000 é 😀", "n": [1, 1.5, None, True]}


class World(Protocol):
    """Where runs come from: `begin` gives a new chat whose run is at its first attempt, `go_on` the chat's next run."""

    log: SessionLog

    async def begin(self) -> tuple[UUID, Fence]: ...
    async def go_on(self, chat: UUID) -> Fence: ...
    async def retry(self, fence: Fence) -> Fence: ...
    async def end(self, fence: Fence) -> None: ...


class InMemory:
    def __init__(self) -> None:
        self._held: set[Fence] = set()
        self.log = MemorySessionLog(self._held.__contains__)

    async def begin(self) -> tuple[UUID, Fence]:
        chat = uuid4()
        return chat, await self.go_on(chat)

    async def go_on(self, chat: UUID) -> Fence:
        fence = Fence(uuid4(), 1)
        self._held.add(fence)
        return fence

    async def retry(self, fence: Fence) -> Fence:
        await self.end(fence)
        again = Fence(fence.run_id, fence.attempt + 1)
        self._held.add(again)
        return again

    async def end(self, fence: Fence) -> None:
        self._held.discard(fence)


class InPostgres:
    def __init__(self, pool: Pool, owner: asyncpg.Connection, user: UUID, project: UUID) -> None:
        self.log = PgSessionLog(pool)
        self._owner, self._user, self._project = owner, user, project

    async def begin(self) -> tuple[UUID, Fence]:
        chat = uuid4()
        await self._owner.execute(
            "insert into chats (id, project_id, user_id, title, agent) values ($1, $2, $3, 't', 'claude')",
            chat,
            self._project,
            self._user,
        )
        return chat, await self.go_on(chat)

    async def go_on(self, chat: UUID) -> Fence:
        run = uuid4()
        await self._owner.execute(
            """insert into oryxforge.runs (id, kind, project_id, user_id, chat_id, status, attempt)
            values ($1, 'chat', $2, $3, $4, 'running', 1)""",
            run,
            self._project,
            self._user,
            chat,
        )
        return Fence(run, 1)

    async def retry(self, fence: Fence) -> Fence:
        await self._owner.execute(
            "update oryxforge.runs set attempt = attempt + 1 where id = $1", fence.run_id
        )
        return Fence(fence.run_id, fence.attempt + 1)

    async def end(self, fence: Fence) -> None:
        await self._owner.execute(
            "update oryxforge.runs set status = 'completed' where id = $1", fence.run_id
        )


@pytest.fixture(params=["memory", "postgres"])
def database_or_none(request: pytest.FixtureRequest) -> Database | None:
    return request.getfixturevalue("database") if request.param == "postgres" else None


@pytest.fixture
async def world(database_or_none: Database | None) -> AsyncIterator[World]:
    if database_or_none is None:
        yield InMemory()
        return
    owner = await asyncpg.connect(database_or_none.owner)
    pool = Pool(database_or_none.worker)
    user, project = uuid4(), uuid4()
    await owner.execute("insert into auth.users (id, email) values ($1, $2)", user, f"{user}@example.org")
    await owner.execute(
        "insert into projects (id, name, user_owner, name_git) values ($1, 'P', $2, 'p')", project, user
    )
    yield InPostgres(pool, owner, user, project)
    await pool.close()
    await owner.close()


async def test_entries_come_back_whole_in_order_and_once(world: World) -> None:
    chat, fence = await world.begin()
    key = SessionKey(chat, "s")
    second = {"type": "x", "b": 1, "a": 2}
    assert await world.log.append(fence, key, [ODD, second])
    assert await world.log.append(fence, key, [ODD, {"type": "last"}])
    assert await world.log.append(fence, key, [])
    assert await world.log.load(key) == [ODD, second, {"type": "last"}]
    assert await world.log.load(SessionKey(chat, "s", "part")) == []


async def test_an_attempt_that_lost_its_run_writes_and_removes_nothing(world: World) -> None:
    chat, first = await world.begin()
    key = SessionKey(chat, "s")
    await world.log.append(first, key, [{"type": "first"}])
    second = await world.retry(first)
    assert not await world.log.append(first, key, [{"type": "late"}])
    await world.log.append(second, key, [{"type": "second"}])
    await world.end(second)
    assert not await world.log.append(second, key, [{"type": "after"}])
    assert await world.log.drop_earlier(second, chat) == 0
    assert await world.log.load(key) == [{"type": "first"}, {"type": "second"}]


async def test_a_new_attempt_drops_only_what_earlier_ones_of_its_run_wrote(world: World) -> None:
    chat, first = await world.begin()
    _, other = await world.begin()
    key = SessionKey(chat, "s")
    await world.log.append(first, key, [{"type": "first"}])
    await world.log.append(first, SessionKey(chat, "s", "part"), [{"type": "part"}])
    second = await world.retry(first)
    await world.log.append(second, key, [{"type": "second"}])
    assert await world.log.drop_earlier(other, chat) == 0
    assert await world.log.drop_earlier(second, chat) == 2
    assert await world.log.load(key) == [{"type": "second"}]


async def test_a_run_drops_what_those_that_it_replaces_wrote(world: World) -> None:
    chat, first = await world.begin()
    key = SessionKey(chat, "s")
    await world.log.append(first, key, [{"type": "kept"}])
    await world.end(first)
    second = await world.go_on(chat)
    await world.log.append(second, key, [{"type": "replaced"}])
    await world.end(second)
    third = await world.go_on(chat)
    await world.log.append(third, key, [{"type": "new"}])
    elsewhere, _ = await world.begin()
    assert await world.log.drop_earlier(third, elsewhere, [second.run_id]) == 0
    assert await world.log.drop_earlier(second, chat, [first.run_id]) == 0
    assert await world.log.drop_earlier(third, chat, [second.run_id, third.run_id]) == 1
    assert await world.log.load(key) == [{"type": "kept"}, {"type": "new"}]


async def test_a_store_over_it_passes_the_suite_of_the_sdk(world: World) -> None:
    async def make() -> ChatSessions:
        chat, fence = await world.begin()
        return ChatSessions(world.log, fence, chat, "proj")

    await run_session_store_conformance(make)  # type: ignore[arg-type]


async def test_a_session_goes_on_where_the_folder_has_another_name(world: World) -> None:
    chat, fence = await world.begin()
    here = ChatSessions(world.log, fence, chat, "-data-one")
    there = ChatSessions(world.log, fence, chat, "-data-two")
    await here.append({"project_key": "-data-one", "session_id": "s"}, [{"type": "x"}])
    assert await there.load({"project_key": "-data-two", "session_id": "s"}) == [{"type": "x"}]
