"""Accounts are asked about once in a while, many at once."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, field
from uuid import UUID

import pytest

from oryxforge.adapters.supabase.living import Fault, Faults, Living, LivingVerifier
from oryxforge.domain.errors import Unauthenticated, Unavailable
from oryxforge.domain.identity import Actor

ADA, BOB, EVE = UUID(int=1), UUID(int=2), UUID(int=3)


@dataclass
class Register:
    asked: list[set[UUID]] = field(default_factory=list)
    faults: Faults = field(default_factory=lambda: {BOB: Fault.BANNED, EVE: Fault.GONE})
    away: bool = False

    async def ask(self, users: Collection[UUID]) -> Faults:
        self.asked.append(set(users))
        await asyncio.sleep(0)
        if self.away:
            raise Unavailable("Away.")
        return {u: f for u, f in self.faults.items() if u in users}


async def test_many_at_once_are_one_question_and_then_none() -> None:
    register = Register()
    living = Living(register.ask)
    found = await asyncio.gather(*(living.fault_of(u) for u in (ADA, BOB, EVE, ADA)))
    assert found == [None, Fault.BANNED, Fault.GONE, None]
    assert await living.fault_of(BOB) is Fault.BANNED
    assert register.asked == [{ADA, BOB, EVE}]


async def test_an_answer_is_not_kept_for_long() -> None:
    register = Register()
    living = Living(register.ask, kept_s=0)
    assert await living.fault_of(ADA) is None
    register.faults = {ADA: Fault.BANNED}
    assert await living.fault_of(ADA) is Fault.BANNED


async def test_a_register_that_is_away_is_asked_again() -> None:
    register = Register(away=True)
    living = Living(register.ask)
    for found in await asyncio.gather(*(living.fault_of(u) for u in (ADA, BOB)), return_exceptions=True):
        assert isinstance(found, Unavailable)
    register.away = False
    assert await living.fault_of(ADA) is None


async def test_who_gives_up_waiting_takes_nobody_along() -> None:
    living = Living(Register().ask)
    first, second = (asyncio.create_task(living.fault_of(BOB)) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    assert await second is Fault.BANNED


class Anybody:
    async def verify(self, token: str) -> Actor:
        return Actor(UUID(token))


@pytest.mark.parametrize(("who", "code"), [(BOB, "user_banned"), (EVE, "user_gone")])
async def test_the_api_refuses_them(who: UUID, code: str) -> None:
    verifier = LivingVerifier(Anybody(), Living(Register().ask))
    assert (await verifier.verify(str(ADA))).user_id == ADA
    with pytest.raises(Unauthenticated) as refused:
        await verifier.verify(str(who))
    assert refused.value.code == code
