"""What must be refused, and how."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from oryxforge.domain.errors import OryxError
from oryxforge.domain.identity import Actor
from oryxforge.ports.repos import Store, Transaction


@asynccontextmanager
async def refused(
    store: Store, actor: Actor, error: type[OryxError], code: str | None = None
) -> AsyncGenerator[Transaction]:
    """A transaction that must end in that error; nothing of it is kept."""
    with pytest.raises(error) as caught:
        async with store.transaction(actor) as tx:
            yield tx
    if code is not None:
        assert caught.value.code == code
