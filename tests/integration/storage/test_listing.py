"""Lists: in pages, under prefixes, and of a folder with very much in it."""

import random
import time
from collections.abc import Sequence
from typing import Any

import psycopg
import pytest

from integration.storage.part import OWN_FOLDER, Storage

NAMES = [
    "a.txt", "a/1.txt", "a/b/2.txt", "a/b/c/3.txt", "a0", "a!", "ab/1", "b.txt", "B.txt", "dir/x", "dir/y", "dir-1/x",
    "dir.txt", "é/1", "é.txt", "z/\U0010ffff", "z/\ud7ff", "\U0010ffff/1",
]  # fmt: skip


def fill(storage: Storage, bucket: str, names: Sequence[str]) -> None:
    """Rows without bytes."""
    with psycopg.connect(storage.database.owner, autocommit=True) as db:
        db.execute("set session_replication_role = replica")
        with db.cursor() as cursor:
            cursor.executemany(
                "insert into storage.objects (bucket_id, name, version, created_at, metadata) "
                "values (%s, %s, gen_random_uuid()::text, now() + make_interval(secs => %s), '{}')",
                [(bucket, name, number) for number, name in enumerate(names)],
            )


async def pages(storage: Storage, limit: int, **body: object) -> tuple[list[str], list[str]]:
    """Folders and objects of all pages; each page but the last is full."""
    folders: list[str] = []
    objects: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        answer = await storage.client.post(
            "/object/list-v2/papers", headers=storage.admin, json={**body, "limit": limit, **cursor}
        )
        assert answer.status_code == 200, answer.text
        page: dict[str, Any] = answer.json()
        folders += [f["name"] for f in page["folders"]]
        objects += [o["name"] for o in page["objects"]]
        if not page["hasNext"]:
            assert "nextCursor" not in page
            return folders, objects
        assert len(page["folders"]) + len(page["objects"]) == limit
        cursor = {"cursor": page["nextCursor"]}


def expected(prefix: str, order: str) -> tuple[list[str], list[str]]:
    folder = prefix[: prefix.rfind("/") + 1]
    matching = [n for n in NAMES if n.startswith(prefix)]
    deeper = {folder + n[len(folder) :].split("/")[0] + "/" for n in matching if "/" in n[len(folder) :]}
    direct = [n for n in matching if "/" not in n[len(folder) :]]
    backwards = order == "desc"
    return sorted(deeper, reverse=backwards), sorted(direct, reverse=backwards)


@pytest.mark.parametrize("order", ["asc", "desc"])
async def test_pages_by_name(storage: Storage, order: str) -> None:
    await storage.bucket()
    fill(storage, "papers", random.Random(1).sample(NAMES, len(NAMES)))
    sort = {"sortBy": {"column": "name", "order": order}}
    for prefix in ("", "a", "a/", "a/b/", "dir", "dir/", "é", "z/", "none", "\U0010ffff"):
        flat = sorted((n for n in NAMES if n.startswith(prefix)), reverse=order == "desc")
        for limit in (1, 3, 100):
            assert await pages(storage, limit, prefix=prefix, **sort) == ([], flat)
            told = await pages(storage, limit, prefix=prefix, with_delimiter=True, **sort)
            assert told == expected(prefix, order), (prefix, limit)


@pytest.mark.parametrize("order", ["asc", "desc"])
async def test_pages_by_time(storage: Storage, order: str) -> None:
    await storage.bucket()
    made = random.Random(2).sample(NAMES, len(NAMES))
    fill(storage, "papers", made)
    sort = {"sortBy": {"column": "created_at", "order": order}}
    turn = 1 if order == "asc" else -1
    assert await pages(storage, 4, **sort) == ([], made[::turn])
    roots = [n.split("/")[0] + "/" * ("/" in n) for n in made]
    unique = list(dict.fromkeys(roots))[::turn]
    folders, objects = await pages(storage, 3, with_delimiter=True, **sort)
    assert folders == [r for r in unique if r.endswith("/")]
    assert objects == [r for r in unique if not r.endswith("/")]


async def test_what_an_entry_says(storage: Storage) -> None:
    await storage.bucket()
    await storage.put("papers/a/b.txt", b"hello")
    await storage.put("papers/a/c/d.txt")
    ask = {"prefix": "a/", "with_delimiter": True}
    page = (await storage.client.post("/object/list-v2/papers", headers=storage.admin, json=ask)).json()
    assert page["folders"] == [{"name": "a/c/", "key": "c"}]
    [found] = page["objects"]
    assert (found["name"], found["key"], found["metadata"]["size"]) == ("a/b.txt", "b.txt", 5)
    assert {"id", "created_at", "updated_at", "last_accessed_at"} <= set(found)
    exact = {"prefix": "a/b.txt", "exactMatch": True}
    page = (await storage.client.post("/object/list-v2/papers", headers=storage.admin, json=exact)).json()
    assert [o["name"] for o in page["objects"]] == ["a/b.txt"]


@pytest.mark.parametrize(
    "body",
    [
        {"cursor": "no cursor"},
        {"cursor": "W10="},
        {"cursor": "WyJhIiwibm93Il0="},
        {"cursor": "WyJhIixudWxsXQ==", "sortBy": {"column": "created_at"}},
        {"cursor": 5},
        {"limit": 0},
        {"limit": -1},
        {"limit": "x"},
        {"prefix": 5},
        {"prefix": "\0"},
        {"sortBy": {"column": "metadata"}},
    ],
)
async def test_what_is_no_list(storage: Storage, body: dict[str, object]) -> None:
    await storage.bucket()
    answer = await storage.client.post("/object/list-v2/papers", headers=storage.admin, json=body)
    assert (answer.status_code, answer.json()["code"]) == (400, "InvalidRequest"), answer.text


async def test_others_see_what_their_policies_show(storage: Storage) -> None:
    await storage.bucket()
    me = storage.database.add_user()
    storage.own_folders("select")
    fill(storage, "papers", [f"{me}/a", "theirs/a", "b"])
    ask = {"with_delimiter": True}
    mine = await storage.client.post("/object/list-v2/papers", headers=storage.signed_in(me), json=ask)
    assert [f["name"] for f in mine.json()["folders"]] == [f"{me}/"]
    anon = await storage.client.post("/object/list-v2/papers", headers=storage.anon, json={})
    assert anon.json() == {"hasNext": False, "folders": [], "objects": []}


async def test_a_folder_of_very_many_objects(storage: Storage) -> None:
    """Its folders are found without reading what is in them: as quick among 100,000 as among few."""
    await storage.bucket()
    me = storage.database.add_user()
    storage.sql(
        "set session_replication_role = replica",
        f"""insert into storage.objects (bucket_id, name, version, metadata)
          select 'papers', '{me}/' || case when n % 2 = 0 then 'deep' || n % 10 || '/' else '' end || n, n::text, '{{}}'
          from generate_series(1, 100000) n""",
        "analyze storage.objects",
        f"create policy own_select on storage.objects for select to authenticated using ({OWN_FOLDER})",
    )
    took: dict[str, float] = {}
    for who, headers in (("admin", storage.admin), ("me", storage.signed_in(me))):
        for path, body in (
            ("list", {"prefix": "", "limit": 100}),
            ("list", {"prefix": str(me), "limit": 100}),
            ("list-v2", {"prefix": f"{me}/", "limit": 100, "with_delimiter": True}),
            ("list-v2", {"prefix": f"{me}/", "limit": 100}),
        ):
            best = 9.0
            for _ in range(5):
                since = time.monotonic()
                answer = await storage.client.post(f"/object/{path}/papers", headers=headers, json=body)
                best = min(best, time.monotonic() - since)
            assert answer.status_code == 200
            took[f"{who} {path} {'root' if not body['prefix'] else 'folder'} {len(body)}"] = best
    print({k: f"{v * 1000:.1f} ms" for k, v in took.items()})
    assert max(took.values()) < 0.1, took
