"""What must not work: strangers, forged and borrowed tokens, names that point elsewhere, pages that would run."""

import asyncio
import json
import time
from collections.abc import AsyncIterator

import httpx
import jwt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.requests import ClientDisconnect

from integration.storage.part import LIMIT, Storage


async def test_without_a_policy_nobody_does_anything(storage: Storage) -> None:
    await storage.bucket()
    await storage.put("papers/a", b"secret")
    ada = storage.signed_in(storage.database.add_user())
    client = storage.client
    for who in (ada, storage.anon):
        assert (await storage.put("papers/b", headers=who)).json()["code"] == "AccessDenied"
        assert (await storage.put("papers/a", headers=who, **{"x-upsert": "true"})).status_code == 403
        for path in ("/object/papers/a", "/object/authenticated/papers/a", "/object/public/papers/a"):
            assert (await client.get(path, headers=who)).json()["code"] == "NoSuchKey"
        for path in ("/object/info/papers/a", "/object/info/public/papers/a"):
            assert (await client.get(path, headers=who)).status_code == 404
        listed = await client.post("/object/list/papers", headers=who, json={"prefix": ""})
        assert listed.json() == []
        both = {"bucketId": "papers", "sourceKey": "a", "destinationKey": "c"}
        for call in ("move", "copy"):
            assert (await client.post(f"/object/{call}", headers=who, json=both)).status_code == 404
        one = await client.delete("/object/papers/a", headers=who)
        many = await client.request("DELETE", "/object/papers", headers=who, json={"prefixes": ["a"]})
        assert (one.status_code, many.json()) == (404, [])
        sign = await client.post("/object/sign/papers/a", headers=who, json={"expiresIn": 60})
        assert sign.status_code == 404
        assert (await client.post("/object/upload/sign/papers/z", headers=who)).status_code == 403
        assert (await client.get("/bucket", headers=who)).json() == []
        assert (await client.get("/bucket/papers", headers=who)).status_code == 404
        assert (await client.post("/bucket", headers=who, json={"id": "mine"})).status_code == 403
        assert (await client.put("/bucket/papers", headers=who, json={"public": True})).status_code == 404
        assert (await client.delete("/bucket/papers", headers=who)).status_code == 404
        assert (await client.post("/bucket/papers/empty", headers=who)).status_code == 404
    assert storage.rows("select count(*) from storage.objects") == [(1,)]


async def test_policies_hold_for_what_is_written(storage: Storage) -> None:
    await storage.bucket()
    ada, bob = storage.database.add_user(), storage.database.add_user()
    storage.own_folders("select", "insert", "update", "delete")
    mine, theirs = storage.signed_in(ada), storage.signed_in(bob)
    assert (await storage.put(f"papers/{ada}/a", headers=mine)).status_code == 200
    assert (await storage.put(f"papers/{bob}/a", headers=mine)).status_code == 403
    both = {"bucketId": "papers", "sourceKey": f"{ada}/a", "destinationKey": f"{bob}/b"}
    for call in ("move", "copy"):
        assert (await storage.client.post(f"/object/{call}", headers=mine, json=both)).status_code == 403
    got = await storage.client.get(f"/object/papers/{ada}/a", headers=theirs)
    assert (got.status_code, got.json()["code"]) == (404, "NoSuchKey")
    assert (await storage.client.get(f"/object/papers/{ada}/a", headers=mine)).content == b"hello"
    assert len(storage.stored()) == 1


async def test_keys_and_tokens_that_do_not_count(storage: Storage) -> None:
    await storage.bucket()
    await storage.put("papers/a")
    good = storage.signed_in(storage.database.add_user())
    forged = jwt.encode({"role": "service_role", "sub": "x", "exp": time.time() + 60}, "k" * 40, "HS256")
    nothing = jwt.encode({"role": "service_role", "exp": time.time() + 60}, None, "none")
    cases: list[dict[str, str]] = [
        {},
        {"apikey": "sb_secret_wrong"},
        {**good, "authorization": good["authorization"][:-4] + "AAAA"},
        storage.signed_in(storage.database.add_user(), exp=1),
        storage.signed_in(storage.database.add_user(), role="postgres"),
        {"apikey": storage.keys.secret, "authorization": f"Bearer {forged}"},
        {"apikey": storage.keys.publishable, "authorization": f"Bearer {nothing}"},
    ]
    for headers in cases:
        for method, path in (
            ("GET", "/object/papers/a"),
            ("POST", "/object/papers/b"),
            ("GET", "/bucket"),
            ("POST", "/object/list/papers"),
            ("POST", "/object/sign/papers/a"),
            ("POST", "/upload/resumable"),
        ):
            answer = await storage.client.request(method, path, headers=headers)
            assert answer.status_code == 401, (headers, path, answer.text)
            assert answer.json()["code"] in ("AccessDenied", "InvalidJWT")


async def test_signed_urls_are_good_for_one_thing(storage: Storage) -> None:
    await storage.bucket()
    await storage.put("papers/a", b"one")
    await storage.put("papers/b", b"two")
    client, sign = storage.client, {"expiresIn": 60}
    down = (await client.post("/object/sign/papers/a", headers=storage.admin, json=sign)).json()["signedURL"]
    up = (await client.post("/object/upload/sign/papers/c", headers=storage.admin)).json()["token"]
    token = down.partition("token=")[2]
    assert (await client.get(down)).content == b"one"
    for path, borrowed, code in (
        ("/object/sign/papers/b", token, "InvalidSignature"),
        ("/object/sign/papers/c", up, "InvalidSignature"),
        ("/object/sign/papers/a", token[:-3] + "AAA", "InvalidJWT"),
        ("/object/sign/papers/a", storage.keys.legacy("service_role"), "InvalidJWT"),
        (
            "/object/sign/papers/a",
            storage.signed_in(storage.database.add_user())["authorization"][7:],
            "InvalidJWT",
        ),
        ("/object/sign/papers/a", "", "InvalidJWT"),
    ):
        answer = await client.get(path, params={"token": borrowed})
        assert (answer.status_code, answer.json()["code"]) == (400, code), path
    for path, borrowed in (("/object/upload/sign/papers/a", token), ("/object/upload/sign/papers/d", up)):
        answer = await client.put(path, params={"token": borrowed}, content=b"over")
        assert (answer.status_code, answer.json()["code"]) == (400, "InvalidSignature")
    # Neither is an API key, nor a user's token.
    for borrowed in (token, up):
        for headers in ({"apikey": borrowed}, {**storage.anon, "authorization": f"Bearer {borrowed}"}):
            assert (await client.get("/object/papers/a", headers=headers)).status_code == 401
    assert (await client.get("/object/papers/a", headers=storage.admin)).content == b"one"


async def test_a_signed_url_ends(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    await storage.bucket()
    await storage.put("papers/a")
    for lasts in (0, -5, 10**12, "x", "9" * 20, True, None):
        answer = await storage.client.post(
            "/object/sign/papers/a", headers=storage.admin, json={"expiresIn": lasts}
        )
        assert answer.status_code == 400
    monkeypatch.setattr(time, "time", lambda: 1_700_000_000.0)
    sign = await storage.client.post("/object/sign/papers/a", headers=storage.admin, json={"expiresIn": 60})
    monkeypatch.undo()
    late = await storage.client.get(sign.json()["signedURL"])
    assert (late.status_code, late.json()["code"]) == (400, "InvalidJWT")


@pytest.mark.parametrize(
    "kind",
    [
        "text/html",
        "TEXT/HTML; charset=utf-8",
        "application/xhtml+xml",
        "image/svg+xml",
        "text/xml",
        "application/xml",
        "application/rss+xml",
        "application/octet-stream",
        "text/javascript",
        "application/x-javascript",
        "text/plain+html",
        "multipart/related",
    ],
)
async def test_nothing_stored_runs_on_this_origin(storage: Storage, kind: str) -> None:
    await storage.bucket(public=True)
    script = b"<script>alert(1)</script>"
    assert (await storage.put("papers/x.html", script, **{"content-type": kind})).status_code == 200
    signed = await storage.client.post(
        "/object/sign/papers/x.html", headers=storage.admin, json={"expiresIn": 60}
    )
    for path in ("/object/papers/x.html", "/object/public/papers/x.html", signed.json()["signedURL"]):
        got = await storage.client.get(path, headers=storage.admin)
        assert got.content == script
        assert got.headers["content-disposition"].startswith("attachment")
        assert got.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in got.headers["content-security-policy"]
        assert "javascript" not in got.headers["content-type"]


async def test_headers_can_not_be_smuggled_in(storage: Storage) -> None:
    await storage.bucket(public=True)
    odd = "text/plain\r\nx-evil: 1"
    form, headers = {"": ("x", b"1", odd)}, {**storage.admin, "x-upsert": "true"}
    for data in ({}, {"contentType": odd}, {"cacheControl": "1\r\nx-evil: 1", "contentType": "text/plain"}):
        answer = await storage.client.post("/object/papers/a", headers=headers, files=form, data=data)
        assert answer.status_code in (200, 400, 415)
    got = await storage.client.get(
        "/object/public/papers/a", params={"download": 'x";\r\nx-evil: 1\u2028é/../'}
    )
    assert "x-evil" not in got.headers
    for value in got.headers.values():
        assert "\r" not in value
        assert "\n" not in value


@pytest.mark.parametrize(
    "name",
    [
        "../a",
        "a/../b",
        "..%2Fa",
        "%2e%2e/a",
        "a//b",
        "a/",
        "./a",
        "a%00b",
        "a%0Ab",
        "a%5Cb",
        "a%7Fb",
        "x" * 1025,
        "%20/a",
        "é" * 600,
    ],
)
async def test_names_that_can_not_be(storage: Storage, name: str) -> None:
    await storage.bucket()
    for method in ("POST", "PUT", "GET", "DELETE"):
        answer = await storage.raw(method, f"/object/papers/{name}")
        found = json.loads(await answer.aread())
        assert (answer.status_code, found["code"]) in ((400, "InvalidKey"), (404, "NotFound")), found
    assert storage.stored() == []


async def test_bucket_names_that_can_not_be(storage: Storage) -> None:
    for name in (
        "",
        " a",
        "a ",
        "..",
        "a/b",
        "é",
        "a\n",
        "a\0b",
        "x" * 101,
        "sign",
        "upload",
        5,
        None,
        ["a"],
    ):
        answer = await storage.client.post("/bucket", headers=storage.admin, json={"id": name, "name": name})
        assert (answer.status_code, answer.json()["code"]) == (400, "InvalidBucketName")


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


async def test_a_policy_that_breaks_is_no_500(storage: Storage) -> None:
    await storage.bucket()
    ada = storage.signed_in(storage.database.add_user())
    storage.sql(
        "create policy broken on storage.objects for insert to authenticated with check (name::uuid is not null)"
    )
    answer = await storage.put("papers/a", headers=ada)
    assert (answer.status_code, answer.json()["code"]) == (400, "DatabaseError")
    assert "uuid" not in answer.json()["message"]


async def test_garbage_is_never_a_500(storage: Storage) -> None:
    await storage.bucket()
    await storage.put("papers/a")
    calls = [
        ("POST", "/bucket"),
        ("PUT", "/bucket/papers"),
        ("POST", "/object/list/papers"),
        ("DELETE", "/object/papers"),
        ("POST", "/object/move"),
        ("POST", "/object/copy"),
        ("POST", "/object/sign/papers"),
        ("POST", "/object/sign/papers/a"),
        ("POST", "/object/upload/sign/papers/b"),
    ]
    values: list[object] = [None, 5, -1, 1e300, "x", "\0", True, [], [None], {}, {"a": 1}, "x" * 5000]
    bodies: list[object] = ["", "{", "[]", "null", '"x"', "\x00", '{"a":' * 3000, '{"prefix":"\\ud800"}']
    bodies += [
        {k: v}
        for v in values
        for k in (
            "id",
            "public",
            "file_size_limit",
            "allowed_mime_types",
            "prefix",
            "search",
            "limit",
            "offset",
            "sortBy",
            "prefixes",
            "paths",
            "expiresIn",
            "bucketId",
            "sourceKey",
        )
    ]
    for method, path in calls:
        for body in bodies:
            sent = {"content": body} if isinstance(body, str) else {"json": body}
            answer = await storage.client.request(method, path, headers=storage.admin, **sent)  # type: ignore[arg-type]
            assert answer.status_code < 500, (method, path, body, answer.text)
    for query in ("limit=x", "limit=-1", "offset=99999999999999999999", "sortColumn=secret", "search=%00"):
        assert (await storage.client.get(f"/bucket?{query}", headers=storage.admin)).status_code == 400
    for path in ("/", "/x", "/object", "/bucket/a/b", "/object/papers", "/object/sign", "/bucket/%00"):
        assert 400 <= (await storage.client.get(path, headers=storage.admin)).status_code < 500
    for kind in ("multipart/form-data", "multipart/form-data; boundary=x", "x", "a/b/c", "text/plain; \x01"):
        headers = {**storage.admin, "content-type": kind}
        answer = await storage.client.post("/object/papers/z", headers=headers, content=b"--x\r\n\r\n")
        assert answer.status_code in (200, 400, 415), kind
    for header in ("!", "e30", "W10=", "eyJhIjox"):
        headers = {"x-metadata": header, "x-upsert": "true"}
        assert (await storage.put("papers/y", **headers)).status_code == 400


NAMES = st.lists(
    st.text(
        st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="/\\"), min_size=1, max_size=12
    ),
    min_size=1,
    max_size=4,
).map("/".join)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(name=NAMES | st.text(max_size=40))
async def test_any_name_goes_round_or_is_refused(storage: Storage, name: str) -> None:
    if not storage.rows("select * from storage.buckets"):
        await storage.bucket()
    url = httpx.URL("http://ours/storage/v1/object/papers/")
    safe = name.encode("utf-8", "surrogatepass")
    quoted = "".join(f"%{b:02X}" for b in safe)
    url = url.copy_with(raw_path=f"/storage/v1/object/papers/{quoted}".encode())
    put = await storage.client.post(url, headers={**storage.admin, "x-upsert": "true"}, content=safe)
    assert put.status_code in (200, 400, 404, 405), put.text
    if put.status_code != 200:
        return
    assert (await storage.client.get(url, headers=storage.admin)).content == safe
    folder, _, last = name.rpartition("/")
    listed = await storage.client.post("/object/list/papers", headers=storage.admin, json={"prefix": folder})
    assert last in [e["name"] for e in listed.json()]
    signed = await storage.client.post(
        "/object/sign/papers", headers=storage.admin, json={"paths": [name], "expiresIn": 60}
    )
    assert signed.json()[0]["error"] is None
    gone = await storage.client.request(
        "DELETE", "/object/papers", headers=storage.admin, json={"prefixes": [name]}
    )
    assert [g["name"] for g in gone.json()] == [name]
    assert storage.stored() == []
