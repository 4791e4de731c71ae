"""Real supabase-js against the auth surface."""

from collections.abc import Iterator

import pytest

from fixtures.supabase_js import SupabaseJs
from integration.api.modes import RUN_IN, AnyProduct, in_both_modes
from integration.auth.conftest import MakeProduct, environment
from stubs.openid_provider import CLIENT_ID, CLIENT_SECRET, OpenIdProvider


@pytest.fixture(scope="module")
def provider() -> Iterator[OpenIdProvider]:
    with OpenIdProvider() as running:
        yield running


@in_both_modes("open_product")
async def test_accounts_and_sessions(open_product: AnyProduct, supabase_js: SupabaseJs) -> None:
    assert len(await supabase_js.run("auth.mjs", environment(open_product))) == 10


@in_both_modes("mailing_product")
async def test_mails(mailing_product: AnyProduct, supabase_js: SupabaseJs) -> None:
    assert len(await supabase_js.run("auth_mail.mjs", environment(mailing_product))) == 13


@in_both_modes("open_product")
async def test_admin(open_product: AnyProduct, supabase_js: SupabaseJs) -> None:
    assert len(await supabase_js.run("auth_admin.mjs", environment(open_product))) == 11


@pytest.mark.parametrize("mode", RUN_IN)
async def test_providers(
    make_product: MakeProduct, provider: OpenIdProvider, supabase_js: SupabaseJs, mode: str
) -> None:
    known = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
    product = make_product(
        mode,
        auth_anonymous=True,
        oauth_providers={
            "openid": {**known, "issuer": provider.url},
            "github": {**known, "base_url": provider.url},
        },
    )
    told = {**environment(product), "PROVIDER": provider.url}
    assert len(await supabase_js.run("auth_oauth.mjs", told)) == 16
