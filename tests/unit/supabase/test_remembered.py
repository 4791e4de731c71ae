"""A token is verified again when its time is over, and a refused one always."""

from dataclasses import dataclass, field
from uuid import UUID

import pytest

from oryxforge.adapters.supabase.remembered import RememberingVerifier
from oryxforge.domain.errors import Unauthenticated
from oryxforge.domain.identity import Actor


@dataclass
class Counting:
    """Verifies tokens that begin with `good`, which expire at 100."""

    asked: list[str] = field(default_factory=list)

    async def verify(self, token: str) -> Actor:
        self.asked.append(token)
        if not token.startswith("good"):
            raise Unauthenticated("No.")
        return Actor(UUID(int=len(token)), claims={"exp": 100})


@dataclass
class Scene:
    now: float = 0.0
    inner: Counting = field(default_factory=Counting)

    def __post_init__(self) -> None:
        self.verifier = RememberingVerifier(self.inner, keep_s=30, most=2, now=lambda: self.now)


@pytest.fixture
def scene() -> Scene:
    return Scene()


async def test_once_in_a_while(scene: Scene) -> None:
    for scene.now in (0, 10, 29):
        assert (await scene.verifier.verify("good")).user_id == UUID(int=4)
    assert len(scene.inner.asked) == 1
    scene.now = 30
    await scene.verifier.verify("good")
    assert len(scene.inner.asked) == 2


async def test_not_beyond_its_expiry(scene: Scene) -> None:
    scene.now = 95
    await scene.verifier.verify("good")
    scene.now = 100
    await scene.verifier.verify("good")
    assert len(scene.inner.asked) == 2


async def test_a_refusal_is_not_remembered(scene: Scene) -> None:
    for _ in range(2):
        with pytest.raises(Unauthenticated):
            await scene.verifier.verify("bad")
    assert len(scene.inner.asked) == 2


async def test_the_oldest_is_forgotten_first(scene: Scene) -> None:
    for token in ("good", "good1", "good22", "good22", "good"):
        await scene.verifier.verify(token)
    assert scene.inner.asked == ["good", "good1", "good22", "good"]
