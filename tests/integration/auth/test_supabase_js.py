"""Real supabase-js against the auth surface."""

from fixtures.supabase_js import SupabaseJs
from integration.api.product import Product
from integration.auth.conftest import environment


async def test_accounts_and_sessions(open_product: Product, supabase_js: SupabaseJs) -> None:
    passed = await supabase_js.run("auth.mjs", environment(open_product))
    assert len(passed) == 9
