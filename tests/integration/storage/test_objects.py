"""Objects in and out, as the one who may do everything."""

import pytest
from starlette.routing import Route

from integration.storage.part import Storage
from oryxforge.embedded.gateway.storage.names import RESERVED


async def test_up_and_down(storage: Storage) -> None:
    await storage.bucket()
    put = await storage.put("papers/a/b.txt", b"hello", **{"cache-control": "max-age=60"})
    assert put.status_code == 200
    assert put.json()["Key"] == "papers/a/b.txt"
    got = await storage.client.get("/object/papers/a/b.txt", headers=storage.admin)
    assert (got.content, got.headers["content-type"]) == (b"hello", "text/plain")
    assert got.headers["cache-control"] == "private, max-age=60"
    info = (await storage.client.get("/object/info/papers/a/b.txt", headers=storage.admin)).json()
    assert (info["id"], info["size"], info["name"]) == (put.json()["Id"], 5, "a/b.txt")
    assert info["content_type"] == "text/plain"


async def test_a_form_with_an_empty_field_name(storage: Storage) -> None:
    await storage.bucket()
    form = {"": ("x", b"1,2\n", "text/csv")}
    data = {"cacheControl": "3600", "metadata": '{"by": "Ada"}'}
    put = await storage.client.post("/object/papers/t.csv", headers=storage.admin, files=form, data=data)
    assert put.status_code == 200
    info = (await storage.client.get("/object/info/papers/t.csv", headers=storage.admin)).json()
    assert (info["content_type"], info["cache_control"]) == ("text/csv", "max-age=3600")
    assert info["metadata"] == {"by": "Ada"}


async def test_what_is_there_stays_unless_upsert(storage: Storage) -> None:
    await storage.bucket()
    await storage.put("papers/a", b"one")
    again = await storage.put("papers/a", b"two")
    assert (again.status_code, again.json()["code"], again.json()["statusCode"]) == (
        409,
        "KeyAlreadyExists",
        "409",
    )
    assert (await storage.put("papers/a", b"three", **{"x-upsert": "true"})).status_code == 200
    assert (await storage.client.get("/object/papers/a", headers=storage.admin)).content == b"three"
    assert len(storage.stored()) == 1
    assert storage.rows("select * from storage.leftovers") == []


async def test_lists_folders_then_files(storage: Storage) -> None:
    await storage.bucket()
    for name in ("b.txt", "a.txt", "sub/x.txt", "sub/deep/y.txt"):
        await storage.put(f"papers/{name}")

    async def names(**body: object) -> list[str]:
        got = await storage.client.post("/object/list/papers", headers=storage.admin, json=body)
        assert got.status_code == 200, got.text
        return [("/" if e["id"] is None else "") + e["name"] for e in got.json()]

    assert await names(prefix="") == ["/sub", "a.txt", "b.txt"]
    assert await names(prefix="sub") == await names(prefix="sub/") == ["/deep", "x.txt"]
    assert await names(prefix="", search="B") == ["b.txt"]
    assert await names(prefix="", limit=1, offset=1) == ["a.txt"]
    assert await names(prefix="", sortBy={"column": "created_at", "order": "desc"}) == [
        "/sub",
        "a.txt",
        "b.txt",
    ]
    assert await names(prefix="no") == []


async def test_moves_copies_and_removes(storage: Storage) -> None:
    await storage.bucket()
    await storage.put("papers/a", b"bytes")
    both = {"bucketId": "papers", "sourceKey": "a", "destinationKey": "b/c"}
    moved = await storage.client.post("/object/move", headers=storage.admin, json=both)
    assert moved.json() == {"message": "Successfully moved"}
    both = {"bucketId": "papers", "sourceKey": "b/c", "destinationKey": "d"}
    copied = await storage.client.post("/object/copy", headers=storage.admin, json=both)
    assert copied.json()["Key"] == "papers/d"
    assert len(storage.stored()) == 2
    removed = await storage.client.request(
        "DELETE", "/object/papers", headers=storage.admin, json={"prefixes": ["b/c", "d", "none"]}
    )
    assert {r["name"] for r in removed.json()} == {"b/c", "d"}
    assert storage.stored() == []
    gone = await storage.client.get("/object/papers/d", headers=storage.admin)
    assert (gone.status_code, gone.json()["code"], gone.json()["error"]) == (404, "NoSuchKey", "not_found")


async def test_an_odd_path_among_many_fails_none_of_the_others(storage: Storage) -> None:
    await storage.bucket()
    for name in ("a", "b"):
        await storage.put(f"papers/{name}")
    odd = ["/a", "a//b", "", "..", "a\\b", "a\0", "x" * 2_000, "b/"]
    asked = {"paths": ["a", *odd, "b"], "expiresIn": 60}
    signed = await storage.client.post("/object/sign/papers", headers=storage.admin, json=asked)
    assert signed.status_code == 200, signed.text
    assert [s["path"] for s in signed.json()] == asked["paths"]
    assert [s["error"] is None and s["signedURL"] is not None for s in signed.json()] == [
        True,
        *[False] * len(odd),
        True,
    ]
    removed = await storage.client.request(
        "DELETE", "/object/papers", headers=storage.admin, json={"prefixes": [*odd, "a"]}
    )
    assert (removed.status_code, [r["name"] for r in removed.json()]) == (200, ["a"])
    none = await storage.client.request(
        "DELETE", "/object/papers", headers=storage.admin, json={"prefixes": odd}
    )
    assert (none.status_code, none.json()) == (200, [])
    for key, path in (("paths", "/object/sign/papers"), ("prefixes", "/object/papers")):
        method = "POST" if key == "paths" else "DELETE"
        for wrong in ([], "a", [1], ["a", None], ["a"] * 1_001):
            body = {key: wrong, "expiresIn": 60}
            answer = await storage.client.request(method, path, headers=storage.admin, json=body)
            assert answer.status_code == 400


@pytest.mark.parametrize(
    ("limit", "refused"),
    [
        ({"file_size_limit": 4}, (413, "EntityTooLarge")),
        ({"allowed_mime_types": ["image/*"]}, (415, "InvalidMimeType")),
        ({"file_size_limit": 5, "allowed_mime_types": ["text/plain"]}, None),
    ],
)
async def test_what_a_bucket_does_not_take_is_not_moved_there(
    storage: Storage, limit: dict[str, object], refused: tuple[int, str] | None
) -> None:
    await storage.bucket()
    await storage.bucket("narrow", **limit)
    await storage.put("papers/a", b"bytes")
    user = storage.database.add_user()
    storage.sql("create policy all_of_it on storage.objects for all to authenticated using (true)")
    both = {"bucketId": "papers", "sourceKey": "a", "destinationKey": "b", "destinationBucket": "narrow"}
    for call in ("copy", "move"):
        headers = storage.signed_in(user)
        answer = await storage.client.post(
            f"/object/{call}", headers=headers, json={**both, "destinationKey": call}
        )
        if refused is None:
            assert answer.status_code == 200, answer.text
        else:
            assert (answer.status_code, answer.json()["code"]) == refused
    there = "narrow/move" if refused is None else "papers/a"
    assert (await storage.client.get(f"/object/{there}", headers=storage.admin)).content == b"bytes"
    missing = {**both, "destinationBucket": "nowhere"}
    answer = await storage.client.post("/object/move", headers=storage.admin, json=missing)
    assert answer.json()["code"] == ("NoSuchKey" if refused is None else "NoSuchBucket")


async def test_ranges(storage: Storage) -> None:
    await storage.bucket()
    await storage.put("papers/a", b"0123456789")

    async def part(asked: str) -> tuple[int, bytes, str | None]:
        got = await storage.client.get("/object/papers/a", headers={**storage.admin, "range": asked})
        return got.status_code, got.content, got.headers.get("content-range")

    assert await part("bytes=2-4") == (206, b"234", "bytes 2-4/10")
    assert await part("bytes=8-") == (206, b"89", "bytes 8-9/10")
    assert await part("bytes=-3") == (206, b"789", "bytes 7-9/10")
    assert await part("bytes=10-") == (416, b"", "bytes */10")
    for odd in ("bytes=5-2", "bytes=a-b", "lines=1-2", "bytes=0-1,3-4", "bytes=-", ""):
        assert (await part(odd))[:2] == (200, b"0123456789")
    head = await storage.client.head("/object/papers/a", headers=storage.admin)
    assert (head.status_code, head.headers["content-length"], head.content) == (200, "10", b"")
    cached = {**storage.admin, "if-none-match": head.headers["etag"]}
    assert (await storage.client.get("/object/papers/a", headers=cached)).status_code == 304


async def test_only_the_version_that_is_meant(storage: Storage) -> None:
    await storage.bucket()
    await storage.put("papers/a", b"0123456789")
    first = await storage.client.get("/object/papers/a", headers=storage.admin)
    await storage.put("papers/a", b"new", **{"x-upsert": "true"})
    meant = {**storage.admin, "if-match": first.headers["etag"], "range": "bytes=0-1"}
    refused = await storage.client.get("/object/papers/a", headers=meant)
    assert (refused.status_code, refused.json()["code"]) == (412, "PreconditionFailed")
    now = (await storage.client.get("/object/papers/a", headers=storage.admin)).headers["etag"]
    known = {**storage.admin, "if-none-match": f"{first.headers['etag']}, {now}"}
    assert (await storage.client.get("/object/papers/a", headers=known)).status_code == 304


async def test_every_word_of_the_api_is_no_bucket(storage: Storage) -> None:
    words = {
        word
        for route in storage.part._router.routes
        if isinstance(route, Route)
        for word in [route.path.removeprefix("/object/").partition("/")[0]]
        if route.path.startswith("/object/") and not word.startswith("{")
    }
    assert words == RESERVED
