"""TUS at /upload/resumable, request by request."""

import asyncio
import base64
import hashlib
import os
from collections.abc import AsyncIterator
from uuid import UUID

import httpx
import pytest
from starlette.requests import ClientDisconnect

from integration.storage.part import Storage

TUS = {"tus-resumable": "1.0.0"}
BODY = {**TUS, "content-type": "application/offset+octet-stream"}


def metadata(**texts: str) -> str:
    return ",".join(f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in texts.items())


async def begin(
    storage: Storage, length: int, who: dict[str, str] | None = None, name: str = "a.bin", **more: str
) -> httpx.Response:
    headers = {
        **(who or storage.admin),
        **TUS,
        "upload-length": str(length),
        "upload-metadata": metadata(bucketName="papers", objectName=name, contentType="text/plain"),
        **more,
    }
    return await storage.client.post("/upload/resumable", headers=headers)


def at(begun: httpx.Response) -> str:
    assert begun.status_code == 201, begun.text
    return begun.headers["location"].removeprefix("/storage/v1")


async def send(
    storage: Storage, path: str, offset: int, content: bytes | AsyncIterator[bytes], **more: str
) -> httpx.Response:
    headers = {**storage.admin, **BODY, "upload-offset": str(offset), **more}
    return await storage.client.patch(path, headers=headers, content=content)


async def offset(storage: Storage, path: str) -> int:
    head = await storage.client.head(path, headers={**storage.admin, **TUS})
    assert head.status_code == 200
    return int(head.headers["upload-offset"])


async def got(storage: Storage, name: str = "a.bin") -> bytes:
    answer = await storage.client.get(f"/object/papers/{name}", headers=storage.admin)
    assert answer.status_code == 200, answer.text
    return answer.content


async def test_in_parts(storage: Storage) -> None:
    await storage.bucket()
    content = os.urandom(3_000_000)
    path = at(await begin(storage, len(content)))
    assert await offset(storage, path) == 0
    first = await send(storage, path, 0, content[:1_700_000])
    assert (first.status_code, first.headers["upload-offset"]) == (204, "1700000")
    assert await offset(storage, path) == 1_700_000
    last = await send(storage, path, 1_700_000, content[1_700_000:])
    assert (last.status_code, last.headers["upload-offset"]) == (204, "3000000")
    assert await got(storage) == content
    assert await offset(storage, path) == 3_000_000
    assert len(storage.stored()) == 1
    assert [p.suffix for p in (storage.folder / "uploads").rglob("*.*")] == [".json"]


async def test_with_the_creation_and_of_no_bytes(storage: Storage) -> None:
    await storage.bucket()
    headers = {**storage.admin, **BODY, "upload-length": "5"}
    headers["upload-metadata"] = metadata(bucketName="papers", objectName="a.bin", cacheControl="60")
    begun = await storage.client.post("/upload/resumable/", headers=headers, content=b"hello")
    assert (begun.status_code, begun.headers["upload-offset"]) == (201, "5")
    assert await got(storage) == b"hello"
    assert (await begin(storage, 0, name="empty")).status_code == 201
    assert await got(storage, "empty") == b""


async def test_what_came_before_a_cut_stays(storage: Storage) -> None:
    await storage.bucket()
    path = at(await begin(storage, 100))

    async def cut() -> AsyncIterator[bytes]:
        yield b"x" * 40
        raise ClientDisconnect

    # Nobody is there to be answered.
    with pytest.raises(AssertionError):
        await send(storage, path, 0, cut())
    assert await offset(storage, path) == 40
    wrong = await send(storage, path, 0, b"y" * 100)
    assert (wrong.status_code, wrong.json()["code"]) == (409, "InvalidUploadOffset")
    assert (await send(storage, path, 40, b"y" * 60)).status_code == 204
    assert await got(storage) == b"x" * 40 + b"y" * 60


async def test_one_writer_at_a_time(storage: Storage) -> None:
    await storage.bucket()
    path = at(await begin(storage, 10))
    started = asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield b"12345"
        started.set()
        await asyncio.Event().wait()

    first = asyncio.create_task(send(storage, path, 0, slow()))
    await started.wait()
    assert (await send(storage, path, 0, b"1234567890")).status_code == 409
    assert (await first).status_code == 423
    assert await offset(storage, path) == 5
    assert (await send(storage, path, 5, b"67890")).status_code == 204
    assert await got(storage) == b"1234567890"


async def test_checksums(storage: Storage) -> None:
    await storage.bucket()
    path = at(await begin(storage, 10))
    right = "sha256 " + base64.b64encode(hashlib.sha256(b"12345").digest()).decode()
    assert (await send(storage, path, 0, b"12345", **{"upload-checksum": right})).status_code == 204
    wrong = await send(storage, path, 5, b"67890", **{"upload-checksum": right})
    assert wrong.status_code == 460
    assert await offset(storage, path) == 5
    for odd in ("md5 AAAA", "sha1", "sha1 !", ""):
        assert (await send(storage, path, 5, b"67890", **{"upload-checksum": odd})).status_code in (400, 460)
    assert await offset(storage, path) == 5


async def test_unchecked_bytes_of_a_killed_writer_do_not_count(storage: Storage) -> None:
    await storage.bucket()
    path = at(await begin(storage, 10))
    await send(storage, path, 0, b"123")
    [bytes_file] = (storage.folder / "uploads").rglob("*.bytes")
    bytes_file.with_suffix(".doubt").write_text("3")
    bytes_file.write_bytes(b"123garb")
    assert await offset(storage, path) == 3
    assert (await send(storage, path, 3, b"4567890")).status_code == 204
    assert await got(storage) == b"1234567890"


async def test_more_than_was_said_and_over_the_limits(storage: Storage) -> None:
    await storage.bucket(file_size_limit=1000, allowed_mime_types=["text/plain"])
    path = at(await begin(storage, 10))
    assert (await send(storage, path, 0, b"x" * 11)).status_code == 413
    assert (await begin(storage, 1001, name="b")).status_code == 413
    assert (await begin(storage, 10**17, name="b")).status_code == 413
    other = {"upload-metadata": metadata(bucketName="papers", objectName="b", contentType="image/png")}
    assert (await begin(storage, 10, **other)).status_code == 415


async def test_nobody_elses(storage: Storage) -> None:
    await storage.bucket()
    ada, bob = storage.database.add_user(), storage.database.add_user()
    storage.own_folders("insert", "select")
    name = f"{ada}/a.bin"
    path = at(await begin(storage, 5, storage.signed_in(ada), name))
    refused = await begin(storage, 5, storage.signed_in(bob), name)
    assert (refused.status_code, refused.json()["code"]) == (403, "AccessDenied")
    assert (await begin(storage, 5, storage.anon, name)).status_code == 403
    for who in (storage.signed_in(bob), storage.anon, storage.admin):
        for method in ("HEAD", "PATCH", "DELETE"):
            headers = {**who, **BODY, "upload-offset": "0"}
            answer = await storage.client.request(method, path, headers=headers)
            assert answer.status_code == 404
    headers = {**storage.signed_in(ada), **BODY, "upload-offset": "0"}
    assert (await storage.client.patch(path, headers=headers, content=b"bytes")).status_code == 204
    [(owner,)] = storage.rows("select owner from storage.objects")
    assert owner == ada


async def test_one_that_may_not_be_placed_in_the_end_says_so(storage: Storage) -> None:
    await storage.bucket()
    path = at(await begin(storage, 5))
    assert (await storage.put("papers/a.bin")).status_code == 200
    assert (await send(storage, path, 0, b"12345")).status_code == 409
    head = await storage.client.head(path, headers={**storage.admin, **TUS})
    assert head.status_code == 409
    assert await got(storage) == b"hello"
    assert len(storage.stored()) == 1
    removed = await storage.client.request(
        "DELETE", "/object/papers", headers=storage.admin, json={"prefixes": ["a.bin"]}
    )
    assert removed.status_code == 200
    assert await offset(storage, path) == 5
    assert await got(storage) == b"12345"


async def test_finished_but_killed_before_it_was_told(storage: Storage) -> None:
    await storage.bucket()
    path = at(await begin(storage, 5))
    [bytes_file] = (storage.folder / "uploads").rglob("*.bytes")
    record = bytes_file.with_suffix(".json").read_bytes()
    assert (await send(storage, path, 0, b"12345")).status_code == 204
    bytes_file.write_bytes(b"12345")
    bytes_file.with_suffix(".json").write_bytes(record)
    assert await offset(storage, path) == 5
    assert await got(storage) == b"12345"
    assert storage.rows("select count(*) from storage.objects") == [(1,)]
    assert storage.rows("select * from storage.leftovers") == []


async def test_end_and_expiry(storage: Storage) -> None:
    await storage.bucket()
    path = at(await begin(storage, 5))
    assert (await storage.client.delete(path, headers={**storage.admin, **TUS})).status_code == 204
    assert (await storage.client.head(path, headers={**storage.admin, **TUS})).status_code == 404
    old = at(await begin(storage, 5, name="old"))
    storage.part._tus._lasts_s = -1
    late = at(await begin(storage, 5, name="late"))
    assert (await storage.client.head(late, headers={**storage.admin, **TUS})).status_code == 410
    assert await storage.part._tus.sweep() == 1
    assert await offset(storage, old) == 0
    assert (await storage.client.head(late, headers={**storage.admin, **TUS})).status_code == 404


async def test_overwrites_only_where_asked(storage: Storage) -> None:
    await storage.bucket()
    await storage.put("papers/a.bin")
    assert (await begin(storage, 5)).status_code == 409
    path = at(await begin(storage, 5, **{"x-upsert": "true"}))
    assert (await send(storage, path, 0, b"fresh")).status_code == 204
    assert await got(storage) == b"fresh"
    assert len(storage.stored()) == 1


async def test_by_a_signed_url(storage: Storage) -> None:
    await storage.bucket()
    signed = await storage.client.post("/object/upload/sign/papers/a.bin", headers=storage.admin, json={})
    token = signed.json()["token"]
    told = {"upload-metadata": metadata(bucketName="papers", objectName="a.bin"), "upload-length": "5"}
    headers = {**TUS, "x-signature": token}
    begun = await storage.client.post("/upload/resumable/sign", headers={**headers, **told})
    path = at(begun)
    sent = {**headers, **BODY, "upload-offset": "0"}
    assert (await storage.client.patch(path, headers=sent, content=b"12345")).status_code == 204
    assert await got(storage) == b"12345"
    other = {**told, "upload-metadata": metadata(bucketName="papers", objectName="b.bin")}
    answer = await storage.client.post("/upload/resumable/sign", headers={**headers, **other})
    assert (answer.status_code, answer.json()["code"]) == (400, "InvalidSignature")
    assert (await storage.client.post("/upload/resumable/sign", headers={**TUS, **told})).status_code == 400
    assert (await storage.client.head(path, headers=TUS)).status_code == 400


async def test_what_is_no_tus(storage: Storage) -> None:
    await storage.bucket()
    plain = await storage.client.post("/upload/resumable", headers=storage.admin)
    assert (plain.status_code, plain.headers["tus-version"]) == (412, "1.0.0")
    for odd in ("x", "-1", "1.5", "", "9" * 30, "٣"):
        told = {**storage.admin, **TUS, "upload-length": odd.encode()}
        told["upload-metadata"] = metadata(bucketName="papers", objectName="a").encode()
        answer = await storage.client.post("/upload/resumable", headers=told)  # type: ignore[arg-type]
        assert answer.status_code == 400
    for odd in (
        "a",
        "bucketName !!",
        "bucketName cGFwZXJz,bucketName cGFwZXJz",
        "a " + "A" * 20_000,
    ):
        assert (await begin(storage, 5, **{"upload-metadata": odd})).status_code == 400
    path = at(await begin(storage, 5))
    headers = {**storage.admin, **TUS, "upload-offset": "0"}
    assert (await storage.client.patch(path, headers=headers, content=b"12345")).status_code == 415
    assert (await storage.client.head("/upload/resumable/x", headers=headers)).status_code == 404
    assert (await storage.client.put(path, headers=headers)).status_code == 405
    told = await storage.client.options("/upload/resumable")
    assert told.headers["tus-extension"].startswith("creation,")
    instead = {**headers, **BODY, "x-http-method-override": "PATCH"}
    assert (await storage.client.post(path, headers=instead, content=b"12345")).status_code == 204
    assert UUID(path.rpartition("/")[2])
