"""tus-js-client through both doors: its connection dropped once, or lost without the server's knowledge; the API killed once."""

import asyncio
import base64
import contextlib
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx
import psutil
import pytest

from fixtures.supabase_js import FOLDER, SupabaseJs
from survival.product import Product

CHUNK = 2 << 20
SIZE = 10 * CHUNK + 12_345


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    product = Product(tmp_path_factory.mktemp("up"), {"ORYXFORGE_SEED_SAMPLE": "false"})
    product.start()
    yield product
    product.stop()


async def started(
    node: str, file: Path, endpoint: str, chunk: int, headers: Mapping[str, str], metadata: Mapping[str, str]
) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        node,
        "storage_tus.mjs",
        cwd=FOLDER,
        env={
            "PATH": os.environ["PATH"],
            "FILE": str(file),
            "ENDPOINT": endpoint,
            "CHUNK": str(chunk),
            "HEADERS": json.dumps(headers),
            "METADATA": json.dumps(metadata),
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


class LosingProxy:
    """Before the API at `port`: ends its first connection towards the client after so many bytes, and leaves the API's side open."""

    def __init__(self, port: int, after: int) -> None:
        self._port = port
        self._after = after
        self._sent = 0
        self._open = list[tuple[asyncio.StreamWriter, asyncio.Task[None]]]()
        self.lost = False

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, here = await asyncio.open_connection("127.0.0.1", self._port)
        back = asyncio.create_task(self._hand_on(there, writer))
        self._open.append((here, back))
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(65_536):
                here.write(data)
                await here.drain()
                self._sent += len(data)
                if not self.lost and self._sent > self._after:
                    self.lost = True
                    writer.close()
                    return
        here.close()

    async def close(self) -> None:
        for here, back in self._open:
            here.close()
            back.cancel()
        await asyncio.gather(*(back for _, back in self._open), return_exceptions=True)

    async def _hand_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(65_536):
                writer.write(data)
                await writer.drain()
            writer.close()


async def uploaded(
    node: str, up: Product, file: Path, path: str, headers: Mapping[str, str], metadata: Mapping[str, str]
) -> str:
    """Runs the script, kills the API in the middle; the upload's address."""
    running = await started(node, file, f"{up.url}{path}", CHUNK, headers, metadata)
    assert running.stdout is not None
    assert running.stderr is not None
    killed, told = None, {}
    async for line in running.stdout:
        told = json.loads(line)
        if killed is None and told.get("accepted", 0) >= 6 * CHUNK:
            killed = up.part("api")
            up.kill_part("api")
    assert "done" in told, (await running.stderr.read()).decode()
    assert await running.wait() == 0
    assert told["dropped"]
    assert killed is not None
    assert up.part("api") != killed
    return told["done"]


async def test_into_storage(up: Product, supabase_js: SupabaseJs, tmp_path: Path) -> None:
    content = os.urandom(SIZE)
    (tmp_path / "large").write_bytes(content)
    keys = json.loads((up.folder / "data" / "secrets" / "keys.json").read_text())
    admin = {"apikey": keys["secret"]}
    with httpx.Client(base_url=f"{up.url}/storage/v1", headers=admin, timeout=60) as client:
        assert client.post("/bucket", json={"id": "large", "name": "large"}).status_code == 200
    metadata = {"bucketName": "large", "objectName": "a/b.bin", "contentType": "text/plain"}
    await uploaded(supabase_js.node, up, tmp_path / "large", "/storage/v1/upload/resumable", admin, metadata)
    with httpx.Client(base_url=f"{up.url}/storage/v1", headers=admin, timeout=60) as client:
        got = client.get("/object/large/a/b.bin").content
    assert hashlib.sha256(got).digest() == hashlib.sha256(content).digest()


async def test_through_a_connection_that_is_lost_unseen(
    up: Product, supabase_js: SupabaseJs, tmp_path: Path
) -> None:
    content = os.urandom(SIZE)
    (tmp_path / "lost").write_bytes(content)
    keys = json.loads((up.folder / "data" / "secrets" / "keys.json").read_text())
    admin = {"apikey": keys["secret"]}
    proxy = LosingProxy(httpx.URL(up.url).port or 80, SIZE // 2)
    async with (
        httpx.AsyncClient(base_url=f"{up.url}/storage/v1", headers=admin, timeout=60) as client,
        await asyncio.start_server(proxy.serve, "127.0.0.1", 0) as server,
    ):
        assert (await client.post("/bucket", json={"id": "lost", "name": "lost"})).status_code == 200
        address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/storage/v1/upload/resumable"
        metadata = {"bucketName": "lost", "objectName": "a.bin", "contentType": "text/plain"}
        running = await started(supabase_js.node, tmp_path / "lost", address, SIZE, admin, metadata)
        try:
            said, wrong = await asyncio.wait_for(running.communicate(), 20)
        finally:
            if running.returncode is None:
                running.kill()
                await running.wait()
            await proxy.close()
        assert running.returncode == 0, wrong.decode()
        assert proxy.lost and "done" in json.loads(said.decode().splitlines()[-1])
        assert (await client.get("/object/lost/a.bin")).content == content


async def test_into_a_data_source(up: Product, supabase_js: SupabaseJs, tmp_path: Path) -> None:
    row = base64.b16encode(os.urandom(500)) + b",1\n"
    rows = SIZE // len(row)
    (tmp_path / "large.csv").write_bytes(b"name,amount\n" + row * rows)
    with httpx.Client(base_url=up.url, headers=up.headers, timeout=60) as client:
        project = client.post("/projects", json={"name": "Large"}).json()["id"]
    metadata = {"project_id": project, "filename": "large.csv"}
    url = await uploaded(supabase_js.node, up, tmp_path / "large.csv", "/files/uploads", up.headers, metadata)
    with httpx.Client(base_url=up.url, headers=up.headers, timeout=60) as client:
        source = client.get(url).json()["source"]
        assert source["size_bytes"] == len(row) * rows + 12
        asked = {"project_id": project, "data_source_id": source["id"]}
        [sheet] = client.post("/files/preview", json=asked).json().values()
    assert sheet["headers"] == ["name", "amount"]


def test_nothing_is_left_running(up: Product) -> None:
    up.stop()
    assert not [
        p for p in psutil.process_iter(["cmdline"]) if str(up.folder) in " ".join(p.info["cmdline"] or [])
    ]
