"""Token buckets."""

import pytest

from oryxforge.embedded.gateway.auth.errors import AuthError
from oryxforge.embedded.gateway.auth.limits import MOST_KEYS, Limits


class Time:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_so_many_at_once_and_then_by_and_by() -> None:
    time = Time()
    limits = Limits(now=time)
    for _ in range(10):
        limits.take("password account", "a")
    with pytest.raises(AuthError) as refused:
        limits.take("password account", "a")
    assert (refused.value.status, refused.value.more["retry_after"]) == (429, 31)
    limits.take("password account", "b")
    limits.take("password address", "a")
    time.now = 31
    limits.take("password account", "a")
    with pytest.raises(AuthError):
        limits.take("password account", "a")


def test_memory_has_an_end() -> None:
    limits = Limits()
    for number in range(MOST_KEYS + 100):
        limits.take("mail address", str(number))
    assert len(limits._left) == MOST_KEYS  # pyright: ignore[reportPrivateUsage]
