"""An upload is whole or not at all; bytes and rows agree, whatever was cut, killed or raced."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from starlette.requests import ClientDisconnect

from integration.storage.part import LIMIT, Storage


async def test_over_the_limit(storage: Storage) -> None:
    await storage.bucket()

    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 100_000

    for content in (b"x" * (LIMIT + 1), endless()):
        answer = await storage.client.post(
            "/object/papers/a", headers={**storage.admin, "content-type": "text/plain"}, content=content
        )
        assert (answer.status_code, answer.json()["code"]) == (413, "EntityTooLarge")
    form = {"": ("x", b"x" * (LIMIT + 1), "text/plain")}
    answer = await storage.client.post("/object/papers/a", headers=storage.admin, files=form)
    assert answer.status_code == 413
    big = {"prefixes": ["x" * 1000] * 100}
    assert (
        await storage.client.request("DELETE", "/object/papers", headers=storage.admin, json=big)
    ).status_code == 413
    assert storage.stored() == []
    assert storage.rows("select * from storage.leftovers") == []


async def test_a_cut_upload_leaves_nothing(storage: Storage) -> None:
    await storage.bucket()

    async def cut() -> AsyncIterator[bytes]:
        yield b"x" * 3_000_000
        raise ClientDisconnect

    # Nobody is there to be answered.
    with pytest.raises(AssertionError):
        await storage.client.post("/object/papers/a", headers=storage.admin, content=cut())
    assert storage.stored() == []
    assert storage.rows("select * from storage.objects") == []
    assert storage.rows("select * from storage.leftovers") == []


async def test_two_uploads_of_one_name(storage: Storage) -> None:
    await storage.bucket()
    both = await asyncio.gather(*(storage.put("papers/a", str(n).encode()) for n in range(6)))
    assert sorted(b.status_code for b in both) == [200] + [409] * 5
    more = await asyncio.gather(
        *(storage.put("papers/a", str(n).encode(), **{"x-upsert": "true"}) for n in range(6))
    )
    assert {m.status_code for m in more} == {200}
    assert len(storage.stored()) == 1
    assert (await storage.client.get("/object/papers/a", headers=storage.admin)).status_code == 200


async def test_bytes_of_crashes_are_swept_and_no_others(storage: Storage) -> None:
    await storage.bucket()
    await storage.put("papers/kept")
    [kept] = storage.stored()
    lost = kept.with_name("0" * 36).parent.parent / "00" / ("0" * 36)
    lost.parent.mkdir(exist_ok=True)
    lost.write_bytes(b"half")
    storage.sql(
        f"insert into storage.leftovers (version, since) values ('{'0' * 36}', now() - interval '3 days')"
    )
    storage.sql(f"insert into storage.leftovers (version) values ('{'1' * 36}')")
    assert await storage.part._content.sweep(86_400) == 1
    assert storage.stored() == [kept]
    assert storage.rows("select version from storage.leftovers") == [("1" * 36,)]


async def test_a_swept_upload_can_not_be_placed(storage: Storage) -> None:
    await storage.bucket()

    async def slow() -> AsyncIterator[bytes]:
        yield b"1"
        storage.sql("update storage.leftovers set since = now() - interval '3 days'")
        await storage.part._content.sweep(86_400)
        yield b"2"

    answer = await storage.client.post("/object/papers/a", headers=storage.admin, content=slow())
    assert (answer.status_code, answer.json()["code"]) == (409, "ResourceLocked")
    assert storage.stored() == []
    assert storage.rows("select * from storage.objects") == []


async def test_removed_by_sql_alone_the_bytes_are_swept(storage: Storage) -> None:
    await storage.bucket()
    await storage.put("papers/a")
    storage.sql("delete from storage.objects")
    assert await storage.part._content.sweep(-60) == 1
    assert storage.stored() == []
