"""Products with sign-in of one kind or another."""

from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from contextlib import ExitStack

import pytest

from fixtures.postgres import PostgresServer
from fixtures.supabase_js import SupabaseJs, supabase_js
from integration.api.modes import MODES, AnyProduct, mode_of
from integration.api.product import api_settings
from integration.auth.http import Wire, wire
from oryxforge.embedded.gateway.keys import load_or_create_keys

__all__ = ["SupabaseJs", "supabase_js"]

MakeProduct = Callable[..., AnyProduct]


def environment(product: AnyProduct) -> Mapping[str, str]:
    """What a script is told of a product."""
    keys = load_or_create_keys(product.settings.api_keys_file)
    return {
        "URL": product.url,
        "API_URL": product.api_url,
        "PUBLISHABLE_KEY": keys.publishable,
        "SECRET_KEY": keys.secret,
        "ANON_JWT": keys.legacy("anon"),
        "SERVICE_JWT": keys.legacy("service_role"),
    }


@pytest.fixture(scope="session")
def make_product(
    postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[MakeProduct]:
    """Makes products by their mode and settings, one of each; they run until the end of the session."""
    made: dict[str, AnyProduct] = {}
    with ExitStack() as running:

        def make(mode: str = "embedded", **settings: object) -> AnyProduct:
            name = repr((mode, settings))
            if name not in made:
                database = postgres_server.make_database()
                folder = tmp_path_factory.mktemp("auth")
                told = api_settings(folder, database, **{"auth_rate": 1000, **settings})
                made[name] = running.enter_context(MODES[mode](told))
            return made[name]

        yield make


@pytest.fixture(scope="session")
def open_product(make_product: MakeProduct, request: pytest.FixtureRequest) -> AnyProduct:
    """As `up` on loopback is: sign-up open and confirmed at once."""
    return make_product(mode_of(request))


@pytest.fixture(scope="session")
def mailing_product(make_product: MakeProduct, request: pytest.FixtureRequest) -> AnyProduct:
    """Addresses are confirmed by mail; guests may come in; an old session needs a code for a new password."""
    return make_product(
        mode_of(request), auth_confirmed_at_once=False, auth_anonymous=True, auth_reauthenticate=True
    )


@pytest.fixture
async def open_wire(open_product: AnyProduct) -> AsyncGenerator[Wire]:
    found = wire(open_product)
    async with found.client:
        yield found


@pytest.fixture
async def mailing_wire(mailing_product: AnyProduct) -> AsyncGenerator[Wire]:
    found = wire(mailing_product)
    async with found.client:
        yield found
