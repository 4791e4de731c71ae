"""Products with sign-in of one kind or another."""

from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from contextlib import ExitStack

import pytest

from fixtures.postgres import PostgresServer
from fixtures.supabase_js import SupabaseJs, supabase_js
from integration.api.product import Product, api_settings
from integration.auth.http import Wire, wire
from oryxforge.embedded.gateway.keys import load_or_create_keys

__all__ = ["SupabaseJs", "supabase_js"]

MakeProduct = Callable[..., Product]


def environment(product: Product) -> Mapping[str, str]:
    """What a script is told of a product."""
    keys = load_or_create_keys(product.settings.api_keys_file)
    return {
        "URL": product.url,
        "PUBLISHABLE_KEY": keys.publishable,
        "SECRET_KEY": keys.secret,
        "ANON_JWT": keys.legacy("anon"),
        "SERVICE_JWT": keys.legacy("service_role"),
    }


@pytest.fixture(scope="session")
def make_product(
    postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[MakeProduct]:
    """Makes products by their settings; they run until the end of the session."""
    with ExitStack() as running:

        def make(**settings: object) -> Product:
            database = postgres_server.make_database()
            told = api_settings(tmp_path_factory.mktemp("auth"), database, **{"auth_rate": 1000, **settings})
            return running.enter_context(Product(told))

        yield make


@pytest.fixture(scope="session")
def open_product(make_product: MakeProduct) -> Product:
    """As `up` on loopback is: sign-up open and confirmed at once."""
    return make_product()


@pytest.fixture(scope="session")
def mailing_product(make_product: MakeProduct) -> Product:
    """Addresses are confirmed by mail; guests may come in."""
    return make_product(auth_confirmed_at_once=False, auth_anonymous=True)


@pytest.fixture
async def open_wire(open_product: Product) -> AsyncGenerator[Wire]:
    found = wire(open_product)
    async with found.client:
        yield found


@pytest.fixture
async def mailing_wire(mailing_product: Product) -> AsyncGenerator[Wire]:
    found = wire(mailing_product)
    async with found.client:
        yield found
