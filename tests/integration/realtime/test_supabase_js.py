"""Real supabase-js over Realtime."""

import os

from fixtures.supabase_js import SupabaseJs
from integration.realtime.serving import Serving


async def test_realtime(serving: Serving, supabase_js: SupabaseJs) -> None:
    environment = {
        "GATEWAY_URL": serving.url,
        "PUBLISHABLE_KEY": serving.keys.publishable,
        "ONLY": os.environ.get("ONLY", ""),
    }
    passed = await supabase_js.run("realtime.mjs", environment, within_s=120)
    assert len(passed) >= (1 if environment["ONLY"] else 15)
