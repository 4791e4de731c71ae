"""Real supabase-py over the whole product."""

import asyncio

import httpx
import pytest
from storage3.exceptions import StorageApiError
from supabase import Client, ClientOptions, create_client

from fixtures.postgres import Database
from integration.api.modes import AnyProduct, in_both_modes
from integration.storage.part import OWN_FOLDER, execute
from oryxforge.embedded.gateway.keys import load_or_create_keys


def walk(admin: Client, mine: Client, me: str) -> None:
    assert admin.storage.create_bucket("own", options={"public": False, "file_size_limit": "1MB"})
    assert [b.name for b in admin.storage.list_buckets()] == ["own"]
    assert admin.storage.get_bucket("own").file_size_limit == 1 << 20
    files = mine.storage.from_("own")
    options = {"content-type": "text/csv", "cache-control": "60", "upsert": "false"}
    put = files.upload(f"{me}/a.csv", b"a,b\n", options)
    assert put.full_path == f"own/{me}/a.csv"
    assert files.download(f"{me}/a.csv") == b"a,b\n"
    assert files.update(f"{me}/a.csv", b"c\n", {"content-type": "text/csv"}).path == f"{me}/a.csv"
    assert files.info(f"{me}/a.csv")["size"] == 2
    assert files.exists(f"{me}/a.csv")
    assert [f["name"] for f in files.list(me)] == ["a.csv"]
    files.copy(f"{me}/a.csv", f"{me}/b.csv")
    files.move(f"{me}/b.csv", f"{me}/c.csv")
    signed = files.create_signed_url(f"{me}/c.csv", 60, {"download": "x.csv"})
    got = httpx.get(signed["signedURL"])
    assert (got.content, "x.csv" in got.headers["content-disposition"]) == (b"c\n", True)
    assert len(files.create_signed_urls([f"{me}/a.csv", f"{me}/c.csv"], 60)) == 2
    given = files.create_signed_upload_url(f"{me}/d.csv")
    files.upload_to_signed_url(given["path"], given["token"], b"d")
    assert files.download(f"{me}/d.csv") == b"d"
    with pytest.raises(StorageApiError) as caught:
        files.upload("theirs/a.csv", b"x", {"content-type": "text/csv"})
    assert (str(caught.value.status), caught.value.code) == ("403", "Unauthorized")
    with pytest.raises(StorageApiError):
        files.download(f"{me}/none")
    assert [r["name"] for r in files.remove([f"{me}/a.csv"])] == [f"{me}/a.csv"]
    admin.storage.empty_bucket("own")
    admin.storage.delete_bucket("own")
    assert admin.storage.list_buckets() == []


@in_both_modes("whole")
async def test_every_call(whole: AnyProduct, database: Database) -> None:
    keys = load_or_create_keys(whole.settings.api_keys_file)
    person = await whole.person("py")
    execute(
        database, f"create policy own_all on storage.objects for all to authenticated using ({OWN_FOLDER})"
    )
    admin = create_client(whole.url, keys.secret)
    token = whole.token(person.id, person.email)
    options = ClientOptions(headers={"Authorization": f"Bearer {token}"})
    mine = create_client(whole.url, keys.publishable, options)
    await asyncio.to_thread(walk, admin, mine, str(person.id))
    await person.client.aclose()
