"""Processes for what others wrote: whatever it does to its memory or its time, ours go on."""

import os
import re
import select
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import cast
from uuid import uuid4

import orjson
import psutil
from loguru import logger

from oryxforge.adapters.engine.duck import engine_failed, too_big_for_memory
from oryxforge.adapters.engine.place import Place
from oryxforge.adapters.engine.query import over_time
from oryxforge.adapters.engine.work import Stop
from oryxforge.domain.errors import Failed, Invalid, Kind, NotFound, OryxError, Unavailable, Unprocessable

LENGTH = 8
TICK_MS = 50
GRACE_S = 3.0
LAST_WORDS = 300
# What the process needs beside the engine's own memory: Python, libraries, a result being turned into JSON.
SLACK = 384 << 20
UNITS = {"B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12,
         "KIB": 1 << 10, "MIB": 1 << 20, "GIB": 1 << 30, "TIB": 1 << 40}  # fmt: skip
ERRORS: dict[str, type[OryxError]] = {
    Kind.INVALID: Invalid, Kind.NOT_FOUND: NotFound, Kind.UNAVAILABLE: Unavailable, Kind.FAILED: Failed,
    Kind.UNPROCESSABLE: Unprocessable,
}  # fmt: skip
Reply = Mapping[str, object]


class Gone(Exception):
    """The process ended without an answer: its exit code, and the last that it said."""

    def __init__(self, code: int, said: str) -> None:
        super().__init__(f"exit code {code}")
        self.code = code
        self.said = said


class Processes:
    """Child processes for orders that may take all their memory or never end, kept for the next order; thread-safe.

    `spare_bytes`: what each may take beside the engine's own memory.
    """

    def __init__(
        self, root_url: str, place: Place, memory_limit: str, threads: int, spare_bytes: int = SLACK
    ) -> None:
        self._root_url = root_url
        self._place = place
        self._memory_limit = memory_limit
        self._threads = threads
        self._most = memory_bytes(memory_limit) + spare_bytes
        self._lock = Lock()
        self._idle: list[_Child] = []
        self._closed = False

    def close(self) -> None:
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for child in idle:
            child.end()

    def ask(self, stop: Stop, order: Mapping[str, object], seconds: float) -> Reply:
        """Raises Invalid where time or memory are used up, and what the order itself raises."""
        body = orjson.dumps(order)
        while True:
            with self._child() as (child, is_fresh):
                try:
                    reply = child.ask(stop, body, seconds)
                    break
                except Gone as gone:
                    # One that waited for long ends by itself, which may be at this very moment.
                    if gone.code == 0 and not is_fresh:
                        continue
                    raise _ended(gone) from gone
        for level, message in cast(list[list[str]], reply["log"]):
            logger.log(level, "{}", message)
        if "error" in reply:
            error = cast(Mapping[str, str], reply["error"])
            raise ERRORS.get(error["kind"], Failed)(error["detail"], code=error["code"])
        return reply

    @contextmanager
    def _child(self) -> Generator[tuple["_Child", bool]]:
        """A process for one query, and whether it is new; kept afterwards where the query ended well."""
        with self._lock:
            idle, self._idle = self._idle, []
            alive = [c for c in idle if c.is_alive]
            kept = alive.pop() if alive else None
            self._idle = alive
        for dead in idle:
            if dead is not kept and dead not in alive:
                dead.end()
        child = kept or self._start()
        try:
            yield child, kept is None
        finally:
            with self._lock:
                keep = child.is_ready and not self._closed
                if keep:
                    self._idle.append(child)
            if not keep:
                child.end()

    def _start(self) -> "_Child":
        folder = self._place.temp_folder / f"apart-{uuid4().hex}"
        setup = [self._root_url, str(folder), self._memory_limit, str(self._threads), str(self._most)]
        return _Child(setup, folder, self._most)


class _Child:
    def __init__(self, setup: Sequence[str], folder: Path, most: int) -> None:
        self._folder = folder
        self._most = most
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 : closed in end()
        # -P: whatever lies in the working folder is no module of ours.
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "oryxforge.adapters.engine.apart_work", *setup],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            bufsize=0,
        )
        self.is_ready = True

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, stop: Stop, body: bytes, seconds: float) -> Reply:
        """Raises Gone, Stopped, or Invalid where time or memory are used up; the process is of no use then."""
        self.is_ready = False
        stop.check()
        assert self._process.stdin is not None
        try:
            self._write(self._process.stdin.fileno(), len(body).to_bytes(LENGTH) + body)
        except BrokenPipeError as error:
            raise self._gone() from error
        reply = cast(Reply, orjson.loads(self._receive(stop, seconds)))
        self.is_ready = not reply.get("spent")
        return reply

    def _write(self, pipe: int, content: bytes) -> None:
        view = memoryview(content)
        while view:
            view = view[os.write(pipe, view) :]

    def _receive(self, stop: Stop, seconds: float) -> bytes:
        assert self._process.stdout is not None
        pipe = self._process.stdout.fileno()
        waiting = select.poll()
        waiting.register(pipe, select.POLLIN | select.POLLHUP)
        ends = time.monotonic() + seconds + GRACE_S
        content = bytearray()
        while len(content) < LENGTH or len(content) < LENGTH + int.from_bytes(content[:LENGTH]):
            if waiting.poll(TICK_MS):
                block = os.read(pipe, 1 << 20)
                if not block:
                    raise self._gone()
                content += block
            stop.check()
            self._check_memory()
            if time.monotonic() > ends:
                raise over_time(seconds)
        return bytes(content[LENGTH:])

    def _gone(self) -> Gone:
        code = self._process.wait()
        end = self._errors.seek(0, os.SEEK_END)
        self._errors.seek(max(0, end - LAST_WORDS))
        return Gone(code, self._errors.read().decode(errors="replace"))

    def _check_memory(self) -> None:
        with suppress(psutil.Error):
            if psutil.Process(self._process.pid).memory_info().rss > self._most:
                raise too_big_for_memory()

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout, self._errors):
            if pipe is not None:
                pipe.close()
        shutil.rmtree(self._folder, ignore_errors=True)


def _ended(gone: Gone) -> OryxError:
    logger.warning("order ended its process", code=gone.code, said=gone.said)
    if gone.code < 0:
        return too_big_for_memory()
    return engine_failed()


def memory_bytes(limit: str) -> int:
    """A limit as the engine takes it (`512MB`, `2 GiB`) in bytes. Raises ValueError."""
    match = re.fullmatch(r"\s*([0-9.]+)\s*([A-Za-z]+)\s*", limit)
    if match is None or match[2].upper() not in UNITS:
        raise ValueError(f"{limit} is no amount of memory")
    return int(float(match[1]) * UNITS[match[2].upper()])
