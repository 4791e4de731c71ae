"""What every Store keeps of tokens for scripts, and whom a lookup finds by them."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from contracts.backends import Backend
from contracts.refusals import refused
from contracts.scene import Team
from oryxforge.domain.errors import NotFound
from oryxforge.domain.identity import Actor
from oryxforge.domain.tokens import AccessToken, hash_of, new_secret

LATER = timedelta(days=400)


async def made(backend: Backend, actor: Actor, secret: str, until: timedelta = LATER) -> AccessToken:
    async with backend.store.transaction(actor) as tx:
        return await tx.tokens.create("Report", hash_of(secret), secret[-4:], datetime.now(UTC) + until)


async def test_a_token_speaks_for_its_maker(backend: Backend, team: Team) -> None:
    secret = new_secret()
    token = await made(backend, team.viewer, secret)
    owner = await backend.lookup.owner_of(hash_of(secret))
    assert owner is not None
    assert (owner.token_id, owner.user_id) == (token.id, team.viewer.user_id)
    assert owner.email == team.viewer.email
    async with backend.store.transaction(team.viewer) as tx:
        [listed] = await tx.tokens.all()
    assert listed.used_at is not None
    assert (listed.name, listed.last_four) == ("Report", secret[-4:])


async def test_a_revoked_one_for_nobody(backend: Backend, team: Team) -> None:
    secret = new_secret()
    token = await made(backend, team.viewer, secret)
    async with backend.store.transaction(team.viewer) as tx:
        await tx.tokens.delete(token.id)
    assert await backend.lookup.owner_of(hash_of(secret)) is None


@pytest.mark.parametrize("other", ["unknown", "over"])
async def test_nor_an_unknown_one_or_one_that_ran_out(backend: Backend, team: Team, other: str) -> None:
    secret = new_secret()
    if other == "over":
        await made(backend, team.viewer, secret, -LATER)
    assert await backend.lookup.owner_of(hash_of(secret)) is None


async def test_tokens_are_their_makers_alone(backend: Backend, team: Team) -> None:
    token = await made(backend, team.viewer, new_secret())
    async with backend.store.transaction(team.owner) as tx:
        assert await tx.tokens.all() == []
    async with refused(backend.store, team.owner, NotFound, "token_not_found") as tx:
        await tx.tokens.delete(token.id)
    async with refused(backend.store, team.viewer, NotFound, "token_not_found") as tx:
        await tx.tokens.delete(uuid4())
