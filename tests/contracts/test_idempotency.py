"""What every Store remembers of requests that came with a key."""

import asyncio

import pytest

from contracts.backends import Backend
from contracts.refusals import refused
from contracts.scene import Team
from oryxforge.domain.errors import Conflict
from oryxforge.ports.repos import Remembered

BODY = {"id": "p1", "nested": {"n": [1, 2]}}


async def test_a_new_key_is_unknown(backend: Backend, team: Team) -> None:
    async with backend.store.transaction(team.viewer) as tx:
        assert await tx.idempotency.recall("k", "POST /projects", "h") is None


async def test_the_same_request_gets_the_same_answer(backend: Backend, team: Team) -> None:
    async with backend.store.transaction(team.viewer) as tx:
        await tx.idempotency.remember("k", "POST /projects", "h", 201, BODY)
    async with backend.store.transaction(team.viewer) as tx:
        assert await tx.idempotency.recall("k", "POST /projects", "h") == Remembered(201, BODY)


async def test_another_request_with_the_key_is_refused(backend: Backend, team: Team) -> None:
    async with backend.store.transaction(team.viewer) as tx:
        await tx.idempotency.remember("k", "POST /projects", "h", 201, BODY)
    async with refused(backend.store, team.viewer, Conflict, "idempotency_key_reused") as tx:
        await tx.idempotency.recall("k", "POST /projects", "another")


async def test_a_key_belongs_to_one_user_and_route(backend: Backend, team: Team) -> None:
    async with backend.store.transaction(team.viewer) as tx:
        await tx.idempotency.remember("k", "POST /projects", "h", 201, BODY)
        assert await tx.idempotency.recall("k", "POST /chat", "other") is None
        assert await tx.idempotency.recall("k2", "POST /projects", "other") is None
    async with backend.store.transaction(team.editor) as tx:
        assert await tx.idempotency.recall("k", "POST /projects", "other") is None


async def test_what_was_rolled_back_is_not_remembered(backend: Backend, team: Team) -> None:
    with pytest.raises(ZeroDivisionError):
        async with backend.store.transaction(team.owner) as tx:
            await tx.projects.create("Costs", "costs")
            await tx.idempotency.remember("k", "POST /projects", "h", 201, BODY)
            raise ZeroDivisionError
    async with backend.store.transaction(team.owner) as tx:
        assert await tx.idempotency.recall("k", "POST /projects", "h") is None


async def test_of_requests_at_once_one_does_the_work(backend: Backend, team: Team) -> None:
    async def once() -> str:
        async with backend.store.transaction(team.owner) as tx:
            known = await tx.idempotency.recall("k", "POST /projects", "h")
            if known is not None:
                return str(known.body["id"])
            made = await tx.projects.create("Costs", "costs")
            await tx.idempotency.remember("k", "POST /projects", "h", 201, {"id": str(made.id)})
            return str(made.id)

    assert len(set(await asyncio.gather(*[once() for _ in range(4)]))) == 1
