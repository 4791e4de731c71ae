"""What must not work: strangers, forged and borrowed tokens, names that point elsewhere, pages that would run."""

import time

import jwt
import psycopg
import pytest

from integration.storage.part import Storage


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


ACTIVE = [
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
]


async def test_nothing_stored_runs_on_this_origin(storage: Storage) -> None:
    await storage.bucket(public=True)
    script = b"<script>alert(1)</script>"
    for kind in ACTIVE:
        assert (
            await storage.put("papers/x.html", script, **{"content-type": kind, "x-upsert": "true"})
        ).status_code == 200
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


@pytest.mark.parametrize("role", ["anon", "authenticated"])
async def test_the_tables_are_closed_to_clients_too(storage: Storage, role: str) -> None:
    await storage.bucket(public=True)
    await storage.put("papers/a")
    version = "1" * 36
    storage.sql(f"insert into storage.leftovers (version) values ('{version}')")
    into = "insert into storage.objects (bucket_id, name, version) values ('papers', 'b', '{}')"
    with psycopg.connect(storage.database.authenticator) as db:
        for statement in (
            "select * from storage.leftovers",
            f"insert into storage.leftovers (version) values ('{'2' * 36}')",
            "delete from storage.leftovers",
            "truncate storage.objects",
            "insert into storage.buckets (id, name) values ('x', 'x')",
            into.format(version),
            into.format("3" * 36),
            "alter table storage.objects disable row level security",
            "create policy mine on storage.objects for all using (true)",
        ):
            db.execute(f"set local role {role}")  # type: ignore[arg-type]
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                db.execute(statement)  # type: ignore[arg-type]
            db.rollback()
        db.execute(f"set local role {role}")  # type: ignore[arg-type]
        for statement in (
            "update storage.objects set name = 'c'",
            "delete from storage.objects",
            "update storage.buckets set public = true",
            "delete from storage.buckets",
        ):
            assert db.execute(statement).rowcount == 0  # type: ignore[arg-type]
        assert db.execute("select * from storage.objects").fetchall() == []
        assert db.execute("select * from storage.buckets").fetchall() == []


async def test_no_row_without_bytes_whoever_writes_it(storage: Storage) -> None:
    await storage.bucket()
    with pytest.raises(psycopg.errors.ObjectNotInPrerequisiteState):
        storage.sql(
            "insert into storage.objects (bucket_id, name, version) values ('papers', 'b', 'made-up')"
        )
    bare = storage.rows(
        "select relname from pg_class where relnamespace = 'storage'::regnamespace"
        " and relkind = 'r' and not relrowsecurity"
    )
    assert bare == []
