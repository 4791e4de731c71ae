"""The two ways to run: embedded, and hosted with a second OryxForge in the part of Supabase."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from typing import Self
from uuid import UUID

import pytest

from fixtures.scale import SCALE
from integration.api.product import Person, Product
from oryxforge.embedded.gateway.keys import load_or_create_keys
from oryxforge.settings import Settings

SHARED = ("database_url", "database_worker_url", "upload_limit_mb")


class HostedProduct:
    """`supabase` serves the surface and nothing works there; `ours` is the API and the worker.

    They share the wire and the database: folders, keys and the logins of the surface are of the first alone.
    """

    def __init__(self, settings: Settings) -> None:
        self.supabase = Product(settings, works=False)
        self.settings = self.supabase.settings
        self.url = self.supabase.url
        data = settings.data.with_name(f"{settings.data.name}-ours")
        told = {
            **{name: getattr(settings, name) for name in SHARED},
            "data": data,
            "port": 0,
            "supabase_url": self.url,
            "supabase_publishable_key": load_or_create_keys(self.settings.api_keys_file).publishable,
            "scripted_agent": True,
            "agent": "scripted",
        }
        self.ours = Product(Settings.model_validate(told))
        self.api_url = self.ours.url
        self._running = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as starting:
            starting.enter_context(self.supabase)
            starting.enter_context(self.ours)
            self._running = starting.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._running.close()

    def token(self, user_id: UUID, email: str, ttl_s: int = 600) -> str:
        return self.supabase.token(user_id, email, ttl_s)

    async def person(self, name: str) -> Person:
        """An account of Supabase's, and a client of the API's that carries its token."""
        made = await self.supabase.person(name)
        await made.client.aclose()
        return replace(made, client=self.ours.client(self.token(made.id, made.email)))


AnyProduct = Product | HostedProduct
MODES: Mapping[str, Callable[[Settings], AnyProduct]] = {"embedded": Product, "hosted": HostedProduct}
# Who waits has hosted mode from tests/acceptance, where it runs as it is installed.
RUN_IN = list(MODES) if SCALE > 1 else ["embedded"]


def in_both_modes(fixture: str) -> pytest.MarkDecorator:
    """Runs a test embedded, at full scale hosted too; the fixture reads `request.param`."""
    return pytest.mark.parametrize(fixture, RUN_IN, indirect=True)


def mode_of(request: pytest.FixtureRequest) -> str:
    """Embedded where a test says nothing."""
    return getattr(request, "param", "embedded")
