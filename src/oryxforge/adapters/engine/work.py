"""Blocking work in threads: bounded, watched, and stopped when its caller is cancelled."""

import asyncio
import threading
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import Protocol, TypeVar

T = TypeVar("T")
NUDGE_S = 0.02
WATCH_S = 0.2


class Stopped(Exception):
    """The caller went away in the middle of the work."""


class Interruptible(Protocol):
    def interrupt(self) -> None: ...


class Stop:
    """Tells the thread of one call to end: `check` raises from then on, and engine connections are interrupted."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self._lock = threading.Lock()
        self._watched: list[Interruptible] = []

    @property
    def is_set(self) -> bool:
        return self._event.is_set()

    def check(self) -> None:
        if self._event.is_set():
            raise Stopped

    @contextmanager
    def watching(self, connection: Interruptible) -> Generator[None]:
        with self._lock:
            self._watched.append(connection)
        try:
            self.check()
            yield
        finally:
            with self._lock:
                self._watched.remove(connection)

    def set(self) -> None:
        """Safe to call again and again: an interrupt between two statements is lost."""
        self._event.set()
        with self._lock:
            for connection in self._watched:
                connection.interrupt()


class Workers:
    """Two pools of threads, few for heavy work and more for what takes milliseconds; `faults` wraps every job."""

    def __init__(self, heavy: int, light: int, faults: Callable[[], AbstractContextManager[None]]) -> None:
        self._faults = faults
        self._heavy = ThreadPoolExecutor(heavy, "engine-heavy")
        self._light = ThreadPoolExecutor(light, "engine-light")

    async def light(self, job: Callable[[Stop], T]) -> T:
        return await self._run(self._light, job, None)

    async def heavy(self, job: Callable[[Stop], T], on_tick: Callable[[], None] | None = None) -> T:
        """Runs a job; `on_tick` is called on the event loop a few times a second while it works."""
        return await self._run(self._heavy, job, on_tick)

    async def _run(
        self, pool: ThreadPoolExecutor, job: Callable[[Stop], T], on_tick: Callable[[], None] | None
    ) -> T:
        stop = Stop()
        future = pool.submit(self._guarded, job, stop)
        waiter = asyncio.wrap_future(future)
        waiter.add_done_callback(_looked_at)
        try:
            while on_tick is not None and not waiter.done():
                on_tick()
                await asyncio.wait({waiter}, timeout=WATCH_S)
            return await asyncio.shield(waiter)
        except BaseException:
            await _end(future, stop)
            raise

    def _guarded(self, job: Callable[[Stop], T], stop: Stop) -> T:
        with self._faults():
            return job(stop)

    def close(self) -> None:
        self._heavy.shutdown(wait=False, cancel_futures=True)
        self._light.shutdown(wait=False, cancel_futures=True)


def _looked_at(waiter: "asyncio.Future[T]") -> None:
    """Keeps asyncio from complaining of an error that nobody waits for any more."""
    if not waiter.cancelled():
        waiter.exception()


async def _end(future: "Future[T]", stop: Stop) -> None:
    """Waits until the thread has really ended, so that it can leave nothing half done after us."""
    if future.done() or future.cancel():
        return
    while not future.done():
        stop.set()
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(NUDGE_S)
