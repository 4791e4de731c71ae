"""Names and bodies that make no sense: refused in words, never a 500."""

import base64
import json

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fixtures.scale import scaled
from integration.storage.part import Storage

ODD_NAMES = [
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
]
NOT_UTF8 = ["n%ff", "n%FE", "n%c3", "%ed%a0%80", "a/%80/b"]


async def test_names_that_can_not_be(storage: Storage) -> None:
    await storage.bucket()
    for name in ODD_NAMES:
        for method in ("POST", "PUT", "GET", "DELETE"):
            answer = await storage.raw(method, f"/object/papers/{name}")
            found = json.loads(await answer.aread())
            assert (answer.status_code, found["code"]) in ((400, "InvalidKey"), (404, "NotFound")), found
    assert storage.stored() == []


async def test_names_that_are_no_utf8(storage: Storage) -> None:
    await storage.bucket()
    doors = [("POST", "/object"), ("GET", "/object"), ("DELETE", "/object"), ("POST", "/object/sign")]
    for name in NOT_UTF8:
        for method, prefix in doors:
            answer = await storage.raw(method, f"{prefix}/papers/{name}")
            assert (answer.status_code, json.loads(await answer.aread())["code"]) == (400, "InvalidKey")
    assert (await storage.raw("POST", "/object/papers/n%EF%BF%BD", b"a")).status_code == 200


async def test_metadata_that_nests_too_deep(storage: Storage) -> None:
    await storage.bucket()
    for levels, status in ((90, 200), (99, 200), (101, 400), (300, 400), (900, 400)):
        text = '{"a":' * levels + "1" + "}" * levels
        coded = base64.b64encode(text.encode()).decode()
        by_header = await storage.put("papers/a", **{"x-metadata": coded, "x-upsert": "true"})
        by_form = await storage.client.post(
            "/object/papers/b",
            headers={**storage.admin, "x-upsert": "true"},
            data={"metadata": text},
            files={"": ("b.txt", b"hello", "text/plain")},
        )
        told = {"bucketName": "papers", "objectName": f"c{levels}", "metadata": text}
        upload = {
            "tus-resumable": "1.0.0",
            "upload-length": "5",
            "upload-metadata": ",".join(
                f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in told.items()
            ),
        }
        by_tus = await storage.client.post("/upload/resumable", headers={**storage.admin, **upload})
        statuses = [answer.status_code for answer in (by_header, by_form, by_tus)]
        assert statuses == [status, status, 201 if status == 200 else 400]
    assert (await storage.client.get("/object/info/papers/a", headers=storage.admin)).status_code == 200


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
        "public",
        5,
        None,
        ["a"],
    ):
        answer = await storage.client.post("/bucket", headers=storage.admin, json={"id": name, "name": name})
        assert (answer.status_code, answer.json()["code"]) == (400, "InvalidBucketName")


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


@settings(max_examples=scaled(20), deadline=None, suppress_health_check=list(HealthCheck))
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
