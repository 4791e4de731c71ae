"""Real supabase-js over the whole product."""

from fixtures.postgres import Database
from fixtures.supabase_js import SupabaseJs
from integration.api.modes import AnyProduct, in_both_modes
from integration.storage.part import OWN_FOLDER, execute
from oryxforge.embedded.gateway.keys import load_or_create_keys


@in_both_modes("whole")
async def test_every_call(whole: AnyProduct, database: Database, supabase_js: SupabaseJs) -> None:
    keys = load_or_create_keys(whole.settings.api_keys_file)
    me, stranger = await whole.person("me"), await whole.person("stranger")
    for verb, clause in (
        ("select", "using"),
        ("insert", "with check"),
        ("update", "using"),
        ("delete", "using"),
    ):
        policy = f"create policy own_{verb} on storage.objects for {verb} to authenticated"
        execute(database, f"{policy} {clause} ({OWN_FOLDER})")
    await supabase_js.run(
        "storage.mjs",
        {
            "URL": whole.url,
            "PUBLISHABLE_KEY": keys.publishable,
            "SECRET_KEY": keys.secret,
            "USER_ID": str(me.id),
            "TOKEN": whole.token(me.id, me.email),
            "STRANGER_TOKEN": whole.token(stranger.id, stranger.email),
        },
    )
    await me.client.aclose()
    await stranger.client.aclose()
