"""The TUS core with a destination of its own: no HTTP, no storage."""

import asyncio
import hashlib
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oryxforge.embedded.gateway.storage.tus import Checksum, Tus, TusRefused
from oryxforge.embedded.gateway.storage.tus_files import Shelf, Upload
from oryxforge.embedded.gateway.storage.tus_http import metadata_of


class Kept:
    """Keeps finished files by id; `broken` as long as it can't."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.broken = False

    async def admit(self, who: str, upload: Upload) -> None:
        if who != "ada":
            raise PermissionError

    async def finish(self, who: str, upload: Upload, path: Path) -> Mapping[str, str]:
        if self.broken:
            raise ConnectionError
        self.files[upload.id] = path.read_bytes()
        return {"id": upload.id}


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
def tus(tmp_path: Path, kept: Kept) -> Tus[str]:
    return Tus(tmp_path / "uploads", kept, 1_000_000)


async def pieces(*some: bytes) -> AsyncIterator[bytes]:
    for piece in some:
        yield piece


async def begun(tus: Tus[str], length: int) -> UUID:
    return UUID((await tus.create("ada", "ada", length, {"name": "x"}, {})).id)


async def test_whole(tus: Tus[str], kept: Kept) -> None:
    upload_id = await begun(tus, 6)
    upload, offset = await tus.patch("ada", "ada", upload_id, 0, pieces(b"ab", b"cd"))
    assert (upload.result, offset) == (None, 4)
    upload, offset = await tus.patch("ada", "ada", upload_id, 4, pieces(b"ef"))
    assert (upload.result, offset) == ({"id": str(upload_id)}, 6)
    assert kept.files == {str(upload_id): b"abcdef"}
    assert (await tus.look("ada", "ada", upload_id))[1] == 6


async def test_survives_its_process(tus: Tus[str], kept: Kept, tmp_path: Path) -> None:
    upload_id = await begun(tus, 6)
    await tus.patch("ada", "ada", upload_id, 0, pieces(b"abc"))
    another = Tus(tmp_path / "uploads", kept, 1_000_000)
    assert (await another.look("ada", "ada", upload_id))[1] == 3
    await another.patch("ada", "ada", upload_id, 3, pieces(b"def"))
    assert kept.files == {str(upload_id): b"abcdef"}


async def test_a_destination_that_was_away_gets_it_with_the_next_look(tus: Tus[str], kept: Kept) -> None:
    upload_id = await begun(tus, 3)
    kept.broken = True
    with pytest.raises(ConnectionError):
        await tus.patch("ada", "ada", upload_id, 0, pieces(b"abc"))
    with pytest.raises(ConnectionError):
        await tus.look("ada", "ada", upload_id)
    kept.broken = False
    assert (await tus.look("ada", "ada", upload_id))[1] == 3
    assert kept.files == {str(upload_id): b"abc"}


async def test_a_lock_held_by_another_process_is_seen_and_ends_with_it(
    tus: Tus[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("oryxforge.embedded.gateway.storage.tus.LETS_GO_S", 0.3)
    upload_id = await begun(tus, 3)
    path = tmp_path / "uploads" / "ada" / f"{upload_id}.bytes"
    hold = (
        "import fcntl,sys; f=open(sys.argv[1]); fcntl.flock(f, fcntl.LOCK_EX); print(1, flush=True); input()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", hold, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdout is not None
    holder.stdout.readline()
    with pytest.raises(TusRefused) as caught:
        await tus.patch("ada", "ada", upload_id, 0, pieces(b"abc"))
    assert caught.value.status == 423
    holder.kill()
    holder.communicate()
    assert (await tus.patch("ada", "ada", upload_id, 0, pieces(b"abc")))[1] == 3


async def test_cancelled_in_the_middle_it_goes_on(tus: Tus[str], kept: Kept) -> None:
    upload_id = await begun(tus, 6)
    started = asyncio.Event()

    async def stuck() -> AsyncIterator[bytes]:
        yield b"abc"
        started.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(tus.patch("ada", "ada", upload_id, 0, stuck()))
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await tus.look("ada", "ada", upload_id))[1] == 3
    await tus.patch("ada", "ada", upload_id, 3, pieces(b"def"))
    assert kept.files == {str(upload_id): b"abcdef"}


class HalfOpen:
    """A sender of which nothing more comes, and whose end nobody tells."""

    def __init__(self, *sent: bytes) -> None:
        self._sent = sent
        self.silent = asyncio.Event()

    async def chunks(self) -> AsyncIterator[bytes]:
        for piece in self._sent:
            yield piece
        self.silent.set()
        await asyncio.Event().wait()


@pytest.mark.parametrize("again", ["resume", "patch", "remove"])
async def test_who_goes_on_is_not_held_up_by_a_half_open_connection(
    tus: Tus[str], kept: Kept, tmp_path: Path, again: str
) -> None:
    upload_id, lost = await begun(tus, 6), HalfOpen(b"ab", b"c")
    first = asyncio.create_task(tus.patch("ada", "ada", upload_id, 0, lost.chunks()))
    await lost.silent.wait()
    async with asyncio.timeout(2):
        assert (await tus.look("ada", "ada", upload_id))[1] == 0
        assert not first.done()
        if again == "remove":
            await tus.remove("ada", upload_id)
        else:
            if again == "resume":
                assert (await tus.resume("ada", "ada", upload_id))[1] == 3
            await tus.patch("ada", "ada", upload_id, 3, pieces(b"def"))
        with pytest.raises(TusRefused) as caught:
            await first
    assert caught.value.status == 423
    assert kept.files == ({} if again == "remove" else {str(upload_id): b"abcdef"})
    assert [p.suffix for p in (tmp_path / "uploads").rglob("*.*")] == ([] if again == "remove" else [".json"])


async def test_who_is_asked_to_let_go_takes_unchecked_bytes_back(tus: Tus[str]) -> None:
    upload_id, lost = await begun(tus, 6), HalfOpen(b"abc")
    first = asyncio.create_task(tus.patch("ada", "ada", upload_id, 0, lost.chunks(), Checksum("sha1", b"x")))
    await lost.silent.wait()
    assert (await tus.resume("ada", "ada", upload_id))[1] == 0
    with pytest.raises(TusRefused):
        await first


async def test_another_process_lets_go_too(tus: Tus[str], kept: Kept, tmp_path: Path) -> None:
    upload_id = await begun(tus, 6)
    script = f"""
import asyncio
from pathlib import Path
from uuid import UUID
from oryxforge.embedded.gateway.storage.tus import Tus
async def chunks():
    yield b"abc"
    print(flush=True)
    await asyncio.Event().wait()
asyncio.run(Tus(Path({str(tmp_path / "uploads")!r}), None, 9).patch("ada", "ada", UUID({str(upload_id)!r}), 0, chunks()))
"""
    other = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert other.stdout is not None
    await asyncio.to_thread(other.stdout.readline)
    assert (await tus.resume("ada", "ada", upload_id))[1] == 3
    _, said = await asyncio.to_thread(other.communicate, timeout=10)
    assert "Another request goes on with this upload." in said
    await tus.patch("ada", "ada", upload_id, 3, pieces(b"def"))
    assert kept.files == {str(upload_id): b"abcdef"}


async def test_many_who_go_on_at_once_mix_nothing(tus: Tus[str], kept: Kept) -> None:
    content = os.urandom(60_000)
    upload_id = await begun(tus, len(content))

    async def client() -> None:
        while str(upload_id) not in kept.files:
            try:
                _, at = await tus.resume("ada", "ada", upload_id)
                rest = HalfOpen(
                    *(content[n : n + 100] for n in range(at, min(at + 20_000, len(content)), 100))
                )
                await tus.patch("ada", "ada", upload_id, at, rest.chunks())
            except TusRefused as refused:
                assert refused.status in (409, 423)

    async with asyncio.timeout(20):
        await asyncio.gather(*(client() for _ in range(3)))
    assert kept.files == {str(upload_id): content}


async def test_a_silent_sender_loses_its_lock(tus: Tus[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("oryxforge.embedded.gateway.storage.tus.IDLE_S", 0.05)
    upload_id = await begun(tus, 6)

    async def silent() -> AsyncIterator[bytes]:
        yield b"abc"
        await asyncio.Event().wait()

    with pytest.raises(TusRefused) as caught:
        await tus.patch("ada", "ada", upload_id, 0, silent())
    assert caught.value.status == 408
    assert (await tus.look("ada", "ada", upload_id))[1] == 3


async def test_a_wrong_checksum_takes_its_bytes_back(tus: Tus[str]) -> None:
    upload_id = await begun(tus, 6)
    for content, digest in ((b"abc", b"x"), (b"abcdefgh", hashlib.sha1(b"abcdefgh").digest())):
        with pytest.raises(TusRefused):
            await tus.patch("ada", "ada", upload_id, 0, pieces(content), Checksum("sha1", digest))
        assert (await tus.look("ada", "ada", upload_id))[1] == 0
    right = Checksum("sha1", hashlib.sha1(b"abcdef").digest())
    assert (await tus.patch("ada", "ada", upload_id, 0, pieces(b"abcdef"), right))[1] == 6


async def test_who_is_not_admitted_leaves_nothing(tus: Tus[str], tmp_path: Path) -> None:
    with pytest.raises(PermissionError):
        await tus.create("bob", "bob", 5, {}, {})
    with pytest.raises(TusRefused):
        await tus.create("ada", "ada", 1_000_001, {}, {})
    with pytest.raises(TusRefused):
        await tus.look("ada", "ada", uuid4())
    assert [p for p in (tmp_path / "uploads").rglob("*") if p.is_file()] == []


async def test_so_many_and_no_more(tus: Tus[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("oryxforge.embedded.gateway.storage.tus.MOST_AT_ONCE", 2)
    first = await begun(tus, 5)
    await begun(tus, 5)
    with pytest.raises(TusRefused) as caught:
        await begun(tus, 5)
    assert caught.value.status == 429
    await tus.remove("ada", first)
    await begun(tus, 5)


async def test_sweeping_spares_what_is_held_or_young(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    old, held, young = (Upload(str(uuid4()), "ada", 5, at) for at in (1, 1, 10))
    for upload in (old, held, young):
        await shelf.add(upload)
    async with shelf.held(held, 0):
        assert await shelf.sweep(5) == 1
    assert [await shelf.get("ada", UUID(u.id)) for u in (old, held, young)] == [None, held, young]
    assert await shelf.sweep(5) == 1


@settings(max_examples=15, deadline=None)
@given(st.binary(min_size=1, max_size=60), st.lists(st.integers(0, 60), max_size=4))
def test_any_cuts_give_the_same_bytes(content: bytes, cuts: list[int]) -> None:
    ends = [*sorted(min(cut, len(content)) for cut in cuts), len(content)]

    async def go(folder: Path) -> None:
        kept = Kept()
        upload_id = await begun(Tus(folder, kept, 1_000), len(content))
        offset = 0
        for end in ends:
            if offset < len(content):
                tus = Tus(folder, kept, 1_000)
                _, offset = await tus.patch("ada", "ada", upload_id, offset, pieces(content[offset:end]))
        assert kept.files == {str(upload_id): content}

    with TemporaryDirectory() as folder:
        asyncio.run(go(Path(folder)))


@given(st.text(st.characters(max_codepoint=255), max_size=200))
def test_any_metadata_is_read_or_refused(header: str) -> None:
    try:
        found = metadata_of(header)
    except TusRefused as refused:
        assert refused.status == 400
    else:
        assert all(isinstance(v, str) for v in found.values())


def test_metadata() -> None:
    assert metadata_of("") == {}
    assert metadata_of("name eA==, empty ,none") == {"name": "x", "empty": "", "none": ""}


def test_a_large_one_is_flat_in_memory(tmp_path: Path) -> None:
    script = f"""
import asyncio, resource
from pathlib import Path
from oryxforge.embedded.gateway.storage.tus import Tus
class Nowhere:
    async def admit(self, who, upload): pass
    async def finish(self, who, upload, path): return {{}}
async def chunks():
    chunk = bytes(65536)
    for _ in range(3200):
        yield chunk
async def main():
    tus = Tus(Path({str(tmp_path)!r}), Nowhere(), 1 << 40)
    upload = await tus.create("a", "a", 3200 * 65536, {{}}, {{}})
    from uuid import UUID
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    await tus.patch("a", "a", UUID(upload.id), 0, chunks())
    print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
asyncio.run(main())
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=dict(os.environ)
    )
    assert int(done.stdout) < 30
