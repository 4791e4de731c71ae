"""What every FileStore does, in memory and for real."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from uuid import uuid4

import pytest

from oryxforge.adapters.files import FsspecFiles
from oryxforge.adapters.files.faults import store_faults
from oryxforge.adapters.memory.files import MemoryFiles
from oryxforge.domain.errors import Invalid, NotFound, TooLarge, Unavailable
from oryxforge.ports.files import FileStore

STORES: dict[str, Callable[[Path], FileStore]] = {
    "memory": lambda _: MemoryFiles(),
    "local": lambda folder: FsspecFiles(str(folder / "store")),
    "object": lambda _: FsspecFiles(f"memory://bucket-{uuid4().hex}/prefix"),
}


@pytest.fixture(params=list(STORES))
def store(request: pytest.FixtureRequest, tmp_path: Path) -> FileStore:
    return STORES[request.param](tmp_path)


async def chunked(*chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


async def broken(first: bytes) -> AsyncIterator[bytes]:
    yield first
    raise ConnectionResetError("the client went away")


async def test_writes_and_reads(store: FileStore) -> None:
    stored = await store.write("projects/p/original.csv", chunked(b"a,b\n", b"1,2\n"), 100)
    assert (stored.uri, stored.size_bytes) == ("projects/p/original.csv", 8)
    assert stored.content_hash == hashlib.sha256(b"a,b\n1,2\n").hexdigest()
    assert await store.read(stored.uri) == b"a,b\n1,2\n"
    assert await store.exists(stored.uri)


async def test_large_file_is_written_in_blocks(store: FileStore) -> None:
    block = bytes(range(256)) * 2048
    stored = await store.write("big", chunked(*[block] * 5), 10_000_000)
    assert stored.content_hash == hashlib.sha256(block * 5).hexdigest()
    assert await store.read("big") == block * 5


async def test_empty_file(store: FileStore) -> None:
    assert (await store.write("empty", chunked(), 0)).size_bytes == 0
    assert await store.read("empty") == b""


async def test_overwrites(store: FileStore) -> None:
    await store.write("a/b", chunked(b"one"), 9)
    await store.write("a/b", chunked(b"two"), 9)
    assert await store.read("a/b") == b"two"


async def test_too_large_leaves_nothing(store: FileStore) -> None:
    with pytest.raises(TooLarge):
        await store.write("a/b", chunked(b"12345", b"67890"), 9)
    assert not await store.exists("a/b")


async def test_failure_leaves_what_was_there(store: FileStore) -> None:
    await store.write("a/b", chunked(b"old"), 9)
    with pytest.raises(ConnectionResetError):
        await store.write("a/b", broken(b"new"), 9)
    assert await store.read("a/b") == b"old"


async def test_cancel_leaves_nothing(store: FileStore) -> None:
    started = asyncio.Event()

    async def endless() -> AsyncIterator[bytes]:
        yield b"x"
        started.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(store.write("a/b", endless(), 9))
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not await store.exists("a/b")


async def test_missing(store: FileStore) -> None:
    assert not await store.exists("a/b")
    with pytest.raises(NotFound):
        await store.read("a/b")


async def test_a_folder_is_no_file(store: FileStore) -> None:
    await store.write("a/b", chunked(b"x"), 9)
    assert not await store.exists("a")
    with pytest.raises(NotFound):
        await store.read("a")


async def test_delete_takes_a_key_and_what_is_below(store: FileStore) -> None:
    for key in ("a/b/c", "a/b/d/e", "a/bc"):
        await store.write(key, chunked(b"x"), 9)
    await store.delete("a/b")
    await store.delete("a/nothing")
    assert [await store.exists(k) for k in ("a/b/c", "a/b/d/e", "a/bc")] == [False, False, True]
    await store.delete("a/bc")
    assert not await store.exists("a/bc")


@pytest.mark.parametrize(
    "key", ["", "/etc/passwd", "../x", "a/../../x", "a//b", "a\\b", "a\nb", "./a", "gs://b/c", "a/"]
)
async def test_refuses_keys_that_leave_the_store(store: FileStore, key: str) -> None:
    with pytest.raises(Invalid, match="relative key"):
        await store.write(key, chunked(b"x"), 9)
    for call in (store.read, store.exists, store.delete):
        with pytest.raises(Invalid):
            await call(key)


async def test_sweeping_spares_what_was_finished(store: FileStore) -> None:
    await store.write("projects/p/original.csv", chunked(b"a"), 100)
    assert await store.sweep(-60) == 0
    assert await store.read("projects/p/original.csv") == b"a"


@pytest.mark.parametrize("name", ["local", "object"])
async def test_sweeping_takes_what_a_killed_write_left(name: str, tmp_path: Path) -> None:
    store = STORES[name](tmp_path)
    assert await store.sweep(0) == 0
    await store.write("projects/p/.half.part", chunked(b"half"), 100)
    assert await store.sweep(3600) == 0
    assert await store.sweep(-60) == 1
    assert await store.sweep(-60) == 0


async def streamed(store: FileStore, start: int, end: int) -> bytes:
    return b"".join([block async for block in store.stream("a/b", start, end)])


async def test_streams_a_part(store: FileStore) -> None:
    await store.write("a/b", chunked(b"0123456789"), 10)
    assert await streamed(store, 0, 10) == b"0123456789"
    assert await streamed(store, 3, 5) == b"34"
    assert await streamed(store, 8, 99) == b"89"
    assert await streamed(store, 5, 5) == b""
    with pytest.raises(NotFound):
        await anext(aiter(store.stream("a/c", 0, 1)))


async def test_adopts_a_local_file(store: FileStore, tmp_path: Path) -> None:
    (tmp_path / "mine").write_bytes(b"12345")
    for _ in range(2):
        assert await store.adopt(tmp_path / "mine", "a/b") == 5
    assert (tmp_path / "mine").read_bytes() == b"12345"
    (tmp_path / "mine").unlink()
    assert await store.read("a/b") == b"12345"


async def test_a_local_store_links_what_it_adopts(tmp_path: Path) -> None:
    (tmp_path / "mine").write_bytes(b"12345")
    for _ in range(2):
        await FsspecFiles(str(tmp_path / "store")).adopt(tmp_path / "mine", "a/b")
    assert (tmp_path / "mine").stat().st_ino == (tmp_path / "store" / "a" / "b").stat().st_ino
    assert [p.name for p in (tmp_path / "store").rglob("*") if p.is_file()] == ["b"]


async def test_check(store: FileStore) -> None:
    await store.check()


async def test_local_store_leaves_no_temporary_file(tmp_path: Path) -> None:
    store = FsspecFiles(str(tmp_path))
    await store.check()
    await store.write("a/b", chunked(b"x"), 9)
    with pytest.raises(TooLarge):
        await store.write("a/c", chunked(b"x" * 10), 9)
    assert [p.name for p in tmp_path.rglob("*") if p.is_file()] == ["b"]


async def test_unusable_store_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    store = FsspecFiles(str(tmp_path / "file"))
    with pytest.raises(Unavailable):
        await store.check()
    with pytest.raises(Unavailable):
        await store.write("a/b", chunked(b"x"), 9)


async def test_full_store_says_so() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    with pytest.raises(Unavailable) as caught, store_faults(), Path("/dev/full").open("wb") as full:
        full.write(b"x")
    assert caught.value.code == "store_full"
