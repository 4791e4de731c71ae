"""Uploads: streamed, in any order of their parts, and nothing left of one that fails."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from integration.api.conftest import MakePerson, Team
from integration.api.product import Product

CSV = b"a,b\n1,2\n"
BOUNDARY = "edge-of-parts"
MULTIPART = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}


@pytest.fixture
async def client(person: MakePerson) -> httpx.AsyncClient:
    return (await person("ada")).client


@pytest.fixture
async def project(client: httpx.AsyncClient) -> str:
    return (await client.post("/projects", json={"name": "Uploads"})).json()["id"]


def field(name: str, value: str) -> bytes:
    return f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()


def file(body: bytes = CSV, filename: str = "a.csv", name: str = "file") -> bytes:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n'
    return head.encode() + b"Content-Type: text/csv\r\n\r\n" + body + b"\r\n"


END = f"--{BOUNDARY}--\r\n".encode()


async def send(client: httpx.AsyncClient, *parts: bytes, url: str = "/files/upload") -> httpx.Response:
    return await client.post(url, content=b"".join(parts), headers=MULTIPART)


def stored(product: Product, project: str) -> list[Path]:
    root = Path(product.settings.files_root)
    return [p for p in (root / "projects" / project).rglob("*") if p.is_file()]


async def test_a_file_is_stored_byte_for_byte(
    client: httpx.AsyncClient, project: str, product: Product
) -> None:
    body = b"n,text\n" + b"".join(b"%d,some text of a row\n" % n for n in range(100_000))
    answer = await send(client, field("project_id", project), file(body, "Große Datei.csv"), END)
    assert answer.status_code == 201, answer.text
    source = answer.json()
    assert (source["name"], source["type"]) == ("Große Datei.csv", "csv")
    assert source["size_bytes"] == len(body)
    assert "uri" not in source
    assert [p.read_bytes() for p in stored(product, project)] == [body]


async def test_a_quote_in_a_name_as_browsers_send_it(client: httpx.AsyncClient, project: str) -> None:
    answer = await send(client, field("project_id", project), file(filename="5%22 pipes, 100%25.csv"), END)
    assert answer.json()["name"] == '5" pipes, 100%25.csv'


async def test_bytes_by_bytes(client: httpx.AsyncClient, project: str, product: Product) -> None:
    whole = field("project_id", project) + file(b"a\r\n--edge-of\r\n1\r\n") + END

    async def drops() -> AsyncGenerator[bytes]:
        for at in range(0, len(whole), 7):
            yield whole[at : at + 7]
            await asyncio.sleep(0)

    answer = await client.post("/files/upload", content=drops(), headers=MULTIPART)
    assert answer.status_code == 201, answer.text
    assert [p.read_bytes() for p in stored(product, project)] == [b"a\r\n--edge-of\r\n1\r\n"]


async def test_the_project_may_be_named_in_the_query(client: httpx.AsyncClient, project: str) -> None:
    answer = await send(client, file(), END, url=f"/files/upload?project_id={project}")
    assert answer.status_code == 201


async def test_the_project_after_the_file(client: httpx.AsyncClient, project: str, product: Product) -> None:
    answer = await send(client, file(), field("project_id", project), END)
    assert (answer.status_code, answer.json()["code"]) == (422, "project_missing")
    assert "before `file`" in answer.json()["detail"]
    assert stored(product, project) == []


@pytest.mark.parametrize("where", ["before", "after"])
async def test_another_user_id(team: Team, product: Product, where: str) -> None:
    claimed = field("user_id", str(team.editor.id))
    parts = [claimed, file()] if where == "before" else [file(), claimed]
    answer = await send(team.owner.client, field("project_id", team.project), *parts, END)
    assert (answer.status_code, answer.json()["code"]) == (403, "user_mismatch")
    assert stored(product, team.project) == []


async def test_a_cut_upload_leaves_nothing(client: httpx.AsyncClient, project: str, product: Product) -> None:
    answer = await send(client, field("project_id", project), file(CSV * 100_000)[:-40])
    assert (answer.status_code, answer.json()["code"]) == (400, "upload_cut")
    assert stored(product, project) == []


async def test_a_client_that_goes_away_leaves_nothing(
    client: httpx.AsyncClient, project: str, product: Product
) -> None:
    begun = asyncio.Event()

    async def slow() -> AsyncGenerator[bytes]:
        yield field("project_id", project) + file(CSV * 500_000)[:-100]
        begun.set()
        await asyncio.Event().wait()

    sending = asyncio.create_task(client.post("/files/upload", content=slow(), headers=MULTIPART))
    await begun.wait()
    root = Path(product.settings.files_root) / "projects" / project
    await product.until(lambda: any(p.stat().st_size > 0 for p in root.rglob("*.part")))
    sending.cancel()
    await product.until(lambda: stored(product, project) == [])
    listed = (await client.get("/sources", params={"project_id": project})).json()
    assert listed["count"] == 0


@pytest.mark.parametrize(
    ("parts", "status", "code"),
    [
        ([END], 422, "file_missing"),
        ([field("project_id", "{project}"), END], 422, "file_missing"),
        ([field("project_id", "zz"), file(), END], 422, "validation_failed"),
        ([field("project_id", "{project}"), file(name="other"), END], 422, "file_unexpected"),
        ([field("project_id", "{project}"), file(), file(), END], 422, "file_unexpected"),
        ([field("project_id", "{project}"), field("x", "y" * 5000), file(), END], 400, "upload_malformed"),
        ([*[field(f"f{n}", "") for n in range(21)], file(), END], 400, "upload_malformed"),
        ([b"no parts at all"], 400, "upload_malformed"),
        ([b""], 400, "upload_malformed"),
        ([field("project_id", "{project}"), file(filename=""), END], 422, "name_empty"),
        ([field("project_id", str(uuid4())), file(), END], 404, "project_not_found"),
    ],
)
async def test_uploads_that_can_not_be(
    client: httpx.AsyncClient, project: str, product: Product, parts: list[bytes], status: int, code: str
) -> None:
    answer = await send(client, *[p.replace(b"{project}", project.encode()) for p in parts])
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert stored(product, project) == []


@pytest.mark.parametrize("content_type", ["text/csv", "application/json", "multipart/mixed; boundary=x", ""])
async def test_another_media_type(client: httpx.AsyncClient, content_type: str) -> None:
    answer = await client.post("/files/upload", content=CSV, headers={"Content-Type": content_type})
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize("filename", ["../../../etc/passwd.csv", "..\\..\\x.csv", "a/b.csv", "nul\x01.csv"])
async def test_a_name_is_no_path(
    client: httpx.AsyncClient, project: str, product: Product, filename: str
) -> None:
    answer = await send(client, field("project_id", project), file(filename=filename), END)
    assert answer.status_code == 201
    assert not set("/\\\x01") & set(answer.json()["name"])
    assert [p.name for p in stored(product, project)] == ["original"]
