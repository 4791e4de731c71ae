"""Real supabase-js over Realtime."""

import asyncio
import os

from fixtures.supabase_js import FOLDER, SupabaseJs
from integration.api.modes import in_both_modes
from integration.realtime.serving import World


@in_both_modes("realtime")
async def test_realtime(realtime: World, supabase_js: SupabaseJs) -> None:
    environment = {
        "GATEWAY_URL": realtime.url,
        "TEST_URL": realtime.back_door,
        "PUBLISHABLE_KEY": realtime.keys.publishable,
        "ONLY": os.environ.get("ONLY", ""),
    }
    passed = await supabase_js.run("realtime.mjs", environment, within_s=120)
    assert len(passed) >= (1 if environment["ONLY"] else 15)


async def test_the_feed_of_a_chat(supabase_js: SupabaseJs) -> None:
    running = await asyncio.create_subprocess_exec(
        supabase_js.node,
        "--test",
        "chat_feed.test.mjs",
        cwd=FOLDER,
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await running.communicate()
    assert running.returncode == 0, out.decode()
